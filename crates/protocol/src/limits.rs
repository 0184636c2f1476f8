//! Limits that every client language shares, so that no transport is a way around them.

/// Longest text of one command, in characters (Evennia's `MAX_CHAR_LIMIT`).
pub const MAX_CHAR_LIMIT: usize = 6000;

/// What a player is told whose command was longer (Evennia's `MAX_CHAR_LIMIT_WARNING`).
pub const MAX_CHAR_LIMIT_WARNING: &str =
    "You entered a string that was too long. Please break it up into multiple parts.";
