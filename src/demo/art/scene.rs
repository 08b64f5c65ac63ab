//! The room, the light in it, and the thing put down in the middle.

use super::canvas::{Canvas, Dice, Rgb, SIZE, float, smooth};
use super::turned::Place;
use super::{Colours, Shape, shapes};

/// Paints a whole picture.
pub fn paint(seed: u32, shape: Shape, colours: Colours) -> Canvas {
    let mut dice = Dice::new(seed);
    // Low things lie nearer the middle of the sheet, and we look down into flat ones.
    let (lift, lean) = match shape {
        Shape::Plate | Shape::Tray => (230.0, 0.13),
        Shape::Cloth => (190.0, 0.0),
        Shape::Bowl => (130.0, 0.03),
        Shape::Mug | Shape::Jar => (70.0, 0.0),
        _ => (0.0, 0.0),
    };
    let foot = dice.between(1130.0, 1180.0) - lift;
    let tilt = dice.between(0.19, 0.27) + lean;
    let horizon = foot - dice.between(170.0, 260.0);
    let glow_x = dice.between(180.0, 420.0);
    let mut canvas = room(colours, horizon, glow_x);
    let place = Place { x: 600.0 + dice.between(-14.0, 14.0), foot, tilt, scale: dice.between(0.95, 1.05), seed };
    shapes::draw(&mut canvas, shape, colours, place, &mut dice);
    canvas
}

/// Wall and table meet in a soft bend; daylight falls in from the left.
fn room(colours: Colours, horizon: f32, glow_x: f32) -> Canvas {
    let (wall, table) = (colours.wall, colours.table);
    let columns: Vec<f32> = (0..SIZE.0).map(|x| (float(x) - glow_x) / 900.0).collect();
    Canvas::new(|x, y| {
        let across = columns[x as usize];
        let down = (y - 420.0) / 1000.0;
        let reach = across * across + down * down;
        let lamp = 1.0 / (1.0 + 0.9 * reach);
        let on_wall = wall * (0.66 + 0.36 * lamp);
        let near = ((y - horizon) / 500.0).clamp(0.0, 1.0);
        let on_table = table * (0.86 + 0.14 * near - 0.1 * across.max(0.0));
        on_wall.mix(on_table, smooth(horizon - 46.0, horizon + 46.0, y))
    })
}

/// The shadow of something that stands: dark where it touches, long and soft away from the light.
pub fn standing_shadow(canvas: &mut Canvas, place: Place, radius: f32, height: f32) {
    let radius = radius * place.scale;
    let height = height * place.scale;
    let length = radius + height * 0.62;
    let rows = (place.tilt * radius * 2.4 + 60.0) as i32;
    let foot = place.foot as i32;
    for y in foot - rows * 2..foot + rows * 2 {
        for x in 0..SIZE.0 {
            let (dx, dy) = (float(x) - place.x, (float(y) - place.foot) / place.tilt);
            // Along the shadow it widens and pales.
            let along = (dx + 0.25 * dy) / length;
            let spread = radius * (1.0 + 0.5 * along.max(0.0));
            let off = (dy + 0.22 * dx.max(0.0)) / spread;
            let tail = if along > 0.0 {
                (1.0 - smooth(0.1, 1.35, along)) * (-off * off * 1.3).exp()
            } else {
                (-off * off * 1.3 - along * along * length * length / (radius * radius) * 1.6).exp()
            };
            let q = (dx / radius).hypot(dy / radius);
            let contact = 1.0 - smooth(0.8, 1.22, q);
            let dark = 0.34 * tail + 0.42 * contact * (1.0 - 0.34 * tail);
            if dark > 0.003 {
                canvas.shade(x, y, Rgb(1.0 - dark, 1.0 - dark * 0.97, 1.0 - dark * 0.92));
            }
        }
    }
}
