//! What goes well with what, chosen by hand.

/// Handles of a good and of what is shown beside it, in order.
pub const COMPANIONS: [(&str, &[&str]); 8] = [
    ("tide-mug", &["harbour-teapot", "milk-jug", "table-napkins", "ash-spoon"]),
    ("harbour-teapot", &["tide-cup", "milk-jug", "kitchen-cloth"]),
    ("slip-plate", &["soup-plate", "serving-bowl", "table-runner", "quay-carafe"]),
    ("bread-board", &["butter-dish", "salt-cellar", "kitchen-cloth", "egg-cup"]),
    ("harbour-lamp", &["net-pendant", "peg-rail"]),
    ("pier-candlestick", &["workshop-candle", "tea-light-bowl", "tall-vase"]),
    ("bud-vase", &["tall-vase", "turf-tray", "table-runner"]),
    ("quay-bench", &["peg-rail", "net-stool", "harbour-lamp"]),
];

#[cfg(test)]
mod tests {
    use super::COMPANIONS;
    use crate::demo::goods::all;

    #[test]
    fn every_companion_is_a_good() {
        let is_good = |handle: &str| all().any(|good| good.handle == handle);
        for (handle, companions) in COMPANIONS {
            assert!(is_good(handle) && companions.iter().all(|companion| is_good(companion)), "{handle}");
        }
    }
}
