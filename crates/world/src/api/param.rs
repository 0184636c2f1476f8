//! What an API function can be given: declared as data, from which arguments are checked and the description is made.

use meadow_link::{ApiMethod, Kwargs};
use serde_json::{Value, json};

use super::ApiError;

/// Something that an API function can be given.
///
/// ```
/// use meadow_world::ApiParam;
///
/// const PARAMS: &[ApiParam] = &[
///     ApiParam::text("name", "Name of the guild.").required(),
///     ApiParam::choice("order", &["name", "size"], "How they are sorted; by name, unless it is said."),
///     ApiParam::integer("page", "Which page, from 1."),
///     ApiParam::text("password", "Of the guild's hall.").secret(),
/// ];
/// ```
#[derive(Debug, Clone, Copy)]
pub struct ApiParam {
    pub(crate) name: &'static str,
    pub(crate) doc: &'static str,
    pub(crate) kind: ApiKind,
    pub(crate) is_required: bool,
    /// Never to be written down.
    pub(crate) is_secret: bool,
}

/// What a parameter can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ApiKind {
    /// A text.
    Text,
    /// A whole number, 0 or more.
    Integer,
    /// True or false.
    Flag,
    /// Any value of JSON. In the address of a `GET` it is JSON, too.
    Any,
    /// One of these words.
    Choice(&'static [&'static str]),
}

impl ApiParam {
    /// A text.
    pub const fn text(name: &'static str, doc: &'static str) -> ApiParam {
        ApiParam { name, doc, kind: ApiKind::Text, is_required: false, is_secret: false }
    }

    /// A whole number, 0 or more.
    pub const fn integer(name: &'static str, doc: &'static str) -> ApiParam {
        ApiParam { kind: ApiKind::Integer, ..ApiParam::text(name, doc) }
    }

    /// True or false.
    pub const fn flag(name: &'static str, doc: &'static str) -> ApiParam {
        ApiParam { kind: ApiKind::Flag, ..ApiParam::text(name, doc) }
    }

    /// Any value.
    pub const fn any(name: &'static str, doc: &'static str) -> ApiParam {
        ApiParam { kind: ApiKind::Any, ..ApiParam::text(name, doc) }
    }

    /// One of some words.
    pub const fn choice(name: &'static str, words: &'static [&'static str], doc: &'static str) -> ApiParam {
        ApiParam { kind: ApiKind::Choice(words), ..ApiParam::text(name, doc) }
    }

    /// It must be given.
    pub const fn required(self) -> ApiParam {
        ApiParam { is_required: true, ..self }
    }

    /// It is never written down.
    pub const fn secret(self) -> ApiParam {
        ApiParam { is_secret: true, ..self }
    }
}

/// The arguments, each of its kind; those of a `GET` were texts.
pub(super) fn check(params: &[ApiParam], given: Kwargs, method: ApiMethod) -> Result<Kwargs, ApiError> {
    let mut args = Kwargs::new();
    for (name, value) in given {
        let Some(param) = params.iter().find(|param| param.name == name) else {
            return Err(ApiError::bad(format!("{name:?} can't be given here.")));
        };
        let value = if method == ApiMethod::Get { param.kind.read(value) } else { value };
        // As if it had not been given: forms of pages are written like that.
        if value.is_null() && param.kind != ApiKind::Any {
            continue;
        }
        if !param.kind.is(&value) {
            return Err(ApiError::bad(format!("{name:?} has to be {}.", param.kind.wanted())));
        }
        args.insert(name, value);
    }
    match params.iter().find(|param| param.is_required && !args.contains_key(param.name)) {
        Some(missing) => Err(ApiError::bad(format!("{:?} is missing: {}", missing.name, missing.doc))),
        None => Ok(args),
    }
}

impl ApiKind {
    fn is(self, value: &Value) -> bool {
        match self {
            ApiKind::Text => value.is_string(),
            ApiKind::Integer => value.is_u64(),
            ApiKind::Flag => value.is_boolean(),
            ApiKind::Any => true,
            ApiKind::Choice(words) => value.as_str().is_some_and(|word| words.contains(&word)),
        }
    }

    fn wanted(self) -> String {
        match self {
            ApiKind::Text => "a text".to_owned(),
            ApiKind::Integer => "a whole number, 0 or more".to_owned(),
            ApiKind::Flag => "true or false".to_owned(),
            ApiKind::Any => "a value".to_owned(),
            ApiKind::Choice(words) => format!("one of {}", words.join(", ")),
        }
    }

    /// What a text in an address means. One that means nothing stays a text, which is then refused.
    fn read(self, value: Value) -> Value {
        let Value::String(text) = &value else { return value };
        match self {
            ApiKind::Text | ApiKind::Choice(_) => value,
            ApiKind::Integer => text.parse::<u64>().map_or(value, Value::from),
            ApiKind::Flag => match text.as_str() {
                "" | "true" | "1" => Value::Bool(true),
                "false" | "0" => Value::Bool(false),
                _ => value,
            },
            ApiKind::Any => serde_json::from_str(text).unwrap_or(value),
        }
    }

    /// Its schema (JSON Schema 2020-12, as OpenAPI 3.1 has it).
    pub(crate) fn schema(self) -> Value {
        match self {
            ApiKind::Text => json!({ "type": "string" }),
            ApiKind::Integer => json!({ "type": "integer", "minimum": 0 }),
            ApiKind::Flag => json!({ "type": "boolean" }),
            ApiKind::Any => json!({}),
            ApiKind::Choice(words) => json!({ "type": "string", "enum": words }),
        }
    }
}
