//! A picture as pages show it: served at `/media/<hash>/<width>.<format>`, in a few widths and formats.

use crate::base::MediaId;

/// A picture that is ready: its files exist.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Picture {
    pub id: MediaId,
    pub hash: String,
    /// Of the original, in pixels.
    pub width: i32,
    pub height: i32,
    /// In pixels, smallest first.
    pub widths: Vec<i32>,
    /// File endings: `jpg`, `webp`, `avif`.
    pub formats: Vec<String>,
    /// What is on it, in the merchant's words; may be empty.
    pub alt: String,
}

impl Picture {
    pub fn has(&self, format: &str) -> bool {
        self.formats.iter().any(|known| known == format)
    }

    /// The path of one file.
    pub fn path(&self, width: i32, format: &str) -> String {
        format!("/media/{}/{width}.{format}", self.hash)
    }

    /// All widths of a format, for `srcset`.
    pub fn srcset(&self, format: &str) -> String {
        self.widths.iter().map(|width| format!("{} {width}w", self.path(*width, format))).collect::<Vec<_>>().join(", ")
    }

    /// The widest file that is not wider than `most`; the smallest where all are.
    pub fn fitting(&self, most: i32) -> i32 {
        self.widths.iter().copied().filter(|width| *width <= most).max().or_else(|| self.widths.first().copied()).unwrap_or(self.width)
    }

    /// The JPEG for `src`, mails and machines.
    pub fn src(&self, most: i32) -> String {
        self.path(self.fitting(most), "jpg")
    }

    /// For the head of a page: absolute address, width and height.
    pub fn for_head(&self, origin: &str) -> Option<(String, u32, u32)> {
        let width = self.fitting(1280);
        let (w, h) = (u32::try_from(width).ok()?, u32::try_from(self.height_at(width)).ok()?);
        Some((format!("{origin}{}", self.path(width, "jpg")), w, h))
    }

    /// Height in pixels of the file of this width.
    pub fn height_at(&self, width: i32) -> i32 {
        if self.width <= 0 {
            return self.height;
        }
        let exact = i64::from(self.height) * i64::from(width) / i64::from(self.width);
        i32::try_from(exact).unwrap_or(self.height).max(1)
    }

    /// What a reader is told is on it.
    pub fn told<'a>(&'a self, title: &'a str) -> &'a str {
        if self.alt.is_empty() { title } else { &self.alt }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_given_a_file_that_exists() {
        let picture = Picture {
            id: MediaId::from_uuid(uuid::Uuid::nil()),
            hash: "ab12".into(),
            width: 1000,
            height: 500,
            widths: vec![320, 640, 960],
            formats: vec!["jpg".into(), "webp".into()],
            alt: String::new(),
        };
        assert_eq!(picture.src(1280), "/media/ab12/960.jpg");
        assert_eq!(picture.src(100), "/media/ab12/320.jpg");
        assert_eq!(picture.height_at(320), 160);
        assert_eq!(picture.srcset("webp"), "/media/ab12/320.webp 320w, /media/ab12/640.webp 640w, /media/ab12/960.webp 960w");
        assert_eq!(picture.told("Blue mug"), "Blue mug");
    }
}
