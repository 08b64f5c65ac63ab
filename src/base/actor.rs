//! Who did it: the author of a ledger row, an event or an audit entry.

use super::ids::{CustomerId, StaffId};
use super::money::text_column;

/// The author of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Actor {
    /// The shop itself: timetables, sweepers, imports from the command line.
    System,
    /// A visitor without an account.
    Guest,
    Customer(CustomerId),
    Staff(StaffId),
    /// A payment provider telling us by webhook or answer.
    Provider,
}

impl std::fmt::Display for Actor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::System => f.write_str("system"),
            Self::Guest => f.write_str("guest"),
            Self::Customer(id) => write!(f, "customer:{id}"),
            Self::Staff(id) => write!(f, "staff:{id}"),
            Self::Provider => f.write_str("provider"),
        }
    }
}

impl Actor {
    pub fn parse(text: &str) -> Option<Self> {
        Some(match text.split_once(':') {
            None if text == "system" => Self::System,
            None if text == "guest" => Self::Guest,
            None if text == "provider" => Self::Provider,
            Some(("customer", id)) => Self::Customer(id.parse().ok()?),
            Some(("staff", id)) => Self::Staff(id.parse().ok()?),
            _ => return None,
        })
    }
}

/// Stored as text: `system`, `staff:<id>` …
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActorText(String);

impl From<Actor> for ActorText {
    fn from(actor: Actor) -> Self {
        Self(actor.to_string())
    }
}

impl ActorText {
    pub fn actor(&self) -> Actor {
        Actor::parse(&self.0).unwrap_or(Actor::System)
    }
}

text_column!(ActorText, |text| Some(ActorText(text.to_owned())), |this| &this.0);
