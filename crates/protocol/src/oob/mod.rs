//! Out-of-band data: what a client and the game tell each other beside the text. Telnet and the web formats
//! hand it messages, and send what it makes of tuples.
//!
//! Two languages carry it. GMCP names packages and has JSON bodies; MSDP has variables with nested values
//! of its own. The game speaks neither: it sends tuples (`char_vitals`), and each client hears them in
//! the language that it agreed to. Where a client agreed to both, it hears GMCP only.

pub mod gmcp;
pub mod msdp;

mod settings;
pub use settings::{Discord, OobSettings, Preference, TextCommands};

/// Longest message that is taken from a client, in bytes.
pub const MESSAGE_LIMIT: usize = 64 * 1024;

/// Longest message that is sent to a client, in bytes. Clients exist that stop at 16 KiB, so a game should stay
/// far below.
pub const OUTPUT_LIMIT: usize = 256 * 1024;

/// Longest name of a package or variable of a client, in bytes.
pub const NAME_LIMIT: usize = 512;
