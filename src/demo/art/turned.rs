//! Things from the potter's wheel: a profile turned round its axis, seen from a little above.
//!
//! Every height of the profile is a disc; discs are laid from the foot upwards, so what is higher hides what is lower. A map
//! at double resolution notes which ring of which surface each point shows; shading reads the map, once for each pixel inside
//! and four times at edges.

use super::canvas::{Canvas, Rgb, SIZE, float, noise, smooth};

/// How a surface looks.
#[derive(Debug, Clone, Copy)]
pub struct Skin {
    pub glaze: Rgb,
    /// Unglazed clay below this height (pixels above the foot).
    pub dip: Option<(f32, Rgb)>,
    /// 0 matt to 1 glossy.
    pub gloss: f32,
    /// 0 plain to 1 strongly speckled.
    pub speckle: f32,
    /// Light from within, for lamp shades.
    pub glow: f32,
}

/// One piece: heights above the foot and radii in pixels, from the bottom up.
pub struct Part {
    pub profile: Vec<(f32, f32)>,
    pub skin: Skin,
    /// Thickness of the wall of an open vessel; `None` is closed at the top.
    pub wall: Option<f32>,
}

/// Where the axis meets the table, and from how far above we look (0 = level).
#[derive(Debug, Clone, Copy)]
pub struct Place {
    pub x: f32,
    pub foot: f32,
    pub tilt: f32,
    pub scale: f32,
    pub seed: u32,
}

#[derive(Clone, Copy)]
struct Ring {
    y: f32,
    radius: f32,
    height: f32,
    /// Normal in the plane of the profile: outwards and upwards.
    out: f32,
    up: f32,
}

#[derive(Clone, Copy, PartialEq)]
enum Side {
    Front,
    Back,
    Top,
    InnerBack,
    InnerFront,
}

#[derive(Clone, Copy)]
struct Spot {
    part: u8,
    side: Side,
    ring: u16,
}

struct Solid<'a> {
    part: &'a Part,
    outer: Vec<Ring>,
    inner: Vec<Ring>,
}

/// The direction of the light, from the left, above and before.
pub const LIGHT: (f32, f32, f32) = (-0.58, 0.56, 0.59);

/// Draws pieces that share an axis, lowest first.
pub fn draw(canvas: &mut Canvas, place: Place, parts: &[Part]) {
    let solids: Vec<Solid> = parts.iter().map(|part| solid(part, place)).collect();
    let reach = solids.iter().flat_map(|s| &s.outer).fold(0.0_f32, |widest, ring| widest.max(ring.radius));
    let (left, right) = ((place.x - reach).floor() as i32 - 1, (place.x + reach).ceil() as i32 + 1);
    let rows = usize::try_from(SIZE.1 * 2).expect("positive");
    let mut columns = [vec![None; rows], vec![None; rows]];
    for x in left.max(0)..right.min(SIZE.0) {
        for (half, column) in columns.iter_mut().enumerate() {
            column.fill(None);
            let dx = float(x) + if half == 0 { 0.25 } else { 0.75 } - place.x;
            for (index, solid) in (0_u8..).zip(&solids) {
                fill(column, index, solid, dx, place.tilt);
            }
        }
        for y in 0..SIZE.1 {
            let row = usize::try_from(y * 2).expect("positive");
            let spots = [columns[0][row], columns[0][row + 1], columns[1][row], columns[1][row + 1]];
            let Some(first) = spots.iter().flatten().next() else { continue };
            let is_whole = spots.iter().all(|spot| spot.is_some_and(|spot| spot.part == first.part && spot.side == first.side));
            let dx = float(x) + 0.5 - place.x;
            if is_whole {
                canvas.cover(x, y, colour(&solids, *first, dx, place), 1.0);
            } else {
                let (sum, count) = spots
                    .iter()
                    .flatten()
                    .fold((Rgb(0.0, 0.0, 0.0), 0.0), |(sum, count), spot| (sum + colour(&solids, *spot, dx, place), count + 1.0));
                canvas.cover(x, y, sum * (1.0 / count), count / 4.0);
            }
        }
    }
}

fn solid<'a>(part: &'a Part, place: Place) -> Solid<'a> {
    let scaled: Vec<(f32, f32)> = part.profile.iter().map(|(h, r)| (h * place.scale, r * place.scale)).collect();
    let outer = rings(&curve(&scaled), place.foot);
    let inner = part.wall.map_or_else(Vec::new, |wall| {
        let wall = wall * place.scale;
        let lowest = outer.first().map_or(0.0, |ring| ring.height) + wall;
        let mut path: Vec<(f32, f32)> =
            outer.iter().rev().filter(|ring| ring.height > lowest).map(|ring| (ring.height, (ring.radius - wall).max(0.5))).collect();
        let (floor, mut radius) = path.last().copied().unwrap_or((lowest, 1.0));
        while radius > 1.0 {
            radius -= 0.4;
            path.push((floor, radius));
        }
        rings(&path, place.foot)
    });
    Solid { part, outer, inner }
}

/// A smooth curve through the points (Catmull-Rom), in steps shorter than half a pixel; a point given twice is a corner.
fn curve(points: &[(f32, f32)]) -> Vec<(f32, f32)> {
    let at = |index: usize| points[index.min(points.len() - 1)];
    let mut path = Vec::new();
    for index in 0..points.len() - 1 {
        let (p0, p1, p2, p3) = (at(index.saturating_sub(1)), at(index), at(index + 1), at(index + 2));
        let steps = (((p2.0 - p1.0).hypot(p2.1 - p1.1) * 2.6).ceil() as i32).max(1);
        for step in 0..steps {
            let t = float(step) / float(steps);
            let blend = |a: f32, b: f32, c: f32, d: f32| {
                0.5 * (2.0 * b + (c - a) * t + (2.0 * a - 5.0 * b + 4.0 * c - d) * t * t + (3.0 * b - a - 3.0 * c + d) * t * t * t)
            };
            path.push((blend(p0.0, p1.0, p2.0, p3.0), blend(p0.1, p1.1, p2.1, p3.1).max(0.0)));
        }
    }
    path.extend(points.last());
    path
}

fn rings(path: &[(f32, f32)], foot: f32) -> Vec<Ring> {
    let reach = 5;
    (0..path.len())
        .map(|index| {
            let (before, after) = (path[index.saturating_sub(reach)], path[(index + reach).min(path.len() - 1)]);
            let (dh, dr) = (after.0 - before.0, after.1 - before.1);
            let length = dh.hypot(dr).max(0.001);
            Ring { y: foot - path[index].0, radius: path[index].1, height: path[index].0, out: dh / length, up: -dr / length }
        })
        .collect()
}

/// Notes what one column of half pixels shows of a solid.
fn fill(column: &mut [Option<Spot>], part: u8, solid: &Solid, dx: f32, tilt: f32) {
    let mut paint = |from: f32, to: f32, side: Side, ring: u16| {
        let (from, to) = if from < to { (from, to) } else { (to, from) };
        let (from, to) = ((from * 2.0).max(0.0) as usize, ((to * 2.0).max(0.0) as usize).min(column.len() - 1));
        for spot in column.iter_mut().take(to + 1).skip(from) {
            *spot = Some(Spot { part, side, ring });
        }
    };
    let depth = |ring: &Ring| (ring.radius > dx.abs()).then(|| tilt * (ring.radius * ring.radius - dx * dx).sqrt());
    let mut last: Option<(f32, f32)> = None;
    for (index, ring) in (0_u16..).zip(&solid.outer) {
        let Some(e) = depth(ring) else {
            if let Some((back, front)) = last.take() {
                paint(back, front, Side::Front, index);
            }
            continue;
        };
        let (back, front) = (ring.y - e, ring.y + e);
        match last {
            Some((was_back, was_front)) => {
                paint(was_back, back, Side::Back, index);
                paint(was_front, front, Side::Front, index);
            }
            None => paint(back, front, Side::Front, index),
        }
        last = Some((back, front));
    }
    let (Some((back, front)), Some(end)) = (last, u16::try_from(solid.outer.len()).ok().and_then(|len| len.checked_sub(1))) else { return };
    paint(back, front, Side::Top, end);
    // Inside: the far wall downwards from the rim, then the near wall back up to it, never beyond the opening.
    let Some(opening) = solid.inner.first().and_then(|ring| depth(ring).map(|e| (ring.y - e, ring.y + e))) else { return };
    let mut reached = opening.0;
    let mut deepest = 0;
    for (index, ring) in (0_u16..).zip(&solid.inner) {
        let Some(e) = depth(ring) else { break };
        let y = (ring.y - e).min(opening.1);
        if y > reached {
            paint(reached, y, Side::InnerBack, index);
            reached = y;
        }
        deepest = index;
    }
    for index in (0..=deepest).rev() {
        let ring = &solid.inner[usize::from(index)];
        let Some(e) = depth(ring) else { continue };
        let y = (ring.y + e).min(opening.1);
        if y > reached {
            paint(reached, y, Side::InnerFront, index);
            reached = y;
        }
    }
}

fn colour(solids: &[Solid], spot: Spot, dx: f32, place: Place) -> Rgb {
    let solid = &solids[usize::from(spot.part)];
    let is_inner = matches!(spot.side, Side::InnerBack | Side::InnerFront);
    let list = if is_inner { &solid.inner } else { &solid.outer };
    let ring = list[usize::from(spot.ring).min(list.len() - 1)];
    let across = (dx / ring.radius.max(0.5)).clamp(-1.0, 1.0);
    let toward = (1.0 - across * across).sqrt() * if matches!(spot.side, Side::Back | Side::InnerBack) { -1.0 } else { 1.0 };
    let (out, up) = if spot.side == Side::Top { (0.0, 1.0) } else { (ring.out, ring.up) };
    let normal = (out * across, up, out * toward);
    let skin = solid.part.skin;
    let angle = across.asin();
    let height = ring.height;
    let mut base = skin.glaze;
    // On what lies flat, angles would draw flecks and clouds out into rays.
    let (along, down) = if up.abs() > 0.8 { (dx, toward * ring.radius) } else { (angle * ring.radius, height) };
    base = base * (0.94 + 0.12 * noise(along / 70.0, down / 70.0, place.seed));
    let is_bare = skin.dip.is_some_and(|(edge, _)| {
        let edge = edge * place.scale + 14.0 * (noise(angle * 2.2 + 9.0, 0.5, place.seed) - 0.5) + 5.0 * (noise(angle * 9.0, 3.5, place.seed) - 0.5);
        !is_inner && spot.side != Side::Top && height < edge
    });
    let mut gloss = skin.gloss;
    if let (true, Some((_, clay))) = (is_bare, skin.dip) {
        base = clay * (0.92 + 0.16 * noise(angle * 26.0, height / 3.0, place.seed ^ 5));
        gloss = 0.0;
    } else if skin.speckle > 0.0 {
        let fleck = noise(along / 4.5, down / 4.5, place.seed ^ 11);
        base = base.mix(Rgb(0.08, 0.06, 0.045), smooth(0.86, 0.95, fleck) * skin.speckle * 0.7);
    }
    let mut lit = light(base, normal, gloss);
    if is_inner {
        let rim = solid.inner[0];
        let depth = ((rim.height - height) / (rim.radius * 1.7)).clamp(0.0, 1.0);
        lit = lit * (1.0 - 0.72 * smooth(0.0, 1.0, depth.sqrt()));
    } else {
        lit = lit * (1.0 - 0.38 * (-(height) / (26.0 * place.scale)).exp());
    }
    if skin.glow > 0.0 {
        let middle = 1.0 - 0.75 * across * across;
        lit = lit.mix(Rgb(1.0, 0.86, 0.62) * (0.72 + 0.36 * middle), skin.glow);
    }
    lit
}

/// A surface of a colour under the one light, with sky from above and what the table throws back.
pub fn light(base: Rgb, normal: (f32, f32, f32), gloss: f32) -> Rgb {
    let facing = normal.0 * LIGHT.0 + normal.1 * LIGHT.1 + normal.2 * LIGHT.2;
    let key = (facing * 0.82 + 0.18).max(0.0);
    let sky = 0.5 + 0.5 * normal.1;
    let bounce = (-normal.1).max(0.0) * 0.16 + normal.0.max(0.0).powi(3) * 0.07;
    let lit = base * (0.16 + 0.2 * sky + 0.86 * key + bounce);
    // Half way between the light and the eye, which looks level.
    let (hx, hy, hz) = (-0.325, 0.314, 0.892);
    let shine = (normal.0 * hx + normal.1 * hy + normal.2 * hz).max(0.0);
    let spark = shine.powi(70) * 0.55 + shine.powi(14) * 0.09;
    let edge = (1.0 - normal.2.abs()).powi(4) * 0.06;
    lit + Rgb(1.0, 0.98, 0.95) * ((spark + edge) * gloss)
}
