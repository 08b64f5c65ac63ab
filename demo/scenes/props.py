"""What stands beside the goods: food, drink, cloths."""

import math
import random

import numpy as np
from mathutils import Vector, noise

import products as p
from cloth import folded, laid, linen
from materials import crust, plain
from turned import disc, lathe, mask, place, solid, spline, sweep


def coffee(radius, height):
    return [disc("coffee", radius, height, plain("#24140b", 0.12, 0.0, 60.0, 0.1))]


def milk(radius, height):
    return [disc("milk", radius, height, plain("#eee7d8", 0.25, 0.0, 60.0, 0.02))]


def soup(radius, height):
    """Squash soup with a turn of cream and a few leaves of parsley."""
    things = [disc("soup", radius, height, plain("#a8601f", 0.22, 0.0007, 120.0, 0.12, 0.15))]
    cream = plain("#efe4cf", 0.3, 0.0, 60.0, 0.03, 0.3)
    turns = [(0.0, 0.030, 0.0030), (0.35, 0.041, 0.0022)]
    for start, wide, thick in turns:
        path = []
        for k in range(60):
            a = start * 6 + k * 0.13
            r = wide * (0.25 + 0.75 * k / 60)
            path.append((r * math.cos(a) - 0.006, r * math.sin(a) * 0.9 + 0.004, height + 0.0001))
        stroke = sweep("cream", path, [thick * 0.2, thick, thick * 0.8, thick * 0.12], cream, around=10, count=160, up=(0, 0, 1))
        stroke.scale = (1, 1, 0.22)
        stroke.location.z = height * 0.78
        things.append(stroke)
    rng = random.Random(8)
    leaf = plain("#4c6a2b", 0.5, 0.0003, 500.0, 0.2)
    for _ in range(11):
        a, r = rng.uniform(0, 6.3), rng.uniform(0.004, 0.034)
        for _ in range(3):
            x, y = r * math.cos(a) + rng.uniform(-0.004, 0.004), r * math.sin(a) + rng.uniform(-0.004, 0.004)
            bit = solid("leaf", [(0.0003, 0.0002), (0.0026, 0.0004), (0.0022, 0.0010), (0.0003, 0.0013)], leaf, smooth_curve=True, around=9)
            bit.scale = (1.0, rng.uniform(0.4, 0.8), 1.0)
            things += place([bit], x, y, height, turn=rng.uniform(0, 180), tilt=rng.uniform(-12, 12))
    return things


def lemon(x=0.0, y=0.0, z=0.0, turn=0.0, tilt=70.0, seed=1):
    path = spline([(0.0003, -0.043), (0.006, -0.040), (0.012, -0.034), (0.025, -0.018), (0.029, 0.0), (0.025, 0.018), (0.011, 0.034), (0.005, 0.040), (0.0003, 0.041)], 60)
    fruit = lathe("lemon", path, plain("#d9b23c", 0.42, 0.0016, 420.0, 0.07, 0.1), wobble=0.012, seed=seed, around=72)
    return place([fruit], x, y, z + 0.029, turn=turn, tilt=tilt)


def loaf(length=0.24, width=0.13, height=0.095, x=0.0, y=0.0, z=0.0, turn=0.0, seed=2):
    """A long loaf with three cuts."""
    n, m = 110, 90
    verts, faces, cut = [], [], []
    for i in range(n + 1):
        t = math.pi * i / n
        for j in range(m):
            a = 2 * math.pi * j / m
            d = Vector((-math.cos(t), math.sin(t) * math.cos(a), math.sin(t) * math.sin(a)))
            v = Vector((math.copysign(abs(d.x) ** 0.85, d.x) * length / 2, d.y * width / 2, d.z * height * (0.62 if d.z > 0 else 0.34)))
            bump = 0.006 * noise.noise(v * 22 + Vector((seed, 0, 0))) + 0.002 * noise.noise(v * 70)
            gash = 0.0
            if d.z > 0.2:
                for c in (-0.062, 0.0, 0.062):
                    away = v.x - c - 0.35 * v.y
                    gash = max(gash, math.exp(-(away / 0.009) ** 2) * min(1, (d.z - 0.2) * 3) * max(0.0, 1 - abs(v.y) / (0.42 * width)))
            v += d.normalized() * (bump - 0.007 * gash)
            verts.append(v + Vector((0, 0, height * 0.33)))
            cut.append(gash)
    faces = [(i * m + j, i * m + (j + 1) % m, (i + 1) * m + (j + 1) % m, (i + 1) * m + j) for i in range(n) for j in range(m)]
    from turned import mesh_object
    bread = mesh_object("bread", verts, [f[::-1] for f in faces], crust())
    mask(bread, "cut", np.clip(np.array(cut) * 1.1 - 0.15, 0, 0.85))
    return place([bread], x, y, z, turn=turn)


def napkin(look="Natural", x=0.0, y=0.0, z=0.0, turn=12.0, size=(0.22, 0.17), layers=4, seed=5):
    return place([folded("napkin", size[0], size[1], layers, linen(look), 0.0044, seed, 0.004, 0.0042)], x, y, z, turn=turn)


def under(look="Grey", size=(0.55, 0.42), x=0.0, y=0.0, turn=8.0, seed=3, folds=((62, 0.10, 0.010, 0.012), (48, -0.13, 0.007, 0.010)), height=0.004):
    return place([laid("cloth", size, linen(look), folds, seed, height)], x, y, 0, turn=turn)


def grains(name, radius, height, colour="#e9e4d8", count=0, seed=1):
    """A low heap with a rough skin: salt, flour, oats."""
    path = spline([(radius, height - 0.004), (radius * 0.7, height + 0.001), (radius * 0.35, height + 0.005), (0.0003, height + 0.006)], 40)
    return [lathe(name, path, plain(colour, 0.9, 0.0035, 900.0, 0.06), wobble=0.02, seed=seed, around=90)]
