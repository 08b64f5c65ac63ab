"""Books, labels and sheets."""

import math

from cloth import linen
from materials import once
from nodes import Graph, linear, scaled
from turned import mesh_object, place, sweep
from wood import box


@once
def paper(colour="#ece5d6"):
    g = Graph("paper")
    n = g.noise(g.position(), 300, 2)
    return g.finish(g.principled(colour=g.mix(n, scaled(linear(colour), 0.95), linear(colour)), roughness=0.85, normal=g.bump(n, 0.0002, 0.3)))


@once
def leaves(colour="#e9e1d0"):
    """The edge of a book: many sheets."""
    g = Graph("sheets")
    at = g.position((1.5, 1.5, 1))
    lines = g.noise(g.node("Mapping", {"Vector": at, "Scale": (3, 3, 2600)}).outputs[0], 1.0, 1)
    tone = g.mix(g.span(lines, 0.35, 0.65), scaled(linear(colour), 0.78), scaled(linear(colour), 1.04))
    return g.finish(g.principled(colour=tone, roughness=0.9, normal=g.bump(lines, 0.0004, 0.5)))


def weave_box(thing):
    """UV in metres on a box, so that the weave fits."""
    mesh = thing.data
    layer = mesh.uv_layers.new(name="weave")
    for face in mesh.polygons:
        n = face.normal
        axes = (0, 1) if abs(n.z) > 0.7 else ((1, 2) if abs(n.x) > 0.7 else (0, 2))
        for loop in face.loop_indices:
            at = mesh.vertices[mesh.loops[loop].vertex_index].co
            layer.data[loop].uv = (at[axes[0]], at[axes[1]])
    return thing


def book(colour, size=(0.148, 0.210), thick=0.015):
    """A bound book lying flat: linen boards, pages set back, a ribbon to mark the place."""
    w, d = size
    cloth = linen(colour, 0.0, 0.0009)
    board = 0.0026
    things = [weave_box(box("board", (w, d, board), cloth, (0, 0, z), 0.0008)) for z in (board / 2, thick - board / 2)]
    things.append(box("pages", (w - 0.006, d - 0.007, thick - 2 * board), leaves(), (-0.0005, 0, thick / 2), 0.0006))
    things.append(weave_box(box("spine", (0.004, d, thick - 0.0002), cloth, (-w / 2 + 0.001, 0, thick / 2), 0.0019)))
    groove = box("groove", (0.0022, d * 0.998, 0.0006), linen(colour, 0.0, 0.00091), (-w / 2 + 0.010, 0, thick - 0.0001), 0.0003)
    things.append(weave_box(groove))
    return things
