"""The 36 products, one function each; every function builds the thing at the origin, standing on z = 0.

A function takes the look and returns the objects that belong to the product.
"""

import math
import random

import bpy
import numpy as np

import plants
from cloth import LINEN, folded, linen, ribbon, roll, zigzag
from glass import glass, liquid
from materials import clay, glaze, glow, metal, once, plain
from nodes import Graph, linear
from paper import book
from turned import disc, fill, join, lathe, mesh_object, place, rounded, section, solid, spout, sweep, vessel
from wood import box, soften, wood

# At the table

BOWL = [(0.034, 0), (0.0345, 0.0085), (0.050, 0.0145), (0.072, 0.034), (0.0835, 0.060), (0.0855, 0.075)]
MUG = [(0.030, 0), (0.0385, 0.010), (0.0425, 0.035), (0.0420, 0.065), (0.0410, 0.092)]


def tide_mug(look, turn=-28):
    """A barrel with a thin lip and a strap handle."""
    body = vessel("mug", MUG, glaze(look, 1.0, True), wall=0.0042, lip=0.0024, bare_to=0.010, seed=3, foot_width=0.005)
    handle = sweep("handle", [(0.0395, 0, 0.077), (0.054, 0, 0.0815), (0.0715, 0, 0.071), (0.0735, 0, 0.050), (0.060, 0, 0.028), (0.0405, 0, 0.0205)],
                   [0.0088, 0.0066, 0.0056, 0.0054, 0.0056, 0.0078], glaze(look, 1.0, True), flat=0.62, rim=0.22)
    return place([join([body, handle])], turn=turn)


def breakfast_bowl(look):
    return [vessel("bowl", BOWL, glaze(look, 2.0), wall=0.0046, lip=0.0028, floor=0.012, foot_depth=0.006, bare_to=0.0075, seed=5, rings=0.00009)]


def slip_plate(look):
    return [vessel("plate", [(0.086, 0), (0.0895, 0.0045), (0.112, 0.0085), (0.131, 0.0165), (0.1355, 0.0235)], glaze(look, 3.0), wall=0.0045,
                   lip=0.0034, floor=0.0062, foot_width=0.006, bare_to=0.003, seed=6, rings=0.00010, pitch=0.009, wobble=0.003, thick_lip=1.5)]


def quay_carafe(look):
    body = vessel("carafe", [(0.041, 0), (0.0495, 0.010), (0.0525, 0.055), (0.0500, 0.105), (0.0375, 0.158), (0.0258, 0.198), (0.0236, 0.224), (0.0272, 0.257)],
                  glaze(look, 4.0), wall=0.0045, lip=0.0026, bare_to=0.008, seed=8, foot_width=0.006, count=130)
    spout(body, math.radians(180), 0.010, 0.228, 0.45, -0.001)
    return place([body], turn=-24)


def tide_cup(look, turn=-28):
    body = vessel("cup", [(0.0215, 0), (0.0275, 0.007), (0.0318, 0.024), (0.0315, 0.045), (0.0308, 0.060)], glaze(look, 5.0, True), wall=0.0036,
                  lip=0.0021, bare_to=0.007, seed=9)
    handle = sweep("handle", [(0.0295, 0, 0.0495), (0.040, 0, 0.0525), (0.0515, 0, 0.045), (0.0515, 0, 0.031), (0.042, 0, 0.0185), (0.0295, 0, 0.0145)],
                   [0.0066, 0.0050, 0.0043, 0.0042, 0.0044, 0.0058], glaze(look, 5.0, True), flat=0.62, rim=0.22)
    return place([join([body, handle])], turn=turn)


def harbour_teapot(look):
    skin = glaze(look, 6.0, True)
    body = vessel("pot", [(0.046, 0), (0.062, 0.010), (0.0775, 0.045), (0.0735, 0.078), (0.053, 0.103), (0.0405, 0.1085)], skin, wall=0.0045, bare_to=0.009,
                  seed=11, foot_width=0.006, count=120)
    pour = sweep("spout", [(-0.062, 0, 0.040), (-0.084, 0, 0.052), (-0.101, 0, 0.078), (-0.122, 0, 0.101)], [0.021, 0.0165, 0.0115, 0.0085], skin,
                 caps=False, rim=0.1)
    hollow = pour.modifiers.new("wall", "SOLIDIFY")
    hollow.thickness, hollow.offset = 0.0028, -1
    handle = sweep("handle", [(0.060, 0, 0.090), (0.078, 0, 0.104), (0.108, 0, 0.098), (0.116, 0, 0.066), (0.098, 0, 0.036), (0.070, 0, 0.028)],
                   [0.0105, 0.0080, 0.0068, 0.0064, 0.0068, 0.0092], skin, flat=0.62, rim=0.22)
    lid = lathe("lid", rounded([(0.0003, 0.112), (0.0395, 0.108), (0.0425, 0.1095, 0.002), (0.0415, 0.1125, 0.002), (0.028, 0.1205, 0.02), (0.0085, 0.1235, 0.003),
                                (0.0070, 0.1290, 0.004), (0.0115, 0.1350, 0.006), (0.0095, 0.1415, 0.005), (0.0003, 0.1425)], 0.002), skin, wobble=0.002)
    return place([join([body, handle]), pour, lid], turn=-14)


def milk_jug(look):
    body = vessel("jug", [(0.034, 0), (0.0425, 0.008), (0.0495, 0.036), (0.0430, 0.074), (0.0385, 0.091), (0.0425, 0.110)], glaze(look, 7.0, True), wall=0.0042,
                  lip=0.0025, bare_to=0.008, seed=13, foot_width=0.005)
    spout(body, math.pi, 0.015, 0.080, 0.42, 0.002)
    handle = sweep("handle", [(0.0385, 0, 0.0945), (0.053, 0, 0.103), (0.075, 0, 0.093), (0.078, 0, 0.066), (0.066, 0, 0.042), (0.0455, 0, 0.032)],
                   [0.0088, 0.0067, 0.0056, 0.0053, 0.0056, 0.0078], glaze(look, 7.0, True), flat=0.62, rim=0.22)
    return place([join([body, handle])], turn=-22)


def egg(x=0.0, y=0.0, z=0.0, colour="#cfa583", tilt=0.0):
    """A hen's egg, brown; from below to the tip 58 mm."""
    profile = [(0.0002 + 0.0222 * math.sin(t) * (1 - 0.10 * (1 - math.cos(t)) / 2 * 1.6), 0.029 - 0.029 * math.cos(t)) for t in
               [math.pi * i / 32 for i in range(33)]]
    return place([lathe("egg", profile, plain(colour, 0.42, 0.0001, 500.0, 0.05, 0.1), wobble=0)], x, y, z, tilt=tilt)


EGG_CUP = [(0.0215, 0), (0.0205, 0.0045), (0.0135, 0.0135), (0.0150, 0.0205), (0.0225, 0.0330), (0.0245, 0.0510)]


def egg_cup(look):
    return [vessel("egg cup", EGG_CUP, glaze(look, 8.0), wall=0.0034, lip=0.0022, floor=0.021, foot_depth=0.006, foot_width=0.003, bare_to=0.002, seed=15)]


def serving_bowl(look):
    return [vessel("serving bowl", [(0.056, 0), (0.057, 0.010), (0.084, 0.017), (0.122, 0.043), (0.144, 0.078), (0.150, 0.102)], glaze(look, 9.0), wall=0.0056,
                   lip=0.0036, floor=0.014, foot_depth=0.007, foot_width=0.007, bare_to=0.008, seed=17, rings=0.00012, pitch=0.011, around=176)]


def soup_plate(look):
    return [vessel("soup plate", [(0.054, 0), (0.0565, 0.0055), (0.077, 0.017), (0.0845, 0.0290), (0.099, 0.0335), (0.1165, 0.0385)], glaze(look, 10.0), wall=0.0043,
                   lip=0.0032, floor=0.0085, foot_width=0.005, bare_to=0.004, seed=19, rings=0.00010, thick_lip=1.4, count=120)]


def supper_for_two(look):
    """Two plates, two bowls and two mugs, as they are sold together."""
    things = []
    for i, (dx, dy) in enumerate([(0, 0), (0.003, 0.002)]):
        things += place(slip_plate(look), -0.045 + dx, 0.05 + dy, 0.0125 * i, turn=70 * i)
    for i, (dx, dy) in enumerate([(0, 0), (0.002, -0.001)]):
        things += place(breakfast_bowl(look), -0.048 + dx, 0.052 + dy, 0.0195 + 0.026 * i, turn=50 * i)
    things += place(tide_mug(look, 0), 0.135, 0.035, 0, turn=-24)
    things += place(tide_mug(look, 0), 0.098, -0.115, 0, turn=-38)
    return things


# In the kitchen

def larder_jar(look=None, scale=1.0, kind="Tenmoku"):
    outer = [(0.046, 0), (0.0535, 0.009), (0.0560, 0.045), (0.0550, 0.100), (0.0515, 0.126), (0.0485, 0.1345)]
    body = vessel("jar", [(r, z * scale) for r, z in outer], glaze(kind, 11.0), wall=0.0048, bare_to=0.010, seed=21, foot_width=0.006, count=120)
    top = 0.1345 * scale
    ring = solid("seal", [(0.0003, top + 0.0006), (0.0478, top + 0.0006), (0.0482, top + 0.0040), (0.0003, top + 0.0042)], plain("#cfc8ba", 0.5), edge_radius=0.0012)
    lid = solid("lid", [(0.0003, top + 0.0042), (0.0520, top + 0.0042), (0.0530, top + 0.0110, 0.003), (0.0490, top + 0.0190, 0.004), (0.0003, top + 0.0200)],
                wood("ash", 21), edge_radius=0.002, around=128)
    return place([body, ring, lid], turn=25)


def outline_board(name, length, width, thick, corner, material, hole=None, bevel=0.0025):
    """A flat board with round corners and, if wanted, a round hole (x, radius)."""
    curve = bpy.data.curves.new(name, "CURVE")
    curve.dimensions, curve.fill_mode = "2D", "BOTH"
    curve.extrude, curve.bevel_depth, curve.bevel_resolution, curve.offset = thick / 2 - bevel, bevel, 3, -bevel

    def ring(points):
        line = curve.splines.new("POLY")
        line.points.add(len(points) - 1)
        for at, (x, y) in zip(line.points, points):
            at.co = (x, y, 0, 1)
        line.use_cyclic_u = True
    points = []
    for q, (sx, sy) in enumerate([(1, 1), (-1, 1), (-1, -1), (1, -1)]):
        for t in np.linspace(0, math.pi / 2, 14):
            a = q * math.pi / 2 + t
            points.append((sx * (length / 2 - corner) + corner * math.cos(a), sy * (width / 2 - corner) + corner * math.sin(a)))
    ring(points)
    if hole:
        ring([(hole[0] + hole[1] * math.cos(a), hole[1] * math.sin(a)) for a in np.linspace(0, 2 * math.pi, 40, endpoint=False)])
    curve.materials.append(material)
    thing = bpy.data.objects.new(name, curve)
    bpy.context.scene.collection.objects.link(thing)
    # As a mesh, so that masks, bounds and materials work as elsewhere.
    mesh = bpy.data.meshes.new_from_object(thing.evaluated_get(bpy.context.evaluated_depsgraph_get()))
    bpy.data.objects.remove(thing)
    solid_thing = bpy.data.objects.new(name, mesh)
    bpy.context.scene.collection.objects.link(solid_thing)
    return solid_thing


def bread_board(look=None, lying=False):
    board = outline_board("board", 0.46, 0.235, 0.022, 0.045, wood("oak", 5), (0.195, 0.0125))
    if lying:
        return place([board], z=0.011)
    return place(place([board], turn=90), z=0.2285, tilt=80)


def kitchen_cloth(look):
    cloth = folded("cloth", 0.25, 0.185, 6, linen(look), 0.0066, 31, 0.007, 0.0075)
    loop = sweep("loop", [(0.118, -0.03, 0.024), (0.138, -0.034, 0.027), (0.149, -0.022, 0.012), (0.146, -0.006, 0.014), (0.136, 0.0, 0.026), (0.118, -0.004, 0.024)],
                 [0.0024, 0.0024], linen("Natural"), flat=0.35, up=(0, 0, 1))
    return place([cloth, loop], turn=18)


def ash_spoon(look=None):
    """Cut from one piece: the handle thin in the neck, the bowl shallow with one flat edge."""
    n, m = 150, 28
    half = np.interp(np.linspace(0, 1, n), [0, 0.02, 0.05, 0.3, 0.62, 0.70, 0.76, 0.83, 0.90, 0.96, 0.99, 1], [0.0050, 0.0080, 0.0088, 0.0075, 0.0062, 0.0085, 0.019, 0.0295, 0.0325, 0.027, 0.017, 0.004])
    half = np.convolve(np.pad(half, 4, "edge"), np.ones(9) / 9, "valid")
    thick = np.interp(np.linspace(0, 1, n), [0, 0.03, 0.3, 0.68, 0.8, 0.97, 1], [0.0042, 0.0056, 0.006, 0.0068, 0.0065, 0.004, 0.0015])
    rise = np.interp(np.linspace(0, 1, n), [0, 0.35, 0.66, 0.78, 0.9, 1], [0.0062, 0.0120, 0.0150, 0.0105, 0.0090, 0.0125])
    rise = np.convolve(np.pad(rise, 9, "edge"), np.ones(19) / 19, "valid")
    dish = np.exp(-((np.linspace(0, 1, n) - 0.875) / 0.062) ** 2) * 0.0095
    verts, faces = [], []
    for i in range(n):
        x = -0.15 + 0.30 * i / (n - 1)
        for j in range(m):
            a = 2 * math.pi * j / m
            u, w = math.cos(a), math.sin(a)
            u, w = math.copysign(abs(u) ** 0.75, u), math.copysign(abs(w) ** 0.75, w)
            z = rise[i] + w * thick[i] - dish[i] * (1 - u * u) * (1.0 if w > 0 else 0.85)
            y = u * half[i]
            if y < 0 and i > 0.8 * n:
                y = max(y, -0.026 - 0.01 * (1 - i / n))
            verts.append((x, y, z))
    for i in range(n - 1):
        for j in range(m):
            faces.append((i * m + j, i * m + (j + 1) % m, (i + 1) * m + (j + 1) % m, (i + 1) * m + j))
    faces += [tuple(range(m))[::-1], tuple(range((n - 1) * m, n * m))]
    low = min(v[2] for v in verts)
    spoon = mesh_object("spoon", [(x, y, z - low) for x, y, z in verts], [f[::-1] for f in faces], wood("ash", 8, polish=0.08))
    return place([spoon], turn=52)


def salt_cellar(look, open_by=24):
    pot = vessel("salt cellar", [(0.044, 0), (0.0505, 0.007), (0.0525, 0.028), (0.0505, 0.052), (0.0495, 0.0585)], glaze(look, 12.0), wall=0.0055, bare_to=0.008,
                 seed=23, foot_width=0.005)
    lid = solid("lid", [(0.0003, 0), (0.0515, 0), (0.0525, 0.0045, 0.003), (0.0500, 0.0095, 0.003), (0.0003, 0.0100)], wood("ash", 14), edge_radius=0.002, around=128)
    pin_at = (0.036, 0.028)
    place([lid], -pin_at[0], -pin_at[1])
    place([lid], pin_at[0], pin_at[1], 0.0598, turn=-open_by)
    pin = solid("pin", [(0.0003, 0.052), (0.0028, 0.052), (0.0028, 0.0705), (0.0044, 0.0708), (0.0042, 0.0730, 0.0012), (0.0003, 0.0738)], metal("brass"), edge_radius=0.0006, around=32)
    place([pin], *pin_at)
    return place([pot, lid, pin], turn=20)


def butter_dish(look, lift=None):
    skin = glaze(look, 13.0)
    tray = vessel("dish", [(0.040, 0), (0.044, 0.004), (0.056, 0.0085), (0.0605, 0.0165)], skin, wall=0.0045, lip=0.0034, floor=0.0065, bare_to=0.003, plan=(0.036, 0.004),
                  seed=24, rings=0.0, wobble=0.002)
    path, rim, _ = section([(0.0465, 0), (0.0462, 0.022), (0.0420, 0.042), (0.030, 0.0525), (0.012, 0.0550), (0.0004, 0.0552)], 0.0042, floor=-0.001)
    dome = rounded([(0.0425, 0.001), (0.0470, 0.001, 0.002), (0.0462, 0.040, 0.012), (0.0400, 0.0500, 0.012), (0.0003, 0.0515)], 0.004)
    edge = np.clip(1 - (dome[:, 1] - 0.001) / 0.006, 0, 1)
    cover = lathe("cover", dome, skin, edge, None, 144, 0.002, 0.0, plan=(0.034, 0.002))
    knob = solid("knob", [(0.0003, 0.048), (0.0090, 0.0500), (0.0065, 0.0560, 0.004), (0.0105, 0.0640, 0.005), (0.0085, 0.0690, 0.004), (0.0003, 0.0700)], skin, rim=0.12, edge_radius=0.003)
    top = [cover, knob]
    if lift:
        place(top, *lift)
    else:
        place(top, z=0.0075)
    return place([tray] + top, turn=-24)


def pestle_and_mortar(look=None):
    mortar = vessel("mortar", [(0.046, 0), (0.049, 0.006), (0.0585, 0.030), (0.0655, 0.062), (0.0675, 0.078)], glaze("Slate", 14.0), wall=0.0105, lip=0.0085, floor=0.016,
                    bare_to=0.010, seed=25, foot_width=0.010, bare_inside=True)
    spout(mortar, math.radians(205), 0.009, 0.055, 0.35, -0.001)
    pestle = solid("pestle", [(0.0003, 0), (0.012, 0.001), (0.0185, 0.012), (0.0170, 0.028), (0.0105, 0.055), (0.0095, 0.090), (0.0125, 0.125), (0.0110, 0.146), (0.0003, 0.152)],
                   wood("ash", 16, "Z"), smooth_curve=True, around=64)
    place([pestle], -0.030, -0.004, 0.018, tilt=-6, roll=36)
    return [mortar, pestle]


TUMBLER = [(0.0335, 0), (0.0362, 0.004), (0.0378, 0.035), (0.0398, 0.088)]


def ice_house_tumbler(look, seed=27):
    return [vessel("tumbler", TUMBLER, glass(look), wall=0.0024, lip=0.0018, floor=0.0125, foot_depth=0.0022, foot_width=0.010, rings=0.00007, pitch=0.013, wobble=0.007, seed=seed)]


OIL = [(0.0335, 0), (0.0362, 0.005), (0.0370, 0.050), (0.0365, 0.110), (0.0310, 0.140), (0.0165, 0.162), (0.0128, 0.180), (0.0132, 0.207), (0.0150, 0.211)]


def oil_bottle(look, oil=True, stopper=True):
    bottle = vessel("bottle", OIL, glass(look), wall=0.0028, floor=0.010, foot_depth=0.003, foot_width=0.008, rings=0.00006, pitch=0.017, wobble=0.005, seed=28, count=140)
    things = [bottle]
    if oil:
        things.append(fill("oil", OIL, 0.0028, 0.010, 0.118, liquid("#c9a03a", 1.46)))
    if not stopper:
        return things
    cork = solid("cork", [(0.0003, 0.196), (0.0098, 0.196), (0.0112, 0.2205, 0.001), (0.0003, 0.2210)], plain("#b98f62", 0.85, 0.0008, 500.0, 0.25), around=48)
    pour = sweep("spout", [(0, 0, 0.218), (0, 0, 0.236), (-0.004, 0, 0.250), (-0.018, 0, 0.264)], [0.0046, 0.0036, 0.0031, 0.0029], metal("steel"), around=20)
    collar = solid("collar", [(0.0003, 0.2205), (0.0078, 0.2205), (0.0070, 0.2240), (0.0003, 0.2245)], metal("steel"), edge_radius=0.0008, around=32)
    return things + [cork, pour, collar]


GLASS_JAR = [(0.050, 0), (0.0540, 0.006), (0.0555, 0.050), (0.0550, 0.110), (0.0535, 0.142)]


def glass_jar(look=None, filled=None):
    jar = vessel("jar", GLASS_JAR, glass("Clear"), wall=0.0030, floor=0.0095, foot_depth=0.003, foot_width=0.010, rings=0.00008, pitch=0.019, wobble=0.004, seed=29, count=110)
    lid = solid("lid", [(0.0003, 0.128), (0.0490, 0.128), (0.0492, 0.1428), (0.0560, 0.1430, 0.0015), (0.0565, 0.1560, 0.003), (0.0530, 0.1610, 0.003), (0.0003, 0.1618)], wood("ash", 19),
                edge_radius=0.0015, around=128)
    things = [jar, lid]
    if filled:
        things += beans(0.0498, 0.0102, filled[1], filled[0])
    return place(things, turn=15)


def beans(radius, low, high, colour, seed=5):
    """Dried beans up to `high` in a round jar: those one can see lie against the glass and on top, a core fills the middle."""
    rng = random.Random(seed)
    long, thick = 0.0072, 0.0043
    kinds = [mesh_of_bean(long * s, thick * s, plain(tone, 0.42, 0.0001, 900.0, 0.06, 0.05)) for s, tone in ((1.0, colour), (1.08, colour), (0.93, "#cdb48c"), (1.02, "#e6d6b6"))]
    core = solid("core", [(0.0003, low), (radius - thick * 1.7, low), (radius - thick * 1.7, high - 0.004), (0.0003, high - 0.002)], plain("#a58a62", 0.9, 0.0, 60.0, 0.05), around=64)

    def bean(x, y, z, heading):
        thing = bpy.data.objects.new("bean", rng.choice(kinds))
        bpy.context.scene.collection.objects.link(thing)
        thing.location = (x, y, z)
        thing.rotation_euler = (rng.uniform(-0.35, 0.35), rng.uniform(-0.9, 0.9), heading)
        return thing

    heap, z, row = [core], low + thick, 0
    while z < high - thick * 0.5:
        for ring, share in ((radius - thick * 1.05, 1.0), (radius - thick * 2.3, 0.9)):
            count = round(2 * math.pi * ring / (long * 1.72) * share)
            for k in range(count):
                a = 2 * math.pi * (k + 0.5 * (row % 2) + rng.uniform(-0.22, 0.22)) / count
                r = ring - abs(rng.gauss(0, 0.0006))
                heap.append(bean(r * math.cos(a), r * math.sin(a), z + rng.uniform(-0.0014, 0.0014), a + math.pi / 2 + rng.uniform(-0.5, 0.5)))
        z += thick * 1.5
        row += 1
    ring = 0.003
    while ring < radius - thick * 1.2:
        count = max(1, round(2 * math.pi * ring / (long * 1.6)))
        for k in range(count):
            a = 2 * math.pi * (k + rng.uniform(-0.3, 0.3)) / count
            heap.append(bean(ring * math.cos(a), ring * math.sin(a), high + rng.uniform(-0.002, 0.003) + 0.004 * (1 - ring / radius), rng.uniform(0, 6.3)))
        ring += thick * 2.0
    return heap


def mesh_of_bean(long, thick, stuff):
    """A bean, bent a little, lying along X."""
    n, m = 14, 12
    points, faces = [], []
    for i in range(n + 1):
        t = math.pi * i / n
        x = -math.cos(t)
        for j in range(m):
            a = 2 * math.pi * j / m
            r = math.sin(t) ** 0.85
            points.append((x * long, r * math.cos(a) * thick + 0.28 * thick * (x * x - 0.4), r * math.sin(a) * thick * 0.92))
    faces = [(i * m + j, i * m + (j + 1) % m, (i + 1) * m + (j + 1) % m, (i + 1) * m + j) for i in range(n) for j in range(m)]
    mesh = bpy.data.meshes.new("bean")
    mesh.from_pydata(points, [], [f[::-1] for f in faces])
    mesh.polygons.foreach_set("use_smooth", [True] * len(mesh.polygons))
    mesh.materials.append(stuff)
    return mesh


# Light

@once
def wax():
    return plain("#eee5d2", 0.45, 0.0, 60.0, 0.03, 0.25)


@once
def lit_wax():
    """Wax that burns: the light of the flame stands in its upper end."""
    g = Graph("lit wax")
    height = g.node("SeparateXYZ", {0: g.node("TexCoord").outputs["Generated"]}).outputs[2]
    shine = g.math("POWER", g.span(height, 0.25, 1.0, 0, 1), 2.2)
    return g.finish(g.principled(colour=linear("#f3e6cb"), roughness=0.38, subsurface=0.35, subsurface_radius=(1.0, 0.6, 0.35), subsurface_scale=0.006,
                                 emission=g.mix(shine, linear("#f0b878"), linear("#ffc98a")), emission_strength=g.math("MULTIPLY", shine, 0.42)))


@once
def flame_stuff():
    g = Graph("flame")
    height = g.node("SeparateXYZ", {0: g.node("TexCoord").outputs["Generated"]}).outputs[2]
    colour = g.mix(g.span(height, 0.0, 0.35), linear("#d9702a"), linear("#ffd08a"))
    facing = g.node("LayerWeight", {"Blend": 0.35}).outputs["Facing"]
    fire = g.node("Emission", {"Color": colour, "Strength": g.span(height, 0.0, 0.5, 3.0, 22.0)}).outputs[0]
    clear = g.node("BsdfTransparent").outputs[0]
    edge = g.math("MULTIPLY", g.span(facing, 0.45, 0.95, 0, 1, True), 1.0)
    low = g.math("MAXIMUM", edge, g.span(height, 0.30, 0.0, 0, 0.9))
    return g.finish(g.node("MixShader", {0: low, 1: fire, 2: clear}).outputs[0])


def point_light(at, watts, colour=(1.0, 0.62, 0.30), radius=0.008):
    data = bpy.data.lights.new("glow", "POINT")
    data.energy, data.color, data.shadow_soft_size = watts, colour, radius
    lamp = bpy.data.objects.new("glow", data)
    bpy.context.scene.collection.objects.link(lamp)
    lamp.location = at
    return lamp


def flame(at, size=0.026, watts=0.30):
    """Wick, fire and the light it throws."""
    x, y, z = at
    wick = sweep("wick", [(x, y, z - 0.004), (x, y, z + 0.004), (x + 0.0012, y, z + 0.008)], [0.0009, 0.0007], plain("#2a2420", 0.9), around=8)
    fire = solid("flame", [(0.0003, 0), (size * 0.085, size * 0.05), (size * 0.150, size * 0.24), (size * 0.135, size * 0.45), (size * 0.070, size * 0.74), (size * 0.018, size * 0.95), (0.0003, size)], flame_stuff(), smooth_curve=True, around=32)
    place([fire], x + 0.0008, y, z + 0.003)
    fire.visible_shadow = False
    return [wick, fire, point_light((x, y, z + size * 0.55), watts)]


def harbour_lamp(look, lit=True):
    foot = vessel("foot", [(0.058, 0), (0.0665, 0.010), (0.0680, 0.040), (0.0560, 0.085), (0.0340, 0.125), (0.0215, 0.165), (0.0185, 0.195)], glaze(look, 15.0), wall=0.006, bare_to=0.010,
                  seed=31, count=120)
    stem = solid("stem", [(0.0003, 0.188), (0.0150, 0.190), (0.0150, 0.1995, 0.002), (0.0065, 0.202), (0.0060, 0.242), (0.0145, 0.244), (0.0145, 0.282), (0.0003, 0.283)], metal("brass"), around=48)
    low, high = (0.132, 0.222), (0.092, 0.415)
    rows = [(low[0] + (high[0] - low[0]) * t, low[1] + (high[1] - low[1]) * t) for t in np.linspace(0, 1, 40)]
    shade = lathe("shade", rows, linen("Natural", 0.55, 0.0014), wobble=0.0015, around=160)
    layer = shade.data.uv_layers.new(name="weave")
    for corner in shade.data.loops:
        v = shade.data.vertices[corner.vertex_index].co
        a = (corner.vertex_index % 160) / 160 * 2 * math.pi
        layer.data[corner.index].uv = (a * 0.112, v.z)
    hoops = [sweep("hoop", [(r * math.cos(a), r * math.sin(a), z) for a in np.linspace(0, 2 * math.pi, 40)], [0.0019, 0.0019], linen("Natural"), around=10, count=160, up=(0, 0, 1))
             for r, z in (low, high)]
    cable = sweep("cable", [(0.060, 0.02, 0.006), (0.085, 0.04, 0.0036), (0.16, 0.10, 0.0032), (0.26, 0.11, 0.0032), (0.42, 0.20, 0.0032)], [0.0031, 0.0031], plain("#8f8471", 0.85, 0.0008, 900.0), around=12)
    things = [foot, stem, shade] + hoops
    if lit:
        bulb = solid("bulb", [(0.0003, 0.283), (0.013, 0.285), (0.029, 0.318), (0.022, 0.343), (0.0003, 0.350)], glow("#ffd9a8", 6.0), smooth_curve=True, around=32)
        bulb.visible_shadow = False
        things += [bulb, point_light((0, 0, 0.318), 2.6, (1.0, 0.72, 0.44), 0.03)]
    return things


def net_pendant(look, lit=True):
    """A bell thrown upside down; the cord goes up out of the picture."""
    path, rim, bare = section([(0.0155, 0), (0.034, 0.010), (0.060, 0.042), (0.088, 0.088), (0.116, 0.125), (0.1275, 0.150)], 0.0045, lip=0.0035, floor=0.006, foot_depth=0.001, bare_to=-1.0, count=110)
    path[:, 1] = 0.150 - path[:, 1]
    bell = lathe("pendant", path[::-1], glaze(look, 16.0), rim[::-1], bare[::-1] * 0, 160, 0.003, 0.00012, 0.010, 33)
    cap = solid("cap", [(0.0003, 0.146), (0.0160, 0.147), (0.0150, 0.176, 0.003), (0.0080, 0.184, 0.003), (0.0003, 0.186)], metal("brass"), around=48)
    cord = sweep("cord", [(0, 0, 0.18), (0.0005, 0, 0.5), (0, 0, 1.4)], [0.0034, 0.0034], plain("#7b7264", 0.9, 0.0012, 800.0), around=12)
    things = [bell, cap, cord]
    if lit:
        bulb = solid("bulb", [(0.0003, 0.008), (0.016, 0.014), (0.028, 0.038), (0.018, 0.070), (0.012, 0.10), (0.0003, 0.11)], glow("#ffd9a8", 7.0), smooth_curve=True, around=32)
        bulb.visible_shadow = False
        things += [bulb, point_light((0, 0, 0.038), 4.0, (1.0, 0.72, 0.44), 0.026)]
    return things


def workshop_candle(look=None, lit=True):
    outer = [(0.034, 0), (0.0385, 0.006), (0.0405, 0.030), (0.0400, 0.072), (0.0395, 0.080)]
    cup = vessel("cup", outer, glaze("Chalk", 17.0), wall=0.0042, bare_to=0.012, seed=35)
    body = fill("wax", outer, 0.0042, 0.006, 0.066, wax())
    return [cup, body] + (flame((0, 0, 0.067), 0.030, 0.16) if lit else [])


CANDLESTICK = [(0.0003, 0), (0.046, 0), (0.0475, 0.007, 0.003), (0.043, 0.012, 0.004), (0.018, 0.018, 0.012), (0.0095, 0.034, 0.02), (0.0085, 0.056, 0.02), (0.0125, 0.078, 0.01),
               (0.0165, 0.086, 0.004), (0.0165, 0.094, 0.003), (0.0110, 0.100, 0.004), (0.0115, 0.116, 0.006), (0.0195, 0.130, 0.004), (0.0195, 0.138, 0.002), (0.0115, 0.1385, 0.001), (0.0113, 0.128), (0.0003, 0.128)]


def pier_candlestick(look, lit=True, candle=0.20, stretch=1.0):
    stuff = metal("brass") if look == "Brass" else wood(look.lower(), 22, "Z")
    stick = solid("candlestick", [(c[0], c[1] * stretch) + tuple(c[2:]) for c in CANDLESTICK], stuff, around=112, edge_radius=0.0015)
    base, top = 0.128 * stretch, 0.128 * stretch + candle
    taper = solid("taper", [(0.0003, base), (0.0112, base), (0.0098, top - 0.006, 0.01), (0.0050, top, 0.004), (0.0003, top - 0.001)], lit_wax() if lit else wax(), around=48)
    return [stick, taper] + (flame((0, 0, top), 0.034, 1.1) if lit else [])


TEA_LIGHT = [(0.027, 0), (0.0335, 0.006), (0.0470, 0.022), (0.0530, 0.043), (0.0535, 0.050)]


def tea_light_bowl(look, lit=True, light=True):
    bowl = vessel("bowl", TEA_LIGHT, glaze(look, 18.0), wall=0.0036, lip=0.0022, floor=0.007, bare_to=0.006, seed=37)
    if not light:
        return [bowl]
    cup = solid("tin", [(0.0003, 0.0072), (0.0185, 0.0072), (0.0188, 0.0210), (0.0180, 0.0210), (0.0180, 0.0190), (0.0003, 0.0188)], wax(), around=48, edge_radius=0.001)
    return [bowl, cup] + (flame((0, 0, 0.020), 0.024, 0.075) if lit else [])


# Flowers and green

BUD = [(0.031, 0), (0.0400, 0.008), (0.0450, 0.036), (0.0360, 0.072), (0.0190, 0.104), (0.0125, 0.132), (0.0155, 0.158)]


def bud_vase(look):
    return [vessel("bud vase", BUD, glaze(look, 19.0), wall=0.004, bare_to=0.009, seed=39, count=120, rings=0.00012)]


TALL = [(0.044, 0), (0.0525, 0.010), (0.0590, 0.070), (0.0610, 0.150), (0.0530, 0.215), (0.0405, 0.250), (0.0400, 0.268), (0.0460, 0.288)]


def tall_vase(look):
    return [vessel("tall vase", TALL, glaze(look, 20.0), wall=0.005, bare_to=0.011, seed=41, count=140, rings=0.00014, pitch=0.011)]


def bud_stem(look=None):
    return plants.sprig([(0, 0, 0.02), (0.002, 0, 0.15), (0.020, 0.004, 0.22), (0.055, 0.01, 0.30)], 5, 13, 0.030, start=0.5)


def tall_stems(look=None):
    things = []
    for k, (x, y, z) in enumerate([(-0.13, 0.02, 0.54), (0.02, 0.05, 0.62), (0.15, -0.02, 0.50), (0.08, 0.03, 0.56)]):
        things += plants.sprig([(0.01 * (k - 1), 0, 0.03), (0.012 * (k - 1.5), 0, 0.28), (x * 0.5, y * 0.5, z * 0.72), (x, y, z)], 20 + k, 16, 0.052, "#7d866a", 0.52, 0.0022)
    return things


POT = [(0.050, 0), (0.0525, 0.006), (0.0605, 0.050), (0.0690, 0.108), (0.0705, 0.122)]


def sill_planter(look):
    saucer = vessel("saucer", [(0.062, 0), (0.0655, 0.004), (0.0745, 0.010), (0.0785, 0.0175)], glaze(look, 21.0), wall=0.0042, floor=0.006, bare_to=0.003, seed=43, rings=0.00008)
    pot = vessel("pot", POT, glaze(look, 22.0), wall=0.0052, bare_to=0.014, seed=44, floor=0.010)
    place([pot], z=0.0066)
    soil = fill("soil", POT, 0.0052, 0.010, 0.108, plain("#2b221b", 0.95, 0.006, 220.0, 0.5))
    place([soil], z=0.0066)
    return [saucer, pot, soil]


def herb(look=None, seed=3, height=0.15, base=0.112):
    """A bushy plant with small round leaves."""
    rng = random.Random(seed)
    things = []
    for k in range(17):
        a, spread = rng.uniform(0, 6.28), rng.uniform(0.15, 1.0)
        x, y = math.cos(a) * spread, math.sin(a) * spread
        z = base + height * rng.uniform(0.55, 1.0) * (1.15 - 0.5 * spread)
        things += plants.sprig([(x * 0.02, y * 0.02, base - 0.004), (x * 0.035, y * 0.035, base + 0.04), (x * 0.075, y * 0.075, z)], seed * 50 + k, 8, 0.024, "#6f8060", 0.25, 0.0011, "#76805c", 0.72, True)
    return things


def turf_tray(look=None):
    tray = vessel("tray", [(0.050, 0), (0.0535, 0.0035), (0.0585, 0.012), (0.0610, 0.0245)], glaze("Moss", 23.0), wall=0.0052, lip=0.0042, floor=0.0068, bare_to=0.003, plan=(0.105, 0.030), seed=45,
                  rings=0.0, wobble=0.0025, thick_lip=1.6)
    return place([tray], turn=-22)


# Bench and wall

def leg(kind, low, high, thick=0.017, seed=1, slim=0.62):
    """A turned leg between two points, fullest a third below the seat."""
    span = np.linalg.norm(np.subtract(high, low))
    path = [(0.0003, 0), (thick * slim, 0, 0.002), (thick * 0.92, span * 0.45, 0.1), (thick, span * 0.66, 0.1), (thick * 0.74, span, 0.02), (0.0003, span)]
    thing = solid("leg", path, wood(kind, seed, "Z"), around=40)
    from mathutils import Matrix, Vector
    turn = Vector(np.subtract(high, low)).to_track_quat("Z", "Y").to_matrix().to_4x4()
    thing.matrix_basis = Matrix.Translation(low) @ turn
    return thing


def net_stool(look):
    kind = look.lower()
    seat = solid("seat", [(0.0003, 0.428), (0.150, 0.428, 0.004), (0.172, 0.440, 0.008), (0.174, 0.452, 0.008), (0.160, 0.461, 0.010), (0.105, 0.4565, 0.05), (0.0003, 0.4515)], wood(kind, 31), around=144, edge_radius=0.004)
    seat.scale = (1.0, 0.86, 1.0)
    things = [seat]
    feet = []
    for k, a in enumerate([38, 142, 218, 322]):
        c, s = math.cos(math.radians(a)), math.sin(math.radians(a))
        low, high = (0.205 * c, 0.180 * s, 0), (0.118 * c, 0.100 * s, 0.436)
        feet.append((np.array(low), np.array(high)))
        things.append(leg(kind, low, high, 0.0185, 32 + k))
    at = lambda k, t: feet[k][0] * (1 - t) + feet[k][1] * t
    for k, (a, b, t) in enumerate([(0, 3, 0.36), (1, 2, 0.36), (0, 1, 0.50), (3, 2, 0.50)]):
        p, q = at(a, t), at(b, t)
        things.append(sweep("rung", [p, p * 0.66 + q * 0.34, p * 0.34 + q * 0.66, q], [0.0075, 0.0105, 0.0105, 0.0075], wood(kind, 40 + k, "Y" if k < 2 else "X"), around=20))
    return place(things, turn=24)


def quay_bench(look):
    kind = look.lower()
    things = [box("seat", (1.30, 0.150, 0.034), wood(kind, 50 + k), (0, (k - 0.5) * 0.154, 0.433), 0.006) for k in (0, 1)]
    for sx in (-1, 1):
        things.append(box("bearer", (0.055, 0.270, 0.038), wood(kind, 55 + sx, "Y"), (sx * 0.50, 0, 0.397), 0.004))
        for sy in (-1, 1):
            things.append(leg(kind, (sx * 0.560, sy * 0.150, 0), (sx * 0.500, sy * 0.108, 0.392), 0.022, 60 + sx + 2 * sy))
        things.append(sweep("rung", [(sx * 0.540, -0.132, 0.15), (sx * 0.539, 0, 0.15), (sx * 0.540, 0.132, 0.15)], [0.009, 0.0125, 0.009], wood(kind, 66, "Y"), around=20))
    things.append(sweep("rail", [(-0.539, 0, 0.15), (0, 0, 0.15), (0.539, 0, 0.15)], [0.0105, 0.0140, 0.0105], wood(kind, 67), around=20))
    return place(things, turn=-32)


def peg_rail(look, pegs=3):
    """Hangs on the wall behind: the wall is at y = 0."""
    kind = look.lower()
    length = 0.17 * pegs
    rail = box("rail", (length, 0.020, 0.062), wood(kind, 70), (0, -0.010, 0), 0.0035)
    things = [rail]
    for k in range(pegs):
        peg = solid("peg", [(0.0003, 0), (0.0095, 0), (0.0080, 0.018, 0.01), (0.0068, 0.040, 0.02), (0.0095, 0.058, 0.006), (0.0132, 0.066, 0.005), (0.0125, 0.076, 0.005), (0.0003, 0.079)], wood(kind, 75 + k, "Z"), around=48)
        place([peg], (k - (pegs - 1) / 2) * 0.17, -0.019, 0, tilt=78)
        things.append(peg)
    for sx in (-1, 1):
        screw = solid("screw", [(0.0003, 0), (0.0042, 0, 0.0004), (0.0034, 0.0015), (0.0003, 0.0022)], metal("brass"), around=24, edge_radius=0.0004)
        place([screw], sx * (length / 2 - 0.028), -0.020, 0, tilt=90)
        things.append(screw)
    return things


# Linen and paper

def table_napkins(look):
    things = []
    rng = random.Random(8)
    for k in range(4):
        napkin = folded("napkin", 0.205, 0.205, 3, linen(look), 0.0046, 80 + k, 0.005, 0.0042)
        place([napkin], rng.uniform(-0.004, 0.004), rng.uniform(-0.004, 0.004), 0.0132 * k, turn=rng.uniform(-4, 4))
        things.append(napkin)
    return place(things, turn=26)


def table_runner(look):
    cloth = ribbon("runner", roll(4.2, 0.012, 0.0080, -0.38), 0.34, linen(look), 90, 0.0034, 0.0013, 420, 80)
    return place([cloth], x=-0.02, y=0.15, turn=-13)


def tide_notebook(look):
    things = book(look)
    marker = sweep("ribbon", [(-0.02, -0.095, 0.0075), (-0.021, -0.107, 0.0070), (-0.022, -0.118, 0.0020), (-0.027, -0.137, 0.0011)], [0.0030, 0.0030], linen("Natural"), flat=0.12, up=(1, 0, 0))
    return place(things + [marker], turn=-24)
