//! What is told of the game: to readers, by what the operator has set for lists of games (MSSP), and to programs, as
//! structured data (schema.org) and as MSSP in JSON.

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::{players::Players, ways::main_value};
use crate::SiteSettings;

/// Variables that readers want to know, and what pages call them.
const READ: [(&str, &str); 12] = [
    ("GENRE", "Genre"),
    ("SUBGENRE", "Subgenre"),
    ("GAMEPLAY", "Gameplay"),
    ("GAMESYSTEM", "System"),
    ("STATUS", "Status"),
    ("LANGUAGE", "Language"),
    ("LOCATION", "Location"),
    ("CREATED", "Since"),
    ("MINIMUM AGE", "Minimum age"),
    ("AREAS", "Areas"),
    ("CLASSES", "Classes"),
    ("RACES", "Races"),
];

/// A line about the game.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Fact {
    pub(crate) name: &'static str,
    pub(crate) values: Vec<String>,
}

/// Where else the game is to be found; what is empty is nowhere.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub(crate) struct Links {
    pub(crate) website: String,
    pub(crate) discord: String,
    pub(crate) email: String,
    pub(crate) icon: String,
}

/// What there is to read; numbers that are 0 say that there is no such thing.
pub(super) fn facts(settings: &SiteSettings) -> Vec<Fact> {
    let told = |(variable, name): (&str, &'static str)| {
        let (_, values) = settings.facts.iter().find(|(known, _)| known == variable)?;
        // Of several, the last is the main one.
        let values: Vec<String> = values.iter().rev().filter(|value| *value != "0").cloned().collect();
        (!values.is_empty()).then_some(Fact { name, values })
    };
    READ.into_iter().filter_map(told).collect()
}

pub(super) fn links(settings: &SiteSettings) -> Links {
    let given = |name: &str| main_value(settings, name).unwrap_or_default();
    // An address of another kind could be a script.
    let web = |name: &str| {
        let address = given(name);
        let is_web = ["https://", "http://"].iter().any(|scheme| address.starts_with(scheme));
        if is_web { address.to_owned() } else { String::new() }
    };
    let email = given("CONTACT");
    let is_email = email.contains('@') && !email.contains([' ', ':', '?', '/']);
    Links {
        website: web("WEBSITE"),
        discord: web("DISCORD"),
        email: if is_email { email.to_owned() } else { String::new() },
        icon: web("ICON"),
    }
}

/// What of a page search engines and lists of games read (schema.org).
pub(super) struct Described<'a> {
    pub(super) name: &'a str,
    pub(super) settings: &'a SiteSettings,
    pub(super) players: &'a Players,
    /// Address of the front page, with a slash at its end.
    pub(super) base: &'a str,
}

/// The game as a <https://schema.org/VideoGame>, with the server that it is played on.
pub(super) fn structured(what: &Described<'_>) -> Value {
    let Described { name, settings, players, base } = what;
    let links = links(settings);
    let mut game = json!({
        "@context": "https://schema.org",
        "@type": "VideoGame",
        "name": name,
        "url": if links.website.is_empty() { *base } else { &links.website },
        "image": if links.icon.is_empty() { format!("{base}website/icon-512.png") } else { links.icon },
        "applicationCategory": "Game",
        "gamePlatform": ["Web browser", "Telnet"],
        "operatingSystem": "Any",
        "playMode": "https://schema.org/MultiPlayer",
        "gameServer": {
            "@type": "GameServer",
            "name": name,
            "serverStatus": "https://schema.org/Online",
            "playersOnline": players.count,
        },
        "potentialAction": { "@type": "PlayAction", "target": format!("{base}webclient/") },
    });
    let mut add = |key: &str, value: Value| game[key] = value;
    if !settings.description.is_empty() {
        add("description", json!(settings.description));
    }
    let values =
        |name: &str| settings.facts.iter().find(|(known, _)| known == name).map(|(_, values)| values);
    if let Some(genres) = values("GENRE") {
        add("genre", json!(genres));
    }
    if let Some(language) = main_value(settings, "LANGUAGE") {
        add("inLanguage", json!(language));
    }
    if let Some(year) = main_value(settings, "CREATED") {
        add("datePublished", json!(year));
    }
    if let Some(age) = main_value(settings, "MINIMUM AGE").and_then(|age| age.parse::<u32>().ok()) {
        add("typicalAgeRange", json!(format!("{age}-")));
    }
    if main_value(settings, "PAY TO PLAY") == Some("0") {
        add("isAccessibleForFree", json!(true));
    }
    if !links.discord.is_empty() {
        add("sameAs", json!([links.discord]));
    }
    game
}

/// The table of MSSP: a text for each variable, or a list of them.
pub(crate) fn mssp(table: Vec<(String, Vec<String>)>) -> Value {
    let value = |mut values: Vec<String>| match values.len() {
        1 => Value::from(values.remove(0)),
        _ => Value::from(values),
    };
    Value::Object(table.into_iter().map(|(name, values)| (name, value(values))).collect::<Map<_, _>>())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(facts: &[(&str, &[&str])]) -> SiteSettings {
        let own = |values: &[&str]| values.iter().map(|value| (*value).to_owned()).collect();
        let facts = facts.iter().map(|(name, values)| ((*name).to_owned(), own(values))).collect();
        SiteSettings { facts, description: "Flowers.".to_owned(), ..SiteSettings::default() }
    }

    #[test]
    fn readers_are_told_what_is_set_and_the_main_thing_first() {
        let settings =
            settings(&[("GENRE", &["Horror", "Fantasy"]), ("LEVELS", &["7"]), ("CLASSES", &["0"])]);
        let fact = Fact { name: "Genre", values: vec!["Fantasy".to_owned(), "Horror".to_owned()] };
        assert_eq!(facts(&settings), [fact]);
    }

    #[test]
    fn a_link_is_an_address_of_the_web() {
        let links = links(&settings(&[
            ("DISCORD", &["javascript:alert(1)"]),
            ("WEBSITE", &["https://meadow.example/"]),
            ("CONTACT", &["staff@meadow.example?bcc=x@y"]),
        ]));
        assert_eq!((links.discord.as_str(), links.website.as_str()), ("", "https://meadow.example/"));
        assert_eq!(links.email, "", "a question mark begins headers of the letter");
    }

    #[test]
    fn search_engines_are_told_of_the_game() {
        let settings =
            settings(&[("GENRE", &["Fantasy"]), ("PAY TO PLAY", &["0"]), ("MINIMUM AGE", &["13"])]);
        let players = Players { count: 3, ..Players::default() };
        let what =
            Described { name: "Oak", settings: &settings, players: &players, base: "https://oak.example/" };
        let game = structured(&what);
        assert_eq!((&game["@type"], &game["name"]), (&json!("VideoGame"), &json!("Oak")));
        assert_eq!(game["gameServer"]["playersOnline"], 3);
        assert_eq!(game["potentialAction"]["target"], "https://oak.example/webclient/");
        assert_eq!(game["description"], "Flowers.");
        assert_eq!((&game["genre"], &game["typicalAgeRange"]), (&json!(["Fantasy"]), &json!("13-")));
        assert_eq!(game["isAccessibleForFree"], true);
        assert!(game.get("inLanguage").is_none());
    }

    #[test]
    fn lists_of_games_read_texts_and_lists_of_them() {
        let own = |values: &[&str]| values.iter().map(|value| (*value).to_owned()).collect();
        let table = vec![("NAME".to_owned(), own(&["Oak"])), ("PORT".to_owned(), own(&["4001", "4000"]))];
        assert_eq!(mssp(table), json!({ "NAME": "Oak", "PORT": ["4001", "4000"] }));
    }
}
