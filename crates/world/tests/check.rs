//! What is stored and is not as it should be is found, and what can be mended safely is.

#![allow(clippy::unwrap_used, reason = "a story that cannot be built is a failed test")]

use meadow_link::Time;
use meadow_world::{
    AccountRow, Checked, Finding, Fix, LARGEST_OBJECT, ObjectRow, RecordRow, Snapshot, WorldBuilder,
};
use proptest::{collection::vec, option, prelude::*};

fn object(id: u64) -> ObjectRow {
    ObjectRow {
        id,
        key: format!("thing {id}"),
        typeclass: "default.Object".into(),
        aliases: "[]".into(),
        tags: "[]".into(),
        permissions: "[]".into(),
        attributes: "{}".into(),
        ..ObjectRow::default()
    }
}

fn account(id: u64, name: &str) -> AccountRow {
    AccountRow {
        id,
        name: name.into(),
        permissions: "[]".into(),
        characters: "[]".into(),
        attributes: "{}".into(),
        ..AccountRow::default()
    }
}

fn config(values: &[(&str, &str)]) -> Vec<(String, String)> {
    values.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// A world in which nothing is wrong.
fn whole() -> Snapshot {
    Snapshot {
        objects: vec![object(1), ObjectRow { location: Some(1), home: Some(1), ..object(2) }],
        accounts: vec![AccountRow { characters: "[2]".into(), last_puppet: Some(2), ..account(1, "Anna") }],
        config: config(&[("next_object", "3"), ("next_account", "2"), ("start_location", "1")]),
        ..Snapshot::default()
    }
}

fn check(snapshot: Snapshot) -> Checked {
    WorldBuilder::new("t").check(snapshot)
}

/// What is found when something is done to a world in which nothing is wrong.
fn found(change: impl FnOnce(&mut Snapshot)) -> Checked {
    let mut snapshot = whole();
    change(&mut snapshot);
    check(snapshot)
}

/// Exactly one thing is found; by its row and what it says.
fn only(checked: &Checked, row: &str, what: &str) -> Finding {
    assert_eq!(checked.findings.len(), 1, "{:?}", checked.findings);
    let finding = checked.findings[0].clone();
    assert_eq!(format!("{} {}", finding.table, finding.id), row);
    assert!(finding.what.contains(what), "{finding:?}");
    finding
}

fn by_hand(checked: &Checked, row: &str, what: &str) {
    let finding = only(checked, row, what);
    assert!(matches!(finding.fix, Fix::ByHand(_)), "{finding:?}");
    assert!(checked.mended.is_empty(), "what is left to people is left alone");
}

fn safe(checked: &Checked, row: &str, what: &str) {
    let finding = only(checked, row, what);
    assert!(matches!(finding.fix, Fix::Safe(_)), "{finding:?}");
    assert_eq!(checked.mended.rows(), 1, "and nothing else is touched");
}

#[test]
fn nothing_is_found_where_nothing_is_wrong() {
    let checked = check(whole());
    assert_eq!(checked.findings, []);
    assert!(checked.mended.is_empty());
    assert_eq!(check(Snapshot::default()).findings, []);
}

#[test]
fn what_is_in_no_place_goes_home() {
    let checked = found(|world| world.objects[1].location = Some(9));
    assert_eq!(checked.mended.objects[0].location, Some(1));
    // The number of the place is never given to something else.
    assert_eq!(checked.mended.config, config(&[("next_object", "10")]));
    assert_eq!(checked.findings.len(), 2);
    let checked = found(|world| (world.objects[1].location, world.objects[1].home) = (Some(0), None));
    safe(&checked, "objects 2", "its location is #0");
    assert_eq!(checked.mended.objects[0].location, None);
    let checked = found(|world| {
        // Its home is inside itself.
        world.objects.push(ObjectRow { location: Some(2), ..object(3) });
        world.config[0].1 = "4".into();
        (world.objects[1].location, world.objects[1].home) = (Some(0), Some(3));
    });
    safe(&checked, "objects 2", "its location is #0");
    assert_eq!(checked.mended.objects[0].location, None);
}

#[test]
fn loops_are_opened_in_one_place() {
    let checked = found(|world| world.objects[0].location = Some(2));
    safe(&checked, "objects 2", "inside itself");
    assert_eq!(checked.mended.objects[0].location, None, "its home is inside it");
    let checked = found(|world| world.objects[1].location = Some(2));
    safe(&checked, "objects 2", "inside itself");
    assert_eq!(checked.mended.objects[0].location, Some(1), "its home is not");
}

#[test]
fn names_of_what_is_no_more_are_taken_out() {
    safe(&found(|world| world.objects[1].home = Some(0)), "objects 2", "its home is #0");
    safe(&found(|world| world.objects[1].account = Some(7)), "objects 2", "account 7");
    let checked = found(|world| world.accounts[0].characters = "[2,0]".into());
    safe(&checked, "accounts 1", "the character #0");
    assert_eq!(checked.mended.accounts[0].characters, "[2]");
    let checked = found(|world| world.accounts[0].last_puppet = Some(0));
    safe(&checked, "accounts 1", "#0 last");
    assert_eq!(checked.mended.accounts[0].last_puppet, None);
}

#[test]
fn counters_stand_above_all_that_was_used() {
    let checked = found(|world| world.config[0].1 = "2".into());
    safe(&checked, "config next_object", "2 has been used");
    assert_eq!(checked.mended.config, config(&[("next_object", "3")]));
    let checked = found(|world| drop(world.config.remove(1)));
    safe(&checked, "config next_account", "1 has been used");
    let checked = found(|world| {
        world.objects.push(object(LARGEST_OBJECT));
    });
    assert_eq!(checked.mended.config, config(&[("next_object", &(LARGEST_OBJECT + 1).to_string())]));
    by_hand(&found(|world| world.objects.push(object(LARGEST_OBJECT + 1))), "objects 134217729", "memory");
}

#[test]
fn what_people_have_to_decide_is_left_alone() {
    by_hand(&found(|world| world.objects[1].typeclass = "games.Dragon".into()), "objects 2", "games.Dragon");
    by_hand(&found(|world| world.objects[1].locks = "get:fly(".into()), "objects 2", "locks");
    by_hand(&found(|world| world.objects[1].destination = Some(0)), "objects 2", "leads to #0");
    by_hand(&found(|world| world.objects[1].tags = "{}".into()), "objects 2", "its tags can't be read");
    by_hand(&found(|world| world.objects[1].aliases = "[1]".into()), "objects 2", "its aliases");
    by_hand(&found(|world| world.objects[1].permissions = "".into()), "objects 2", "its permissions");
    by_hand(&found(|world| world.objects[1].attributes = "[]".into()), "objects 2", "its attributes");
    by_hand(&found(|world| world.accounts[0].characters = "2".into()), "accounts 1", "its characters");
    by_hand(&found(|world| world.accounts[0].permissions = "{".into()), "accounts 1", "its permissions");
    by_hand(&found(|world| world.accounts[0].attributes = "7".into()), "accounts 1", "its attributes");
    by_hand(&found(|world| world.config[2].1 = "7".into()), "config start_location", "#7");
    let twice = found(|world| {
        world.accounts.push(account(2, "ANNA"));
        world.config[1].1 = "3".into();
    });
    by_hand(&twice, "accounts 1", "account 2 has the same name");
    let unknown = found(|world| {
        world.records.push(RecordRow { kind: "banner".into(), id: 1, ..RecordRow::default() });
        world.config.push(("next_banner".into(), "2".into()));
    });
    by_hand(&unknown, "records banner 1", "knows no banner");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever the references are: after all safe fixes nothing safe is left to do, and the world loads without a
    /// word about places.
    #[test]
    fn what_is_mended_is_whole(
        places in vec((option::of(0..9u64), option::of(0..9u64), option::of(0..9u64)), 0..8),
        characters in vec(0..9u64, 0..3),
    ) {
        let mut snapshot = Snapshot::default();
        for (id, (location, home, account)) in (1..).zip(places) {
            snapshot.objects.push(ObjectRow { location, home, account, ..object(id) });
        }
        let characters = serde_json::to_string(&characters).unwrap();
        snapshot.accounts.push(AccountRow { characters, ..account(1, "Anna") });
        let mended = check(snapshot.clone()).mended;
        for row in mended.objects {
            let at = snapshot.objects.iter().position(|known| known.id == row.id).unwrap();
            snapshot.objects[at] = row;
        }
        for row in mended.accounts {
            snapshot.accounts = vec![row];
        }
        snapshot.config.extend(mended.config);
        let left = check(snapshot.clone());
        prop_assert_eq!(left.findings, []);
        let world = WorldBuilder::new("t").load(snapshot, Time::from_micros(1)).unwrap();
        prop_assert_eq!(world.broken(), []);
    }
}
