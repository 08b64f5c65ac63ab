//! What the home page of the demo says, as plain values.

use sqlx::PgConnection;

use super::photos;
use crate::app::App;
use crate::base::Instant;
use crate::catalog;
use crate::catalog::Picture;
use crate::content;
use crate::platform::settings;

/// A picture with a few sentences beside it.
#[derive(Debug)]
pub struct Section {
    pub title: &'static str,
    pub text: &'static str,
    pub link: Link,
    /// Name of the file of its picture, without the ending.
    pub picture: &'static str,
}

#[derive(Debug)]
pub struct Link {
    pub title: &'static str,
    pub href: &'static str,
}

pub const OPENING_TITLE: &str = "Made on the quay, used every day";

pub const OPENING_LINE: &str = "Stoneware, glass, wood and linen from five people in an old net store in the west of Ireland.";

pub const SECTIONS: [Section; 2] = [
    Section {
        title: "Two hundred pieces, every ten days",
        text: "The kiln is loaded in a morning, climbs through a day and cools for a day and a half. Nobody may open it before that. What comes \
               out is rung with a knuckle, weighed and put on the shelf, and what is on the shelf is what you find here. The rest is still \
               drying in the loft.",
        link: Link { title: "Read about firing day", href: "/blogs/journal/firing-day" },
        picture: "scene-journal-firing",
    },
    Section {
        title: "Glass from the ice house",
        text: "Across the quay there is a building without windows in which the village once kept its ice. Since last winter there has been a \
               furnace in it. Tumblers, bottles and jars are blown there in Clear, Smoke and Sea, one colour after the other, for the pot \
               holds only one at a time.",
        link: Link { title: "See the tumbler", href: "/products/ice-house-tumbler" },
        picture: "scene-journal-furnace",
    },
];

/// Short facts; the pages on shipping and returns say the same at length.
pub const FACTS: [&str; 4] = [
    "Leaves the workshop within two working days",
    "Free standard delivery from €90",
    "Thirty days to send it back",
    "Broken on the way? We replace it",
];

/// Hangs it all up: the settings of the home page, with their pictures.
pub async fn hang(app: &App, db: &mut PgConnection, at: Instant) -> anyhow::Result<()> {
    let mut sections = Vec::new();
    for section in &SECTIONS {
        let picture = hung(app, &mut *db, section.picture, at).await?;
        let Link { title, href } = &section.link;
        sections.push(content::Section {
            title: section.title.into(),
            text: section.text.into(),
            link: (*title).into(),
            href: (*href).into(),
            picture,
        });
    }
    let home = content::Home {
        title: OPENING_TITLE.into(),
        line: OPENING_LINE.into(),
        picture: hung(app, &mut *db, "scene-home", at).await?,
        sections,
        facts: FACTS.iter().map(ToString::to_string).collect(),
        blog: "journal".into(),
    };
    settings::save(db, content::Home::KEY, &home, 0).await?;
    Ok(())
}

async fn hung(app: &App, db: &mut PgConnection, name: &str, at: Instant) -> anyhow::Result<Option<Picture>> {
    let Some(photo) = photos::named(name) else { return Ok(None) };
    Ok(Some(catalog::originals::adopt_shown(&app.blobs, db, &photo.alt, photo.bytes, at).await?))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::super::goods;
    use super::super::goods::COLLECTIONS;
    use super::super::journal::ARTICLES;
    use super::*;
    use crate::base::Handle;

    fn leads_somewhere(href: &str) -> bool {
        let article = href.strip_prefix("/blogs/journal/").map(|handle| ARTICLES.iter().any(|article| article.handle == handle));
        let good = href.strip_prefix("/products/").map(|handle| goods::all().any(|good| good.handle == handle));
        let collection = href.strip_prefix("/collections/");
        let collection = collection.map(|handle| COLLECTIONS.iter().any(|known| Handle::of_title(known.title, "").as_str() == handle));
        article.or(good).or(collection).unwrap_or_default()
    }

    #[test]
    fn the_home_page_has_room_for_what_it_says() {
        assert!((10..=48).contains(&OPENING_TITLE.chars().count()));
        assert!((40..=120).contains(&OPENING_LINE.chars().count()));
        assert!(FACTS.iter().all(|fact| (15..=48).contains(&fact.chars().count())));
        assert_eq!(FACTS.iter().collect::<HashSet<_>>().len(), FACTS.len());
    }

    #[test]
    fn every_section_is_whole_and_leads_somewhere() {
        for section in &SECTIONS {
            let words = section.text.split_whitespace().count();
            assert!((40..=70).contains(&words), "{}: {words} words", section.title);
            assert!(leads_somewhere(section.link.href), "{} leads to {}", section.title, section.link.href);
            assert!(ARTICLES.iter().any(|article| article.picture == section.picture), "{}", section.picture);
        }
        let of_each = |part: fn(&Section) -> &'static str| SECTIONS.iter().map(part).collect::<HashSet<_>>().len();
        assert_eq!([of_each(|s| s.title), of_each(|s| s.text), of_each(|s| s.link.title), of_each(|s| s.link.href), of_each(|s| s.picture)], [2; 5]);
    }
}
