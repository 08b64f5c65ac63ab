"""Stems, leaves and flowers."""

import math
import random

import numpy as np
from mathutils import Euler, Matrix, Vector

from materials import once, plain
from nodes import Graph, linear, scaled
from turned import mesh_object, sweep


@once
def leaf_green(colour="#6b7a55"):
    g = Graph("leaf")
    at = g.position()
    tone = g.mix(g.span(g.noise(at, 60, 2), 0.3, 0.7), scaled(linear(colour), 0.7), scaled(linear(colour), 1.25))
    surface = g.principled(colour=tone, roughness=0.5)
    through = g.node("BsdfTranslucent", {"Color": scaled(linear(colour), 1.3)}).outputs[0]
    return g.finish(g.node("MixShader", {0: 0.3, 1: surface, 2: through}).outputs[0])


@once
def petal_white(colour="#ece6da"):
    g = Graph("petal")
    surface = g.principled(colour=linear(colour), roughness=0.6)
    through = g.node("BsdfTranslucent", {"Color": linear(colour)}).outputs[0]
    return g.finish(g.node("MixShader", {0: 0.4, 1: surface, 2: through}).outputs[0])


def blade(name, length, width, material, at, direction, curl=0.4, cup=0.25, roll=0.0, tip=0.35, n=10, m=6):
    """A leaf or petal from `at` along `direction`, bending down by `curl`; `tip` is how pointed it is."""
    verts, faces = [], []
    for i in range(n + 1):
        t = i / n
        half = width / 2 * math.sin(math.pi * min(1.0, t ** (0.6 + tip)) * 0.97 + 0.06) ** (0.7 + tip)
        for j in range(m + 1):
            s = 2 * j / m - 1
            verts.append((s * half, length * (t - 0.10 * curl * t * t), -curl * length * t * t * 0.6 + cup * half * s * s))
    for i in range(n):
        for j in range(m):
            a = i * (m + 1) + j
            faces.append((a, a + 1, a + m + 2, a + m + 1))
    thing = mesh_object(name, verts, faces, material)
    turn = Vector(direction).to_track_quat("Y", "Z").to_matrix().to_4x4() @ Matrix.Rotation(roll, 4, "Y")
    thing.matrix_basis = Matrix.Translation(at) @ turn
    return thing


def along(points, t):
    p = np.array(points, float)
    steps = np.linspace(0, 1, len(p))
    return Vector([np.interp(t, steps, p[:, k]) for k in range(3)])


def sprig(points, seed=1, leaves=14, size=0.032, colour="#77815f", start=0.35, thick=0.0015, bark="#6a5a45", slim=0.42, pairs=False):
    """A twig with leaves; points go from the vase to the tip."""
    rng = random.Random(seed)
    things = [sweep("twig", points, [thick, thick * 0.45], plain(bark, 0.7), around=8, count=40, up=(0.3, 1, 0.2))]
    for k in range(leaves):
        t = start + (1 - start) * (k + 0.5) / leaves
        at, ahead = along(points, t), (along(points, min(1, t + 0.03)) - along(points, t - 0.03)).normalized()
        side = ahead.cross(Vector((0.2, 1, 0.1))).normalized()
        for sign in ((1, -1) if pairs else ((1,) if k % 2 else (-1,))):
            out = (side * sign + ahead * rng.uniform(0.5, 0.9) + Vector((0, rng.uniform(-0.7, 0.7), rng.uniform(-0.1, 0.3)))).normalized()
            long = size * rng.uniform(0.75, 1.15) * (1 - 0.4 * max(0, t - 0.6))
            things.append(blade("leaf", long, long * slim, leaf_green(colour), at, out, rng.uniform(0.1, 0.6), 0.3, rng.uniform(-0.5, 0.5)))
    return things


def flower(at, facing, seed=1, size=0.026, petals=8, colour="#ece6da", heart="#c39b3d"):
    """An open flower with a button heart."""
    rng = random.Random(seed)
    things = []
    turn = Vector(facing).to_track_quat("Z", "Y").to_matrix()
    for layer in range(2):
        for k in range(petals):
            a = 2 * math.pi * (k + 0.5 * layer) / petals + rng.uniform(-0.1, 0.1)
            out = turn @ Vector((math.cos(a), math.sin(a), 0.30 + 0.35 * layer + rng.uniform(-0.08, 0.08)))
            things.append(blade("petal", size * rng.uniform(0.9, 1.05) * (1 - 0.2 * layer), size * 0.62, petal_white(colour), at, out, 0.45, 0.5, rng.uniform(-0.2, 0.2), 0.05))
    from turned import solid
    r = size * 0.24
    button = solid("heart", [(0.0003, -r * 0.4), (r, 0), (r * 0.8, r * 0.55), (0.0003, r * 0.75)], plain(heart, 0.9, 0.0012, 900.0, 0.3), edge_radius=r * 0.4, around=32)
    button.matrix_basis = Matrix.Translation(at) @ turn.to_4x4() @ Matrix.Translation((0, 0, size * 0.1))
    return things + [button]


def grass(points, seed=1, colour="#b59f74", size=0.010, seeds=26):
    """A dry grass with a nodding head."""
    rng = random.Random(seed)
    things = [sweep("stalk", points, [0.0010, 0.0005], plain(colour, 0.8), around=6, count=40, up=(0.3, 1, 0.2))]
    for k in range(seeds):
        t = 0.66 + 0.34 * k / seeds
        at, ahead = along(points, t), (along(points, min(1, t + 0.03)) - along(points, t - 0.03)).normalized()
        out = (ahead * 1.2 + Vector((rng.uniform(-0.6, 0.6), rng.uniform(-0.6, 0.6), rng.uniform(-0.4, 0.3)))).normalized()
        things.append(blade("seed", size * rng.uniform(0.8, 1.5), size * 0.28, leaf_green(colour), at, out, 0.2, 0.6, n=5, m=3))
    return things
