//! The photographs of the demo: ray-traced from the scenes in `demo/scenes`, and part of the program.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use axum::body::Bytes;

use super::goods::{Good, Look};

#[derive(rust_embed::RustEmbed)]
#[folder = "demo/pictures"]
struct Files;

/// A picture and what is on it.
#[derive(Debug, Clone)]
pub struct Photo {
    pub bytes: Bytes,
    pub alt: String,
}

/// What is on each, by file name (`file,width,height,alt`).
static ALTS: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| {
    let list = Files::get("list.csv").map(|file| file.data.into_owned()).unwrap_or_default();
    let mut reader = csv::Reader::from_reader(list.as_slice());
    reader.records().filter_map(|row| row.ok().and_then(|row| Some((row.get(0)?.to_owned(), row.get(3)?.to_owned())))).collect()
});

/// The picture of a name, such as `scene-home`; `None` where there is none.
pub fn named(name: &str) -> Option<Photo> {
    let file = format!("{name}.webp");
    let bytes = Bytes::from(Files::get(&file)?.data.into_owned());
    Some(Photo { bytes, alt: ALTS.get(&file).cloned().unwrap_or_default() })
}

/// The front of a good in a look.
pub fn front(good: &Good, look: &Look) -> Option<Photo> {
    named(&match good.look_option {
        Some(_) => format!("{}--{}", good.handle, look.name.to_lowercase().replace(' ', "-")),
        None => good.handle.to_owned(),
    })
}

/// A second look at a good.
pub fn detail(good: &Good) -> Option<Photo> {
    named(&format!("{}--detail", good.handle))
}

#[cfg(test)]
mod tests {
    use super::super::goods::{COLLECTIONS, all};
    use super::*;

    #[test]
    fn every_good_collection_and_article_has_its_pictures() {
        let mut missing = Vec::new();
        for good in all() {
            let fronts = good.looks.iter().filter(|look| front(good, look).is_none());
            missing.extend(fronts.map(|look| format!("{} in {}", good.title, look.name)));
            missing.extend(detail(good).is_none().then(|| format!("{}, a detail", good.title)));
        }
        let scenes = COLLECTIONS.iter().map(|collection| collection.picture).chain(["scene-home"]);
        missing.extend(scenes.filter(|name| named(name).is_none()).map(ToOwned::to_owned));
        assert!(missing.is_empty(), "{}", missing.join("; "));
    }

    #[test]
    fn every_picture_says_what_is_on_it_and_is_small() {
        let names: Vec<String> = Files::iter().filter(|file| file.ends_with(".webp")).map(|file| file.into_owned()).collect();
        assert!(names.len() >= 90, "{}", names.len());
        let mut bytes = 0;
        for file in &names {
            let photo = named(file.trim_end_matches(".webp")).expect("it is there");
            assert!((10..=140).contains(&photo.alt.chars().count()), "{file}: {}", photo.alt);
            bytes += photo.bytes.len();
        }
        assert!(bytes < 12_000_000, "{bytes} bytes in all");
    }
}
