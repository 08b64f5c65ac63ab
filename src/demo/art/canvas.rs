//! The sheet: linear light in floats, and the few helpers of arithmetic that drawing needs.

use std::ops::{Add, Mul};

use super::{HEIGHT, WIDTH};

/// A colour in linear light, 1.0 = white.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rgb(pub f32, pub f32, pub f32);

impl Rgb {
    /// From `0xrrggbb` in sRGB.
    pub fn hex(code: u32) -> Self {
        let [_, r, g, b] = code.to_be_bytes();
        let linear = |byte: u8| (f32::from(byte) / 255.0).powf(2.2);
        Self(linear(r), linear(g), linear(b))
    }

    /// This colour at `share` 0, the other at 1.
    pub fn mix(self, other: Self, share: f32) -> Self {
        self * (1.0 - share) + other * share
    }
}

impl Mul<f32> for Rgb {
    type Output = Self;
    fn mul(self, by: f32) -> Self {
        Self(self.0 * by, self.1 * by, self.2 * by)
    }
}

impl Mul for Rgb {
    type Output = Self;
    fn mul(self, by: Self) -> Self {
        Self(self.0 * by.0, self.1 * by.1, self.2 * by.2)
    }
}

impl Add for Rgb {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0, self.1 + other.1, self.2 + other.2)
    }
}

/// 0 below `from`, 1 above `to`, smooth between.
pub fn smooth(from: f32, to: f32, at: f32) -> f32 {
    let t = ((at - from) / (to - from)).clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}

/// A number in 0..1 that belongs to a place on a grid.
pub fn hash(x: i32, y: i32, seed: u32) -> f32 {
    let mut h = x.cast_unsigned().wrapping_mul(0x9e37_79b1) ^ y.cast_unsigned().wrapping_mul(0x85eb_ca77) ^ seed.wrapping_mul(0xc2b2_ae3d);
    h = (h ^ (h >> 15)).wrapping_mul(0x2c1b_3c6d);
    h = (h ^ (h >> 12)).wrapping_mul(0x297a_2d39);
    let top = u16::try_from((h ^ (h >> 15)) >> 16).expect("sixteen bits remain");
    f32::from(top) / 65_536.0
}

/// Smooth noise in 0..1 with features of about one unit.
pub fn noise(x: f32, y: f32, seed: u32) -> f32 {
    let (fx, fy) = (x.floor(), y.floor());
    // No `From` leads from floats to integers; the values are small.
    let (ix, iy) = (fx as i32, fy as i32);
    let (tx, ty) = (smooth(0.0, 1.0, x - fx), smooth(0.0, 1.0, y - fy));
    let row = |iy: i32| hash(ix, iy, seed) * (1.0 - tx) + hash(ix + 1, iy, seed) * tx;
    row(iy) * (1.0 - ty) + row(iy + 1) * ty
}

/// Small repeatable dice.
pub struct Dice(u32, i32);

impl Dice {
    pub fn new(seed: u32) -> Self {
        Self(seed, 0)
    }

    /// A number in `from..to`.
    pub fn between(&mut self, from: f32, to: f32) -> f32 {
        self.1 += 1;
        from + (to - from) * hash(self.1, 77, self.0)
    }
}

/// The sheet, row by row.
pub struct Canvas {
    pixels: Vec<Rgb>,
}

/// Width and height as signed numbers, for loops that may begin outside.
pub const SIZE: (i32, i32) = (WIDTH.cast_signed(), HEIGHT.cast_signed());

/// Whole numbers below 2^15, which all coordinates are, as floats.
pub fn float(whole: i32) -> f32 {
    f32::from(i16::try_from(whole).expect("coordinates are small"))
}

impl Canvas {
    /// A sheet where `colour(x, y)` says what each pixel is.
    pub fn new(mut colour: impl FnMut(f32, f32) -> Rgb) -> Self {
        let mut pixels = Vec::with_capacity((WIDTH * HEIGHT) as usize);
        for y in 0..SIZE.1 {
            for x in 0..SIZE.0 {
                pixels.push(colour(float(x), float(y)));
            }
        }
        Self { pixels }
    }

    fn index(x: i32, y: i32) -> Option<usize> {
        ((0..SIZE.0).contains(&x) && (0..SIZE.1).contains(&y)).then(|| usize::try_from(y * SIZE.0 + x).expect("inside the sheet"))
    }

    /// Lays `colour` over a pixel; outside the sheet nothing happens.
    pub fn cover(&mut self, x: i32, y: i32, colour: Rgb, share: f32) {
        if let Some(at) = Self::index(x, y) {
            self.pixels[at] = self.pixels[at].mix(colour, share);
        }
    }

    /// Darkens (or tints) a pixel.
    pub fn shade(&mut self, x: i32, y: i32, by: Rgb) {
        if let Some(at) = Self::index(x, y) {
            self.pixels[at] = self.pixels[at] * by;
        }
    }

    /// The picture as a PNG file, with a grain too fine to see that keeps soft gradients free of bands.
    pub fn png(&self) -> Vec<u8> {
        let codes: Vec<f32> = (0..=4096_u16).map(|step| (f32::from(step) / 4096.0).powf(1.0 / 2.2) * 255.0).collect();
        let mut bytes = Vec::with_capacity(self.pixels.len() * 3);
        let mut grain = 0x1234_5678_u32;
        for pixel in &self.pixels {
            grain ^= grain << 13;
            grain ^= grain >> 17;
            grain ^= grain << 5;
            let speck = f32::from(grain.to_be_bytes()[0]) / 128.0 - 1.0;
            for value in [pixel.0, pixel.1, pixel.2] {
                // Floats become bytes only by a cast; it saturates.
                let code = codes[(value.clamp(0.0, 1.0) * 4096.0) as usize];
                bytes.push((code + speck + 0.5) as u8);
            }
        }
        let picture = image::RgbImage::from_raw(WIDTH, HEIGHT, bytes).expect("three bytes for each pixel");
        let mut file = std::io::Cursor::new(Vec::new());
        picture.write_to(&mut file, image::ImageFormat::Png).expect("writing to memory does not fail");
        file.into_inner()
    }
}
