//! Things that lie or lean: an outline given by its distance, with a rounded edge.

use super::canvas::{Canvas, Rgb, SIZE, float, smooth};
use super::turned::light;

/// Distance to a box with round corners; negative inside.
pub fn slab(x: f32, y: f32, half_width: f32, half_height: f32, corner: f32) -> f32 {
    let (qx, qy) = (x.abs() - half_width + corner, y.abs() - half_height + corner);
    qx.max(0.0).hypot(qy.max(0.0)) + qx.max(qy).min(0.0) - corner
}

/// Roughly the distance to an ellipse; negative inside.
pub fn oval(x: f32, y: f32, a: f32, b: f32) -> f32 {
    let k0 = (x / a).hypot(y / b);
    let k1 = (x / (a * a)).hypot(y / (b * b));
    if k1 < 1e-6 { -a.min(b) } else { k0 * (k0 - 1.0) / k1 }
}

/// Distance to a bar whose half width goes from `r0` at one end to `r1` at the other.
pub fn bar(x: f32, y: f32, from: (f32, f32), to: (f32, f32), r0: f32, r1: f32) -> f32 {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let t = (((x - from.0) * dx + (y - from.1) * dy) / (dx * dx + dy * dy)).clamp(0.0, 1.0);
    (x - from.0 - dx * t).hypot(y - from.1 - dy * t) - (r0 + (r1 - r0) * t)
}

/// Two outlines grown together.
pub fn join(a: f32, b: f32, soft: f32) -> f32 {
    let h = (0.5 + 0.5 * (b - a) / soft).clamp(0.0, 1.0);
    b + (a - b) * h - soft * h * (1.0 - h)
}

/// A part of the sheet: left, top, right, bottom.
pub type Window = (f32, f32, f32, f32);

fn pixels((left, top, right, bottom): Window) -> impl Iterator<Item = (i32, i32, f32, f32)> {
    let (left, right) = ((left as i32).max(0), (right as i32).min(SIZE.0));
    let (top, bottom) = ((top as i32).max(0), (bottom as i32).min(SIZE.1));
    (top..bottom).flat_map(move |y| (left..right).map(move |x| (x, y, float(x) + 0.5, float(y) + 0.5)))
}

/// A thing with an outline: `height` gives the form of its surface (pixels towards us at a distance inside the edge).
pub fn draw(
    canvas: &mut Canvas,
    window: Window,
    outline: impl Fn(f32, f32) -> f32,
    height: impl Fn(f32, f32, f32) -> f32,
    skin: impl Fn(f32, f32, f32) -> Rgb,
    gloss: f32,
) {
    for (px, py, x, y) in pixels(window) {
        let d = outline(x, y);
        if d > 0.7 {
            continue;
        }
        let tall = |x: f32, y: f32| height(x, y, (-outline(x, y)).max(0.0));
        let (gx, gy) = (tall(x + 1.0, y) - tall(x - 1.0, y), tall(x, y + 1.0) - tall(x, y - 1.0));
        let (nx, ny, nz) = (-gx, gy, 2.0);
        let length = (nx * nx + ny * ny + nz * nz).sqrt();
        let colour = light(skin(x, y, d), (nx / length, ny / length, nz / length), gloss);
        canvas.cover(px, py, colour, (0.5 - d).clamp(0.0, 1.0));
    }
}

/// The shadow that an outline throws on what lies `far` pixels behind it.
pub fn shadow(canvas: &mut Canvas, window: Window, far: f32, strength: f32, outline: impl Fn(f32, f32) -> f32) {
    let (left, top, right, bottom) = window;
    let room = far * 3.0;
    for (px, py, x, y) in pixels((left - room, top - room, right + room, bottom + room)) {
        let d = outline(x - far * 0.9, y - far * 0.7);
        let dark = 1.0 - smooth(-far * 1.1, far * 1.6, d);
        if dark > 0.002 {
            canvas.shade(px, py, Rgb(1.0 - strength * dark, 1.0 - strength * 0.96 * dark, 1.0 - strength * 0.9 * dark));
        }
    }
}

/// A round profile for an edge of a radius: pixels towards us.
pub fn rounded(inside: f32, radius: f32) -> f32 {
    let t = 1.0 - (inside / radius).min(1.0);
    radius * (1.0 - t * t).sqrt()
}
