"""Wood: a solid of year rings, so that end grain and long grain come from the same tree; and boards with soft edges."""

import math
import random

import bpy

from materials import once
from nodes import Graph, linear, scaled, blend

WOODS = {
    "ash": ("#d6bd94", "#b8935f", 0.42),
    "pale ash": ("#cfbd9f", "#b09673", 0.5),
    "oak": ("#a5835d", "#7d5c3c", 0.48),
    "smoked oak": ("#59432f", "#332419", 0.45),
    "walnut": ("#6a4a32", "#432c1c", 0.45),
}


@once
def wood(kind="ash", seed=0, along="X", polish=0.0, fine=1.0):
    """Grain along one axis of the object; `seed` moves to another part of the tree."""
    light, dark, rough = WOODS[kind]
    rng = random.Random(f"{kind}{seed}")
    g = Graph(f"wood {kind}")
    turn = {"X": (0, 0, 0), "Y": (0, 0, math.pi / 2), "Z": (0, math.pi / 2, 0)}[along]
    shift = (rng.uniform(-9, 9), rng.uniform(-0.09, 0.09), rng.uniform(0.05, 0.16))
    at = g.position(rotation=turn, shift=shift)
    stretch = g.node("Mapping", {"Vector": at, "Scale": (1.0, 9.0, 9.0)}).outputs[0]
    fibre = g.node("Mapping", {"Vector": at, "Scale": (7.0, 300.0, 300.0)}).outputs[0]
    parts = g.node("SeparateXYZ", {0: at}).outputs
    radius = g.math("SQRT", g.math("ADD", g.math("MULTIPLY", parts[1], parts[1]), g.math("MULTIPLY", parts[2], parts[2])))
    warp = g.noise(stretch, 1.6, 2, 0.5)
    radius = g.math("ADD", radius, g.math("MULTIPLY", g.math("SUBTRACT", warp, 0.5), 0.075))
    ring = g.math("FRACT", g.math("MULTIPLY", radius, 210.0 * fine))
    ring = g.math("MULTIPLY", g.span(ring, 0.0, 0.72), g.span(ring, 1.0, 0.82))
    fibres = g.noise(fibre, 1.0, 2, 0.6)
    pores = g.noise(g.node("Mapping", {"Vector": at, "Scale": (22.0, 900.0, 900.0)}).outputs[0], 1.0, 0)
    broad = g.noise(stretch, 0.9, 0)
    base = g.mix(g.span(ring, 0.0, 1.0, 0.0, 0.62), linear(light), linear(dark))
    base = g.mix(g.span(fibres, 0.35, 0.7, 0.0, 0.38), base, scaled(linear(dark), 0.92))
    base = g.mix(g.span(pores, 0.6, 0.72, 0.0, 0.32), base, scaled(linear(dark), 0.6))
    base = g.mix(g.span(broad, 0.3, 0.7, 0.0, 0.35), base, scaled(blend(linear(light), linear(dark), 0.25), 1.14))
    # End grain drinks more oil.
    normal = g.node("TexCoord").outputs["Normal"]
    axis = {"X": 0, "Y": 1, "Z": 2}[along]
    end = g.span(g.math("ABSOLUTE", g.node("SeparateXYZ", {0: normal}).outputs[axis]), 0.6, 0.9, 0, 0.45)
    base = g.mix(end, base, scaled(linear(dark), 0.75))
    roughness = g.span(fibres, 0.3, 0.7, rough - polish, rough + 0.16 - polish)
    return g.finish(g.principled(colour=base, roughness=roughness, normal=g.bump(pores, -0.0004, 0.5), specular=0.4))


def box(name, size, material, location=(0, 0, 0), bevel=0.003, rotation=(0, 0, 0), segments=3):
    """A board with soft edges; the location is its middle."""
    x, y, z = (s / 2 for s in size)
    mesh = bpy.data.meshes.new(name)
    mesh.from_pydata([(sx * x, sy * y, sz * z) for sz in (-1, 1) for sx, sy in ((-1, -1), (1, -1), (1, 1), (-1, 1))], [],
                     [(3, 2, 1, 0), (4, 5, 6, 7), (0, 1, 5, 4), (1, 2, 6, 5), (2, 3, 7, 6), (3, 0, 4, 7)])
    mesh.materials.append(material)
    mesh.polygons.foreach_set("use_smooth", [True] * 6)
    thing = bpy.data.objects.new(name, mesh)
    bpy.context.scene.collection.objects.link(thing)
    thing.location, thing.rotation_euler = location, rotation
    soften(thing, bevel, segments)
    return thing


def soften(thing, width, segments=3):
    bevel = thing.modifiers.new("bevel", "BEVEL")
    bevel.width, bevel.segments, bevel.limit_method = width, segments, "ANGLE"
    weighted = thing.modifiers.new("normals", "WEIGHTED_NORMAL")
    weighted.keep_sharp = True


def planks(kind, extent, thickness=0.03, width=0.14, along="X", seed=4):
    """A worktop of boards at height zero; `extent` is (left, front, back, right)."""
    left, front, back, right = extent
    y, i = back, seed
    if right - left < 1.2:
        width = 0.11
    while y > front:
        box("plank", (right - left, width - 0.0008, thickness), wood("pale ash" if kind == "ash" else kind, i, along), ((left + right) / 2, y - width / 2, -thickness / 2), 0.0012)
        y -= width
        i += 1
