//! The pages of the demo shop: what a shop in the European Union has to say, and who is behind it.

use sqlx::PgConnection;

use crate::base::{Handle, Instant, Language};
use crate::content;
use crate::content::PageEdit;
use crate::web::markdown;

/// Handle, title and text, in the footer's order.
const PAGES: [(&str, &str, &str); 7] = [
    ("about", "About the workshop", include_str!("data/about.md")),
    ("shipping", "Shipping", include_str!("data/shipping.md")),
    ("returns", "Returns and withdrawal", include_str!("data/returns.md")),
    ("terms", "Terms of sale", include_str!("data/terms.md")),
    ("privacy", "Privacy", include_str!("data/privacy.md")),
    ("imprint", "Imprint", include_str!("data/imprint.md")),
    ("accessibility", "Accessibility", include_str!("data/accessibility.md")),
];

pub async fn write(db: &mut PgConnection, at: Instant) -> anyhow::Result<()> {
    for (position, (handle, title, body)) in (1..).zip(PAGES) {
        let edit = PageEdit {
            handle: Handle::of_title(handle, handle),
            title: title.to_owned(),
            body: body.to_owned(),
            body_html: markdown::render(body),
            is_in_footer: true,
            position,
            blog: String::new(),
            summary: String::new(),
            shown_from: None,
            is_draft: false,
        };
        content::create(&mut *db, Language::english(), &edit, at).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_has_text_that_survives_cleaning() {
        for (handle, _, body) in PAGES {
            let html = markdown::render(body);
            assert!(html.len() > 400 && !html.contains("<h1") && !html.contains("<h3"), "{handle}: {html}");
        }
    }
}
