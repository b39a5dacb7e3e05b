"""A labelled grid of what a model makes: N seeds of each prompt, rendered by Workbench with one light and camera.

    python scripts/contact_sheet.py CHECKPOINT --prompts FILE [--seeds 4] [--out sheet.png] [--blind FOLDER]

`FILE` has a prompt a line. Seeds 0, 1, 2, ... are shown; nothing is selected. `--blind` also writes the same pictures
shuffled and numbered, for blind tests with people, with the prompts in key.json. Needs bpy and PIL.
"""

from meshkiln.jobs import threads  # noqa: F401  # isort: skip  (before anything that loads numpy)

import argparse
import json
import random
import sys
import tempfile
import time
from pathlib import Path

import bpy
from meshkiln.addon.inject import inject
from meshkiln.records import Record
from meshkiln.trainer.generate.listener import Quiet
from meshkiln.trainer.generate.request import GenerateRequest
from meshkiln.trainer.generate.service import Service
from PIL import Image, ImageDraw

MODELS = Path(__file__).resolve().parent.parent / "trainer" / "models"
SIZE = 200
LABEL = 20
WIDEST = 2020
PAGE, COLUMNS = 40, 8  # pictures on a blind page, and per row


def stage() -> None:
    """An empty scene with Workbench, studio light and soft shadows."""
    bpy.ops.wm.read_factory_settings(use_empty=True)
    scene = bpy.context.scene
    scene.render.engine = "BLENDER_WORKBENCH"
    scene.render.resolution_x = scene.render.resolution_y = SIZE
    scene.render.film_transparent = False
    scene.display.shading.light = "STUDIO"
    scene.display.shading.color_type = "MATERIAL"
    scene.display.shading.show_cavity = True
    scene.display.shading.show_shadows = True
    scene.display.render_aa = "8"
    scene.world = bpy.data.worlds.new("Paper")
    scene.world.color = (0.8, 0.8, 0.8)
    scene.view_settings.view_transform = "Standard"


def shoot(record: Record, path: Path) -> None:
    """One record, seen from the front right and above."""
    from photo import aim, bounds

    stage()
    inject([record])
    bpy.context.view_layer.update()
    aim(*bounds())
    bpy.context.scene.render.filepath = str(path)
    bpy.context.scene.render.image_settings.file_format = "PNG"
    bpy.ops.render.render(write_still=True)


def sheet(prompts: list[str], pictures: dict[tuple[str, int], Path], seeds: int, columns: int) -> Image.Image:
    """Prompts run down in blocks of `seeds` pictures side by side, `columns` blocks a line."""
    lines = -(-len(prompts) // columns)
    block = seeds * SIZE + 8
    grid = Image.new("RGB", (columns * block, lines * (SIZE + LABEL)), "white")
    draw = ImageDraw.Draw(grid)
    for number, prompt in enumerate(prompts):
        x, y = number % columns * block, number // columns * (SIZE + LABEL)
        draw.text((x + 4, y + 4), prompt, fill="black")
        for seed in range(seeds):
            with Image.open(pictures[prompt, seed]) as picture:
                grid.paste(picture.convert("RGB"), (x + seed * SIZE, y + LABEL))
    return grid


def blind(pictures: dict[tuple[str, int], Path], folder: Path) -> None:
    """FOLDER/1.png, 2.png, ... with a number over each picture, and key.json: {number: prompt}."""
    folder.mkdir(parents=True, exist_ok=True)
    shown = list(pictures)
    random.Random(0).shuffle(shown)
    numbered = {str(number + 1): key for number, key in enumerate(shown)}
    for page, first in enumerate(range(0, len(shown), PAGE)):
        numbers = list(numbered)[first : first + PAGE]
        grid = sheet(numbers, {(number, 0): pictures[numbered[number]] for number in numbers}, 1, COLUMNS)
        grid.save(folder / f"{page + 1}.png")
    key = {number: prompt for number, (prompt, _) in numbered.items()}
    (folder / "key.json").write_text(json.dumps(key, indent=1), encoding="utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("checkpoint", type=Path, help="a geometry model")
    parser.add_argument("--prompts", type=Path, required=True)
    parser.add_argument("--seeds", type=int, default=4)
    parser.add_argument("--columns", type=int, default=4)
    parser.add_argument("--temperature", type=float, default=0.5)
    parser.add_argument("--guidance", type=float, default=1.0)
    parser.add_argument("--best-of", type=int, default=12)
    parser.add_argument("--materials", type=Path, default=MODELS / "materials.safetensors")
    parser.add_argument("--engine", default="numpy")
    parser.add_argument("--out", type=Path, default=Path("sheet.png"))
    parser.add_argument("--blind", type=Path, help="a folder for the same pictures, shuffled and without their prompts")
    args = parser.parse_args()
    prompts = [line.strip() for line in args.prompts.read_text(encoding="utf-8").splitlines() if line.strip()]
    models = {"geometry": str(args.checkpoint)}
    if args.materials.exists():
        models["materials"] = str(args.materials)
    service, pictures = Service(), {}
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        for number, prompt in enumerate(prompts):
            for seed in range(args.seeds):
                request = GenerateRequest(
                    prompt=prompt,
                    crafts=tuple(models),
                    models=models,
                    seed=seed,
                    temperature=args.temperature,
                    guidance=args.guidance,
                    best_of=args.best_of,
                    engine=args.engine,
                )
                made, _ = service.make(request, Quiet())
                pictures[prompt, seed] = Path(folder) / f"{number}-{seed}.png"
                shoot(made[0], pictures[prompt, seed])
            print(f"{number + 1} of {len(prompts)}: {prompt} ({time.monotonic() - began:.0f} s)", flush=True)
        grid = sheet(prompts, pictures, args.seeds, args.columns)
        if args.blind:
            blind(pictures, args.blind)
    # Small enough for a page: 256 colours, and not wider than a screen.
    grid.thumbnail((WIDEST, grid.height), Image.Resampling.LANCZOS)
    grid.quantize(256).save(args.out)
    print(f"contact sheet: {args.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
