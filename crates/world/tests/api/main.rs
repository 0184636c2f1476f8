//! The server API: what is called by name, who may, and what signing in leaves behind.

#![allow(clippy::unwrap_used, reason = "a story that cannot be told is a failed test")]

mod channels;
mod connected;
mod edit;
mod game;
mod openapi;
mod own;
mod refused;
mod sessions;
mod sign_in;
mod sign_up;
mod staff;
mod table;
