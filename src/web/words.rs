//! The shop's words: Fluent files in `templates/kit/words/<language>/<room>.ftl`, compiled in.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};

use crate::base::Language;

#[derive(rust_embed::RustEmbed)]
#[folder = "templates/kit/words/"]
struct Files;

type Bundle = FluentBundle<FluentResource>;

static BUNDLES: LazyLock<BTreeMap<String, Bundle>> = LazyLock::new(|| {
    let mut bundles: BTreeMap<String, Bundle> = BTreeMap::new();
    for path in Files::iter() {
        let Some((language, _)) = path.split_once('/') else { continue };
        let file = Files::get(&path).expect("an embedded file that is listed exists");
        let text = String::from_utf8(file.data.into_owned()).expect("word files are UTF-8");
        let resource = FluentResource::try_new(text).unwrap_or_else(|(_, errors)| panic!("{path}: {errors:?}"));
        let bundle = bundles.entry(language.to_owned()).or_insert_with(|| {
            let mut bundle = FluentBundle::new_concurrent(vec![language.parse().expect("a folder of words is named by its language")]);
            bundle.set_use_isolating(false);
            bundle
        });
        if let Err(errors) = bundle.add_resource(resource) {
            panic!("{path}: {errors:?}");
        }
    }
    bundles
});

/// The sentence of `key` in `language`, else in English, else the key itself (a test keeps that from happening).
pub fn text(language: Language, key: &str, args: &[(&'static str, FluentValue<'_>)]) -> String {
    let mut named = FluentArgs::new();
    for (name, value) in args {
        named.set(*name, value.clone());
    }
    [language.tag(), language.tag().split('-').next().unwrap_or("en"), "en"]
        .iter()
        .find_map(|tag| format(BUNDLES.get(*tag)?, key, &named))
        .unwrap_or_else(|| key.to_owned())
}

fn format(bundle: &Bundle, key: &str, args: &FluentArgs<'_>) -> Option<String> {
    let pattern = bundle.get_message(key)?.value()?;
    let mut errors = Vec::new();
    let text: Cow<'_, str> = bundle.format_pattern(pattern, Some(args), &mut errors);
    if !errors.is_empty() {
        tracing::warn!(key, ?errors, "a sentence lacks its arguments");
    }
    Some(text.into_owned())
}

/// Does the key exist in this very language?
pub fn has(language: &str, key: &str) -> bool {
    BUNDLES.get(language).is_some_and(|bundle| bundle.has_message(key))
}

/// The languages that there are words for.
pub fn languages() -> Vec<String> {
    BUNDLES.keys().cloned().collect()
}
