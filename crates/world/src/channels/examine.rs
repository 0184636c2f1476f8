//! Channels as staff read them: for `@examine/channel`.

use super::{Channel, Subscriber};
use crate::{World, locks, records, text};

/// Most names in one line; how many more there are is said.
const NAMES: usize = 100;
/// Most characters of the value of an attribute.
const LONGEST: usize = 400;

impl World {
    /// What there is to know of a channel: labels, and values as markup.
    pub(super) fn channel_sheet(&self, channel: &Channel) -> Vec<(String, String)> {
        let known = self.game.channel_typeclass(&channel.typeclass).is_some();
        let unknown = if known { "" } else { " (unknown: it is as any other)" };
        let broken = if locks::check(&channel.locks).is_err() { " (can't be read)" } else { "" };
        let creator = channel.creator.map(|creator| self.subscriber_name(creator.into()));
        let muted = channel.subscriptions.iter().filter(|subscription| subscription.muted).count();
        let muted = if muted > 0 { format!(", {muted} of them muted") } else { String::new() };
        let subscribers = match channel.subscriptions.len() {
            0 => "none".to_owned(),
            count => format!("{count}{muted}: {}", self.names(channel.subscribers())),
        };
        let lines = [
            ("Name", channel.key.to_string()),
            ("Aliases", channel.aliases.join(", ")),
            ("Typeclass", format!("{}{unknown}", channel.typeclass)),
            ("Created", text::timestamp(channel.created)),
            ("Made by", creator.unwrap_or_else(|| "the game".to_owned())),
            ("Locks", format!("{}{broken}", channel.locks)),
            ("Subscribers", subscribers),
            ("Kept out", self.names(channel.bans.iter().copied())),
        ];
        let lines = lines.into_iter().filter(|(_, value)| !value.is_empty());
        let mut sheet: Vec<(String, String)> =
            lines.map(|(label, value)| (label.to_owned(), text::escape(&value).into_owned())).collect();
        if !channel.desc.is_empty() {
            sheet.insert(1, ("Description".to_owned(), format!("{}|n", channel.desc)));
        }
        sheet.extend(records::attributes_shown(&channel.db, LONGEST));
        sheet
    }

    fn names(&self, who: impl Iterator<Item = Subscriber>) -> String {
        let mut names: Vec<String> = who.map(|who| self.subscriber_name(who)).collect();
        names.sort();
        let more = names.len().saturating_sub(NAMES);
        names.truncate(NAMES);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        format!("{}{more}", names.join(", "))
    }
}
