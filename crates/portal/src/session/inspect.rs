//! What the Portal knows of one session, for `status --sessions` and for whoever asks in the game.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    time::Duration,
};

use meadow_link::{Flag, Kwargs, Time};
use serde_json::{Value, json};

use super::PortalSession;

/// Bytes that came from the client and went to it, in the form that they had on the wire.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Traffic {
    pub(super) received: u64,
    pub(super) sent: u64,
}

impl PortalSession {
    /// Everything, in the order in which it is shown. Spans are in seconds, sizes in bytes.
    pub(crate) fn inspect(&self, now: Time, service: &str) -> Kwargs {
        let (sync, flags) = (&self.sync, &self.sync.flags);
        let is_on = |(flag, name): &(Flag, &'static str)| flags.has(*flag).then_some(*name);
        let mut map = Kwargs::new();
        let mut say = |name: &str, value: Value| map.insert(name.to_owned(), value);
        say("id", json!(sync.id));
        say("account", json!(sync.uname));
        say("protocol", json!(sync.protocol_key));
        say("service", json!(service));
        say("address", json!(sync.address));
        say("connected", seconds(now, sync.conn_time));
        say("idle", seconds(now, self.heard));
        say("client", json!(flags.clientname));
        say("terminal", json!(flags.term));
        say("encoding", json!(flags.encoding));
        say("width", json!(flags.screenwidth));
        say("height", json!(flags.screenheight));
        say("flags", Flag::NAMES.iter().filter_map(is_on).collect());
        say("negotiated", self.negotiated(now).into());
        say("bytes_in", json!(self.traffic.received));
        say("bytes_out", json!(self.traffic.sent));
        say("input_waiting", json!(self.inputs.len()));
        say("output_waiting", json!(self.out.len()));
        map
    }

    /// What the protocol tells of itself, and the transport of its client. A protocol that panics over that has nothing to tell.
    pub(super) fn negotiated(&self, now: Time) -> Kwargs {
        if self.broken {
            return Kwargs::new();
        }
        let described = catch_unwind(AssertUnwindSafe(|| self.protocol.describe())).unwrap_or_default();
        let mut shown: Kwargs =
            described.into_iter().map(|(name, value)| (name, Value::from(value))).collect();
        if let Some(latency) = self.presence.latency {
            // What a client has averaged over many pings of its own is better.
            shown.entry("latency").or_insert_with(|| format!("{} ms", latency.as_millis()).into());
        }
        if let Some(away) = self.presence.away {
            shown.insert("away".to_owned(), format!("{} s", now.since(away).as_secs()).into());
        }
        shown
    }
}

fn seconds(now: Time, then: Time) -> Value {
    let span: Duration = now.since(then);
    json!(span.as_millis() as f64 / 1000.0)
}
