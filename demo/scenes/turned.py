"""Things from the wheel and the lathe: a profile with wall, lip and foot, turned by hand."""

import math
import random

import bpy
import numpy as np


def spline(points, count=60):
    """A smooth curve through control points (centripetal Catmull-Rom), evenly sampled by length."""
    p = np.array(points, float)
    if len(p) == 2:
        t = np.linspace(0, 1, count)[:, None]
        return p[0] * (1 - t) + p[1] * t
    p = np.vstack([2 * p[0] - p[1], p, 2 * p[-1] - p[-2]])
    out = []
    for i in range(1, len(p) - 2):
        p0, p1, p2, p3 = p[i - 1:i + 3]
        t0 = 0.0
        t1 = t0 + max(1e-6, np.linalg.norm(p1 - p0)) ** 0.5
        t2 = t1 + max(1e-6, np.linalg.norm(p2 - p1)) ** 0.5
        t3 = t2 + max(1e-6, np.linalg.norm(p3 - p2)) ** 0.5
        t = np.linspace(t1, t2, 24, endpoint=False)[:, None]
        a1 = (t1 - t) / (t1 - t0) * p0 + (t - t0) / (t1 - t0) * p1
        a2 = (t2 - t) / (t2 - t1) * p1 + (t - t1) / (t2 - t1) * p2
        a3 = (t3 - t) / (t3 - t2) * p2 + (t - t2) / (t3 - t2) * p3
        b1 = (t2 - t) / (t2 - t0) * a1 + (t - t0) / (t2 - t0) * a2
        b2 = (t3 - t) / (t3 - t1) * a2 + (t - t1) / (t3 - t1) * a3
        out.append((t2 - t) / (t2 - t1) * b1 + (t - t1) / (t2 - t1) * b2)
    return even(np.vstack(out + [p[-2:-1]]), count)


def even(path, count):
    step = np.r_[0, np.cumsum(np.linalg.norm(np.diff(path, axis=0), axis=1))]
    want = np.linspace(0, step[-1], count)
    return np.column_stack([np.interp(want, step, path[:, k]) for k in range(path.shape[1])])


def rounded(corners, radius=0.002, steps=6):
    """A polyline with its inner corners rounded; a corner may carry its own radius as third value."""
    points = [np.array(c[:2], float) for c in corners]
    radii = [c[2] if len(c) > 2 else radius for c in corners]
    out = [points[0]]
    for i in range(1, len(points) - 1):
        a, b, c = points[i - 1:i + 2]
        ab, cb = a - b, c - b
        la, lc = np.linalg.norm(ab), np.linalg.norm(cb)
        cut = min(radii[i], la * 0.49, lc * 0.49)
        s, e = b + ab / la * cut, b + cb / lc * cut
        for t in np.linspace(0, 1, steps):
            out.append((1 - t) ** 2 * s + 2 * t * (1 - t) * b + t * t * e)
    out.append(points[-1])
    return dense(np.array(out), 0.004)


def dense(path, longest):
    """No step longer than `longest`, so that shading and masks stay fine."""
    out = [path[0]]
    for a, b in zip(path[:-1], path[1:]):
        n = max(1, math.ceil(np.linalg.norm(b - a) / longest))
        out += [a + (b - a) * k / n for k in range(1, n + 1)]
    return np.array(out)


def mesh_object(name, verts, faces, material=None, smooth=True):
    mesh = bpy.data.meshes.new(name)
    mesh.from_pydata([tuple(v) for v in verts], [], faces)
    mesh.update()
    if smooth:
        mesh.polygons.foreach_set("use_smooth", [True] * len(mesh.polygons))
    thing = bpy.data.objects.new(name, mesh)
    bpy.context.scene.collection.objects.link(thing)
    if material:
        mesh.materials.append(material)
    return thing


def mask(thing, name, values):
    attribute = thing.data.attributes.new(name, "FLOAT", "POINT")
    attribute.data.foreach_set("value", np.asarray(values, np.float32))


def _plan(around, plan):
    """Angles round the axis and, for things with a rectangular plan, where the rectangle's corner is at each of them."""
    if plan is None:
        angle = np.linspace(0, 2 * math.pi, around, endpoint=False)
        return angle, np.zeros(around), np.zeros(around)
    cx, cy = plan
    arc, edge = max(8, around // 8), max(8, around // 8)
    angle, x, y = [], [], []
    for quarter, (sx, sy) in enumerate([(1, 1), (-1, 1), (-1, -1), (1, -1)]):
        nx, ny = [(-1, 1), (-1, -1), (1, -1), (1, 1)][quarter]
        for t in np.linspace(0, 1, arc):
            angle.append((quarter + t) * math.pi / 2)
            x.append(sx * cx)
            y.append(sy * cy)
        for t in np.linspace(0, 1, edge + 2)[1:-1]:
            angle.append((quarter + 1) * math.pi / 2)
            x.append((sx + (nx - sx) * t) * cx)
            y.append((sy + (ny - sy) * t) * cy)
    return np.array(angle), np.array(x), np.array(y)


def lathe(name, path, material, rim=None, bare=None, around=128, wobble=0.004, rings=0.0, pitch=0.006, seed=1, closed=False, plan=None):
    """Turns a path of (radius, height) about Z. `rim` and `bare` are one value a path point.

    With `plan` (half length, half width) the circle is drawn out to a rectangle with round corners, as a press mould does it.
    """
    rng = random.Random(seed)
    path = np.asarray(path, float)
    n = len(path)
    angle, shift_x, shift_y = _plan(around, plan)
    around = len(angle)
    r, z = path[:, 0][:, None], path[:, 1][:, None]
    top = max(1e-6, path[:, 1].max())
    lift = np.clip(z / top, 0, 1)
    oval = wobble * (0.35 + 0.65 * lift) * (np.cos(2 * angle + rng.random() * 6) + 0.5 * np.cos(3 * angle + rng.random() * 6))
    phase = rng.random() * 6
    ring = rings * (np.sin(2 * math.pi * z / pitch + angle + phase) + 0.6 * np.sin(2 * math.pi * z / pitch * 0.43 + angle + phase * 2))
    ring = ring * np.clip(r / 0.02, 0, 1)
    radius = r * (1 + oval) + ring
    height = z + wobble * 0.35 * top * lift ** 3 * np.cos(angle + rng.random() * 6)
    drawn = np.clip(r / (0.6 * path[:, 0].max()), 0, 1)
    verts = np.stack([radius * np.cos(angle) + shift_x * drawn, radius * np.sin(angle) + shift_y * drawn, np.broadcast_to(height, radius.shape)], -1).reshape(-1, 3)
    last = n if closed else n - 1
    faces = []
    for i in range(last):
        k = (i + 1) % n
        for j in range(around):
            m = (j + 1) % around
            faces.append((i * around + j, i * around + m, k * around + m, k * around + j))
    thing = mesh_object(name, verts, faces, material)
    if rim is not None:
        mask(thing, "rim", np.repeat(rim, around))
    if bare is not None:
        mask(thing, "bare", np.repeat(bare, around))
    return thing


def section(outer, wall=0.004, lip=None, floor=0.006, foot_width=0.004, foot_depth=0.003, count=90, bare_to=0.004, thick_lip=1.0):
    """The whole cut of a vessel from under the foot, up the outside, over the lip and down to the middle of the floor.

    Returns the path and the `rim` and `bare` masks. `outer` goes from the foot to the lip.
    """
    out = spline(outer, count)
    lip_wall = lip or wall * 0.7
    tangent = np.gradient(out, axis=0)
    tangent /= np.linalg.norm(tangent, axis=1)[:, None]
    inward = np.column_stack([-tangent[:, 1], tangent[:, 0]])
    along = np.linspace(0, 1, count)[:, None]
    inner = out + inward * (wall + (lip_wall - wall) * along ** 2)
    base = out[0, 1] + floor
    inner = inner[::-1]
    keep = (inner[:, 1] > base + 0.0005) & (inner[:, 0] > 0.002)
    stop = len(keep) if keep.all() else int(np.argmin(keep))
    inner = inner[:max(stop, 2)]
    # Lip: half a circle from outside to inside.
    a, b = out[-1], inner[0]
    centre, half = (a + b) / 2, (a - b) / 2
    up = tangent[-1] * np.linalg.norm(half)
    lip_path = np.array([centre + half * math.cos(t) + up * math.sin(t) for t in np.linspace(0, math.pi, 13)])[1:-1]
    # Floor: a soft bend into the middle.
    end = inner[-1]
    bend = min(0.35 * end[0], 0.02)
    down = inner[-1] - inner[-2]
    down /= max(1e-9, np.linalg.norm(down))
    corner = end + down * max(0.0, (end[1] - base) / max(0.15, -down[1])) if down[1] < -0.05 else end
    corner = np.array([max(0.002, corner[0]), base])
    steps = np.linspace(0, 1, 10)[1:, None]
    inside = np.array([max(0.001, corner[0] - bend), base])
    curve = (1 - steps) ** 2 * end + 2 * steps * (1 - steps) * corner + steps ** 2 * inside
    middle = np.linspace(inside, [0.0003, base], max(3, int(inside[0] / 0.004)))[1:]
    # Foot: a ring to stand on and a hollow.
    r0, z0 = out[0]
    foot = rounded([(0.0003, z0 + foot_depth), (r0 - foot_width - 0.0015, z0 + foot_depth), (r0 - foot_width, z0), (r0 - 0.0006, z0),
                    (out[1][0], out[1][1])], 0.0012)[:-1]
    path = np.vstack([foot, out, lip_path, inner, curve, middle])
    length = np.r_[0, np.cumsum(np.linalg.norm(np.diff(path, axis=0), axis=1))]
    at_lip = length[len(foot) + len(out) + 5]
    rim = np.clip(1 - np.abs(length - at_lip) / (0.0065 * thick_lip), 0, 1)
    bare = np.zeros(len(path))
    bare[:len(foot)] = 1
    side = slice(len(foot), len(foot) + len(out))
    bare[side] = np.clip(0.5 + (bare_to - (path[side, 1] - z0)) / 0.004, 0, 1)
    return path, rim, bare


def vessel(name, outer, material, wall=0.004, rings=0.00007, pitch=0.0065, seed=1, wobble=0.004, around=144, plan=None, bare_inside=False, **cut):
    path, rim, bare = section(outer, wall, **cut)
    if bare_inside:
        top = int(np.argmax(rim))
        bare[top + 4:] = 1
    return lathe(name, path, material, rim, bare, around, wobble, rings, pitch, seed, plan=plan)


def spout(thing, angle, reach, start, width=0.42, dip=0.0):
    """Pulls a pouring lip with a finger: outward (and a little down) around one angle, above `start`."""
    points = np.empty(len(thing.data.vertices) * 3)
    thing.data.vertices.foreach_get("co", points)
    points = points.reshape(-1, 3)
    top = points[:, 2].max()
    up = np.clip((points[:, 2] - start) / (top - start), 0, 1) ** 1.8
    away = np.arctan2(points[:, 1], points[:, 0]) - angle
    away = (away + math.pi) % (2 * math.pi) - math.pi
    pull = up * np.exp(-(away / width) ** 2) - 0.22 * up * np.exp(-((np.abs(away) - 2.2 * width) / width) ** 2)
    points[:, 0] += pull * reach * math.cos(angle)
    points[:, 1] += pull * reach * math.sin(angle)
    points[:, 2] += pull * dip
    thing.data.vertices.foreach_set("co", points.reshape(-1))
    thing.data.update()
    return thing


def fill(name, outer, wall, floor, level, material, count=60):
    """What is inside a vessel, up to a level; it reaches a hair into the wall so that no gap shows."""
    out = spline(outer, 200)
    tangent = np.gradient(out, axis=0)
    tangent /= np.linalg.norm(tangent, axis=1)[:, None]
    inner = out + np.column_stack([-tangent[:, 1], tangent[:, 0]]) * (wall - 0.0003)
    base = out[0, 1] + floor - 0.0003
    inner = inner[(inner[:, 1] > base + 0.004) & (inner[:, 1] < level)]
    top = inner[-1][0]
    path = np.vstack([[0.0003, base], [inner[0][0] * 0.9, base], inner[::3], [top, level], [0.0003, level]])
    return lathe(name, dense(path, 0.004), material, wobble=0)


def solid(name, outer, material, seed=1, wobble=0.0, around=96, rings=0.0, edge_radius=0.0015, rim=None, smooth_curve=False):
    """A turned solid: `outer` from the axis below to the axis above, corners rounded (or a smooth curve)."""
    path = spline(outer, 90) if smooth_curve else rounded(outer, edge_radius)
    path[:, 0] = np.maximum(path[:, 0], 0.0002)
    return lathe(name, path, material, None if rim is None else np.full(len(path), rim), None, around, wobble, rings, 0.006, seed)


def disc(name, radius, height, material, sag=0.0):
    """The surface of what is in a vessel, with a small meniscus."""
    rs = np.r_[np.linspace(0.0002, radius * 0.93, 12), np.linspace(radius * 0.95, radius, 5)]
    zs = height + np.where(rs > radius * 0.93, ((rs / radius - 0.93) / 0.07) ** 2 * 0.0012, 0) - sag * (1 - (rs / radius) ** 2)
    return lathe(name, np.column_stack([rs, zs])[::-1], material, wobble=0)


def sweep(name, points, widths, material, flat=1.0, count=60, around=24, up=(0, 1, 0), caps=True, rim=0.0):
    """A round or flattened rod along a smooth curve; `widths` are radii along it, `flat` is depth over width."""
    path = spline(points, count)
    radii = np.interp(np.linspace(0, 1, count), np.linspace(0, 1, len(widths)), widths)
    tangent = np.gradient(path, axis=0)
    tangent /= np.linalg.norm(tangent, axis=1)[:, None]
    side0 = np.array(up, float)
    verts = []
    for p, t, r in zip(path, tangent, radii):
        side = side0 - t * side0.dot(t)
        side /= max(1e-9, np.linalg.norm(side))
        other = np.cross(t, side)
        for a in np.linspace(0, 2 * math.pi, around, endpoint=False):
            verts.append(p + side * math.cos(a) * r + other * math.sin(a) * r * flat)
    faces = [(i * around + j, i * around + (j + 1) % around, (i + 1) * around + (j + 1) % around, (i + 1) * around + j)
             for i in range(count - 1) for j in range(around)]
    if caps:
        verts += [path[0], path[-1]]
        n = len(verts)
        faces += [(n - 2, (j + 1) % around, j) for j in range(around)]
        faces += [(n - 1, (count - 1) * around + j, (count - 1) * around + (j + 1) % around) for j in range(around)]
    thing = mesh_object(name, verts, faces, material)
    mask(thing, "rim", np.full(len(verts), rim))
    mask(thing, "bare", np.zeros(len(verts)))
    return thing


def join(things):
    """One object of several, the first one's origin kept."""
    with bpy.context.temp_override(active_object=things[0], object=things[0], selected_objects=things, selected_editable_objects=things):
        bpy.ops.object.join()
    return things[0]


def place(things, x=0.0, y=0.0, z=0.0, turn=0.0, tilt=0.0, roll=0.0):
    """Moves a group of things as one: first tilt about X and roll about Y, then turn about Z, then shift."""
    from mathutils import Euler, Matrix
    move = Matrix.Translation((x, y, z)) @ Euler((math.radians(tilt), math.radians(roll), math.radians(turn))).to_matrix().to_4x4()
    for thing in things:
        thing.matrix_basis = move @ thing.matrix_basis
    return things
