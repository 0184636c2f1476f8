//! Scripts as builders read them: for `@examine/script`, `@scripts` and what is told of an object that has some.

use crate::{Script, ScriptOwner, ScriptState, World, records, text, timing::seconds};

/// Most characters of the value of an attribute.
const LONGEST: usize = 400;

impl World {
    /// What there is to know of a script, apart from its name and number: labels, and values as markup.
    pub(crate) fn script_sheet(&self, script: &Script) -> Vec<(String, String)> {
        let interval = if script.interval.is_zero() { "-".to_owned() } else { seconds(script.interval) };
        let left = script.remaining_repeats().map_or("-".to_owned(), |left| left.to_string());
        let lines = [
            ("Typeclass", self.script_typeclass_shown(script)),
            ("Description", script.desc.to_string()),
            ("Owner", self.script_owner_shown(script.owner())),
            ("Interval", interval),
            ("Next repeat", self.next_repeat_shown(script)),
            ("Repeats left", left),
            ("Persistent", if script.persistent { "yes" } else { "no" }.to_owned()),
            ("Created", text::timestamp(script.created)),
        ];
        let lines = lines.into_iter().filter(|(_, value)| !value.is_empty());
        let mut sheet: Vec<(String, String)> =
            lines.map(|(label, value)| (label.to_owned(), text::escape(&value).into_owned())).collect();
        sheet.extend(records::attributes_shown(&script.db, LONGEST));
        sheet
    }

    /// Whose a script is, unescaped: `frog(#5)`, `*Anna`, `global`.
    pub(crate) fn script_owner_shown(&self, owner: ScriptOwner) -> String {
        match owner {
            ScriptOwner::Global => "global".to_owned(),
            ScriptOwner::Object(id) => {
                format!("{}({id})", self.object(id).map(|object| object.key()).unwrap_or_default())
            }
            ScriptOwner::Account(id) => {
                format!("*{}", self.account(id).map(|account| account.name()).unwrap_or_default())
            }
        }
    }

    /// When it does something next: `60s`, `paused, 12s`, `stopped`.
    pub(crate) fn next_repeat_shown(&self, script: &Script) -> String {
        match (script.state(), script.time_until_next_repeat(self.now())) {
            (ScriptState::Stopped, _) => "stopped".to_owned(),
            (ScriptState::Paused, Some(left)) => format!("paused, {}", seconds(left)),
            (ScriptState::Paused, None) => "paused".to_owned(),
            (ScriptState::Running, Some(left)) => seconds(left),
            (ScriptState::Running, None) => "-".to_owned(),
        }
    }

    /// The name of its typeclass, unescaped, and whether this game knows it.
    pub(crate) fn script_typeclass_shown(&self, script: &Script) -> String {
        let known = self.game.timing.scripts.contains_key(script.typeclass_path());
        let unknown = if known { "" } else { " (unknown: it does not run)" };
        format!("{}{unknown}", script.typeclass_path())
    }
}
