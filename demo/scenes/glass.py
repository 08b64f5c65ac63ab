"""Glass from the ice house, and what is poured into it. Shadows are light, as they are behind real glass."""

from materials import once
from nodes import Graph, linear

GLASS = {"Clear": "#fafcf9", "Smoke": "#b9b0a5", "Sea": "#d2e6dd"}


def _passing_shadow(g, shader, tint):
    """For shadow rays the thing is only a tint; everything else sees the real material."""
    through = g.node("BsdfTransparent", {"Color": tint}).outputs[0]
    return g.node("MixShader", {0: g.node("LightPath").outputs["Is Shadow Ray"], 1: shader, 2: through}).outputs[0]


@once
def glass(kind="Clear"):
    g = Graph(f"glass {kind}")
    shader = g.principled(colour=linear(GLASS[kind]), transmission=1.0, roughness=0.0, ior=1.48)
    return g.finish(_passing_shadow(g, shader, linear(GLASS[kind])))


@once
def liquid(colour, ior=1.33):
    g = Graph("liquid")
    shader = g.principled(colour=linear(colour), transmission=1.0, roughness=0.0, ior=ior)
    return g.finish(_passing_shadow(g, shader, linear(colour)))
