//! Promises of this room.
