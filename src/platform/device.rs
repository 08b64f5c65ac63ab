//! What a browser says it is, in words that its owner recognises.

/// Browser and system, as far as the browser says; `("", "")` where it says nothing known.
pub fn device(user_agent: &str) -> (&'static str, &'static str) {
    let named = |names: &[(&str, &'static str)]| names.iter().find(|(mark, _)| user_agent.contains(mark)).map_or("", |(_, name)| *name);
    // Browsers name each other: the more special mark stands first.
    let browser = named(&[("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari")]);
    let system = named(&[
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("CrOS", "ChromeOS"),
        ("Linux", "Linux"),
    ]);
    (browser, system)
}
