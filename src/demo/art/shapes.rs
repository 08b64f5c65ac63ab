//! The turned things: their profiles, skins and handles.

use super::canvas::{Canvas, Dice, Rgb, noise};
use super::flat::{self, bar, oval, rounded};
use super::scene::standing_shadow;
use super::turned::{self, Part, Place, Skin};
use super::{Colours, Shape, laid};

/// Puts a thing on the table.
pub fn draw(canvas: &mut Canvas, shape: Shape, colours: Colours, place: Place, dice: &mut Dice) {
    match shape {
        Shape::Spoon => return laid::spoon(canvas, colours, place),
        Shape::Board => return laid::board(canvas, colours, place),
        Shape::Cloth => return laid::cloth(canvas, colours, place),
        _ => {}
    }
    let glazed = Skin {
        glaze: colours.glaze,
        dip: Some((dice.between(50.0, 110.0), colours.clay)),
        gloss: dice.between(0.55, 1.0),
        speckle: dice.between(0.2, 1.0),
        glow: 0.0,
    };
    let wooden = Skin { glaze: colours.wood, dip: None, gloss: 0.15, speckle: 0.0, glow: 0.0 };
    let parts = parts(shape, colours, glazed, wooden);
    let (foot, height) = extent(&parts);
    // What is small in the hand comes nearer to the eye.
    let place = Place { scale: place.scale * if matches!(shape, Shape::Candle) { 1.22 } else { 1.05 }, ..place };
    standing_shadow(canvas, place, foot, height);
    match shape {
        Shape::Mug => handle(canvas, place, glazed, (208.0, 228.0), (116.0, 128.0), 25.0),
        Shape::Carafe => handle(canvas, place, glazed, (128.0, 470.0), (128.0, 175.0), 22.0),
        _ => {}
    }
    turned::draw(canvas, place, &parts);
    if shape == Shape::Candle {
        flame(canvas, place);
    }
}

fn extent(parts: &[Part]) -> (f32, f32) {
    let foot = parts.iter().flat_map(|part| &part.profile).filter(|(h, _)| *h < 40.0).fold(0.0_f32, |widest, (_, r)| widest.max(*r));
    let height = parts.iter().flat_map(|part| &part.profile).fold(0.0_f32, |top, (h, _)| top.max(*h));
    (foot, height)
}

fn parts(shape: Shape, colours: Colours, glazed: Skin, wooden: Skin) -> Vec<Part> {
    let open = |profile: &[(f32, f32)], wall: f32| Part { profile: profile.to_vec(), skin: glazed, wall: Some(wall) };
    let closed = |profile: &[(f32, f32)], skin: Skin| Part { profile: profile.to_vec(), skin, wall: None };
    let wax = Skin { glaze: Rgb::hex(0xefe6d2), dip: None, gloss: 0.3, speckle: 0.0, glow: 0.06 };
    let linen = Skin { glaze: Rgb::hex(0xe9dfcb), dip: None, gloss: 0.0, speckle: 0.0, glow: 0.3 };
    let brass = Skin { glaze: Rgb::hex(0x9c7a45), dip: None, gloss: 1.0, speckle: 0.0, glow: 0.0 };
    match shape {
        Shape::Mug => vec![open(
            &[
                (0.0, 178.0),
                (0.0, 184.0),
                (14.0, 204.0),
                (60.0, 217.0),
                (220.0, 222.0),
                (400.0, 214.0),
                (428.0, 213.0),
                (434.0, 210.0),
                (436.0, 206.0),
            ],
            15.0,
        )],
        Shape::Bowl => vec![open(
            &[
                (0.0, 138.0),
                (0.0, 142.0),
                (26.0, 140.0),
                (32.0, 150.0),
                (60.0, 222.0),
                (120.0, 296.0),
                (200.0, 346.0),
                (276.0, 368.0),
                (284.0, 366.0),
                (287.0, 361.0),
            ],
            14.0,
        )],
        Shape::Vase => vec![open(
            &[
                (0.0, 128.0),
                (0.0, 132.0),
                (20.0, 150.0),
                (140.0, 226.0),
                (280.0, 256.0),
                (410.0, 214.0),
                (510.0, 116.0),
                (580.0, 72.0),
                (640.0, 66.0),
                (690.0, 82.0),
                (706.0, 93.0),
                (712.0, 92.0),
                (714.0, 88.0),
            ],
            11.0,
        )],
        Shape::Plate => vec![Part {
            profile: vec![
                (0.0, 210.0),
                (0.0, 214.0),
                (16.0, 216.0),
                (22.0, 240.0),
                (38.0, 330.0),
                (66.0, 404.0),
                (76.0, 418.0),
                (81.0, 417.0),
                (83.0, 412.0),
            ],
            skin: Skin { dip: Some((24.0, colours.clay)), ..glazed },
            wall: Some(12.0),
        }],
        Shape::Tray => vec![Part {
            profile: vec![(0.0, 396.0), (0.0, 402.0), (8.0, 414.0), (40.0, 420.0), (76.0, 424.0), (82.0, 422.0), (84.0, 417.0)],
            skin: wooden,
            wall: Some(14.0),
        }],
        Shape::Jar => vec![
            open(
                &[
                    (0.0, 176.0),
                    (0.0, 182.0),
                    (14.0, 204.0),
                    (120.0, 228.0),
                    (290.0, 226.0),
                    (400.0, 196.0),
                    (436.0, 176.0),
                    (452.0, 172.0),
                    (466.0, 172.0),
                    (470.0, 168.0),
                ],
                14.0,
            ),
            closed(
                &[
                    (462.0, 150.0),
                    (468.0, 180.0),
                    (472.0, 186.0),
                    (492.0, 187.0),
                    (500.0, 182.0),
                    (504.0, 172.0),
                    (507.0, 60.0),
                    (510.0, 30.0),
                    (522.0, 24.0),
                    (534.0, 34.0),
                    (552.0, 42.0),
                    (568.0, 34.0),
                    (574.0, 18.0),
                    (576.0, 4.0),
                ],
                wooden,
            ),
        ],
        Shape::Carafe => vec![open(
            &[
                (0.0, 142.0),
                (0.0, 148.0),
                (16.0, 168.0),
                (120.0, 200.0),
                (240.0, 196.0),
                (370.0, 148.0),
                (480.0, 106.0),
                (560.0, 100.0),
                (640.0, 118.0),
                (672.0, 130.0),
                (678.0, 129.0),
                (681.0, 125.0),
            ],
            11.0,
        )],
        Shape::Candle => vec![
            Part {
                profile: vec![
                    (0.0, 150.0),
                    (0.0, 156.0),
                    (10.0, 166.0),
                    (22.0, 164.0),
                    (34.0, 130.0),
                    (52.0, 64.0),
                    (90.0, 40.0),
                    (160.0, 36.0),
                    (220.0, 48.0),
                    (250.0, 66.0),
                    (268.0, 70.0),
                    (276.0, 66.0),
                    (278.0, 60.0),
                ],
                skin: Skin { dip: None, ..glazed },
                wall: None,
            },
            closed(&[(278.0, 43.0), (278.0, 43.0), (500.0, 41.0), (664.0, 40.0), (674.0, 37.0), (678.0, 30.0)], wax),
        ],
        Shape::Lamp => vec![
            closed(
                &[
                    (0.0, 120.0),
                    (0.0, 126.0),
                    (16.0, 146.0),
                    (90.0, 186.0),
                    (180.0, 192.0),
                    (270.0, 150.0),
                    (330.0, 76.0),
                    (360.0, 40.0),
                    (376.0, 32.0),
                ],
                glazed,
            ),
            closed(&[(374.0, 18.0), (374.0, 18.0), (440.0, 16.0), (440.0, 16.0)], brass),
            closed(&[(420.0, 296.0), (420.0, 298.0), (424.0, 298.0), (600.0, 226.0), (724.0, 176.0), (728.0, 174.0)], linen),
        ],
        Shape::Spoon | Shape::Board | Shape::Cloth => Vec::new(),
    }
}

/// A handle of clay to the right of a vessel; the body is drawn over its roots.
fn handle(canvas: &mut Canvas, place: Place, skin: Skin, centre: (f32, f32), size: (f32, f32), thick: f32) {
    let (cx, cy) = (place.x + centre.0 * place.scale, place.foot - centre.1 * place.scale);
    let (a, b, thick) = (size.0 * place.scale, size.1 * place.scale, thick * place.scale);
    let ring = |x: f32, y: f32| oval(x - cx, y - cy, a, b).abs() - thick;
    let window = (cx - a - thick * 2.0, cy - b - thick * 2.0, cx + a + thick * 2.0, cy + b + thick * 2.0);
    let tint = |x: f32, y: f32, _: f32| skin.glaze * (0.9 + 0.14 * noise(x / 40.0, y / 40.0, place.seed));
    flat::draw(canvas, window, ring, |_, _, inside| rounded(inside, thick) * 0.92, tint, skin.gloss * 0.7);
}

fn flame(canvas: &mut Canvas, place: Place) {
    let (x0, y0) = (place.x, place.foot - 678.0 * place.scale);
    flat::draw(
        canvas,
        (x0 - 6.0, y0 - 30.0, x0 + 6.0, y0 + 12.0),
        |x, y| bar(x, y, (x0, y0 + 4.0), (x0 + 2.0, y0 - 20.0), 2.6, 2.0),
        |_, _, inside| inside,
        |_, _, _| Rgb(0.03, 0.025, 0.02),
        0.0,
    );
}
