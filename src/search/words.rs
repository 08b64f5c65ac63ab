//! What a visitor typed, as the text search of Postgres takes it.

/// Characters of a query that are looked at.
const LONGEST: usize = 100;

/// A query taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Typed {
    pub all: String,
    /// All but the last word, which may still be growing.
    pub head: String,
    /// The last word as far as it is typed; empty where there is none that could grow.
    pub prefix: String,
}

impl Typed {
    pub fn read(text: &str) -> Self {
        let clean: String = text.chars().filter(|c| !c.is_control()).take(LONGEST).collect();
        let all = clean.split_whitespace().collect::<Vec<_>>().join(" ");
        let start = all.char_indices().rev().take_while(|(_, c)| c.is_alphanumeric()).last().map(|(at, _)| at);
        let (head, last) = start.map_or((all.as_str(), ""), |at| all.split_at(at));
        // One Latin letter begins far too many words.
        let begins = last.chars().count() > 1 || !last.is_ascii();
        let prefix = if begins { last.to_owned() } else { String::new() };
        let head = head.trim().to_owned();
        Self { head, prefix, all }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_word_may_still_be_growing() {
        let typed = |text| {
            let typed = Typed::read(text);
            (typed.head, typed.prefix)
        };
        assert_eq!(typed("blue  te"), ("blue".into(), "te".into()));
        assert_eq!(typed("tea"), (String::new(), "tea".into()));
        assert_eq!(typed("\"blue tea\""), ("\"blue tea\"".into(), String::new()));
        assert_eq!(typed("it's"), ("it'".into(), String::new()));
        assert_eq!(typed("  "), (String::new(), String::new()));
    }
}
