//! Placeholder until the markup module stands.
use crate::Depth;
pub fn to_ansi(source: &str, _depth: Depth, out: &mut String) { out.push_str(source) }
pub fn to_screenreader(source: &str, out: &mut String) { out.push_str(source) }
pub fn to_html(source: &str, _nocolor: bool, out: &mut String) { out.push_str(source) }
