//! Fuzz targets: one function for each reader of bytes that strangers send, which panics if something holds
//! no more that must hold whatever comes. `cargo xtask fuzz` runs them, `cargo test` tells them the corpus.
//!
//! # Adding one
//!
//! One module here with `pub fn run(data: &[u8])`, its row in [`TARGETS`], one `[[bin]]` in `Cargo.toml` with
//! its file in `fuzz_targets`, and a few files in `corpus/NAME` that are ordinary inputs. What once was
//! found goes there, too.

#![forbid(unsafe_code)]

pub mod ajax;
pub mod amp;
pub mod clean_input;
pub mod cmdparser;
pub mod deflate;
pub mod frames;
pub mod gmcp;
pub mod inflate;
pub mod locks;
pub mod markup;
pub mod msdp;
pub mod native;
pub mod pickle;
pub mod proxy_header;
pub mod resume;
pub mod ssh;
pub mod telnet;
pub mod telnet_out;
pub mod websocket;

mod page;
mod pieces;

/// A target: panics if something does not hold of these bytes.
pub type Target = fn(&[u8]);

/// Every target by its name.
pub const TARGETS: &[(&str, Target)] = &[
    ("ajax", ajax::run),
    ("amp", amp::run),
    ("clean_input", clean_input::run),
    ("cmdparser", cmdparser::run),
    ("deflate", deflate::run),
    ("frames", frames::run),
    ("gmcp", gmcp::run),
    ("inflate", inflate::run),
    ("locks", locks::run),
    ("markup", markup::run),
    ("msdp", msdp::run),
    ("native", native::run),
    ("pickle", pickle::run),
    ("proxy_header", proxy_header::run),
    ("resume", resume::run),
    ("ssh", ssh::run),
    ("telnet", telnet::run),
    ("telnet_out", telnet_out::run),
    ("websocket", websocket::run),
];
