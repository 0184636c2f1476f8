//! The audit log: who has changed what by the API's functions for staff, from where, and what came of it. Each entry is
//! a record, and a line of the Server's log.

use std::time::Duration;

use meadow_link::{Kwargs, Time};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{
    ApiAccess, ApiError, ApiMeta, ApiParam, ApiRequest,
    list::{page_of, unix},
};
use crate::{AccountId, Record, World, WorldBuilder};

/// Entries that are kept; the oldest go.
pub const AUDIT_LIMIT: u64 = 10_000;
/// How often it is written down that somebody called what is not for them, within a span of time: nobody is to push
/// out by it what others have done. Each is a line of the Server's log, too.
pub(crate) const REFUSALS: usize = 20;
pub(crate) const REFUSALS_SPAN: Duration = Duration::from_secs(60 * 60);
/// Longest text of an argument that is kept, in characters.
const TEXT_LIMIT: usize = 200;
/// Longest argument that is no text, as JSON in bytes; of a longer one, the beginning is kept as text.
const VALUE_LIMIT: usize = 1_000;

/// Number of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ApiAuditId(pub u64);

impl From<u64> for ApiAuditId {
    fn from(id: u64) -> ApiAuditId {
        ApiAuditId(id)
    }
}

impl From<ApiAuditId> for u64 {
    fn from(id: ApiAuditId) -> u64 {
        id.0
    }
}

/// One entry of the audit log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ApiAudit {
    /// When it was done.
    pub at: Time,
    /// Who did it.
    pub account: AccountId,
    /// What they were called then.
    pub name: Box<str>,
    /// From where.
    pub address: Box<str>,
    /// By what function.
    pub function: Box<str>,
    /// What it was given; secrets are masked, and what is long is cut.
    pub args: Kwargs,
    /// Status of the answer: 200 if it was done.
    pub status: u16,
    /// Why it was not done, if it was not.
    pub error: Option<Box<str>>,
}

impl Record for ApiAudit {
    type Id = ApiAuditId;
    const KIND: &'static str = "api_audit";
    const PRIVATE: bool = true;

    fn key(&self) -> &str {
        &self.function
    }
}

const AUDIT: ApiMeta = ApiMeta {
    name: "audit",
    doc: "What was changed by these functions, newest first: `{page, pages, total, entries: [{id, at, account, name, \
          address, function, args, status, error}]}`. Of a call with status 200 that the Portal goes on with (reload, \
          backup), it is written that it was asked for.",
    access: ApiAccess::Superuser,
    params: &[
        ApiParam::text("by", "Only of those whose names have this in them."),
        ApiParam::text("function", "Only calls of this function."),
        ApiParam::text("search", "Only calls that have this in what they were given, or in the error."),
        ApiParam::integer("page", "From 1."),
    ],
    ..ApiMeta::DEFAULT
};

pub(super) fn register(builder: &mut WorldBuilder) {
    builder.records::<ApiAudit>().api(AUDIT, audit);
}

fn audit(world: &mut World, request: &mut ApiRequest) -> Result<Value, ApiError> {
    let wanted = |name: &str| request.text(name).trim().to_lowercase();
    let (by, function, search) = (wanted("by"), wanted("function"), wanted("search"));
    let is_wanted = |entry: &ApiAudit| {
        let has = |text: &str| text.to_lowercase().contains(&search);
        (function.is_empty() || *entry.function == *function)
            && entry.name.to_lowercase().contains(&by)
            && (search.is_empty()
                || has(&Value::from(entry.args.clone()).to_string())
                || entry.error.as_deref().is_some_and(has))
    };
    let all = world.records::<ApiAudit>().filter(|(_, entry)| is_wanted(entry));
    let all = all.collect::<Vec<_>>().into_iter().rev();
    Ok(page_of(request, "entries", all, |(id, entry)| {
        json!({
            "id": id.0,
            "at": unix(entry.at),
            "account": entry.account.0,
            "name": entry.name,
            "address": entry.address,
            "function": entry.function,
            "args": entry.args,
            "status": entry.status,
            "error": entry.error,
        })
    }))
}

/// What is to be written when a call has ended.
#[derive(Debug)]
pub(super) struct Note {
    account: AccountId,
    address: Box<str>,
    function: &'static str,
    args: Kwargs,
}

impl Note {
    pub(super) fn new(meta: &ApiMeta, account: AccountId, address: &str, args: &Kwargs) -> Note {
        // They may not have been checked. What is not declared is told by the error.
        let shown = |param: &ApiParam| {
            let value = args.get(param.name)?;
            let value = if param.is_secret { Value::from("***") } else { cut(value) };
            Some((param.name.to_owned(), value))
        };
        let args = meta.params.iter().filter_map(shown).collect();
        Note { account, address: address.into(), function: meta.name, args }
    }
}

/// A value, or so much of it as is kept.
fn cut(value: &Value) -> Value {
    let text = match value {
        Value::String(text) => text.clone(),
        other => match other.to_string() {
            text if text.len() <= VALUE_LIMIT => return other.clone(),
            text => text,
        },
    };
    Value::from(cut_text(&text))
}

fn cut_text(text: &str) -> String {
    match text.char_indices().nth(TEXT_LIMIT) {
        Some((at, _)) => format!("{}[...]", &text[..at]),
        None => text.to_owned(),
    }
}

impl World {
    /// Whether it is written down once more that somebody called what is not for them; counts it.
    pub(super) fn may_note_refusal(&mut self, note: &Note) -> bool {
        let who = note.account.0.to_string();
        let may = self.refusals.wait(&who, self.now).is_none();
        if may {
            self.refusals.count(&who, self.now);
        }
        may
    }

    /// Writes into the audit log what came of a call.
    pub(super) fn write_audit(&mut self, note: Note, answer: &Result<Value, ApiError>) {
        let Note { account, address, function, args } = note;
        let (status, error) = match answer {
            Ok(_) => (200, None),
            Err(error) => (error.status, Some(cut_text(&error.told).into())),
        };
        let name: Box<str> = self.account(account).map(|account| account.name().into()).unwrap_or_default();
        let given = Value::from(args.clone());
        tracing::info!(
            by = &*name,
            address = &*address,
            status,
            "the API function {function} was called with {given}"
        );
        let entry =
            ApiAudit { at: self.now, account, name, address, function: function.into(), args, status, error };
        let newest = self.add_record(entry);
        // Numbers have no gaps, but for such as another program has made.
        loop {
            let oldest = self.records::<ApiAudit>().next().map(|(id, _)| id);
            match oldest.filter(|oldest| newest.0 - oldest.0 >= AUDIT_LIMIT) {
                Some(oldest) => drop(self.remove_record::<ApiAudit>(oldest)),
                None => return,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_arguments_are_cut() {
        let text = |length: usize| Value::from("ä".repeat(length));
        assert_eq!(cut(&text(TEXT_LIMIT)), text(TEXT_LIMIT));
        let cut_text = cut(&text(TEXT_LIMIT + 1));
        assert_eq!(cut_text.as_str().map(|text| text.chars().count()), Some(TEXT_LIMIT + 5));
        assert_eq!(cut(&json!({ "a": [1, 2] })), json!({ "a": [1, 2] }));
        let list = |length: usize| Value::from(vec![1; length]);
        assert_eq!(cut(&list(499)), list(499));
        assert!(
            cut(&list(501))
                .as_str()
                .is_some_and(|text| text.ends_with("1,1,[...]") || text.ends_with("[...]"))
        );
    }
}
