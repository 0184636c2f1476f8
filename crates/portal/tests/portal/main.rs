//! The Portal as a whole, with a real Server process behind it and real clients in front.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on says where")]

mod common;
mod game;
mod web;

/// Not a test of anything: what the Portal starts as its Server.
#[test]
fn server_process() {
    common::server_process();
}
