"""The room in which everything is photographed: wall, worktop, window light, camera, film."""

import math
from dataclasses import dataclass

import bpy
from mathutils import Vector

import materials
from wood import planks

TONES = {
    "chalk": ("#ddd7cb", 1.0),
    "warm grey": ("#b9b0a2", 1.0),
    "flax": ("#cdbfa6", 1.0),
    "sage": ("#b7b8a6", 1.0),
    "evening": ("#b0a597", 0.62),
    "dusk": ("#a79f94", 0.30),
}


@dataclass
class Shot:
    """How something is framed. `height` is what the frame shows from bottom to top at the subject, in metres."""
    height: float
    elevation: float = 11.0
    turn: float = 0.0
    aim: float = 0.30            # aimed at this share of the height above the table
    across: float = 0.0          # and this share to the right
    back: float = 0.0            # and this share backwards
    lens: float = 80.0
    stop: float = 8.0
    tone: str = "chalk"
    wall: float = 0.75           # table end behind the subject, in frame heights
    room: float = 0.0            # the room is as large as for a frame of this height; 0: of the frame's own


def empty():
    bpy.ops.wm.read_factory_settings(use_empty=True)
    materials.forget()


def film(width, height, samples=9, exposure=0.85):
    scene = bpy.context.scene
    scene.render.engine = "CYCLES"
    scene.render.resolution_x, scene.render.resolution_y = width, height
    scene.render.resolution_percentage = 100
    scene.render.use_persistent_data = False
    c = scene.cycles
    c.device = "CPU"
    c.samples = samples
    c.use_adaptive_sampling = False
    c.use_denoising = True
    c.denoiser = "OPENIMAGEDENOISE"
    c.denoising_input_passes = "RGB_ALBEDO_NORMAL"
    c.denoising_prefilter = "FAST"
    c.max_bounces, c.diffuse_bounces, c.glossy_bounces, c.transmission_bounces, c.transparent_max_bounces = 9, 1, 2, 9, 10
    c.caustics_reflective = c.caustics_refractive = False
    c.sample_clamp_indirect = 4.0
    c.seed = 7
    scene.view_settings.view_transform = "AgX"
    scene.view_settings.look = "AgX - Medium High Contrast"
    scene.view_settings.exposure = exposure
    scene.render.image_settings.file_format = "PNG"


def sky(strength=0.3, colour=(1.0, 0.975, 0.945)):
    world = bpy.data.worlds.new("room")
    bpy.context.scene.world = world
    world.use_nodes = True
    world.cycles.sampling_method = "NONE"
    back = world.node_tree.nodes["Background"]
    back.inputs["Color"].default_value = colour + (1.0,)
    back.inputs["Strength"].default_value = strength


def area(name, location, target, size, watts, colour=(1, 1, 1), spread=180.0):
    data = bpy.data.lights.new(name, "AREA")
    data.shape = "RECTANGLE"
    data.size, data.size_y = size
    data.energy = watts
    data.color = colour
    data.spread = math.radians(spread)
    lamp = bpy.data.objects.new(name, data)
    bpy.context.scene.collection.objects.link(lamp)
    lamp.location = location
    lamp.rotation_euler = (Vector(target) - Vector(location)).to_track_quat("-Z", "Y").to_euler()
    return lamp


def quad(name, corners, material):
    mesh = bpy.data.meshes.new(name)
    mesh.from_pydata(corners, [], [(0, 1, 2, 3)])
    mesh.materials.append(material)
    thing = bpy.data.objects.new(name, mesh)
    bpy.context.scene.collection.objects.link(thing)
    return thing


def camera(shot, aspect):
    """Looks at the subject at the origin; distance follows from the lens and the frame height."""
    data = bpy.data.cameras.new("camera")
    data.sensor_fit = "HORIZONTAL"
    data.sensor_width = 36.0 if aspect >= 1 else 36.0 * aspect
    data.lens = shot.lens
    frame = data.sensor_width / aspect
    distance = shot.height * shot.lens / frame
    e, t = math.radians(shot.elevation), math.radians(shot.turn)
    aim = Vector((shot.across * shot.height, shot.back * shot.height, shot.aim * shot.height))
    spot = aim + Vector((math.sin(t) * math.cos(e), -math.cos(t) * math.cos(e), math.sin(e))) * distance
    eye = bpy.data.objects.new("camera", data)
    bpy.context.scene.collection.objects.link(eye)
    eye.location = spot
    eye.rotation_euler = (aim - spot).to_track_quat("-Z", "Y").to_euler()
    data.dof.use_dof = True
    data.dof.focus_distance = distance - 0.02 * shot.height
    # The blur of the background stays alike for a thimble and a bench.
    data.dof.aperture_fstop = shot.stop * 0.28 / max(0.12, shot.height)
    data.clip_end = 100
    bpy.context.scene.camera = eye
    return eye


def room(shot, top="ash"):
    """Wall, worktop and window light, in proportion to the frame, so that each picture has the same horizon."""
    h = shot.room or shot.height
    colour, light = TONES[shot.tone]
    depth, wide = shot.wall * h, 4 * h
    quad("wall", [(-wide, depth + 0.10 * h, -2 * h), (wide, depth + 0.10 * h, -2 * h), (wide, depth + 0.10 * h, 4 * h), (-wide, depth + 0.10 * h, 4 * h)],
         materials.plaster(colour, max(0.35, h)))
    if top:
        planks(top, (-wide, -3.0 * h, depth + 0.09 * h, wide))
    window_light(h, light, 0.0 if top else -0.75)


def window_wall(shot, depth, left, right, sill, head):
    """The wall with a window in its left part, a deep reveal, and the sea behind it."""
    from wood import box
    lime = materials.plaster(TONES[shot.tone][0], 0.8)
    far, up, low = 3.0, 2.4, -1.0
    for x0, x1, z0, z1 in ((-far, left, low, up), (right, far, low, up), (left, right, low, sill), (left, right, head, up)):
        quad("wall", [(x0, depth, z0), (x1, depth, z0), (x1, depth, z1), (x0, depth, z1)], lime)
    reveal = 0.20
    back = depth + reveal
    quad("reveal", [(left, depth, sill), (left, back, sill), (left, back, head), (left, depth, head)], lime)
    quad("reveal", [(right, back, sill), (right, depth, sill), (right, depth, head), (right, back, head)], lime)
    quad("reveal", [(left, depth, head), (left, back, head), (right, back, head), (right, depth, head)], lime)
    paint = materials.plain("#e4dfd3", 0.5, 0.0003, 90.0, 0.04)
    box("sill", (right - left + 0.05, reveal + 0.05, 0.024), paint, ((left + right) / 2, depth + reveal / 2 - 0.02, sill - 0.004), 0.004)
    middle = (left + right) / 2
    for x in (left + 0.02, middle, right - 0.02):
        box("stile", (0.036, 0.036, head - sill), paint, (x, back - 0.03, (sill + head) / 2), 0.004)
    for z in (sill + 0.022, sill + (head - sill) * 0.42):
        box("bar", (right - left, 0.034, 0.030), paint, (middle, back - 0.03, z), 0.004)
    quad("outside", [(left - 1.5, back + 1.6, sill - 1.0), (right + 1.5, back + 1.6, sill - 1.0), (right + 1.5, back + 1.6, head + 1.0), (left - 1.5, back + 1.6, head + 1.0)],
         materials.outside(sill + 0.20))


def window_light(h, light=1.0, forward=0.0):
    # The window: large, left, slightly behind the subject, so that forms turn from light to shade.
    area("window", (-1.65 * h, (forward - 0.12) * h, 1.05 * h), (0, 0.05 * h, 0.2 * h), (1.05 * h, 1.35 * h), 44 * light * h * h, (1.0, 0.965, 0.915))
    area("sky in the window", (-1.3 * h, -1.5 * h, 1.9 * h), (0, 0, 0.2 * h), (1.0 * h, 1.0 * h), 4 * light * h * h, (0.93, 0.96, 1.0))
    area("bounce", (2.2 * h, -0.6 * h, 0.8 * h), (0, 0, 0.3 * h), (1.6 * h, 1.6 * h), 1.6 * light * h * h, (1.0, 0.93, 0.84))
    sky(0.15 * light)
