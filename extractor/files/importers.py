"""Opens any file that Blender can read into an empty scene. Knows Blender's importers and nothing of records.

Nothing of the previous scene is left, no script of the file runs, and no user preferences are read. If not needed,
Blender does not evaluate the scene: see `open_file`.
"""

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import bpy

from . import outside
from .files import blend_version

# format: operators that read it, best first (4.2 has no wm.fbx_import); arguments that a version lacks are dropped
IMPORTERS: dict[str, tuple[tuple[str, dict[str, Any]], ...]] = {
    "gltf": (("import_scene.gltf", {"disable_bone_shape": True, "import_shading": "NORMALS", "loglevel": 50}),),
    "obj": (("wm.obj_import", {"use_split_objects": True, "validate_meshes": True}),),
    "fbx": (("wm.fbx_import", {}), ("import_scene.fbx", {})),
    "ply": (("wm.ply_import", {}),),
    "stl": (("wm.stl_import", {"use_mesh_validate": True}),),
    "usd": (("wm.usd_import", {"import_usd_preview": True}),),
    "abc": (("wm.alembic_import", {"as_background_job": False}),),
}
# operators of bundled add-ons, which factory settings may not enable
ADDONS = dict.fromkeys(("import_scene.gltf", "export_scene.gltf"), "io_scene_gltf2")
ADDONS |= dict.fromkeys(("import_scene.fbx", "export_scene.fbx"), "io_scene_fbx")
LEFT_OUT = "glTF_not_exported"  # the glTF importer's own helpers: custom shapes of bones


class CannotOpen(RuntimeError):
    """Blender does not read this file; the message is a sentence without the path."""


@dataclass(frozen=True)
class Opened:
    """An opened file. Unless `worked_out`, modifiers have not run and world matrices are unknown. `left_out` lists, in
    sentences, what is outside the allowed folders; `unread_images` are the images among it."""

    objects: list[bpy.types.Object]
    scene: bpy.types.Scene
    worked_out: bool = True
    left_out: tuple[str, ...] = ()
    unread_images: tuple[str, ...] = ()


def open_file(path: Path, kind: str, as_stored: bool = False, allowed: Sequence[str] | None = None) -> Opened:
    """Open `path` in place of the current scene. References are followed only below the `allowed` folders; None follows
    everything, for the artist's own files.

    At the end of opening a .blend Blender evaluates its scene: every modifier and simulation runs, which takes seconds
    in some files and crashes in others. With `as_stored` that is skipped if it could not change what is read; the
    window then shows an empty scene with the file's units.
    """
    try:
        str(path).encode()
    except UnicodeEncodeError:  # a name that is not valid Unicode, which Blender cannot open
        with tempfile.TemporaryDirectory() as folder:
            alias = Path(folder, f"file{path.suffix}")
            alias.symlink_to(path)
            return open_file(alias, kind, as_stored, allowed)
    if kind == "blend":
        with _not_worked_out() if as_stored else _as_ever() as left:
            open_blend(path)
        left_out = _leave_libraries(allowed) + _mute_imports(allowed)
        images = _images_outside(allowed)
        left_out += [f"image {image}: lies outside of the folders that were given; not read" for image in images]
        scene = left[0] if left else bpy.context.scene
        return Opened(list(bpy.data.objects), scene, not left, tuple(left_out), tuple(images))
    left_out = _import_what_may_be(path, kind, allowed)
    images = _images_outside(allowed)
    left_out += [f"image {image}: lies outside of the folders that were given; not read" for image in images]
    helpers = {obj for collection in bpy.data.collections if collection.name == LEFT_OUT for obj in collection.objects}
    objects = [obj for obj in bpy.data.objects if obj not in helpers]
    return Opened(objects, bpy.context.scene, left_out=tuple(left_out), unread_images=tuple(images))


def _import_what_may_be(path: Path, kind: str, allowed: Sequence[str] | None) -> list[str]:
    """Import a model file without the pictures that are not allowed; returns sentences about those."""
    pulled = outside.Pulled() if allowed is None else outside.pulled_in(path, kind, allowed)
    if pulled.needed:
        raise CannotOpen(
            f"needs {pulled.needed[0][:200]}, which lies outside of the folders that were given; give the folder that "
            "holds both, or --also FOLDER"
        )
    if kind != "gltf" or not pulled.pictures:
        import_model(path, kind)
        return []
    with tempfile.TemporaryDirectory() as folder:
        import_model(outside.without_pictures(path, pulled, Path(folder)), kind)
    return [f"picture {uri[:200]}: lies outside of the folders that were given; left out" for uri in pulled.pictures]


def _leave_libraries(allowed: Sequence[str] | None) -> list[str]:
    """Remove what is linked from .blend files outside; returns sentences about it."""
    if allowed is None:
        return []
    sentences = []
    for library in list(bpy.data.libraries):
        path = bpy.path.abspath(library.filepath, library=library.parent)
        if not outside.is_inside(path, allowed):
            sentences.append(f"what is linked from {path} lies outside of the folders that were given; left out")
            bpy.data.libraries.remove(library)
    return sentences


def _mute_imports(allowed: Sequence[str] | None) -> list[str]:
    """Mute geometry nodes that would read a file outside, or one that can't be told; sentences about it."""
    if allowed is None:
        return []
    told = []
    for tree in bpy.data.node_groups:
        for node in tree.nodes if tree.bl_idname == "GeometryNodeTree" else ():
            if not node.bl_idname.startswith("GeometryNodeImport") or node.mute:
                continue
            given = node.inputs.get("Path")
            path = given.default_value if given is not None and not given.is_linked else ""
            if not path or not outside.is_inside(bpy.path.abspath(path, library=tree.library), allowed):
                node.mute = True
                what = path or "a file whose name is worked out"
                told.append(
                    f"node {node.name} of {tree.name}: {what} may lie outside of the folders that were given; muted"
                )
    return told


def _images_outside(allowed: Sequence[str] | None) -> list[str]:
    """Full names of the images whose files must not be read."""
    if allowed is None:
        return []
    names = []
    for image in bpy.data.images:
        path = bpy.path.abspath(image.filepath, library=image.library) if image.filepath else ""
        packed = image.packed_file is not None or len(image.packed_files) > 0
        if path and not packed and not outside.is_inside(path, allowed):
            names.append(image.name_full)
    return names


@contextmanager
def _as_ever() -> Iterator[list[bpy.types.Scene]]:
    yield []


@contextmanager
def _not_worked_out() -> Iterator[list[bpy.types.Scene]]:
    """While this lasts, Blender opens a file without evaluating its scene if possible; the list then holds that
    scene."""
    left: list[bpy.types.Scene] = []

    @bpy.app.handlers.persistent
    def look_away(*_: object) -> None:
        # Handlers are called when a file is read but not yet evaluated, and only scenes shown in a window will be.
        window = bpy.context.window
        if window is None or _moves():
            return
        scene = window.scene
        empty = bpy.data.scenes.new(scene.name)
        empty.unit_settings.scale_length = scene.unit_settings.scale_length
        window.scene = empty
        left.append(scene)

    bpy.app.handlers.load_post.append(look_away)
    try:
        yield left
    finally:
        bpy.app.handlers.load_post.remove(look_away)


def _moves() -> bool:
    """Whether evaluating the scene could change what is read: driven values, computed transforms."""
    data = bpy.data
    if len(data.metaballs) or any(scene.rigidbody_world is not None for scene in data.scenes):
        return True
    for obj in data.objects:
        if not _by_matrix(obj) or len(obj.constraints) or _is_moved(obj):
            return True
    return any(_is_moved(owner) for owners in _movable(data) for owner in owners)


def _by_matrix(obj: bpy.types.Object) -> bool:
    """Whether its world matrix is a product of its own matrices and its parent's."""
    parent = obj.parent
    if parent is None:
        return True
    on_a_path = parent.type == "CURVE" and parent.data.use_path  # then it moves with the parent
    return obj.parent_type in ("OBJECT", "ARMATURE") and not on_a_path


def _movable(data: Any) -> Iterable[Any]:
    """Everything except objects that can have keyframes and drivers."""
    return (
        data.meshes, data.materials, data.node_groups, data.shape_keys, data.lights, data.cameras, data.armatures,
        data.curves, data.lattices, data.textures, data.particles, data.scenes, data.worlds, data.speakers,
        data.lightprobes,
    )  # fmt: skip


def _is_moved(owner: Any) -> bool:
    moved = owner.animation_data
    if moved is not None and (moved.action is not None or len(moved.drivers) or len(moved.nla_tracks)):
        return True
    tree = getattr(owner, "node_tree", None)
    return tree is not None and _is_moved(tree)


def start_empty() -> None:
    """Factory settings and an empty scene; scripts in files stay off."""
    bpy.ops.wm.read_factory_settings(use_empty=True)
    forbid_scripts()


def forbid_scripts() -> None:
    bpy.context.preferences.filepaths.use_scripts_auto_execute = False


def open_blend(path: Path) -> None:
    forbid_scripts()
    try:
        bpy.ops.wm.open_mainfile(filepath=str(path), load_ui=False, use_scripts=False)
    except RuntimeError as error:
        saved = blend_version(path)
        if saved is not None and saved > bpy.app.version[:2]:
            newer = f"it was saved by Blender {saved[0]}.{saved[1]}, and this is {bpy.app.version_string}"
            raise CannotOpen(f"Blender cannot open it: {newer}") from error
        raise CannotOpen(f"Blender cannot open it: {_reason(error, path)}") from error
    if Path(bpy.data.filepath).resolve() != path.resolve():
        raise CannotOpen("Blender cannot open it and gives no reason")


def import_model(path: Path, kind: str) -> None:
    bpy.ops.wm.read_homefile(use_empty=True, use_factory_startup=True, load_ui=False)
    forbid_scripts()
    failures = []
    for name, wishes in IMPORTERS[kind]:
        importer = operator(name)
        if importer is None:
            continue
        try:
            result = call(importer, path, wishes)
        except RuntimeError as error:
            failures.append(_reason(error, path))
            continue
        if "FINISHED" in result:
            return
        failures.append("the importer failed")
    if not failures:
        raise CannotOpen(f"this Blender ({bpy.app.version_string}) has no importer for {path.suffix} files")
    raise CannotOpen(f"Blender cannot import it: {failures[0]}")


def operator(name: str) -> Any:
    """The operator `module.function`, its bundled add-on enabled if it has one; None if this Blender lacks it."""
    module, _, function = name.partition(".")
    importer = getattr(getattr(bpy.ops, module), function)
    for attempt in range(2):
        try:
            importer.get_rna_type()
            return importer
        except (KeyError, AttributeError):
            if attempt or name not in ADDONS:
                return None
            import addon_utils

            addon_utils.enable(ADDONS[name])
    return None


def call(importer: Any, path: Path, wishes: dict[str, Any]) -> set[str]:
    """Run an operator with those of the arguments that this version of it has."""
    known = set(importer.get_rna_type().properties.keys())
    result: set[str] = importer(filepath=str(path), **{key: wish for key, wish in wishes.items() if key in known})
    return result


def _reason(error: RuntimeError, path: Path) -> str:
    """The most informative line of an operator's report, without the path, which the reader knows."""
    lines = [line.strip() for line in str(error).replace(str(path), path.name).splitlines() if line.strip()]
    kept: Iterable[str] = (line for line in lines if not line.startswith(("Traceback", "File ", "Location:")))
    messages = [line.removeprefix("Error: ") for line in kept]
    if any("Missing DNA block" in line for line in messages):
        return "it is cut off or damaged (Missing DNA block)"
    if not messages:
        return "it gave no reason"
    best = messages[-1] if "Traceback" in str(error) else messages[0]
    return best[:300]
