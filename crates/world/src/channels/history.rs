//! What was said on a channel: the last lines, each a record of its own, so that one more costs as much as one line.

use meadow_link::Time;
use serde::{Deserialize, Serialize};

use super::{CHANNEL_HISTORY, ChannelId};
use crate::{Record, World, text};

/// Number of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChannelLineId(u64);

impl From<u64> for ChannelLineId {
    fn from(id: u64) -> ChannelLineId {
        ChannelLineId(id)
    }
}

impl From<ChannelLineId> for u64 {
    fn from(id: ChannelLineId) -> u64 {
        id.0
    }
}

/// One line that was said on a channel.
///
/// ```
/// # use meadow_world::{ChannelId, World, text};
/// fn last_lines(world: &World, channel: ChannelId) -> String {
///     let lines = world.channel_history(channel).rev().take(10);
///     let mut lines: Vec<String> =
///         lines.map(|line| format!("{}  {}", text::timestamp(line.at), line.shown)).collect();
///     lines.reverse();
///     lines.join("\n")
/// }
/// ```
#[derive(Debug, Serialize, Deserialize)]
pub struct ChannelLine {
    channel: ChannelId,
    /// When.
    pub at: Time,
    /// What all saw of it: markup.
    pub shown: String,
}

impl Record for ChannelLine {
    type Id = ChannelLineId;
    const KIND: &'static str = "channel_line";
    const PRIVATE: bool = true;

    fn key(&self) -> &str {
        ""
    }

    /// What was said is for those that the channel's locks let listen: `@channel/history` shows it.
    fn examine(&self, world: &World) -> Vec<(String, String)> {
        let channel = world.channel(self.channel).map(|channel| text::escape(channel.key()).into_owned());
        vec![
            ("channel".to_owned(), channel.unwrap_or_default()),
            ("said".to_owned(), format!("{} characters", text::plain(&self.shown).chars().count())),
        ]
    }
}

/// What was said on channels.
impl World {
    /// What was said on a channel, oldest first; the last [`CHANNEL_HISTORY`] lines.
    pub fn channel_history(&self, id: ChannelId) -> impl DoubleEndedIterator<Item = &ChannelLine> {
        let lines = self.channels.lines.get(&id);
        lines.into_iter().flatten().filter_map(|line| self.record::<ChannelLine>(*line))
    }

    /// Keeps a line, and forgets the oldest where there is no room for more.
    pub(super) fn note_line(&mut self, channel: ChannelId, shown: &str) {
        let at = self.now;
        let id = self.add_record(ChannelLine { channel, at, shown: shown.to_owned() });
        let lines = self.channels.lines.entry(channel).or_default();
        lines.push_back(id);
        let oldest = if lines.len() > CHANNEL_HISTORY { lines.pop_front() } else { None };
        if let Some(oldest) = oldest {
            self.remove_record::<ChannelLine>(oldest);
        }
    }

    pub(super) fn forget_history(&mut self, channel: ChannelId) {
        for line in self.channels.lines.remove(&channel).unwrap_or_default() {
            self.remove_record::<ChannelLine>(line);
        }
    }

    pub(super) fn index_history(&mut self) {
        let lines: Vec<(ChannelLineId, ChannelId)> =
            self.records::<ChannelLine>().map(|(id, line)| (id, line.channel)).collect();
        for (line, channel) in lines {
            self.channels.lines.entry(channel).or_default().push_back(line);
        }
    }
}
