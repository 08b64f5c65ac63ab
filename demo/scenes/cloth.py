"""Linen: the weave, and cloths that are folded, rolled, hung or laid."""

import math
import random

import bpy
import numpy as np
from mathutils import Vector, noise

from materials import once
from nodes import Graph, linear, scaled
from turned import even, mask, mesh_object

LINEN = {"Natural": "#c9bda6", "Indigo": "#343f53", "Moss": "#6d705b", "Rust": "#965d46", "Ochre": "#ae8d55", "Cobalt": "#3b4f6c", "White": "#e3ddd0",
         "Grey": "#a9a59b"}


@once
def linen(name, through=0.0, pitch=0.0011):
    """Plain weave with slubs; UV is in metres. `through` lets light pass, for a lamp shade."""
    colour = linear(LINEN[name])
    g = Graph(f"linen {name}")
    uv = g.node("TexCoord").outputs["UV"]
    parts = g.node("SeparateXYZ", {0: uv}).outputs
    turns = 2 * math.pi / pitch
    warp = g.math("SINE", g.math("MULTIPLY", parts[0], turns))
    weft = g.math("SINE", g.math("MULTIPLY", parts[1], turns))
    weave = g.math("MULTIPLY", warp, weft)
    slub_u = g.noise(g.node("Mapping", {"Vector": uv, "Scale": (900, 14, 1)}).outputs[0], 1.0, 1)
    slub_v = g.noise(g.node("Mapping", {"Vector": uv, "Scale": (14, 900, 1)}).outputs[0], 1.0, 1)
    worn = g.noise(uv, 30, 2)
    tone = g.mix(g.span(slub_u, 0.35, 0.68), scaled(colour, 0.84), scaled(colour, 1.1))
    tone = g.mix(g.span(slub_v, 0.4, 0.7, 0, 0.6), tone, scaled(colour, 1.24))
    tone = g.mix(g.span(weave, -1, 1, 0.3, 0.0), tone, scaled(colour, 0.55))
    tone = g.mix(g.span(worn, 0.4, 0.75, 0, 0.25), tone, scaled(colour, 1.2))
    tone = g.mix(g.math("MULTIPLY", g.attribute("hem"), 0.4), tone, scaled(colour, 0.45))
    height = g.math("ADD", g.math("MULTIPLY", weave, 0.3), g.math("ADD", slub_u, slub_v))
    normal = g.bump(height, 0.0007, 0.6)
    shader = g.principled(colour=tone, roughness=0.88, normal=normal, sheen=0.15, specular=0.2)
    if through:
        light = g.node("BsdfTranslucent", {"Color": tone, "Normal": normal}).outputs[0]
        shader = g.node("MixShader", {0: through, 1: shader, 2: light}).outputs[0]
    return g.finish(shader)


def sheet(name, points, lengths, material, thickness=0.001, hem=0.012):
    """A grid of points (rows, columns, 3) as cloth. `lengths` are its true size, for the weave."""
    rows, cols = points.shape[:2]
    faces = [(i * cols + j, i * cols + j + 1, (i + 1) * cols + j + 1, (i + 1) * cols + j) for i in range(rows - 1) for j in range(cols - 1)]
    thing = mesh_object(name, points.reshape(-1, 3), faces, material)
    u = np.linspace(0, lengths[0], rows)[:, None].repeat(cols, 1).reshape(-1)
    v = np.linspace(0, lengths[1], cols)[None].repeat(rows, 0).reshape(-1)
    layer = thing.data.uv_layers.new(name="weave")
    index = np.empty(len(thing.data.loops), np.int32)
    thing.data.loops.foreach_get("vertex_index", index)
    layer.data.foreach_set("uv", np.column_stack([u[index], v[index]]).reshape(-1).astype(np.float32))
    if hem:
        edge = np.minimum(np.minimum(u, lengths[0] - u), np.minimum(v, lengths[1] - v))
        mask(thing, "hem", np.clip(1 - np.abs(edge - hem) / 0.002, 0, 1))
    thick = thing.modifiers.new("thickness", "SOLIDIFY")
    thick.thickness, thick.offset = thickness, 0
    return thing


def ribbon(name, path, width, material, seed=1, unrest=0.0015, thickness=0.001, rows=240, cols=70, settle=True, sway=0.002, hem=0.012):
    """A strip of cloth whose side view is `path` (y, z), `width` wide along X, a little uneven everywhere."""
    path = even(np.asarray(path, float), rows)
    length = float(np.linalg.norm(np.diff(path, axis=0), axis=1).sum())
    xs = np.linspace(-width / 2, width / 2, cols)
    points = np.empty((rows, cols, 3))
    floor = path[:, 1].min()
    for i, (y, z) in enumerate(path):
        s = i / rows * length
        skew = noise.noise(Vector((s * 7, seed * 3.1, 0))) * sway
        for j, x in enumerate(xs):
            n = noise.noise(Vector((x * 9, s * 9, seed * 5.7))) + 0.4 * noise.noise(Vector((x * 26, s * 26, seed * 2.3)))
            up = max(0.15, min(1.0, (z - floor) / 0.01)) if settle else 1.0
            dy = noise.noise(Vector((x * 12, seed * 1.7, s * 3))) * sway
            points[i, j] = (x + skew, y + dy, z + n * unrest * up)
    return sheet(name, points, (length, width), material, thickness, hem)


def zigzag(depth, layers, pitch, drift=0.002, seed=1, base=0.0008):
    """The side view of a cloth folded over and over; layers drift a little apart, folds are round."""
    rng = random.Random(seed)
    path = []
    for i in range(layers):
        front, back = -depth / 2 + rng.uniform(-drift, drift), depth / 2 + rng.uniform(-drift, drift)
        z = base + i * pitch
        ends = (front, back) if i % 2 == 0 else (back, front)
        path += [(ends[0] + (ends[1] - ends[0]) * t, z + math.sin(t * math.pi) * pitch * 0.1) for t in np.linspace(0, 1, 24)]
        if i < layers - 1:
            side = 1 if i % 2 == 0 else -1
            path += [(ends[1] + side * math.sin(t) * pitch * 0.75, z + pitch / 2 - math.cos(t) * pitch / 2) for t in np.linspace(0, math.pi, 9)[1:-1]]
    return path


def folded(name, width, depth, layers, material, pitch=0.0034, seed=1, drift=0.0025, unrest=0.0012):
    """A cloth folded to width by depth. The folds lie towards the camera."""
    return ribbon(name, zigzag(depth, layers, pitch, drift, seed), width, material, seed, unrest, rows=60 * layers, cols=60)


def roll(turns, inner, pitch, tongue, gap=0.0008):
    """The side view of a rolled cloth with its end lying on the table towards the camera."""
    path = []
    outer = inner + turns * pitch
    for t in np.linspace(0, turns * 2 * math.pi, int(turns * 40)):
        r = inner + pitch * t / (2 * math.pi)
        a = t - turns * 2 * math.pi - math.pi / 2
        path.append((r * math.cos(a), outer + gap + r * math.sin(a)))
    return path + [(y, gap) for y in np.linspace(0.004, tongue, 30)]


def laid(name, size, material, folds=(), seed=1, height=0.004, thickness=0.001, cols=120):
    """A cloth lying loosely: low soft waves and a few creases. `folds` are (angle in degrees, offset, height, width)."""
    w, d = size
    rows = int(cols * d / w)
    points = np.empty((rows, cols, 3))
    for i, y in enumerate(np.linspace(-d / 2, d / 2, rows)):
        for j, x in enumerate(np.linspace(-w / 2, w / 2, cols)):
            warp = noise.noise(Vector((x * 5, y * 5, seed)))
            z = height * max(0.0, warp + 0.35 * noise.noise(Vector((x * 14, y * 14, seed * 2.0))))
            for angle, offset, up, wide in folds:
                a = math.radians(angle)
                away = x * math.sin(a) - y * math.cos(a) - offset + 0.03 * noise.noise(Vector((x * 4, y * 4, seed + angle)))
                z += up * math.exp(-(away / wide) ** 2)
            edge = 0.006 * noise.noise(Vector((x * 3, y * 3, seed * 7)))
            points[i, j] = (x + edge, y + edge, 0.0008 + z)
    return sheet(name, points, (d, w), material, thickness)
