//! SQL of the pages.

pub(super) mod write;

use sqlx::PgExecutor;
use sqlx::types::Json;

use super::page::Page;
use crate::base::{Handle, Instant, Language, PageId};

/// The links of the footer (title, path inside the pair), in their order.
pub async fn footer(db: impl PgExecutor<'_>, language: Language) -> sqlx::Result<Vec<(String, String)>> {
    sqlx::query_as(
        "SELECT title, '/pages/' || handle FROM pages WHERE language = $1 AND blog = '' AND in_footer AND NOT is_draft ORDER BY position, title",
    )
    .bind(language)
    .fetch_all(db)
    .await
}

macro_rules! shown {
    ($rest:literal) => {
        concat!(
            "SELECT p.id, p.language, p.handle, p.title, p.body_html, p.updated_at, p.summary, p.shown_from,
                    ARRAY(SELECT o.language FROM pages o WHERE o.blog = p.blog AND o.handle = p.handle AND NOT o.is_draft) AS languages,
                    (SELECT jsonb_build_object('id', m.id, 'hash', m.hash, 'width', m.width, 'height', m.height, 'widths', m.widths,
                                               'formats', m.formats, 'alt', m.alt)
                       FROM media m WHERE m.id = p.media_id AND m.state = 'ready') AS picture
               FROM pages p ",
            $rest
        )
    };
}

/// The page (`blog` is empty) or article with this handle, in English where the language has none.
pub async fn by_handle(db: impl PgExecutor<'_>, language: Language, blog: &str, handle: &Handle, as_of: Instant) -> sqlx::Result<Option<Page>> {
    sqlx::query_as(shown!(
        "WHERE p.blog = $4 AND p.handle = $2 AND p.language IN ($1, $3) AND NOT p.is_draft AND (p.shown_from IS NULL OR p.shown_from <= $5)
         ORDER BY p.language = $1 DESC
         LIMIT 1"
    ))
    .bind(language)
    .bind(handle)
    .bind(Language::english())
    .bind(blog)
    .bind(as_of)
    .fetch_optional(db)
    .await
}

/// The newest articles of a blog that are shown at `as_of`.
pub async fn articles(
    db: impl PgExecutor<'_>,
    language: Language,
    blog: &str,
    as_of: Instant,
    (limit, offset): (i64, i64),
) -> sqlx::Result<Vec<Page>> {
    sqlx::query_as(shown!(
        "WHERE p.blog = $2 AND p.language = $1 AND NOT p.is_draft AND p.shown_from <= $3
         ORDER BY p.shown_from DESC, p.id
         LIMIT $4 OFFSET $5"
    ))
    .bind(language)
    .bind(blog)
    .bind(as_of)
    .bind(limit)
    .bind(offset)
    .fetch_all(db)
    .await
}

/// A page or article that some words were found in.
#[derive(Debug, Clone, serde::Deserialize)]
pub struct Found {
    pub id: PageId,
    pub title: String,
    pub summary: String,
    /// Inside the pair.
    pub path: String,
}

/// Pages and articles in which all of some words stand, the best first, and when the next article begins to be shown.
pub async fn matching(
    db: impl PgExecutor<'_>,
    language: Language,
    words: &str,
    as_of: Instant,
    limit: i64,
) -> sqlx::Result<(Vec<Found>, Option<Instant>)> {
    let (found, next): (Json<Vec<Found>>, Option<Instant>) = sqlx::query_as(
        "WITH asked AS (SELECT websearch_to_tsquery(words_configuration($1), $2) || websearch_to_tsquery('simple', folded($2)) AS query),
         told AS (
             SELECT id, title, summary, CASE WHEN blog = '' THEN '/pages/' ELSE '/blogs/' || blog || '/' END || handle AS path, words
               FROM pages
              WHERE language = $1 AND NOT is_draft AND (shown_from IS NULL OR shown_from <= $3)),
         found AS (
             SELECT told.*, ts_rank(words, query) AS rank FROM told, asked WHERE words @@ query ORDER BY rank DESC, title, id LIMIT $4)
         SELECT (SELECT coalesce(json_agg(json_build_object('id', id, 'title', title, 'summary', summary, 'path', path) ORDER BY rank DESC, title, id), '[]')
                   FROM found),
                (SELECT min(shown_from) FROM pages WHERE language = $1 AND NOT is_draft AND shown_from > $3)",
    )
    .bind(language)
    .bind(words)
    .bind(as_of)
    .bind(limit)
    .fetch_one(db)
    .await?;
    Ok((found.0, next))
}

/// When the next article of a blog begins to be shown.
pub async fn next_article(db: impl PgExecutor<'_>, blog: &str, as_of: Instant) -> sqlx::Result<Option<Instant>> {
    sqlx::query_scalar("SELECT min(shown_from) FROM pages WHERE blog = $1 AND NOT is_draft AND shown_from > $2")
        .bind(blog)
        .bind(as_of)
        .fetch_one(db)
        .await
}

/// A page as staff edit it.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Written {
    pub id: PageId,
    pub language: Language,
    pub handle: Handle,
    pub title: String,
    pub body: String,
    pub in_footer: bool,
    pub position: i32,
    pub version: i32,
    pub updated_at: Instant,
    pub blog: String,
    pub summary: String,
    pub shown_from: Option<Instant>,
    pub is_draft: bool,
    /// Address of its picture.
    pub picture: Option<String>,
}

/// All pages, in the order of the footer.
pub async fn all(db: impl PgExecutor<'_>) -> sqlx::Result<Vec<Written>> {
    sqlx::query_as(
        "SELECT id, language, handle, title, body, in_footer, position, version, updated_at, blog, summary, shown_from, is_draft,
                (SELECT '/media/' || m.hash || '/' || m.widths[1] || '.jpg' FROM media m WHERE m.id = media_id AND m.state = 'ready') AS picture
           FROM pages
          ORDER BY blog, shown_from DESC, language, position, title",
    )
    .fetch_all(db)
    .await
}

/// The blogs that there are, and the one that every shop may have.
pub async fn blogs(db: impl PgExecutor<'_>) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar("SELECT blog FROM (SELECT blog FROM pages WHERE blog <> '' UNION SELECT 'journal') b (blog) ORDER BY blog").fetch_all(db).await
}

/// Pages and articles whose title contains `part`: id, title, and the blog, if it is an article.
pub async fn named(db: impl PgExecutor<'_>, part: &str, limit: i64) -> sqlx::Result<Vec<(PageId, String, String)>> {
    let escaped = part.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    sqlx::query_as("SELECT id, title, blog FROM pages WHERE folded(title) LIKE folded($1) ORDER BY updated_at DESC, id LIMIT $2")
        .bind(format!("%{escaped}%"))
        .bind(limit)
        .fetch_all(db)
        .await
}

pub async fn find(db: impl PgExecutor<'_>, id: PageId) -> sqlx::Result<Option<Written>> {
    sqlx::query_as(
        "SELECT id, language, handle, title, body, in_footer, position, version, updated_at, blog, summary, shown_from, is_draft,
                (SELECT '/media/' || m.hash || '/' || m.widths[1] || '.jpg' FROM media m WHERE m.id = media_id AND m.state = 'ready') AS picture
           FROM pages WHERE id = $1",
    )
    .bind(id)
    .fetch_optional(db)
    .await
}
