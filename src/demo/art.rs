//! Drawn product pictures for the demo shop: quiet still lifes, made from numbers alone, so that no licence is needed.

mod canvas;
mod flat;
mod laid;
mod scene;
mod shapes;
mod turned;

use canvas::Rgb;

/// Width of every picture, in pixels.
pub const WIDTH: u32 = 1200;
/// Height of every picture, in pixels (4:5).
pub const HEIGHT: u32 = 1500;

/// What stands in the picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Shape {
    Mug,
    Bowl,
    Vase,
    Plate,
    Lamp,
    Cloth,
    Candle,
    Board,
    Jar,
    Carafe,
    Spoon,
    Tray,
}

impl Shape {
    /// All shapes with the names that data files use.
    pub const ALL: [(&'static str, Self); 12] = [
        ("mug", Self::Mug),
        ("bowl", Self::Bowl),
        ("vase", Self::Vase),
        ("plate", Self::Plate),
        ("lamp", Self::Lamp),
        ("cloth", Self::Cloth),
        ("candle", Self::Candle),
        ("board", Self::Board),
        ("jar", Self::Jar),
        ("carafe", Self::Carafe),
        ("spoon", Self::Spoon),
        ("tray", Self::Tray),
    ];

    /// The shape of a name; `None` for a name that is not in [`Shape::ALL`].
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(known, _)| *known == name).map(|(_, shape)| *shape)
    }
}

/// The glaze (or dye, or wood) of the thing and the room that suits it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Palette {
    Chalk,
    Celadon,
    Cobalt,
    Tenmoku,
    Ochre,
    Blush,
    Slate,
    Moss,
}

impl Palette {
    /// All palettes with the names that data files use.
    pub const ALL: [(&'static str, Self); 8] = [
        ("chalk", Self::Chalk),
        ("celadon", Self::Celadon),
        ("cobalt", Self::Cobalt),
        ("tenmoku", Self::Tenmoku),
        ("ochre", Self::Ochre),
        ("blush", Self::Blush),
        ("slate", Self::Slate),
        ("moss", Self::Moss),
    ];

    /// The palette of a name; `None` for a name that is not in [`Palette::ALL`].
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(known, _)| *known == name).map(|(_, palette)| *palette)
    }

    fn colours(self) -> Colours {
        let (glaze, wall, table) = match self {
            Self::Chalk => (0xeae5da, 0xc3beb2, 0xd3cec3),
            Self::Celadon => (0xa9c2b0, 0xd3d3c8, 0xdedcd2),
            Self::Cobalt => (0x34507f, 0xc6ccd2, 0xd8dadb),
            Self::Tenmoku => (0x5b3526, 0xcdbfb0, 0xdacfc2),
            Self::Ochre => (0xc48a3c, 0xd6cfc0, 0xe0dacd),
            Self::Blush => (0xd6a695, 0xdcd2ca, 0xe5dcd5),
            Self::Slate => (0x4a4e53, 0xbfc0bd, 0xcfcfcb),
            Self::Moss => (0x6c7650, 0xcfcdbd, 0xdad7ca),
        };
        let clay = if matches!(self, Self::Tenmoku | Self::Slate) { 0x8b6a52 } else { 0xc2a184 };
        let wood = if matches!(self, Self::Tenmoku | Self::Slate) { 0x70492f } else { 0xb98a5c };
        Colours { glaze: Rgb::hex(glaze), wall: Rgb::hex(wall), table: Rgb::hex(table), clay: Rgb::hex(clay), wood: Rgb::hex(wood) }
    }
}

/// Colours of one picture, in linear light.
#[derive(Debug, Clone, Copy)]
struct Colours {
    glaze: Rgb,
    wall: Rgb,
    table: Rgb,
    clay: Rgb,
    wood: Rgb,
}

/// Draws a picture as a PNG file; the same arguments always give the same bytes. Other seeds give the same thing seen from
/// another height, nearer or farther, with another run of the glaze.
pub fn draw(seed: u32, shape: Shape, palette: Palette) -> Vec<u8> {
    scene::paint(seed, shape, palette.colours()).png()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_has_its_size_and_repeats() {
        let one = draw(7, Shape::Spoon, Palette::Ochre);
        let picture = image::load_from_memory(&one).expect("a picture");
        assert_eq!((picture.width(), picture.height()), (WIDTH, HEIGHT));
        assert_eq!(one, draw(7, Shape::Spoon, Palette::Ochre));
    }

    #[test]
    fn names_lead_to_shapes_and_palettes() {
        assert_eq!(Shape::named("carafe"), Some(Shape::Carafe));
        assert_eq!(Palette::named("moss"), Some(Palette::Moss));
        assert_eq!(Shape::named("car"), None);
    }
}
