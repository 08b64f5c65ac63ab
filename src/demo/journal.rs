//! The workshop's journal, as plain values: the articles of the blog `journal`.

use sqlx::PgConnection;

use super::photos;
use crate::app::App;
use crate::base::{Handle, Instant, Language};
use crate::catalog;
use crate::content;
use crate::content::PageEdit;
use crate::web::markdown;

/// An article, dated back from the opening of the shop.
#[derive(Debug)]
pub struct Article {
    pub handle: &'static str,
    pub title: &'static str,
    /// For lists and for search engines.
    pub summary: &'static str,
    pub days_before_opening: i64,
    /// Name of the file of its picture, without the ending.
    pub picture: &'static str,
    /// Markdown.
    pub text: &'static str,
}

/// All articles, the newest in front.
pub const ARTICLES: [Article; 5] = [
    Article {
        handle: "firing-day",
        title: "Firing day",
        summary: "Three days from the first flame to the first warm mug: how the kiln is loaded, what happens at 950 °C, and why nobody opens the door.",
        days_before_opening: 4,
        picture: "scene-journal-firing",
        text: include_str!("data/journal/firing-day.md"),
    },
    Article {
        handle: "the-ice-house-gets-a-furnace",
        title: "The ice house gets a furnace",
        summary: "A building made to keep ice through the summer now holds sixty kilos of melted glass. What had to be changed, and what was left.",
        days_before_opening: 19,
        picture: "scene-journal-furnace",
        text: include_str!("data/journal/the-ice-house-gets-a-furnace.md"),
    },
    Article {
        handle: "looking-after-an-oiled-board",
        title: "Looking after an oiled board",
        summary: "How to wash, oil and sand a board or a spoon, which oils to use, and what to do when the wood has bent or split.",
        days_before_opening: 41,
        picture: "scene-journal-board",
        text: include_str!("data/journal/looking-after-an-oiled-board.md"),
    },
    Article {
        handle: "why-the-lip-is-thin",
        title: "Why the lip is thin",
        summary: "Six millimetres at the foot, two at the rim. What the wall of a tide mug does for the tea, and how it is made on the wheel.",
        days_before_opening: 68,
        picture: "scene-journal-lip",
        text: include_str!("data/journal/why-the-lip-is-thin.md"),
    },
    Article {
        handle: "flax-from-field-to-loom",
        title: "Flax, from field to loom",
        summary: "A hundred days in a field by the sea, some weeks in the dew, a comb, a wet spindle and a loft that must not get too dry.",
        days_before_opening: 103,
        picture: "scene-journal-flax",
        text: include_str!("data/journal/flax-from-field-to-loom.md"),
    },
];

/// Writes them all into the blog `journal`.
pub async fn write(app: &App, db: &mut PgConnection, at: Instant) -> anyhow::Result<()> {
    for article in &ARTICLES {
        let edit = PageEdit {
            handle: Handle::of_title(article.handle, article.handle),
            title: article.title.to_owned(),
            body: article.text.to_owned(),
            body_html: markdown::render(article.text),
            is_in_footer: false,
            position: 0,
            blog: "journal".into(),
            summary: article.summary.to_owned(),
            shown_from: Some(at.plus_days(-article.days_before_opening)),
            is_draft: false,
        };
        let id = content::create(&mut *db, Language::english(), &edit, at).await?;
        if let Some(photo) = photos::named(article.picture) {
            let media = catalog::originals::adopt(&app.blobs, &mut *db, None, &photo.alt, photo.bytes, at).await?;
            content::set_picture(&mut *db, id, media).await?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::super::goods;
    use super::*;
    use crate::base::Handle;
    use crate::web::markdown;

    #[test]
    fn every_article_is_whole() {
        for article in &ARTICLES {
            assert_eq!(Handle::of_title(article.title, "").as_str(), article.handle);
            assert!((70..=160).contains(&article.summary.chars().count()), "{}: {}", article.handle, article.summary.chars().count());
            let words = article.text.split_whitespace().count();
            assert!((350..=600).contains(&words), "{}: {words} words", article.handle);
            // The page's own heading is the title.
            let html = markdown::render(article.text);
            assert!(html.contains("<h2>") && !article.text.lines().any(|line| line.starts_with("# ")), "{}", article.handle);
            let picture = article.picture.strip_prefix("scene-journal-").unwrap_or_default();
            assert!(["firing", "lip", "flax", "furnace", "board"].contains(&picture), "{}", article.picture);
        }
        let of_each = |part: fn(&Article) -> &'static str| ARTICLES.iter().map(part).collect::<HashSet<_>>().len();
        assert_eq!([of_each(|a| a.handle), of_each(|a| a.title), of_each(|a| a.summary), of_each(|a| a.picture), of_each(|a| a.text)], [5; 5]);
        assert!(ARTICLES.is_sorted_by(|newer, older| 0 < newer.days_before_opening && newer.days_before_opening < older.days_before_opening));
    }

    #[test]
    fn articles_link_to_goods_that_exist() {
        for article in &ARTICLES {
            let links: Vec<&str> = article.text.split("](").skip(1).filter_map(|rest| rest.split(')').next()).collect();
            assert!(!links.is_empty(), "{}", article.handle);
            for link in links {
                let handle = link.strip_prefix("/products/").unwrap_or_default();
                assert!(goods::all().any(|good| good.handle == handle), "{} links to {link}", article.handle);
            }
        }
    }
}
