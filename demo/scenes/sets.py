"""Composed scenes: the opening picture, one for each collection, one for each article of the journal."""

import math
import random

import bpy

import materials
import plants
import products as p
import props
import studio
from cloth import folded, laid, linen, ribbon
from details import hanging
from glass import liquid
from materials import clay, glow, metal, plain
from paper import book, paper
from studio import Shot, area, quad, room, sky, window_light, window_wall
from turned import disc, fill, lathe, place, rounded, solid, sweep
from wood import box, planks, wood

SCENES = {}


def scene(name, says, *args, **kwargs):
    def register(build):
        frame = Shot(*args, **kwargs)
        SCENES[name] = (frame, lambda: build(frame), says)
        return build
    return register


def drinking_coffee(look, x, y, turn):
    return place(p.tide_mug(look, turn) + props.coffee(0.0376, 0.078), x, y)


@scene("scene-home", "A table laid with pale stoneware by a window over the sea", 0.78, 9, aim=0.28, lens=58, stop=5)
def home(frame):
    depth = 0.62
    window_wall(frame, depth, -0.92, -0.20, 0.16, 1.25)
    planks("ash", (-2.4, -1.2, 0.47, 2.4), seed=9)
    area("window", (-1.9, 0.0, 1.1), (0.1, 0.1, 0.1), (1.1, 1.2), 42, (1.0, 0.97, 0.92))
    area("daylight", (-0.56, depth + 0.1, 0.75), (-0.1, -0.4, 0.0), (0.6, 0.95), 8.0, (0.98, 0.985, 1.0))
    area("room", (1.2, -1.6, 1.6), (0.3, 0.5, 0.4), (1.4, 1.4), 9, (1.0, 0.97, 0.93))
    sky(0.24)
    # The table: a place laid, what is passed round, something green.
    props.under("Natural", (0.62, 0.36), -0.13, -0.14, 3, 6, ((78, 0.16, 0.007, 0.010),), 0.003)
    place(p.slip_plate("Chalk"), -0.16, -0.12, 0.003)
    place(p.slip_plate("Chalk"), -0.158, -0.121, 0.0155, turn=40)
    place(p.breakfast_bowl("Celadon"), -0.16, -0.12, 0.0225)
    drinking_coffee("Chalk", 0.065, -0.13, -30)
    place(p.quay_carafe("Cobalt"), -0.325, 0.15, turn=20)
    place(p.ice_house_tumbler("Clear", 5) + [fill("water", p.TUMBLER, 0.0024, 0.0125, 0.058, liquid("#f1f6f4"))], 0.185, 0.05)
    place(p.bud_vase("Blush"), -0.06, 0.225)
    place(p.bud_stem(), -0.06, 0.225, turn=15)
    place(p.bread_board(lying=True), -0.475, 0.0, turn=66)
    props.loaf(0.22, 0.12, 0.095, -0.48, 0.0, 0.022, 60)
    props.napkin("Grey", 0.085, -0.27, 0.003, -8, (0.15, 0.11), 3)


@scene("scene-table", "Stacked bowls, plates, a jug and a teapot on an ash table", 0.62, 13, aim=0.25, wall=0.62)
def table(frame):
    room(frame)
    for k in (0, 1):
        place(p.slip_plate("Chalk"), -0.165 + 0.003 * k, 0.03, 0.0125 * k, turn=70 * k)
        place(p.breakfast_bowl("Chalk"), -0.168, 0.032 + 0.002 * k, 0.0195 + 0.0305 * k, turn=50 * k)
    place(p.harbour_teapot("Tenmoku"), 0.165, 0.10, turn=8)
    place(p.milk_jug("Cobalt"), 0.0, 0.22, turn=-10)
    drinking_coffee("Celadon", 0.095, -0.125, -34)
    place(p.breakfast_bowl("Ochre"), 0.335, -0.02)
    place(p.quay_carafe("Blush"), -0.355, 0.17, turn=15)
    place(p.egg_cup("Chalk") + p.egg(0, 0, 0.0225), -0.345, -0.13)
    props.napkin("Grey", -0.21, -0.215, 0, 16, (0.17, 0.12), 3)


@scene("scene-kitchen", "A kitchen worktop with jars, an oil bottle, bread and an oak board", 0.66, 10, aim=0.28, wall=0.36)
def kitchen(frame):
    room(frame)
    place(p.bread_board(), -0.30, 0.175, turn=3)
    place(p.larder_jar(scale=1.25), -0.14, 0.12)
    place(p.larder_jar(scale=0.75), -0.005, 0.06)
    place(p.glass_jar(filled=("#dcc6a0", 0.10)), 0.135, 0.14)
    place(p.oil_bottle("Sea"), 0.255, 0.06)
    place(p.salt_cellar("Chalk", 40), 0.335, -0.10)
    place(p.ash_spoon(), 0.05, -0.17, turn=-30)
    props.loaf(0.24, 0.13, 0.10, -0.30, -0.06, 0, 16)
    place(p.pestle_and_mortar(), 0.45, 0.14)
    props.lemon(0.125, -0.02, 0, 30)


@scene("scene-light", "Dusk: a lamp with a linen shade, candles and tea lights on a table", 0.74, 8, aim=0.29, wall=0.42, tone="dusk")
def light(frame):
    room(frame)
    place(p.harbour_lamp("Chalk"), -0.24, 0.10)
    for x, y, look, candle, stretch in ((0.10, 0.12, "Brass", 0.17, 1.0), (0.19, 0.02, "Smoked oak", 0.12, 1.25)):
        place(p.pier_candlestick(look, True, candle, stretch), x, y)
    for x, y, look in ((0.02, -0.12, "Celadon"), (0.33, -0.06, "Blush")):
        place(p.tea_light_bowl(look), x, y)
    place(p.tide_notebook("Indigo"), -0.10, -0.17, turn=10)


@scene("scene-flowers", "Vases with branches, white flowers and a herb in a planter", 0.80, 8, aim=0.36, wall=0.42, tone="sage")
def flowers(frame):
    room(frame)
    place(p.tall_vase("Chalk"), -0.20, 0.10)
    place(p.tall_stems(), -0.20, 0.10)
    place(p.sill_planter("Ochre") + p.herb(), 0.33, 0.08)
    place(p.bud_vase("Moss"), 0.02, 0.02)
    place(p.bud_vase("Blush"), 0.13, 0.13)
    for k, (x, y, z) in enumerate(((0.045, 0.0, 0.265), (-0.03, 0.01, 0.235), (0.015, 0.03, 0.295))):
        tip = (0.02 + x, 0.02 + y, z)
        sweep("stem", [(0.02, 0.02, 0.05), (0.021, 0.02, 0.16), tip], [0.0012, 0.001], plain("#6f7d55", 0.6), around=8)
        plants.flower(tip, (x * 3, -0.7, 0.55 + 0.1 * k), k, 0.026)
    place(plants.grass([(0, 0, 0.03), (0.002, 0, 0.16), (0.015, 0, 0.26), (0.06, 0.01, 0.33)], 7), 0.13, 0.13)
    place(p.turf_tray(), 0.06, -0.16, turn=16)
    place(p.quay_carafe("Cobalt"), -0.42, 0.06, turn=10)


@scene("scene-bench", "A smoked oak bench under a peg rail with a linen cloth, a stool beside it", 1.62, 6, aim=0.36, lens=70, wall=0.26, tone="warm grey")
def bench(frame):
    room(frame)
    wall = (frame.wall + 0.10) * frame.height
    place(place(p.quay_bench("Smoked oak"), turn=32), -0.28, 0.16, turn=-4)
    place(p.net_stool("Ash"), 0.74, 0.10)
    place(p.peg_rail("Oak", 5), -0.25, wall, 1.02)
    hanging("Natural", -0.42, wall - 0.075, 1.01, 0.46, 0.20)
    place([folded("blanket", 0.36, 0.27, 4, linen("Moss"), 0.014, 12, 0.01, 0.006)], -0.66, 0.17, 0.451, turn=4)
    for k, (look, turn) in enumerate((("Rust", 8), ("Natural", -6))):
        place(book(look), -0.02, 0.15, 0.451 + 0.0151 * k, turn=turn)
    drinking_coffee("Chalk", 0.72, 0.10, 0)[0]
    for name in ("mug", "coffee"):
        thing = [o for o in bpy.data.objects if o.name.startswith(name)][-1]
        thing.location.z += 0.4525


@scene("scene-linen", "Folded napkins in four colours, notebooks and a runner on an ash table", 0.52, 24, aim=0.10, wall=0.55, tone="flax")
def linen_scene(frame):
    room(frame)
    for k, look in enumerate(("Rust", "Moss", "Indigo", "Natural")):
        place([folded("napkin", 0.19, 0.19, 3, linen(look), 0.0052, 60 + k, 0.005, 0.0046)], -0.17 + 0.002 * k, 0.02, 0.0152 * k, turn=20 + 3 * (k % 2))
    place(p.table_runner("Natural"), 0.14, 0.16, turn=10)
    for k, (look, turn) in enumerate((("Indigo", 14), ("Rust", 24))):
        place(book(look, (0.126, 0.18)), 0.20, -0.10, 0.0151 * k, turn=turn)
    place(p.bud_vase("Slate") + p.bud_stem(), -0.32, 0.16)


@scene("scene-journal-firing", "The kiln after a firing: mugs, bowls and vases on its shelves in a red glow", 0.66, 5, aim=0.44, lens=75, tone="dusk")
def firing(frame):
    brick = plain("#a48d74", 0.95, 0.0015, 220.0, 0.16)
    inside = plain("#b39b80", 0.95, 0.003, 120.0, 0.2)
    rng = random.Random(4)
    # The front of the kiln: bricks around a square mouth.
    row = 0
    z = -0.24
    while z < 1.1:
        # At the mouth whole and half bricks take turns, so that its edge is straight.
        start = 0.37 if -0.03 < z < 0.64 else 0.0
        for side in (-1, 1):
            x = start
            long = 0.109 if row % 2 else 0.224
            while x < 1.2:
                box("brick", (long, 0.10, 0.070), brick, (side * (x + long / 2), rng.uniform(-0.003, 0.003), z), 0.004)
                x += long + 0.006
                long = 0.224
        z += 0.0755
        row += 1
    mortar = plain("#8b7a66", 0.95, 0.002, 200.0, 0.15)
    for x in (-0.83, 0.83):
        box("mortar", (0.94, 0.08, 2.0), mortar, (x, 0.012, 0.4), 0.002)
    box("lintel", (0.80, 0.10, 0.5), mortar, (0, 0.008, 0.88), 0.002)
    for size, at in (((1.0, 0.02, 1.0), (0, 0.55, 0.3)), ((0.02, 0.6, 1.0), (-0.36, 0.3, 0.3)), ((0.02, 0.6, 1.0), (0.36, 0.3, 0.3)), ((1.0, 0.6, 0.02), (0, 0.3, 0.66)), ((1.0, 0.7, 0.04), (0, 0.25, -0.04))):
        box("chamber", size, inside, at, 0.002)
    shelf = plain("#8d8378", 0.9, 0.002, 150.0, 0.15)
    for z in (0.0, 0.215, 0.425):
        box("shelf", (0.64, 0.36, 0.018), shelf, (0, 0.26, z - 0.009), 0.003)
    for x in (-0.28, 0.28):
        for z in (0.098, 0.311):
            box("post", (0.035, 0.035, 0.20), shelf, (x, 0.12, z), 0.003)
    looks = ["Chalk", "Celadon", "Tenmoku", "Cobalt", "Ochre", "Blush", "Slate"]
    for k, x in enumerate((-0.19, -0.065, 0.06, 0.185)):
        place(p.tide_mug(looks[k], 200 + 37 * k), x, 0.17, 0.001)
        place(p.bud_vase(looks[(k + 3) % 7]), x + 0.01, 0.22, 0.216)
    for k, x in enumerate((-0.19, 0.0, 0.19)):
        place(p.breakfast_bowl(("Celadon", "Chalk", "Ochre")[k]), x, 0.20, 0.426)
        place(p.breakfast_bowl(("Celadon", "Chalk", "Ochre")[k]), x, 0.20, 0.456)
    for z in (0.10, 0.31, 0.56):
        area("ember", (0.0, 0.50, z), (0.0, 0.0, z), (0.6, 0.10), 1.1, (1.0, 0.42, 0.16))
    window_light(0.66, 0.85, -0.55)


@scene("scene-journal-lip", "The thin lip of a chalk mug against the light, near", 0.135, 15, aim=0.60, across=-0.22, lens=90, room=0.30, stop=3)
def lip(frame):
    room(frame)
    place(p.tide_mug("Chalk", -20), 0.0, 0.0)
    place(p.tide_mug("Celadon", -140), -0.125, 0.10)
    place(p.tide_cup("Blush", -60), 0.11, 0.16)


@scene("scene-journal-flax", "Flax in a sheaf, hanks of linen yarn and woven cloth on a table", 0.45, 20, aim=0.12, wall=0.55, tone="flax")
def flax(frame):
    room(frame)
    rng = random.Random(11)
    for k in range(46):
        y, z = rng.gauss(0, 0.012), abs(rng.gauss(0.012, 0.009)) + 0.002
        bend = rng.uniform(-0.02, 0.02)
        tip = (0.33 + rng.uniform(-0.05, 0.05), y * 3.2 + rng.uniform(-0.03, 0.03), z + rng.uniform(-0.002, 0.03))
        path = [(-0.30 + rng.uniform(-0.02, 0.02), y * 1.7, z), (-0.08, y * 0.7, 0.010 + z * 0.5), (0.10, y + bend, z), tip]
        tone = rng.choice(["#b39b6c", "#a58d60", "#c0aa7c"])
        things = [sweep("stalk", path, [0.0011, 0.0007], plain(tone, 0.8), around=6, count=30, up=(0, 0, 1))]
        if k % 2:
            boll = solid("boll", [(0.0003, -0.003), (0.0036, 0), (0.003, 0.003), (0.0003, 0.006)], plain("#9a7b4a", 0.8), smooth_curve=True, around=12)
            things += place([boll], *tip)
        place(things, -0.06, 0.16, turn=-9)
    tie = sweep("twine", [(0.0, 0.021 * math.cos(a), 0.014 + 0.016 * math.sin(a)) for a in [i * 0.3 for i in range(66)]], [0.0016, 0.0016], plain("#cbb894", 0.9, 0.001, 900.0), around=8, count=200, up=(1, 0, 0))
    place([tie], -0.14, 0.172, turn=-9)
    for k, (look, x, y) in enumerate((("#cdbf9f", 0.16, -0.07), ("#3e4d66", 0.275, -0.02))):
        for i in range(26):
            r = 0.052 + rng.uniform(-0.006, 0.006)
            zz = 0.004 + rng.uniform(0, 0.016)
            ring = [((r + rng.uniform(-0.003, 0.003)) * math.cos(a), (r * 0.62 + rng.uniform(-0.003, 0.003)) * math.sin(a), zz + 0.002 * math.sin(3 * a + i)) for a in [2 * math.pi * j / 14 for j in range(15)]]
            ring[-1] = ring[0]
            place([sweep("yarn", ring, [0.0019, 0.0019], plain(look, 0.95, 0.0012, 700.0, 0.15), around=8, count=90, up=(0, 0, 1))], x, y, 0, turn=20 + 30 * k)
    place([folded("cloth", 0.20, 0.17, 5, linen("Natural"), 0.0062, 3, 0.005, 0.005)], -0.17, -0.055, turn=14)
    place([folded("cloth", 0.18, 0.15, 4, linen("Indigo"), 0.006, 5, 0.005, 0.005)], -0.168, -0.052, 0.031, turn=20)


@scene("scene-journal-furnace", "Before the furnace: a gather of glass glows on the pipe, finished tumblers and a bottle beside it", 0.50, 7, aim=0.27, wall=0.62, tone="dusk")
def furnace(frame):
    room(frame, "smoked oak")
    back = frame.wall * frame.height
    # The furnace behind the bench: a wall of fire bricks with a round mouth, and the fire in it.
    rng = random.Random(12)
    mouth, radius = (-0.20, 0.26), 0.115
    brick = plain("#8d7560", 0.95, 0.0015, 220.0, 0.2)
    z, row = -0.3, 0
    while z < 0.8:
        x = -1.3 + (0.06 if row % 2 else 0.0)
        while x < 0.15:
            if math.hypot(x + 0.057 - mouth[0], z - mouth[1]) > radius + 0.055:
                wide = min(0.114, 0.165 - x)
                box("brick", (wide, 0.06, 0.050), brick, (x + wide / 2, back - 0.02 + rng.uniform(-0.003, 0.003), z), 0.004)
            x += 0.120
        z += 0.0555
        row += 1
    quad("mortar", [(-1.4, back - 0.04, -0.4), (0.165, back - 0.04, -0.4), (0.165, back - 0.04, 0.9), (-1.4, back - 0.04, 0.9)], plain("#5f5245", 0.95, 0.001, 200.0, 0.15))
    ring = lathe("mouth", rounded([(radius, 0.0), (radius, 0.06), (radius + 0.062, 0.06), (radius + 0.062, 0.0)], 0.008), plain("#9c8a76", 0.95, 0.002, 150.0, 0.2), closed=True, wobble=0.01)
    place([ring], mouth[0], back - 0.02, mouth[1], roll=0, tilt=90)
    fire = disc("fire", radius + 0.004, 0.0, furnace_fire())
    place([fire], mouth[0], back - 0.045, mouth[1], tilt=90)
    area("fire", (mouth[0], back - 0.09, mouth[1]), (0.05, 0.0, 0.1), (0.2, 0.2), 6.5, (1.0, 0.46, 0.16))
    # What is done stands on the bench and catches the fire.
    place(p.ice_house_tumbler("Sea", 3), 0.115, 0.02)
    place(p.ice_house_tumbler("Clear", 4), 0.225, 0.09)
    place(p.ice_house_tumbler("Smoke", 6), 0.255, -0.06)
    place(p.oil_bottle("Sea", False, False), 0.035, 0.15)
    # The pipe with its gather, laid across an iron rest.
    sweep("pipe", [(-0.78, -0.03, 0.205), (-0.4, -0.03, 0.160), (-0.172, -0.03, 0.131)], [0.0085, 0.0075], metal("iron"), around=24)
    sweep("moil", [(-0.182, -0.03, 0.132), (-0.150, -0.03, 0.128)], [0.0105, 0.0150], hot_glass(), around=32)
    gather = solid("gather", [(0.0003, 0), (0.016, 0.003), (0.027, 0.022), (0.036, 0.052), (0.0365, 0.074), (0.028, 0.098), (0.0135, 0.112), (0.0003, 0.116)], hot_glass(), smooth_curve=True, around=96)
    place([gather], -0.166, -0.03, 0.130, roll=97)
    for y in (-0.08, 0.02):
        sweep("rest", [(-0.31, y, 0), (-0.31, -0.03 + (y + 0.03) * 0.5, 0.08), (-0.31, -0.03 + (y + 0.03) * 0.35, 0.142)], [0.006, 0.005], metal("iron"), around=16)
    sweep("rest", [(-0.31, -0.06, 0.142), (-0.31, -0.03, 0.134), (-0.31, 0.0, 0.142)], [0.005, 0.005], metal("iron"), around=16)
    area("evening", (1.0, -0.6, 0.8), (0.15, 0.0, 0.1), (0.8, 0.8), 1.6, (0.95, 0.93, 1.0))
    p.point_light((-0.105, -0.09, 0.120), 0.55, (1.0, 0.40, 0.10), 0.03)


@materials.once
def hot_glass():
    """Glass of some 1000 degrees: yellow and bright where it is thick, red at the rim and where the pipe cools it."""
    from nodes import Graph, linear
    g = Graph("hot glass")
    facing = g.node("LayerWeight", {"Blend": 0.45}).outputs["Facing"]
    along = g.node("SeparateXYZ", {0: g.node("TexCoord").outputs["Generated"]}).outputs[2]
    streak = g.noise(g.position((1, 1, 0.35)), 60, 3)
    heat = g.math("MULTIPLY", g.span(facing, 0.0, 0.85, 1.0, 0.12, True), g.span(along, 0.0, 0.55, 0.35, 1.0, True))
    heat = g.math("MULTIPLY", heat, g.span(streak, 0.3, 0.7, 0.86, 1.08))
    tone = g.mix(heat, linear("#b81c00"), linear("#ff9a2a"))
    return g.finish(g.principled(colour=linear("#2a0a02"), roughness=0.06, ior=1.5, coat=0.6, coat_roughness=0.03, emission=tone,
                                 emission_strength=g.math("MULTIPLY", heat, 1.15)))


@materials.once
def furnace_fire():
    from nodes import Graph, linear
    g = Graph("furnace fire")
    at = g.position()
    middle = g.node("VectorMath", {0: at}, operation="LENGTH").outputs["Value"]
    glow = g.math("MULTIPLY", g.span(middle, 0.0, 0.12, 1.0, 0.35, True), g.span(g.noise(at, 18, 3), 0.3, 0.7, 0.75, 1.1))
    return g.finish(g.node("Emission", {"Color": g.mix(glow, linear("#cc3a06"), linear("#ff9c2c")), "Strength": g.span(glow, 0.2, 1.0, 0.7, 1.7)}).outputs[0])


@scene("scene-journal-board", "An oiled oak board with a cloth, a spoon and a small bowl of linseed oil", 0.46, 27, aim=0.05, wall=0.6)
def board(frame):
    room(frame)
    place(p.bread_board(lying=True), -0.05, 0.03, turn=-16)
    place(p.tea_light_bowl("Chalk", False, False), 0.205, 0.10)
    place([disc("oil", 0.0475, 0.034, plain("#b98a2c", 0.08, 0.0, 50.0, 0.05))], 0.205, 0.10)
    place([folded("rag", 0.13, 0.10, 4, linen("Grey"), 0.0085, 9, 0.010, 0.010)], -0.02, 0.02, 0.0225, turn=24)
    place(p.oil_bottle("Clear"), 0.30, 0.22)
    place(p.ash_spoon(), 0.10, -0.115, turn=-46)
