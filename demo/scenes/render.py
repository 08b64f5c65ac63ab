"""Renders the pictures of the shop: `python3 render.py --all` or names of pictures or products.

A product's front is made of two renderings: the room at a low resolution (it is out of focus anyway) and the product with its
shadow at a higher one, laid over it with a soft edge. Looks of a product share the room.
"""

import argparse
import tempfile
import time
from pathlib import Path

import bpy
import numpy as np
from bpy_extras.object_utils import world_to_camera_view
from mathutils import Vector
from PIL import Image, ImageFilter

import studio
from catalogue import ITEMS
from details import DETAILS
from sets import SCENES

HERE = Path(__file__).resolve().parent
WORK = Path(tempfile.gettempdir()) / "demo-pictures"
PRODUCT = (1280, 1600)
SCENE = (1600, 1067)
ROOM, SUBJECT = 0.25, 0.48          # share of the final resolution that is rendered


def shoot(size, scale, samples, border=None):
    """Renders what stands in the scene; with a border (left, right, bottom, top in 0..1) only that part."""
    studio.film(round(size[0] * scale), round(size[1] * scale), samples)
    render = bpy.context.scene.render
    render.use_border = render.use_crop_to_border = border is not None
    if border:
        render.border_min_x, render.border_max_x, render.border_min_y, render.border_max_y = border
    WORK.mkdir(exist_ok=True)
    render.filepath = str(WORK / "frame.png")
    bpy.ops.render.render(write_still=True)
    return Image.open(render.filepath).convert("RGB").copy()


def bounds(things, eye):
    """Where the things are in the frame, with room for their shadow, which falls to the right."""
    scene = bpy.context.scene
    bpy.context.view_layer.update()
    xs, ys = [], []
    for thing in things:
        if thing.type == "LIGHT":
            continue
        for corner in thing.bound_box:
            at = world_to_camera_view(scene, eye, thing.matrix_world @ Vector(corner))
            xs.append(at.x)
            ys.append(at.y)
    return (max(0, min(xs) - 0.07), min(1, max(xs) + 0.12), max(0, min(ys) - 0.06), min(1, max(ys) + 0.05))


def lay_over(room, part, border):
    """The sharper part over the room, with a soft edge except where it meets the edge of the frame."""
    width, height = room.size
    left, right = round(border[0] * width), round(border[1] * width)
    top, bottom = round((1 - border[3]) * height), round((1 - border[2]) * height)
    part = part.crop((1, 1, part.width - 1, part.height - 1))
    part = part.resize((right - left, bottom - top), Image.LANCZOS).filter(ImageFilter.UnsharpMask(1.6, 55, 0))
    soft = 0.045 * width
    y, x = np.mgrid[0:bottom - top, 0:right - left].astype(float)
    edge = np.ones_like(x)
    for distance, free in ((x, left > 0), (right - left - 1 - x, right < width), (y, top > 0), (bottom - top - 1 - y, bottom < height)):
        if free:
            t = np.clip(distance / soft, 0, 1)
            edge *= t * t * (3 - 2 * t)
    room = room.copy()
    room.paste(part, (left, top), Image.fromarray((edge * 255).astype(np.uint8)))
    return room


def grade(picture):
    """A gentle warm print: lifted blacks, a touch of yellow in the lights."""
    a = np.asarray(picture, float) / 255
    a = 0.018 + 0.982 * a
    a *= np.array([1.012, 1.0, 0.978])
    grain = np.random.default_rng(7).normal(0, 0.0035, a.shape[:2])[..., None]
    return Image.fromarray((np.clip(a + grain, 0, 1) * 255 + 0.5).astype(np.uint8))


def save(picture, name, out, quality=90):
    out.mkdir(parents=True, exist_ok=True)
    grade(picture).save(out / f"{name}.webp", quality=quality, method=4)


def fronts(handle, item, args):
    """All clean fronts of a product."""
    room = None
    for look in item.looks or [None]:
        name = handle if item.single else f"{handle}--{look.lower().replace(' ', '-')}"
        if args.wanted and not (args.wanted & {handle, name}):
            continue
        if args.missing and (args.out / f"{name}.webp").exists():
            continue
        began = time.time()
        studio.empty()
        things = item.build(look)
        if item.setting:
            item.setting(look)
        studio.room(item.front, item.top)
        eye = studio.camera(item.front, 0.8)
        if room is None or item.alone:
            room = shoot(PRODUCT, ROOM * args.scale, args.samples or item.samples).resize(PRODUCT, Image.LANCZOS)
        border = bounds(things, eye)
        part = shoot(PRODUCT, SUBJECT * args.scale, args.samples or item.samples, border)
        save(lay_over(room, part, border), name, args.out)
        print(f"{name} {time.time() - began:.0f} s", flush=True)


def whole(name, shot, build, size, args, samples=6, scale=None):
    """A picture that is rendered as one: details and scenes."""
    if args.wanted and name not in args.wanted and (args.kind is None or name.split("--")[0] not in args.wanted):
        return
    if args.missing and (args.out / f"{name}.webp").exists():
        return
    began = time.time()
    studio.empty()
    build()
    studio.camera(shot, size[0] / size[1])
    picture = shoot(size, (scale or 0.46) * args.scale, args.samples or samples)
    picture = picture.resize(size, Image.LANCZOS).filter(ImageFilter.UnsharpMask(1.8, 60, 0))
    save(picture, name, args.out)
    print(f"{name} {time.time() - began:.0f} s", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--missing", action="store_true", help="only what is not there yet")
    parser.add_argument("--scale", type=float, default=1.0, help="0.4 for drafts")
    parser.add_argument("--samples", type=int, help="rays a pixel, instead of what the picture asks for")
    parser.add_argument("--kind", choices=["fronts", "details", "scenes"])
    parser.add_argument("--out", type=Path, default=HERE.parent / "pictures")
    args = parser.parse_args()
    args.wanted = set(args.names)
    if not args.all and not args.wanted:
        parser.error("names or --all")
    if args.kind in (None, "fronts"):
        for handle, item in ITEMS.items():
            fronts(handle, item, args)
    if args.kind in (None, "details"):
        for handle, (shot, build, _) in DETAILS.items():
            whole(f"{handle}--detail", shot, build, PRODUCT, args)
    if args.kind in (None, "scenes"):
        for name, (shot, build, _) in SCENES.items():
            whole(name, shot, build, SCENE, args, 14 if name == "scene-home" else 8, 0.72 if name == "scene-home" else 0.58)


if __name__ == "__main__":
    main()
