//! The lock functions, by the names that Evennia's games know.

use std::cmp::Ordering;

use serde_json::Value;

use super::{Accessor, PERMISSION_HIERARCHY, expr::Answers};
use crate::{ObjectId, World};

/// Who asks for what.
pub(super) struct Asked<'w> {
    pub(super) world: &'w World,
    pub(super) accessing: Accessor,
    pub(super) accessed: Option<ObjectId>,
}

type Func = fn(&Asked<'_>, &[&str]) -> bool;

const FUNCS: [(&str, Func); 38] = [
    ("all", |_, _| true),
    ("true", |_, _| true),
    ("none", |_, _| false),
    ("false", |_, _| false),
    // Superusers have passed before any function is asked.
    ("superuser", |_, _| false),
    ("self", |asked, _| asked.accessed.is_some() && asked.accessed == asked.accessing.object),
    ("perm", |asked, args| args.first().is_some_and(|perm| asked.has_permission(perm))),
    ("perm_above", |asked, args| args.first().is_some_and(|perm| asked.is_above(asked.permissions(), perm))),
    ("pperm", |asked, args| args.first().is_some_and(|perm| asked.holds_permission(asked.account_permissions(), perm))),
    ("pperm_above", |asked, args| {
        args.first().is_some_and(|perm| asked.is_above(asked.account_permissions(), perm))
    }),
    ("id", |asked, args| asked.has_number(args)),
    ("dbref", |asked, args| asked.has_number(args)),
    ("pid", |asked, args| asked.account_has_number(args)),
    ("pdbref", |asked, args| asked.account_has_number(args)),
    ("attr", |asked, args| asked.attr(asked.accessing.object, args, None)),
    ("objattr", |asked, args| asked.attr(asked.accessed, args, None)),
    ("locattr", |asked, args| asked.attr(asked.location_of(asked.accessing.object), args, None)),
    ("objlocattr", |asked, args| asked.attr(asked.location_of(asked.accessed), args, None)),
    ("attr_eq", |asked, args| asked.attr(asked.accessing.object, args, Some(|order| order.is_eq()))),
    ("attr_ne", |asked, args| asked.attr(asked.accessing.object, args, Some(|order| order.is_ne()))),
    ("attr_gt", |asked, args| asked.attr(asked.accessing.object, args, Some(|order| order.is_gt()))),
    ("attr_ge", |asked, args| asked.attr(asked.accessing.object, args, Some(|order| order.is_ge()))),
    ("attr_lt", |asked, args| asked.attr(asked.accessing.object, args, Some(|order| order.is_lt()))),
    ("attr_le", |asked, args| asked.attr(asked.accessing.object, args, Some(|order| order.is_le()))),
    ("tag", |asked, args| asked.tag(asked.accessing.object, args)),
    ("objtag", |asked, args| asked.tag(asked.accessed, args)),
    ("objloctag", |asked, args| asked.tag(asked.location_of(asked.accessed), args)),
    ("is_ooc", |asked, _| asked.accessing.object.is_none()),
    ("inside", |asked, _| asked.accessed.is_some() && asked.location_of(asked.accessing.object) == asked.accessed),
    ("inside_rec", |asked, _| asked.is_within(asked.accessing.object, asked.accessed)),
    ("holds", |asked, args| asked.holds(args)),
    ("has_account", |asked, _| asked.accessing.account.is_some()),
    ("serversetting", |asked, args| asked.setting(args)),
    ("ptag", |asked, args| asked.tag(asked.accessing.object, args)),
    ("char", |asked, _| asked.accessing.object.is_some_and(|id| asked.world.is_character(id))),
    ("is_character", |asked, _| asked.accessing.object.is_some_and(|id| asked.world.is_character(id))),
    ("locid", |asked, args| number(args) == asked.location_of(asked.accessing.object).map(|id| id.0)),
    ("loctag", |asked, args| asked.tag(asked.location_of(asked.accessing.object), args)),
];

/// Whether there is a function of this name.
pub(super) fn exists(name: &str) -> bool {
    FUNCS.iter().any(|(known, _)| *known == name)
}

impl Answers for Asked<'_> {
    fn call(&self, name: &str, args: &[&str]) -> Option<bool> {
        FUNCS.iter().find(|(known, _)| *known == name).map(|(_, func)| func(self, args))
    }
}

impl<'w> Asked<'w> {
    /// Whether the body or the account behind it has a permission, or a higher one.
    pub(super) fn has_permission(&self, wanted: &str) -> bool {
        self.holds_permission(self.permissions(), wanted)
    }

    /// The permissions that count: the account's where there is one, else the body's.
    fn permissions(&self) -> &'w [Box<str>] {
        if self.accessing.account.is_some() {
            return self.account_permissions();
        }
        let object = self.accessing.object.and_then(|id| self.world.object(id));
        object.map_or(&[], |object| object.permissions.as_slice())
    }

    fn account_permissions(&self) -> &'w [Box<str>] {
        let account = self.accessing.account.and_then(|id| self.world.account(id));
        account.map_or(&[], |account| account.permissions.as_slice())
    }

    fn holds_permission(&self, held: &[Box<str>], wanted: &str) -> bool {
        match rank(wanted) {
            Some(wanted) => highest(held).is_some_and(|held| held >= wanted),
            None => held.iter().any(|held| held.eq_ignore_ascii_case(wanted)),
        }
    }

    fn is_above(&self, held: &[Box<str>], wanted: &str) -> bool {
        rank(wanted).is_some_and(|wanted| highest(held).is_some_and(|held| held > wanted))
    }

    fn has_number(&self, args: &[&str]) -> bool {
        self.accessing.object.is_some_and(|id| number(args) == Some(id.0))
    }

    fn account_has_number(&self, args: &[&str]) -> bool {
        self.accessing.account.is_some_and(|id| number(args) == Some(id.0))
    }

    fn location_of(&self, id: Option<ObjectId>) -> Option<ObjectId> {
        self.world.object(id?)?.location()
    }

    fn is_within(&self, inner: Option<ObjectId>, outer: Option<ObjectId>) -> bool {
        let mut at = self.location_of(inner);
        while at.is_some() {
            if at == outer {
                return true;
            }
            at = self.location_of(at);
        }
        false
    }

    /// `attr(name)`: has one that is not false; `attr(name, value)`: compares with it.
    fn attr(&self, id: Option<ObjectId>, args: &[&str], compare: Option<fn(Ordering) -> bool>) -> bool {
        let (Some(object), Some(name)) = (id.and_then(|id| self.world.object(id)), args.first()) else {
            return false;
        };
        let value = &object.db[*name];
        match (args.get(1), compare) {
            (None, _) => truthy(value),
            (Some(wanted), None) => order(value, wanted) == Some(Ordering::Equal),
            (Some(wanted), Some(compare)) => order(value, wanted).is_some_and(compare),
        }
    }

    fn tag(&self, id: Option<ObjectId>, args: &[&str]) -> bool {
        let (Some(object), Some(key)) = (id.and_then(|id| self.world.object(id)), args.first()) else {
            return false;
        };
        let category = args.get(1).copied().unwrap_or_default();
        object
            .tags()
            .iter()
            .any(|tag| tag.key.eq_ignore_ascii_case(key) && tag.category.eq_ignore_ascii_case(category))
    }

    /// `holds()`: the thing itself; `holds(name)`: something of that name or number.
    fn holds(&self, args: &[&str]) -> bool {
        let Some(holder) = self.accessing.object.and_then(|id| self.world.object(id)) else { return false };
        match args.first() {
            None => self.accessed.is_some_and(|id| holder.contents().contains(&id)),
            Some(name) => holder.contents().iter().any(|id| {
                number(args) == Some(id.0) || self.world.object(*id).is_some_and(|held| held.answers_to(name))
            }),
        }
    }

    fn setting(&self, args: &[&str]) -> bool {
        let value = args.first().and_then(|name| self.world.config(name));
        match args.get(1) {
            Some(wanted) => value == Some(wanted),
            None => value.is_some_and(|value| !matches!(value, "" | "0" | "false")),
        }
    }
}

/// The place of a permission in the hierarchy; "Builders" is "Builder", as in Evennia.
fn rank(permission: &str) -> Option<usize> {
    let is = |known: &&str| {
        known.eq_ignore_ascii_case(permission)
            || permission.strip_suffix(['s', 'S']).is_some_and(|one| known.eq_ignore_ascii_case(one))
    };
    PERMISSION_HIERARCHY.iter().position(|known| is(&known))
}

fn highest(held: &[Box<str>]) -> Option<usize> {
    held.iter().filter_map(|held| rank(held)).max()
}

fn number(args: &[&str]) -> Option<u64> {
    args.first()?.trim_start_matches('#').parse().ok()
}

fn truthy(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(on) => *on,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !text.is_empty(),
        Value::Array(list) => !list.is_empty(),
        Value::Object(map) => !map.is_empty(),
    }
}

/// How a value compares with what a lock string says; numbers as numbers, the rest as text.
fn order(value: &Value, wanted: &str) -> Option<Ordering> {
    match value {
        Value::Null => None,
        Value::Number(number) => number.as_f64()?.partial_cmp(&wanted.parse().ok()?),
        Value::Bool(on) => Some(if *on { "True" } else { "False" }.cmp(wanted)),
        Value::String(text) => Some(text.as_str().cmp(wanted)),
        _ => None,
    }
}
