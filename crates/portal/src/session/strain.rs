//! How well a session's connection keeps up: what staff sorts sessions by, and whether its player has to wait.

use std::cmp::Reverse;

use meadow_link::{SessionId, Time};
use serde_json::Value;

use super::PortalSession;

/// An answer that takes so long is felt with every line, in milliseconds.
const SLOW: u64 = 1_000;
/// So many lines that wait to be done are more than somebody types ahead.
const MANY_LINES: usize = 20;
/// So many bytes that wait to be sent are more than a network holds up for a moment.
const MANY_BYTES: usize = 64 * 1024;

/// What a session's connection has to carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Load {
    pub(crate) id: SessionId,
    /// In milliseconds, where it is known.
    pub(crate) latency: Option<u64>,
    /// Lines.
    pub(crate) input_waiting: usize,
    /// Bytes.
    pub(crate) output_waiting: usize,
    /// Bytes, in both directions.
    pub(crate) traffic: u64,
}

impl PortalSession {
    /// What it is now.
    pub(crate) fn load(&self, now: Time) -> Load {
        Load {
            id: self.sync.id,
            latency: self.negotiated(now).get("latency").and_then(Value::as_str).and_then(milliseconds),
            input_waiting: self.inputs.len(),
            output_waiting: self.out.len(),
            traffic: self.traffic.received.saturating_add(self.traffic.sent),
        }
    }
}

impl Load {
    /// Why the player has to wait: `latency`, `input`, `output`.
    pub(crate) fn strain(&self) -> Vec<&'static str> {
        let felt = [
            (self.latency >= Some(SLOW), "latency"),
            (self.input_waiting >= MANY_LINES, "input"),
            (self.output_waiting >= MANY_BYTES, "output"),
        ];
        felt.into_iter().filter_map(|(is_felt, name)| is_felt.then_some(name)).collect()
    }

    /// Those that have to wait most come first: by bytes that can't be sent, then by lines.
    pub(crate) fn by_queue(&self) -> Reverse<(usize, usize)> {
        Reverse((self.output_waiting, self.input_waiting))
    }
}

/// `57 ms`
fn milliseconds(shown: &str) -> Option<u64> {
    shown.strip_suffix("ms")?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_has_to_wait_is_strained() {
        let easy = Load {
            id: SessionId(1),
            latency: Some(SLOW - 1),
            input_waiting: MANY_LINES - 1,
            output_waiting: MANY_BYTES - 1,
            traffic: u64::MAX,
        };
        assert!(easy.strain().is_empty());
        assert!(Load { latency: None, ..easy }.strain().is_empty());
        let hard =
            Load { latency: Some(SLOW), input_waiting: MANY_LINES, output_waiting: MANY_BYTES, ..easy };
        assert_eq!(hard.strain(), ["latency", "input", "output"]);
        assert!(hard.by_queue() < easy.by_queue());
        assert_eq!((milliseconds("57 ms"), milliseconds("long")), (Some(57), None));
    }
}
