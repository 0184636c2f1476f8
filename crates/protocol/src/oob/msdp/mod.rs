//! MSDP, the MUD Server Data Protocol: variables whose values are texts, arrays and tables.
//!
//! | file | what it does |
//! |---|---|
//! | `parse` | a client's message to tuples |
//! | `write` | tuples to messages |
//! | `variables` | the same variables as JSON; those that a client sets about itself |

mod parse;
mod variables;
mod write;

pub use self::{
    parse::{DEPTH_LIMIT, Malformed, VARIABLES_LIMIT, decode},
    variables::{configure, from_json},
    write::{TooLong, encode},
};

/// Before the name of a variable.
const VAR: u8 = 1;
/// Before a value.
const VAL: u8 = 2;
/// Before a table: variables and their values.
const TABLE_OPEN: u8 = 3;
/// After it.
const TABLE_CLOSE: u8 = 4;
/// Before an array: values.
const ARRAY_OPEN: u8 = 5;
/// After it.
const ARRAY_CLOSE: u8 = 6;
