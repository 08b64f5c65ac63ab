//! A QR code (ISO/IEC 18004) as a drawing of one path: no picture file, no inline style, dark on light in every theme.

use std::fmt::Write;

use qrcode::{Color, EcLevel, QrCode};

/// Light modules round the code, as the standard wants.
const QUIET: usize = 4;

/// The text as an SVG whose words for those who do not see it are `label`.
pub fn svg(text: &str, label: &str) -> anyhow::Result<String> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M)?;
    let width = code.width();
    let mut path = String::new();
    for (at, color) in code.to_colors().into_iter().enumerate() {
        if color == Color::Dark {
            write!(path, "M{} {}h1v1h-1z", at % width + QUIET, at / width + QUIET)?;
        }
    }
    let side = width + 2 * QUIET;
    let label = askama::filters::escape(label, askama::filters::Html)?;
    Ok(format!(
        "<svg class=\"qr\" xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" role=\"img\" aria-label=\"{label}\" \
         shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h{side}v{side}H0z\"/><path fill=\"#000\" d=\"{path}\"/></svg>"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_its_finders_and_escapes_its_label() {
        let drawing = svg("otpauth://totp/Shop:mei?secret=GEZDGNBV", "<code>").expect("drawn");
        assert!(drawing.contains("aria-label=\"&#60;code&#62;\"") && !drawing.contains("style"), "{drawing}");
        for corner in ["M4 4h1", "M5 4h1", "M10 4h1"] {
            assert!(drawing.contains(corner), "the upper left finder has {corner}");
        }
        assert!(!drawing.contains("M5 5h1") && !drawing.contains("M3 "), "the ring inside it and the margin are light");
    }
}
