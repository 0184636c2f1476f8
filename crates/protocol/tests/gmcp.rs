//! GMCP as Evennia writes and reads it, where it is right, and as it should where it is not. All recorded
//! cases are told; those that are not compared are named with the reason.

#![allow(clippy::unwrap_used, reason = "clippy takes the helpers of these tests for code of the program")]

mod vectors;

use meadow_link::{
    CommandTuple,
    oob::{self, Item},
    tuple,
};
use meadow_protocol::oob::gmcp::{Names, decode, encode};
use serde_json::{Value, json};

/// Sent as the nearest float, because a tuple holds integers of 64 bits and takes longer ones for floats, as
/// JavaScript and Lua do.
const LONG_INTEGER: &str = "12345678901234567890123";

#[test]
fn encoding() {
    let mut failures = Vec::new();
    let cases = vectors::cases(include_str!("vectors/gmcp_encode.json"));
    for case in &cases {
        let expected = match case.get("standard") {
            Some(standard) => vectors::unhex(standard),
            // How a tuple is sent is left out of what is sent, which the wire shows.
            None => vectors::payload(&case["wire"]),
        };
        let expected = expected.map(|bytes| String::from_utf8(bytes).unwrap());
        // Values that no tuple can hold are refused before.
        let got = vectors::given(&case["in"]).and_then(|tuple| encode(&tuple, &Names::default()).ok());
        if expected.as_deref() == Some(&format!("Core.Ping {LONG_INTEGER}")) {
            assert_eq!(got.as_deref(), Some("Core.Ping 1.2345678901234568e+22"));
        } else if got != expected {
            failures.push(format!("{}: {got:?} instead of {expected:?}", case["in"]));
        }
    }
    assert!(failures.is_empty(), "{} of {}:\n{}", failures.len(), cases.len(), failures.join("\n"));
}

#[test]
fn decoding() {
    let mut failures = Vec::new();
    let cases = vectors::cases(include_str!("vectors/gmcp_decode.json"));
    for case in &cases {
        let expected = case.get("standard").unwrap_or(&case["out"]).clone();
        let message = vectors::unhex(&case["in"]).unwrap();
        let got = match decode(&message, &Names::default()) {
            Ok(tuple) => vectors::made(tuple.into_iter().collect()),
            Err(_) => Value::Null,
        };
        if got != expected {
            failures.push(format!("{:?}: {got} instead of {expected}", String::from_utf8_lossy(&message)));
        }
    }
    assert!(failures.is_empty(), "{} of {}:\n{}", failures.len(), cases.len(), failures.join("\n"));
}

/// What a game is given to say it has the names that clients know.
#[test]
fn packages_of_the_helpers() {
    let said: [(CommandTuple, &str); 21] = [
        (oob::char_base(&json!({"name": "Ann"})), r#"Char.Base {"name": "Ann"}"#),
        (oob::char_vitals(&json!({"hp": 1})), r#"Char.Vitals {"hp": 1}"#),
        (oob::char_max_stats(&json!({"maxhp": 1})), r#"Char.MaxStats {"maxhp": 1}"#),
        (oob::char_stats(&json!({"str": 1})), r#"Char.Stats {"str": 1}"#),
        (oob::char_status(&json!({"level": 1})), r#"Char.Status {"level": 1}"#),
        (oob::char_status_vars(&json!({"level": "Level"})), r#"Char.StatusVars {"level": "Level"}"#),
        (oob::char_worth(&json!({"gold": 1})), r#"Char.Worth {"gold": 1}"#),
        (oob::char_skills_groups(&[]), "Char.Skills.Groups []"),
        (oob::char_afflictions_list(&[]), "Char.Afflictions.List []"),
        (oob::char_afflictions_remove(&["plague"]), r#"Char.Afflictions.Remove ["plague"]"#),
        (oob::char_defences_list(&[]), "Char.Defences.List []"),
        (oob::char_defences_remove(&["shield"]), r#"Char.Defences.Remove ["shield"]"#),
        (oob::room_wrong_dir("n"), r#"Room.WrongDir "n""#),
        (oob::room_players(&[]), "Room.Players []"),
        (
            oob::room_add_player(&oob::Player { name: "Bob".into(), fullname: "Bob".into() }),
            r#"Room.AddPlayer {"name": "Bob", "fullname": "Bob"}"#,
        ),
        (oob::room_remove_player("Bob"), r#"Room.RemovePlayer "Bob""#),
        (oob::comm_channel_list(&[]), "Comm.Channel.List []"),
        (oob::comm_channel_players(&[]), "Comm.Channel.Players []"),
        (
            oob::CharAfflictionsAdd(oob::Affliction { name: "a".into(), cure: "b".into(), desc: "c".into() })
                .into(),
            r#"Char.Afflictions.Add {"name": "a", "cure": "b", "desc": "c"}"#,
        ),
        (
            oob::CharItemsAdd {
                location: "inv".into(),
                item: Item { id: 1, name: "bow".into(), ..Item::default() },
            }
            .into(),
            r#"Char.Items.Add {"location": "inv", "item": {"id": 1, "name": "bow"}}"#,
        ),
        (
            oob::ClientMediaPlay {
                name: "a.mp3".into(),
                media_type: Some(oob::MediaType::Music),
                continues: Some(false),
                ..oob::ClientMediaPlay::default()
            }
            .into(),
            r#"Client.Media.Play {"name": "a.mp3", "type": "music", "continue": false}"#,
        ),
    ];
    for (tuple, message) in said {
        assert_eq!(encode(&tuple, &Names::default()).unwrap(), message);
    }
}

#[test]
fn packages_of_the_types() {
    use oob::Package;
    let names = [
        (oob::CharName::NAME, "Char.Name"),
        (oob::CharItemsList::NAME, "Char.Items.List"),
        (oob::CharItemsRemove::NAME, "Char.Items.Remove"),
        (oob::CharItemsUpdate::NAME, "Char.Items.Update"),
        (oob::CharSkillsList::NAME, "Char.Skills.List"),
        (oob::CharSkillsInfo::NAME, "Char.Skills.Info"),
        (oob::CharDefencesAdd::NAME, "Char.Defences.Add"),
        (oob::CharLoginDefault::NAME, "Char.Login.Default"),
        (oob::CharLoginResult::NAME, "Char.Login.Result"),
        (oob::RoomInfo::NAME, "Room.Info"),
        (oob::CommChannelText::NAME, "Comm.Channel.Text"),
        (oob::ClientGui::NAME, "Client.GUI"),
        (oob::ClientMap::NAME, "Client.Map"),
        (oob::ClientMediaDefault::NAME, "Client.Media.Default"),
        (oob::ClientMediaLoad::NAME, "Client.Media.Load"),
        (oob::ClientMediaStop::NAME, "Client.Media.Stop"),
        (oob::ExternalDiscordInfo::NAME, "External.Discord.Info"),
        (oob::ExternalDiscordStatus::NAME, "External.Discord.Status"),
        (oob::MSDP, "MSDP"),
    ];
    for (name, package) in names {
        assert_eq!(encode(&tuple(name), &Names::default()).unwrap(), package);
    }
}
