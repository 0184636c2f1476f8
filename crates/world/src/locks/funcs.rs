//! The lock functions, by the names that Evennia's games know.

use std::borrow::Cow;

use serde_json::Value;

use super::{
    Accessor, PERMISSION_HIERARCHY, QUELL,
    expr::{Answers, Args},
    values::{Compare, truthy},
};
use crate::{Account, Object, ObjectId, Tag, World};

/// How far out `inside_rec()` looks, as in Evennia.
const INSIDE_LEVELS: usize = 10;

/// Who asks for what.
pub(super) struct Asked<'w> {
    pub(super) world: &'w World,
    pub(super) accessing: Accessor,
    pub(super) accessed: Option<ObjectId>,
}

type Func = fn(&Asked<'_>, &Args<'_>) -> bool;

const FUNCS: [(&str, Func); 33] = [
    ("all", |_, _| true),
    ("true", |_, _| true),
    ("none", |_, _| false),
    ("false", |_, _| false),
    // Superusers have passed before any function is asked.
    ("superuser", |_, _| false),
    ("self", |asked, _| asked.accessed.is_some() && asked.accessed == asked.accessing.object),
    ("perm", |asked, args| asked.perm(args, Rank::AtLeast)),
    ("perm_above", |asked, args| asked.perm(args, Rank::Above)),
    ("pperm", |asked, args| asked.to_account().perm(args, Rank::AtLeast)),
    ("pperm_above", |asked, args| asked.to_account().perm(args, Rank::Above)),
    ("id", |asked, args| asked.has_number(args)),
    ("dbref", |asked, args| asked.has_number(args)),
    ("pid", |asked, args| asked.account_has_number(args)),
    ("pdbref", |asked, args| asked.account_has_number(args)),
    ("attr", |asked, args| attr(asked.owner(), args, compare(args))),
    ("attr_eq", |asked, args| attr(asked.owner(), args, compare(args))),
    ("attr_ne", |asked, args| attr(asked.owner(), args, Some(Compare::Ne))),
    ("attr_gt", |asked, args| attr(asked.owner(), args, Some(Compare::Gt))),
    ("attr_ge", |asked, args| attr(asked.owner(), args, Some(Compare::Ge))),
    ("attr_lt", |asked, args| attr(asked.owner(), args, Some(Compare::Lt))),
    ("attr_le", |asked, args| attr(asked.owner(), args, Some(Compare::Le))),
    ("objattr", |asked, args| attr(asked.thing(asked.accessed), args, compare(args))),
    ("locattr", |asked, args| attr(asked.place_of(asked.accessing.object), args, compare(args))),
    ("objlocattr", |asked, args| attr(asked.place_of(asked.accessed), args, compare(args))),
    ("tag", |asked, args| asked.tag(asked.accessing.object, args)),
    ("objtag", |asked, args| asked.tag(asked.accessed, args)),
    ("objloctag", |asked, args| asked.tag(asked.location_of(asked.accessed), args)),
    // Whoever has no account has no character either.
    ("is_ooc", |asked, _| asked.accessing.account.is_none() || asked.accessing.object.is_none()),
    ("inside", |asked, _| {
        asked.accessed.is_some() && asked.location_of(asked.accessing.object) == asked.accessed
    }),
    ("inside_rec", |asked, _| asked.accessed.is_some_and(|outer| asked.is_within(outer))),
    ("holds", |asked, args| asked.holds(args)),
    ("has_account", |asked, _| asked.accessing.object.is_some() && asked.accessing.account.is_some()),
    ("serversetting", |asked, args| asked.setting(args)),
];

/// Whether there is a function of this name.
pub(super) fn exists(name: &str) -> bool {
    func(name).is_some()
}

fn func(name: &str) -> Option<Func> {
    FUNCS.iter().find(|(known, _)| *known == name).map(|(_, func)| *func)
}

impl Answers for Asked<'_> {
    fn call(&self, name: &str, args: &Args<'_>) -> Option<bool> {
        func(name).map(|func| func(self, args))
    }
}

/// Which ranks of the hierarchy pass.
#[derive(Clone, Copy)]
enum Rank {
    AtLeast,
    Above,
}

/// Whose attributes are looked at.
enum Owner<'w> {
    Object(&'w World, &'w Object),
    Account(&'w Account),
}

impl<'w> Asked<'w> {
    /// Whether the body or the account behind it has a permission, or a higher one.
    pub(super) fn has_permission(&self, wanted: &str) -> bool {
        self.has_rank(wanted, Rank::AtLeast)
    }

    fn perm(&self, args: &Args<'_>, rank: Rank) -> bool {
        args.first().is_some_and(|wanted| self.has_rank(wanted, rank))
    }

    /// In the hierarchy the account's rank counts where there is one, so that nobody rises by a mighty body; of
    /// a quelled account the lower of the two. Other permissions may stand on either.
    fn has_rank(&self, wanted: &str, rank: Rank) -> bool {
        let body = self.object(self.accessing.object).map(|object| object.permissions.as_slice());
        let account = self.account();
        let of_account = account.map(|account| account.permissions.as_slice());
        let Some(wanted_place) = place(wanted) else {
            return [body, of_account].into_iter().flatten().flatten().any(|held| same(held, wanted));
        };
        let held = match (of_account.map(highest), body.map(highest)) {
            (Some(account_place), Some(body))
                if account.is_some_and(|account| truthy(&account.db[QUELL])) =>
            {
                account_place.min(body)
            }
            (Some(place), _) | (None, Some(place)) => place,
            (None, None) => None,
        };
        held.is_some_and(|held| match rank {
            Rank::AtLeast => held >= wanted_place,
            Rank::Above => held > wanted_place,
        })
    }

    /// The same question of the account alone: what the functions ask whose names begin with a `p`.
    fn to_account(&self) -> Asked<'w> {
        Asked { accessing: Accessor { object: None, ..self.accessing }, ..*self }
    }

    /// A body's number only: Evennia takes an account's too, so that account 7 passes the `id(7)` that was
    /// meant for a character.
    fn has_number(&self, args: &Args<'_>) -> bool {
        self.accessing.object.is_some_and(|id| args.first().and_then(number) == Some(id.0))
    }

    fn account_has_number(&self, args: &Args<'_>) -> bool {
        self.accessing.account.is_some_and(|id| args.first().and_then(number) == Some(id.0))
    }

    fn is_within(&self, outer: ObjectId) -> bool {
        let mut at = self.location_of(self.accessing.object);
        for _ in 0..INSIDE_LEVELS {
            if at == Some(outer) {
                return true;
            }
            at = self.location_of(at);
        }
        false
    }

    /// `tag(key)`: one of no category; `tag(key, category)`; `tag()`: any at all. The case does not matter.
    fn tag(&self, id: Option<ObjectId>, args: &Args<'_>) -> bool {
        let Some(object) = self.object(id) else { return false };
        let Some(key) = args.first() else { return !object.tags().is_empty() };
        object.tags().contains(&Tag::new(key, args.second().unwrap_or_default()))
    }

    /// `holds()`: the thing itself; `holds(name)`: something of that name, alias or number;
    /// `holds(attribute, text)`: something with an attribute that is this text.
    fn holds(&self, args: &Args<'_>) -> bool {
        let Some(holder) = self.object(self.accessing.object) else { return false };
        let mut held = holder.contents().iter().filter_map(|id| self.world.object(*id));
        match (args.first(), args.second()) {
            (None, _) => held.any(|held| Some(held.id()) == self.accessed),
            (Some(name), None) => {
                let wanted = number(name);
                held.any(|held| Some(held.id().0) == wanted || held.answers_to(name))
            }
            (Some(attribute), Some(text)) => held.any(|held| held.db.str(attribute) == Some(text)),
        }
    }

    /// `serversetting(name)`: a value of the world's own that is on; `serversetting(name, value)`: that is this.
    fn setting(&self, args: &Args<'_>) -> bool {
        let Some(value) = args.first().and_then(|name| self.world.config(name)) else { return false };
        match args.second() {
            Some(wanted) => Compare::Eq.holds(&Value::from(value), wanted),
            None => value == "1" || value.eq_ignore_ascii_case("true"),
        }
    }

    fn account(&self) -> Option<&'w Account> {
        self.world.account(self.accessing.account?)
    }

    fn object(&self, id: Option<ObjectId>) -> Option<&'w Object> {
        self.world.object(id?)
    }

    fn location_of(&self, id: Option<ObjectId>) -> Option<ObjectId> {
        self.object(id)?.location()
    }

    fn thing(&self, id: Option<ObjectId>) -> Option<Owner<'w>> {
        self.object(id).map(|object| Owner::Object(self.world, object))
    }

    fn place_of(&self, id: Option<ObjectId>) -> Option<Owner<'w>> {
        self.thing(self.location_of(id))
    }

    /// The body, or the account of one who has none now.
    fn owner(&self) -> Option<Owner<'w>> {
        match self.accessing.object {
            Some(_) => self.thing(self.accessing.object),
            None => self.account().map(Owner::Account),
        }
    }
}

impl<'w> Owner<'w> {
    /// A column, or an attribute in whatever case, as Evennia finds them: the columns first.
    fn value(&self, name: &str) -> Option<Cow<'w, Value>> {
        let column = match self {
            Owner::Object(world, object) => column(world, object, name),
            Owner::Account(account) => match name {
                "key" | "name" | "username" => Some(Value::from(account.name())),
                "id" | "dbid" => Some(Value::from(account.id().0)),
                _ => None,
            },
        };
        if let Some(column) = column {
            return Some(Cow::Owned(column));
        }
        let db = match self {
            Owner::Object(_, object) => &object.db,
            Owner::Account(account) => &account.db,
        };
        if db.has(name) {
            return Some(Cow::Borrowed(&db[name]));
        }
        db.iter().find(|(known, _)| same(known, name)).map(|(_, value)| Cow::Borrowed(value))
    }
}

fn column(world: &World, object: &Object, name: &str) -> Option<Value> {
    let place = match name {
        "key" | "name" => return Some(Value::from(object.key())),
        "id" | "dbid" => return Some(Value::from(object.id().0)),
        "location" => object.location(),
        "home" => object.home,
        "destination" => object.destination(),
        _ => return None,
    };
    Some(place.and_then(|place| world.object(place)).map_or(Value::Null, |place| Value::from(place.key())))
}

/// `attr(name)`: has one that is neither false nor empty; `attr(name, value)`: compares with it.
fn attr(owner: Option<Owner<'_>>, args: &Args<'_>, compare: Option<Compare>) -> bool {
    let Some(value) = owner.zip(args.first()).and_then(|(owner, name)| owner.value(name)) else {
        return false;
    };
    match args.second().filter(|wanted| !wanted.is_empty()) {
        Some(wanted) => compare.is_some_and(|compare| compare.holds(&value, wanted)),
        None => truthy(&value),
    }
}

/// How a function is told to compare; nothing if in a way that there is not.
fn compare(args: &Args<'_>) -> Option<Compare> {
    Compare::named(args.compare().unwrap_or("eq"))
}

/// The highest place in the hierarchy that one of the permissions has.
pub(crate) fn highest(held: &[Box<str>]) -> Option<usize> {
    held.iter().filter_map(|held| place(held)).max()
}

/// The place of a permission in the hierarchy; "Builders" is "Builder", as in Evennia.
pub(crate) fn place(permission: &str) -> Option<usize> {
    let one = permission.strip_suffix(['s', 'S']).unwrap_or(permission);
    PERMISSION_HIERARCHY.iter().position(|known| known.eq_ignore_ascii_case(one))
}

/// The number in `12` or `#12`.
fn number(text: &str) -> Option<u64> {
    text.trim_matches('#').parse().ok()
}

/// Whether two names are the same, whatever the case.
fn same(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other) || one.to_lowercase() == other.to_lowercase()
}
