"""A second picture of every product: nearer, from another side, or in use."""

import math

import products as p
import props
from cloth import LINEN, folded, laid, linen, ribbon
from glass import liquid
from materials import plain
from studio import Shot, room
from turned import fill, place


def shot(*args, top="ash", **kwargs):
    s = Shot(*args, **kwargs)
    return s, top


DETAILS = {}


def detail(handle, says, *args, top="ash", **kwargs):
    """Registers a detail: how it is framed and what is built."""
    def register(build):
        frame = Shot(*args, **kwargs)

        def all_of_it():
            build()
            room(frame, top)
        DETAILS[handle] = (frame, all_of_it, says)
        return build
    return register


@detail("tide-mug", "Chalk mug of coffee on grey linen, a dark mug behind it", 0.205, 27, aim=0.25, across=0.10, stop=5)
def _():
    props.under("Grey", (0.40, 0.30), 0.02, 0.0, 14)
    for thing in p.tide_mug("Chalk", -40), props.coffee(0.0376, 0.078):
        place(thing, z=0.003)
    place(p.tide_mug("Tenmoku", -150), 0.085, 0.125)


@detail("breakfast-bowl", "Three breakfast bowls in chalk, cobalt and ochre, stacked", 0.32, 12, aim=0.25)
def _():
    for k, look in enumerate(("Ochre", "Cobalt", "Chalk")):
        place(p.breakfast_bowl(look), 0.001 * k, -0.001 * k, 0.0305 * k, turn=60 * k)


@detail("slip-plate", "The edges of four stacked plates in three glazes", 0.26, 14, aim=0.12, across=-0.18, stop=5)
def _():
    for k, look in enumerate(("Slate", "Slate", "Celadon", "Chalk")):
        place(p.slip_plate(look), 0.002 * (k % 2), 0.001 * k, 0.0125 * k, turn=50 * k)


@detail("quay-carafe", "The neck and the pouring lip of a blush carafe", 0.19, 20, aim=1.08, room=0.42, stop=4.5)
def _():
    p.quay_carafe("Blush")


@detail("tide-cup", "Three espresso cups in tenmoku, chalk and blush, one with coffee", 0.225, 22, aim=0.13, across=0.03)
def _():
    for thing in p.tide_cup("Chalk", -35), props.coffee(0.0285, 0.050):
        place(thing, -0.004, -0.03)
    place(p.tide_cup("Tenmoku", -60), -0.055, 0.050)
    place(p.tide_cup("Blush", -15), 0.062, 0.045)


@detail("harbour-teapot", "Celadon teapot seen from above, its lid and spout", 0.33, 34, aim=0.20, room=0.38)
def _():
    place(p.harbour_teapot("Celadon"), turn=28)


@detail("milk-jug", "Cobalt jug filled with milk, from above", 0.20, 36, aim=0.30, room=0.26, across=0.06)
def _():
    place(p.milk_jug("Cobalt") + props.milk(0.0375, 0.090), turn=-12)


@detail("egg-cup", "Two egg cups in chalk and blush, each with a brown egg", 0.175, 15, aim=0.23, across=0.14)
def _():
    place(p.egg_cup("Chalk") + p.egg(0, 0, 0.0225), -0.012, -0.01)
    place(p.egg_cup("Blush") + p.egg(0, 0, 0.0225, "#b98a66"), 0.058, 0.045)


@detail("serving-bowl", "Tenmoku serving bowl with lemons", 0.48, 28, aim=0.13)
def _():
    p.serving_bowl("Tenmoku")
    for k, (x, y, z, turn) in enumerate([(-0.045, 0.0, 0.018, 20), (0.03, -0.035, 0.017, 100), (0.035, 0.045, 0.019, -40), (-0.01, 0.0, 0.060, 65), (-0.03, 0.066, 0.030, 10)]):
        props.lemon(x, y, z, turn, seed=k)


@detail("soup-plate", "Slate soup plate with squash soup, an ash spoon beside it", 0.42, 40, aim=0.03, across=0.12)
def _():
    p.soup_plate("Slate")
    props.soup(0.0795, 0.0265)
    place(place(p.ash_spoon(), turn=30), 0.165, 0.0, 0)


@detail("supper-for-two", "A place laid in celadon: plate, bowl, mug and napkin", 0.54, 44, aim=0.02, across=0.09)
def _():
    p.slip_plate("Celadon")
    place(p.breakfast_bowl("Celadon"), 0, 0, 0.0065)
    place(p.tide_mug("Celadon", -30), 0.150, 0.110)
    props.napkin("Natural", -0.015, -0.185, 0, 4, (0.20, 0.09), 3)


@detail("larder-jar", "Three larder jars of different sizes in a row", 0.53, 10, aim=0.20)
def _():
    for x, y, scale in ((-0.125, 0.05, 1.3), (0.005, 0.0, 1.0), (0.125, -0.045, 0.72)):
        place(p.larder_jar(scale=scale), x, y)


@detail("bread-board", "A loaf of bread on the oak board", 0.46, 24, aim=0.09)
def _():
    place(p.bread_board(lying=True), turn=14)
    props.loaf(0.26, 0.135, 0.105, -0.03, 0.0, 0.022, 20)


@detail("kitchen-cloth", "The folds and the weave of a moss kitchen cloth, near", 0.15, 26, aim=0.10, across=-0.1, back=-0.2, room=0.32, stop=4)
def _():
    p.kitchen_cloth("Moss")


@detail("ash-spoon", "The shallow bowl of the ash spoon, near", 0.17, 36, aim=0.02, room=0.3, across=0.42, back=0.55, stop=4)
def _():
    p.ash_spoon()


@detail("salt-cellar", "Slate salt cellar with the lid swung aside, full of salt", 0.165, 36, aim=0.20)
def _():
    p.salt_cellar("Slate", 78)
    props.grains("salt", 0.0455, 0.050)


@detail("butter-dish", "Butter on the chalk dish, the cover beside it", 0.38, 27, aim=0.08, across=0.12)
def _():
    from wood import box
    from materials import plain
    p.butter_dish("Chalk", (0.06, 0.165, 0.0))
    place([box("butter", (0.098, 0.056, 0.036), plain("#e6cd83", 0.4, 0.0004, 200.0, 0.04, 0.2), (0, 0, 0.025), 0.004)], turn=-24)


@detail("pestle-and-mortar", "The unglazed inside of the mortar with the pestle, from above", 0.23, 42, aim=0.20)
def _():
    p.pestle_and_mortar()


@detail("ice-house-tumbler", "Three tumblers in smoke, clear and sea glass, one with water", 0.30, 13, aim=0.16)
def _():
    place(p.ice_house_tumbler("Smoke", 3), -0.075, 0.055)
    place(p.ice_house_tumbler("Sea", 4), 0.078, 0.045)
    place(p.ice_house_tumbler("Clear", 5) + [fill("water", p.TUMBLER, 0.0024, 0.0125, 0.056, liquid("#f1f6f4"))], 0.0, -0.035)


@detail("oil-bottle", "Cork and spout of the sea glass bottle, near", 0.17, 8, aim=1.24, room=0.42, stop=4.5)
def _():
    p.oil_bottle("Sea")


@detail("glass-jar", "Store jar filled with white beans under its ash lid", 0.30, 20, aim=0.24)
def _():
    p.glass_jar(filled=("#dcc6a0", 0.108))


@detail("harbour-lamp", "The linen shade of the lamp, lit, and its brass stem", 0.36, 4, aim=0.76, room=0.66, tone="dusk")
def _():
    p.harbour_lamp("Chalk")


@detail("net-pendant", "Three pendants in slate, ochre and chalk at different heights", 0.86, 1, aim=0.14, room=0.7, tone="dusk", top=None)
def _():
    for x, y, z, look in ((-0.20, 0.05, 0.10, "Slate"), (0.02, 0.0, -0.10, "Ochre"), (0.22, 0.06, 0.20, "Chalk")):
        place(p.net_pendant(look), x, y, z)


@detail("workshop-candle", "The flame and the wax of the candle, near", 0.135, 30, aim=0.52, room=0.2, tone="dusk", stop=5)
def _():
    p.workshop_candle()


@detail("pier-candlestick", "Three candlesticks of brass, ash and smoked oak, two of them lit", 0.58, 9, aim=0.30, tone="dusk", wall=0.42)
def _():
    place(p.pier_candlestick("Smoked oak", True, 0.17), -0.125, 0.06)
    place(p.pier_candlestick("Ash", False, 0.20, 1.3), 0.01, 0.0)
    place(p.pier_candlestick("Brass", True, 0.12), 0.125, -0.04)


@detail("tea-light-bowl", "Three small bowls with burning tea lights", 0.32, 27, aim=0.07, tone="dusk", wall=0.5)
def _():
    for x, y, look in ((-0.07, 0.06, "Celadon"), (-0.005, -0.045, "Chalk"), (0.085, 0.045, "Blush")):
        place(p.tea_light_bowl(look), x, y)


@detail("bud-vase", "Three bud vases in moss, blush and slate with grasses", 0.46, 9, aim=0.33, tone="sage")
def _():
    import plants
    for k, (x, y, look) in enumerate(((-0.10, 0.04, "Moss"), (0.0, -0.03, "Blush"), (0.105, 0.05, "Slate"))):
        place(p.bud_vase(look), x, y)
        place(plants.grass([(0, 0, 0.03), (0.002, 0, 0.16), (0.012, 0, 0.24), (0.045, 0.01, 0.315 - 0.02 * k)], k), x, y, turn=140 * k)


@detail("tall-vase", "The neck of the tenmoku vase, the glaze breaking to rust at its rim", 0.24, 14, aim=1.06, room=0.6, tone="sage", stop=5)
def _():
    p.tall_vase("Tenmoku")
    p.tall_stems()


@detail("sill-planter", "Foot of the chalk planter standing in its saucer", 0.20, 16, aim=0.40, room=0.34, tone="sage", stop=5)
def _():
    p.sill_planter("Chalk")
    p.herb()


@detail("turf-tray", "Moss tray with two espresso cups of coffee", 0.44, 26, aim=0.05, tone="sage")
def _():
    p.turf_tray()
    place(p.tide_cup("Chalk", -30) + props.coffee(0.0285, 0.050), 0.055, -0.025, 0.007)
    place(p.tide_cup("Blush", -70) + props.coffee(0.0285, 0.050), -0.035, 0.014, 0.007)


@detail("net-stool", "The hollowed ash seat of the stool from above", 0.52, 34, aim=0.74, room=0.8, tone="warm grey")
def _():
    p.net_stool("Ash")


@detail("quay-bench", "One end of the ash bench, its leg and rung", 0.80, 12, aim=0.34, across=0.62, back=-0.40, room=1.4, tone="warm grey")
def _():
    p.quay_bench("Ash")


@detail("peg-rail", "A linen cloth hanging from a peg of the oak rail", 0.50, 3, aim=-0.20, turn=-12, tone="warm grey", top=None, wall=-0.10)
def _():
    p.peg_rail("Oak")
    hanging("Natural", 0.0, -0.075, -0.005)


def hanging(look, x, y, z, drop=0.42, width=0.17, seed=4):
    """A cloth hung from a peg by its loop: pleats that open downwards."""
    import numpy as np
    from mathutils import Vector, noise
    from cloth import sheet
    rows, cols = 110, 150
    points = np.empty((rows, cols, 3))
    for i in range(rows):
        t = i / (rows - 1)
        open_ = 0.16 + 0.84 * min(1, t * 1.7) ** 0.8
        for j in range(cols):
            s = 2 * j / (cols - 1) - 1
            pleat = math.sin(s * 10.5 + 1.2 * noise.noise(Vector((s * 2, t * 1.5, seed)))) * (0.017 * (1 - 0.35 * t)) * min(1, 0.35 + t * 2)
            points[i, j] = (x + s * width / 2 * open_ + 0.006 * noise.noise(Vector((s * 3, t * 4, seed + 3))), y + pleat + 0.006 * noise.noise(Vector((s * 4, t * 5, seed + 9))),
                            z - 0.012 - t * drop + 0.02 * s * s * t - (1 - t) ** 4 * 0.02 * abs(s))
    return [sheet("cloth", points, (drop, 0.36), linen(look), 0.0012)]


@detail("table-napkins", "Napkins in rust, moss, indigo and natural linen, stacked", 0.28, 20, aim=0.12, room=0.32, back=-0.15, tone="flax", stop=5)
def _():
    for k, look in enumerate(("Rust", "Moss", "Indigo", "Natural")):
        place([folded("napkin", 0.205, 0.205, 3, linen(look), 0.0050, 60 + k, 0.005, 0.0046)], 0.002 * k, 0, 0.0146 * k, turn=22 + 2 * (k % 2))


@detail("table-runner", "Indigo runner along a table with a bowl and a carafe on it", 0.62, 30, aim=0.08, tone="flax", wall=0.62)
def _():
    place([laid("runner", (0.30, 1.6), linen("Indigo"), ((0, 0.05, 0.006, 0.010),), 6, 0.004, cols=90)], -0.02, -0.35, turn=-14)
    place(p.breakfast_bowl("Chalk"), -0.03, -0.02, 0.004)
    place(p.quay_carafe("Chalk"), 0.055, 0.17, 0.004)


@detail("tide-notebook", "Three notebooks in rust, indigo and natural linen, stacked", 0.28, 20, aim=0.09, tone="flax")
def _():
    for k, (look, turn) in enumerate((("Natural", -20), ("Indigo", -27), ("Rust", -14))):
        place(p.book(look), 0.003 * k, 0.002 * k, 0.0151 * k, turn=turn)
