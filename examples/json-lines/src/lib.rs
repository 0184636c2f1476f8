//! An example: a game that speaks a client language of its own, JSON lines over TCP, and runs services of its own.
//! `docs/adding-a-protocol.md` builds it from nothing. It knows no crate of Meadow's but `meadow`.
//!
//! | file | what |
//! |---|---|
//! | `protocol.rs` | the client language: bytes to commandtuples and back |
//! | `services.rs` | what listens nowhere: an outgoing connection in the Portal, a clock in the Server |
//! | `world.rs` | the game, with an inputfunc for the language |
//! | `main.rs` | where all of that is registered |

pub mod protocol;
pub mod services;
pub mod world;
