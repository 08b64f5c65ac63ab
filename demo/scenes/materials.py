"""Everything the brand is made of: glazes, clay, plaster, metal, food and wax. All procedural."""

from dataclasses import dataclass
from functools import wraps

import bpy

from nodes import Graph, blend, linear, scaled

_made = {}


def forget():
    """To be called when the scene is emptied."""
    _made.clear()


def once(make):
    """The same material is built once a scene."""
    @wraps(make)
    def wrapper(*args, **kwargs):
        key = (make.__name__, args, tuple(sorted(kwargs.items())))
        if key not in _made:
            _made[key] = make(*args, **kwargs)
        return _made[key]
    return wrapper


@dataclass(frozen=True)
class Glaze:
    colour: str
    deep: str                # where it pools
    thin: str                # where it runs thin: rims and edges
    thinness: float = 0.5    # how much it breaks there
    roughness: float = 0.4
    coat: float = 0.0
    specks: float = 0.0
    mottle: float = 0.5


GLAZES = {
    "Chalk": Glaze("#eee8dc", "#e0d7c6", "#b99a74", 0.62, 0.36, 0.15, 1.0, 0.5),
    "Celadon": Glaze("#b3c1b2", "#879f92", "#d9d8c6", 0.75, 0.14, 0.4, 0.12, 0.6),
    "Tenmoku": Glaze("#1d130d", "#0f0a08", "#96481c", 0.95, 0.10, 0.6, 0.0, 0.9),
    "Cobalt": Glaze("#2d4566", "#20334e", "#6d7077", 0.55, 0.50, 0.0, 0.25, 0.8),
    "Ochre": Glaze("#b48c47", "#94692c", "#7a4d26", 0.60, 0.34, 0.15, 0.45, 0.8),
    "Slate": Glaze("#434a50", "#33393e", "#7c7a74", 0.55, 0.56, 0.0, 0.2, 0.8),
    "Blush": Glaze("#cda796", "#b98f7d", "#a3755a", 0.55, 0.52, 0.0, 0.45, 0.6),
    "Moss": Glaze("#5d6150", "#43473a", "#8a6a44", 0.65, 0.42, 0.08, 0.35, 0.9),
}


@once
def glaze(name, seed=0.0, soften=False):
    """A glaze over stoneware. Meshes carry `rim` (1 at lips and edges) and `bare` (1 where no glaze is)."""
    look = GLAZES[name]
    g = Graph(f"glaze {name}")
    at = g.position(shift=(seed, seed * 0.7, 0))
    cloud = g.noise(at, 22, 2)
    fine = g.noise(at, 140, 1)
    drift = g.noise(g.position((1, 1, 0.35), shift=(seed, 0, 0)), 60, 1)

    colour = g.mix(g.span(cloud, 0.3, 0.72, 0, look.mottle, True), linear(look.colour), linear(look.deep))
    colour = g.mix(g.span(drift, 0.55, 0.8, 0, 0.35 * look.mottle), colour, scaled(linear(look.colour), 1.18))
    # Recesses hold more glaze, edges less.
    point = g.node("NewGeometry").outputs["Pointiness"]
    colour = g.mix(g.span(point, 0.497, 0.46, 0, 0.8, True), colour, linear(look.deep))
    rim = g.attribute("rim")
    broken = g.math("MULTIPLY", rim, g.span(fine, 0.25, 0.7, 0.55, 1.25))
    broken = g.math("ADD", broken, g.span(drift, 0.35, 0.75, -0.22, 0.18))
    broken = g.span(broken, 0.32, 0.95, 0, look.thinness, True)
    colour = g.mix(broken, colour, linear(look.thin))
    if look.specks:
        spot = g.node("TexVoronoi", {"Vector": g.position(shift=(seed + 3, 1, 2)), "Scale": 240.0, "Randomness": 1.0})
        rare = g.span(g.node("SeparateColor", {0: spot.outputs["Color"]}).outputs[0], 0.86, 1.0, 0, 1)
        size = g.math("MULTIPLY", rare, 0.26)
        dot = g.math("SUBTRACT", size, spot.outputs["Distance"])
        colour = g.mix(g.span(dot, 0.0, 0.10, 0, 0.72 * look.specks), colour, linear("#4a2d18"))
    rough = g.span(g.noise(at, 55, 1), 0.3, 0.7, look.roughness - 0.05, look.roughness + 0.08)

    clay_colour, clay_rough, clay_bump = _clay(g, "#b39a7c")
    bare = g.span(g.math("ADD", g.attribute("bare"), g.span(g.noise(at, 90, 2), 0.3, 0.7, -0.12, 0.12)), 0.42, 0.55)
    colour = g.mix(bare, colour, clay_colour)
    rough = g.math("ADD", g.math("MULTIPLY", rough, g.math("SUBTRACT", 1.0, bare)), g.math("MULTIPLY", clay_rough, bare))
    skin = g.math("ADD", g.math("MULTIPLY", g.noise(at, 34, 0), 0.8), g.math("MULTIPLY", fine, 0.13))
    skin = g.math("ADD", skin, g.math("MULTIPLY", g.math("MULTIPLY", clay_bump, bare), 0.5))
    skin = g.math("SUBTRACT", skin, g.math("MULTIPLY", bare, 0.35))
    smooth = g.node("Bevel", {"Radius": 0.0035}, samples=2).outputs[0] if soften else None
    normal = g.bump(skin, 0.0009, 0.55, smooth)
    coat = g.math("MULTIPLY", g.math("SUBTRACT", 1.0, bare), look.coat)
    return g.finish(g.principled(colour=colour, roughness=rough, normal=normal, coat=coat, coat_roughness=0.06, ior=1.5))


def _clay(g, colour):
    at = g.position()
    grain = g.noise(at, 420, 2, 0.7)
    base = g.mix(g.noise(at, 30, 1), scaled(linear(colour), 0.82), scaled(linear(colour), 1.08))
    base = g.mix(g.span(grain, 0.62, 0.72, 0, 0.5), base, linear("#5b4432"))
    return base, g.span(grain, 0.3, 0.7, 0.72, 0.9), grain


@once
def clay(colour="#b39a7c"):
    """Unglazed stoneware."""
    g = Graph("clay")
    base, rough, grain = _clay(g, colour)
    return g.finish(g.principled(colour=base, roughness=rough, normal=g.bump(grain, 0.0006, 0.6)))


@once
def plaster(colour, scale=1.0):
    """Lime-washed wall: brushed, cloudy, never flat."""
    g = Graph("plaster")
    at = g.position((1 / scale,) * 3)
    cloud = g.noise(at, 2.6, 3, 0.6)
    brush = g.noise(g.position((1.6 / scale, 1.6 / scale, 0.8 / scale), (0, 0.5, 0)), 16, 4, 0.65)
    trowel = g.noise(at, 7, 1, 0.5)
    base = linear(colour)
    tone = g.mix(g.span(cloud, 0.3, 0.72, 0, 1, True), scaled(base, 0.88), scaled(base, 1.05))
    tone = g.mix(g.span(brush, 0.35, 0.7, 0, 0.5), tone, scaled(base, 1.12))
    tone = g.mix(g.span(trowel, 0.55, 0.75, 0, 0.18), tone, scaled(blend(base, linear("#8f7f6a"), 0.5), 0.9))
    return g.finish(g.principled(colour=tone, roughness=0.92, specular=0.2, normal=g.bump(trowel, 0.02 * scale, 0.3)))


@once
def metal(kind="brass"):
    g = Graph(kind)
    at = g.position()
    colour, rough = {"brass": ("#d8ad62", 0.2), "iron": ("#3a3836", 0.5), "steel": ("#b8b6b0", 0.3)}[kind]
    wear = g.noise(at, 60, 4)
    tone = g.mix(g.span(wear, 0.35, 0.7), linear(colour), scaled(linear(colour), 0.8 if kind == "brass" else 0.62))
    brushed = g.noise(g.position((1, 1, 14)), 160, 2)
    return g.finish(g.principled(colour=tone, metallic=1.0, roughness=g.span(wear, 0.3, 0.7, rough - 0.06, rough + 0.14),
                                 normal=g.bump(brushed, 0.0002, 0.25)))


@once
def plain(colour, roughness=0.6, bump=0.0, scale=200.0, variety=0.12, subsurface=0.0):
    """Simple matter: food, leaves, paint, cord."""
    g = Graph("plain")
    at = g.position()
    n = g.noise(at, scale, 4)
    tone = g.mix(g.noise(at, scale / 8, 3), scaled(linear(colour), 1 - variety), scaled(linear(colour), 1 + variety))
    normal = g.bump(n, bump) if bump else None
    return g.finish(g.principled(colour=tone, roughness=roughness, normal=normal, subsurface=subsurface,
                                 subsurface_radius=(1.0, 0.6, 0.35), subsurface_scale=0.006))


@once
def glow(colour, strength):
    g = Graph("glow")
    return g.finish(g.node("Emission", {"Color": linear(colour), "Strength": strength}).outputs[0])


@once
def outside(horizon):
    """A bright, hazy day over the sea, seen out of focus."""
    g = Graph("outside")
    at = g.position()
    up = g.node("SeparateXYZ", {0: at}).outputs[2]
    up = g.math("ADD", up, g.math("MULTIPLY", g.noise(g.position((2, 1, 0.2)), 1.5, 2), 0.10))
    tone = g.mix(g.span(up, horizon - 0.25, horizon + 0.05, 0, 1), linear("#8f9a90"), linear("#a9b8bd"))
    tone = g.mix(g.span(up, horizon + 0.06, horizon + 0.12, 0, 1, True), tone, linear("#f4f2ec"))
    strength = g.span(up, horizon, horizon + 0.15, 1.1, 2.6)
    return g.finish(g.node("Emission", {"Color": tone, "Strength": strength}).outputs[0])


@once
def crust():
    """Sourdough: dark crust, flour in the hollows."""
    g = Graph("crust")
    at = g.position()
    n = g.noise(at, 22, 4, 0.6)
    tone = g.mix(g.span(n, 0.32, 0.7), linear("#6e3d1c"), linear("#b57c44"))
    up = g.node("SeparateXYZ", {0: g.node("NewGeometry").outputs["Normal"]}).outputs[2]
    flour = g.math("MULTIPLY", g.span(g.noise(at, 60, 4, 0.7), 0.42, 0.62), g.span(up, 0.2, 0.9))
    tone = g.mix(g.math("MULTIPLY", flour, 0.75), tone, linear("#e9dcc4"))
    tone = g.mix(g.attribute("cut"), tone, linear("#e0bd8b"))
    return g.finish(g.principled(colour=tone, roughness=0.8, normal=g.bump(g.noise(at, 90, 4, 0.7), 0.003, 0.7)))
