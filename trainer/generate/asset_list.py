"""The assets of a dataset for a panel: listed, drawn, and corrected on request."""

import hashlib
from pathlib import Path
from typing import Any

from ..assets.library import Library
from ..mesh.picture import png
from .request import AssetsRequest

SIDE = 128


def listed(request: AssetsRequest) -> dict[str, Any]:
    """Apply the request's correction, if it has one, then list the assets: {"assets": [...], "total": n}."""
    library = Library(Path(request.dataset))
    try:
        if request.action:
            keys = list(request.keys)
            library.edit(
                exclude=keys if request.action == "exclude" else (),
                rename=dict.fromkeys(keys, request.label) if request.action == "rename" else {},
                join=[keys] if request.action == "join" else (),
                split=keys if request.action == "split" else (),
                reset=keys if request.action == "reset" else (),
            )
        rows = library.rows()
        shown = rows[request.first : request.first + request.count]
        assets = []
        for row in shown:
            assets.append({
                "key": row.key, "label": row.label, "faces": row.faces, "parts": len(row.parts), "how": row.how,
                "excluded": row.excluded, "picture": _picture(library, row.key, row.faces, request.pictures),
            })  # fmt: skip
        return {"assets": assets, "total": len(rows)}
    finally:
        library.close()


def _picture(library: Library, key: str, faces: int, folder: str) -> str:
    """A PNG of the asset; drawn once, since drawing takes longer than listing."""
    if not folder:
        return ""
    name = hashlib.sha1(f"{library.path.absolute()} {key} {faces}".encode("utf-8", "backslashreplace")).hexdigest()
    path = Path(folder) / f"{name[:20]}.png"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(png(library.thumbnail(key, SIDE)[..., :3]))
    return str(path)
