//! Inputs: soups of tokens that a reader looks for, and sound files with a few damages.

use proptest::prelude::*;
use proptest::sample::{Index, select};

/// One damage to a file.
#[derive(Debug, Clone)]
enum Damage {
    /// One bit is turned.
    Turned(Index, u8),
    /// A byte is another one; what lengths and marks are made of comes often.
    Replaced(Index, u8),
    /// The file ends here.
    Cut(Index),
    /// Some bytes are gone.
    Lost(Index, usize),
    /// Some bytes stand there again, so many times.
    Repeated(Index, usize, usize),
    /// Something that readers look for stands in between.
    Inserted(Index, Vec<u8>),
}

impl Damage {
    fn done(self, bytes: &mut Vec<u8>) {
        if bytes.is_empty() {
            return;
        }
        match self {
            Self::Turned(at, bit) => {
                let at = at.index(bytes.len());
                bytes[at] ^= 1 << (bit % 8);
            }
            Self::Replaced(at, by) => {
                let at = at.index(bytes.len());
                bytes[at] = by;
            }
            Self::Cut(at) => bytes.truncate(at.index(bytes.len())),
            Self::Lost(at, many) => {
                let from = at.index(bytes.len());
                drop(bytes.drain(from..(from + many).min(bytes.len())));
            }
            Self::Repeated(at, many, times) => {
                let from = at.index(bytes.len());
                let again = bytes[from..(from + many).min(bytes.len())].repeat(times);
                drop(bytes.splice(from..from, again));
            }
            Self::Inserted(at, what) => {
                let from = at.index(bytes.len());
                drop(bytes.splice(from..from, what));
            }
        }
    }
}

fn damage(tokens: &'static [&'static [u8]]) -> impl Strategy<Value = Damage> {
    let at = any::<Index>;
    let byte = prop_oneof![any::<u8>(), select(vec![0, 1, 0x7f, 0x80, 0xff])];
    prop_oneof![
        3 => (at(), any::<u8>()).prop_map(|(at, bit)| Damage::Turned(at, bit)),
        3 => (at(), byte).prop_map(|(at, by)| Damage::Replaced(at, by)),
        1 => at().prop_map(Damage::Cut),
        1 => (at(), 1..64_usize).prop_map(|(at, many)| Damage::Lost(at, many)),
        1 => (at(), 1..64_usize, 1..200_usize).prop_map(|(at, many, times)| Damage::Repeated(at, many, times)),
        3 => (at(), select(tokens)).prop_map(|(at, token)| Damage::Inserted(at, token.to_vec())),
    ]
}

/// One of the sound files with up to eight damages.
pub fn damaged(sound: Vec<Vec<u8>>, tokens: &'static [&'static [u8]]) -> impl Strategy<Value = Vec<u8>> {
    (select(sound), prop::collection::vec(damage(tokens), 0..8)).prop_map(|(mut bytes, damages)| {
        damages.into_iter().for_each(|damage| damage.done(&mut bytes));
        bytes
    })
}

/// Tokens one after the other, with any text in between.
pub fn soup(tokens: &'static [&'static str], most: usize) -> impl Strategy<Value = String> {
    let piece = prop_oneof![6 => select(tokens).prop_map(str::to_owned), 1 => ".{0,6}", 1 => "\\PC{0,6}"];
    prop::collection::vec(piece, 0..most).prop_map(|pieces| pieces.concat())
}
