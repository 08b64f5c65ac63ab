//! The things that are not turned: a spoon, a board and folded cloth, each an outline with a form and a grain.

use super::Colours;
use super::canvas::{Canvas, Rgb, noise, smooth};
use super::flat::{self, bar, join, oval, rounded, slab};
use super::scene::standing_shadow;
use super::turned::Place;

pub fn spoon(canvas: &mut Canvas, colours: Colours, place: Place) {
    let s = place.scale;
    // Lies across the sheet, a little turned: drawn in its own upright frame.
    let (sin, cos) = (0.42_f32 + (place.tilt - 0.23)).sin_cos();
    let (cx, cy) = (place.x, 800.0);
    let own = move |x: f32, y: f32| (((x - cx) * cos + (y - cy) * sin) / s, (-(x - cx) * sin + (y - cy) * cos) / s);
    let outline = move |x: f32, y: f32| {
        let (u, v) = own(x, y);
        join(oval(u, v + 330.0, 104.0, 146.0), bar(u, v, (0.0, -200.0), (0.0, 440.0), 15.0, 24.0), 46.0) * s
    };
    let form = move |x: f32, y: f32, inside: f32| {
        let (u, v) = own(x, y);
        let hollow = oval(u, v + 334.0, 86.0, 126.0);
        rounded(inside, 16.0 * s) - if hollow < 0.0 { 40.0 * s * smooth(0.0, 74.0, -hollow) } else { 0.0 }
    };
    let grain = move |x: f32, y: f32, _: f32| {
        let (u, v) = own(x, y);
        let ring = noise(u / 9.0 + 2.0 * noise(v / 220.0, 0.0, place.seed), v / 260.0, place.seed);
        let dipped = smooth(150.0, 156.0, v + 6.0 * noise(u / 14.0, 1.0, place.seed));
        (colours.wood * (0.84 + 0.26 * ring)).mix(colours.glaze, dipped)
    };
    let window = (cx - 460.0, cy - 620.0, cx + 460.0, cy + 620.0);
    flat::shadow(canvas, window, 24.0, 0.42, outline);
    flat::draw(canvas, window, outline, form, grain, 0.35);
}

pub fn board(canvas: &mut Canvas, colours: Colours, place: Place) {
    let s = place.scale;
    let (cx, base) = (place.x, place.foot + 20.0);
    let outline = move |x: f32, y: f32| {
        let (u, v) = ((x - cx) / s, (base - y) / s);
        let body = slab(u, v - 330.0, 262.0, 330.0, 46.0);
        let grip = slab(u, v - 742.0, 50.0, 120.0, 50.0);
        let hole = oval(u, v - 800.0, 19.0, 19.0);
        join(body, grip, 40.0).max(-hole) * s
    };
    let grain = move |x: f32, y: f32, _: f32| {
        let (u, v) = ((x - cx) / s, (base - y) / s);
        let wander = noise(v / 260.0, u / 300.0, place.seed) * 3.2;
        let year = noise(u / 26.0 + wander, v / 900.0, place.seed);
        let fine = noise(u / 4.0, v / 120.0, place.seed ^ 3);
        (colours.wood * (0.8 + 0.28 * year + 0.1 * fine)).mix(colours.glaze, smooth(196.0, 194.0, v) * 0.94)
    };
    standing_shadow(canvas, Place { foot: base - 8.0, tilt: 0.07, ..place }, 262.0, 240.0);
    let window = (cx - 340.0, base - 940.0, cx + 340.0, base + 30.0);
    flat::shadow(canvas, window, 34.0, 0.34, outline);
    flat::draw(canvas, window, outline, |_, _, inside| rounded(inside, 13.0 * s), grain, 0.12);
}

pub fn cloth(canvas: &mut Canvas, colours: Colours, place: Place) {
    let s = place.scale;
    standing_shadow(canvas, Place { tilt: 0.09, ..place }, 330.0, 260.0);
    let pale = Rgb::hex(0xe8e2d6);
    let is_pale = colours.glaze.1 > 0.6;
    let dye = if is_pale { colours.clay * 0.7 } else { colours.glaze };
    let folds: [(f32, f32, f32, bool); 3] = [(48.0, 336.0, 0.0, false), (150.0, 326.0, 10.0, true), (250.0, 330.0, -5.0, false)];
    for (at, (height, half, shift, is_dyed)) in (0_u8..).zip(folds) {
        let (cx, cy) = (place.x + shift * s, place.foot + 12.0 - height * s);
        let sag = move |u: f32| 7.0 * (u / 330.0).powi(2) + 5.0 * (noise(u / 90.0, f32::from(at), place.seed) - 0.5);
        let outline = move |x: f32, y: f32| {
            let (u, v) = ((x - cx) / s, (y - cy) / s);
            slab(u, v - sag(u), half, 51.0, 26.0) * s
        };
        let skin = move |x: f32, y: f32, _: f32| {
            let (u, v) = ((x - cx) / s, (y - cy) / s - sag((x - cx) / s));
            let stripe = smooth(176.0, 178.0, u) * smooth(226.0, 224.0, u) + smooth(240.0, 242.0, u) * smooth(254.0, 252.0, u);
            let (ground, line) = if is_dyed { (dye, pale) } else { (pale, dye) };
            let weave = 0.9 + 0.07 * noise(u / 2.2, v / 9.0, place.seed) + 0.07 * noise(u / 9.0, v / 2.2, place.seed ^ 9);
            // Two edges lie one on the other in every fold, save at the bend on the left.
            let seam = 1.0
                - 0.24 * smooth(3.5, 0.5, (v.abs() - 19.0).abs()) * smooth(-half + 34.0, -half + 50.0, u)
                - 0.4 * smooth(3.0, 0.5, v.abs()) * smooth(-half + 18.0, -half + 30.0, u);
            ground.mix(line, stripe) * (weave * seam)
        };
        let form = move |x: f32, y: f32, inside: f32| {
            let (u, v) = ((x - cx) / s, (y - cy) / s);
            rounded(inside, 26.0 * s) * 0.8 - 2.5 * smooth(6.0, 0.0, (v.abs() - 19.0).abs()) - 4.0 * smooth(7.0, 0.0, v.abs())
                + 5.0 * noise(u / 120.0, v / 60.0, place.seed ^ u32::from(at))
        };
        let window = (cx - 360.0 * s, cy - 74.0 * s, cx + 360.0 * s, cy + 84.0 * s);
        flat::shadow(canvas, (window.0, window.1, window.2, window.3 - 20.0), 9.0, 0.3, outline);
        flat::draw(canvas, window, outline, form, skin, 0.0);
    }
}
