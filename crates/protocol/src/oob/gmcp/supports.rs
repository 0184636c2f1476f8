//! `Core.Supports.*`: which packages a client wants. `Gmcp` keeps one for each client and asks it before
//! anything is sent.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// How many packages of one client are remembered.
pub const PACKAGES_LIMIT: usize = 128;

/// Longest name of a package that is remembered, in bytes.
const PACKAGE_NAME_LIMIT: usize = 64;

/// The packages that a client named. Memory is used only when it named some.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Supports(Option<Box<Named>>);

/// Boxed, because most connections have none.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Named(Vec<Package>);

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Package {
    name: Box<str>,
    /// Whether it is wanted; if not, the client took it out of one that it wants.
    wanted: bool,
}

impl Supports {
    /// Whether a client hears of a package: every one, if it never said which it supports; else those that
    /// it named, what lies in them, and `Core`, which is how it named them.
    pub fn wants(&self, package: &str) -> bool {
        let Some(named) = &self.0 else { return true };
        if lies_in(package, "Core") || package == "MSDP" {
            return true;
        }
        // The package itself decides, or else the closest around it.
        let around = named.0.iter().filter(|known| lies_in(package, &known.name));
        around.max_by_key(|known| known.name.len()).is_some_and(|known| known.wanted)
    }

    /// Whether the client itself named a package, or one around it.
    pub fn names(&self, package: &str) -> bool {
        self.0.is_some() && self.wants(package)
    }

    /// The names of the packages that it wants, as it wrote them.
    pub fn packages(&self) -> impl Iterator<Item = &str> {
        self.0.iter().flat_map(|named| &named.0).filter(|known| known.wanted).map(|known| &*known.name)
    }

    /// These, and no others.
    pub(super) fn set(&mut self, packages: &[Value]) {
        self.0 = Some(Box::default());
        self.add(packages);
    }

    /// These, too.
    pub(super) fn add(&mut self, packages: &[Value]) {
        for name in packages.iter().filter_map(name_of) {
            self.note(name, true);
        }
    }

    /// These no more, though they may lie in one that is wanted. A client that did not say what it supports
    /// goes on getting everything.
    pub(super) fn remove(&mut self, packages: &[Value]) {
        if self.0.is_none() {
            return;
        }
        for name in packages.iter().filter_map(name_of) {
            self.note(name, false);
        }
    }

    fn note(&mut self, name: &str, wanted: bool) {
        self.0.get_or_insert_default().0.retain(|known| !known.name.eq_ignore_ascii_case(name));
        if self.wants(name) != wanted
            && let Some(Named(named)) = self.0.as_deref_mut()
            && named.len() < PACKAGES_LIMIT
        {
            named.push(Package { name: name.into(), wanted });
        }
    }
}

/// The name of `"Char.Items 1"`. The version is of no use, for no package has had a second one.
fn name_of(package: &Value) -> Option<&str> {
    package.as_str()?.split_whitespace().next().filter(|name| name.len() <= PACKAGE_NAME_LIMIT)
}

/// Whether a package is this one, or a part of it.
fn lies_in(package: &str, around: &str) -> bool {
    package.get(..around.len()).is_some_and(|head| head.eq_ignore_ascii_case(around))
        && matches!(package.as_bytes().get(around.len()), None | Some(b'.'))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn set(packages: &[&str]) -> Supports {
        let mut supports = Supports::default();
        supports.set(&values(packages));
        supports
    }

    fn values(packages: &[&str]) -> Vec<Value> {
        packages.iter().map(|package| json!(package)).collect()
    }

    #[test]
    fn a_client_that_said_nothing_gets_everything() {
        assert!(Supports::default().wants("Char.Vitals"));
        assert!(!Supports::default().names("Char.Login"));
        assert!(!set(&[]).wants("Char.Vitals"));
        assert!(set(&[]).wants("Core.Ping") && set(&[]).wants("core") && !set(&[]).wants("Corex.Y"));
    }

    #[test]
    fn a_package_stands_for_what_lies_in_it() {
        let supports = set(&["Char 1", "Comm.Channel 1", "room"]);
        for wanted in ["Char", "Char.Vitals", "CHAR.ITEMS.LIST", "Comm.Channel.Text", "Room.Info"] {
            assert!(supports.wants(wanted), "{wanted}");
        }
        for unwanted in ["Charm.X", "Comm", "Comm.Other", "Client.Media.Play", "Rooms"] {
            assert!(!supports.wants(unwanted), "{unwanted}");
        }
        assert_eq!(supports.packages().collect::<Vec<_>>(), ["Char", "Comm.Channel", "room"]);
    }

    #[test]
    fn packages_come_and_go() {
        let mut supports = set(&["Char 1"]);
        supports.add(&values(&["Room 1"]));
        supports.remove(&values(&["char.items 1"]));
        assert!(supports.wants("Room.Info") && supports.wants("Char.Vitals"));
        assert!(!supports.wants("Char.Items.List"), "taken out of what is wanted");
        supports.add(&values(&["Char.Items.List 1"]));
        assert!(supports.wants("Char.Items.List") && !supports.wants("Char.Items.Add"));
        supports.remove(&values(&["CHAR"]));
        assert!(!supports.wants("Char.Vitals") && supports.wants("Char.Items.List"));
        supports.set(&values(&["Room"]));
        assert!(!supports.wants("Char.Items.List"));
    }

    #[test]
    fn a_client_that_only_adds_has_said_what_it_supports() {
        let mut supports = Supports::default();
        supports.add(&values(&["Char 1"]));
        assert!(supports.wants("Char.Vitals") && !supports.wants("Room.Info"));
        let mut supports = Supports::default();
        supports.remove(&values(&["Char 1"]));
        assert!(supports.wants("Char.Vitals") && supports.wants("Room.Info"));
    }

    #[test]
    fn rubbish_names_nothing() {
        let mut supports = Supports::default();
        supports.set(&[json!(1), json!(""), json!(" "), json!(null), json!(["Char"])]);
        assert_eq!(supports.packages().count(), 0);
    }

    #[test]
    fn packages_at_the_limit_and_one_past_it() {
        let many: Vec<_> = (0..=PACKAGES_LIMIT).map(|at| json!(format!("P{at} 1"))).collect();
        let mut supports = Supports::default();
        supports.set(&many);
        assert!(supports.wants(&format!("P{}", PACKAGES_LIMIT - 1)));
        assert!(!supports.wants(&format!("P{PACKAGES_LIMIT}")));
        let name = |length| "P".repeat(length);
        let supports = set(&[&name(PACKAGE_NAME_LIMIT), &name(PACKAGE_NAME_LIMIT + 1)]);
        assert!(supports.wants(&name(PACKAGE_NAME_LIMIT)) && !supports.wants(&name(PACKAGE_NAME_LIMIT + 1)));
    }
}
