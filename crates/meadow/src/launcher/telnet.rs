//! From settings to what telnet takes: options, out-of-band data, and what lists of games are told.

use std::time::Duration;

use meadow_link::{
    Flags,
    oob::{ExternalDiscordInfo, ExternalDiscordStatus},
};
use meadow_protocol::{
    oob::{Discord, OobSettings, Preference, TextCommands, gmcp::Names},
    telnet::{Mccp, TelnetSettings},
};

use crate::config::{Compression, Config, MsspSection, OobLanguage};

/// What all connections by telnet have in common.
pub(super) fn telnet_settings(config: &Config) -> TelnetSettings {
    let telnet = &config.telnet;
    TelnetSettings {
        flags: base_flags(config),
        hold: Duration::from_millis(telnet.hold_ms.into()),
        keepalive: Duration::from_secs(telnet.keepalive_seconds.into()),
        line_limit: config.limits.line_length as usize,
        charsets: telnet.charsets.iter().map(|name| name.as_str().into()).collect(),
        ascii_fallback: telnet.ascii_fallback,
        mxp: telnet.mxp,
        linemode: telnet.linemode,
        mccp: match telnet.mccp {
            Compression::Never => Mccp::Never,
            Compression::Unencrypted => Mccp::Unencrypted,
            Compression::Always => Mccp::Always,
        },
        oob: oob(config),
        ..TelnetSettings::default()
    }
}

/// What is taken for granted of a client.
pub(super) fn base_flags(config: &Config) -> Flags {
    let mut flags = Flags::default();
    (flags.screenwidth, flags.screenheight) = (config.client.width, config.client.height);
    flags
}

/// What the operator tells lists of games, by the official names; `None` if nothing is to be told.
pub(super) fn mssp(section: &MsspSection) -> Option<Vec<(String, Vec<String>)>> {
    section.enabled.then(|| told(section))
}

/// What the operator says of the game by the official names, whoever is to be told.
pub(super) fn told(section: &MsspSection) -> Vec<(String, Vec<String>)> {
    let variable = |(key, texts): (&String, &crate::config::Texts)| {
        (key.replace('_', " ").to_uppercase(), texts.as_slice().to_vec())
    };
    section.variables.iter().filter(|(_, texts)| !texts.as_slice().is_empty()).map(variable).collect()
}

fn oob(config: &Config) -> OobSettings {
    let alias = |names: Names, (tuple, package): (&String, &String)| names.alias(tuple, package);
    OobSettings {
        preference: match config.telnet.oob {
            OobLanguage::Gmcp => Preference::Gmcp,
            OobLanguage::Msdp => Preference::Msdp,
            OobLanguage::Recent => Preference::Recent,
        },
        names: config.gmcp.aliases.iter().fold(Names::default(), alias),
        text_commands: match config.telnet.gmcp_text_commands {
            true => TextCommands::Obeyed,
            false => TextCommands::Ignored,
        },
        discord: discord(config).map(Box::new),
    }
}

/// What clients are told that show the game in Discord, if the operator has set any of it.
fn discord(config: &Config) -> Option<Discord> {
    let section = &config.discord;
    let given = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
    let info = ExternalDiscordInfo {
        inviteurl: given(&section.invite_url),
        applicationid: given(&section.application_id),
    };
    let status = ExternalDiscordStatus {
        state: given(&section.state),
        details: given(&section.details),
        smallimage: section.small_image.as_slice().to_vec(),
        smallimagetext: given(&section.small_image_text),
        largeimage: section.large_image.as_slice().to_vec(),
        largeimagetext: given(&section.large_image_text),
        ..ExternalDiscordStatus::default()
    };
    if info == ExternalDiscordInfo::default() && status == ExternalDiscordStatus::default() {
        return None;
    }
    Some(Discord { info, status: ExternalDiscordStatus { game: Some(config.game.name.clone()), ..status } })
}

#[cfg(test)]
mod tests {
    use meadow_protocol::oob::gmcp::package;

    use super::*;
    use crate::config::{Settings, Sources};

    fn config(overrides: &[&str]) -> Config {
        let overrides = overrides.iter().map(|text| (*text).to_owned()).collect();
        let sources = Sources { game_name: "A Meadow".to_owned(), overrides, ..Sources::default() };
        Settings::load(&sources).unwrap().config().unwrap()
    }

    #[test]
    fn the_defaults_of_the_settings_are_those_of_telnet() {
        let (ours, theirs) = (telnet_settings(&config(&[])), TelnetSettings::default());
        assert_eq!((ours.hold, ours.keepalive), (theirs.hold, theirs.keepalive));
        assert_eq!((ours.line_limit, ours.charsets), (theirs.line_limit, theirs.charsets));
        assert_eq!(
            (ours.ascii_fallback, ours.mxp, ours.linemode, ours.mccp),
            (theirs.ascii_fallback, theirs.mxp, theirs.linemode, theirs.mccp)
        );
        assert_eq!((ours.oob.preference, ours.oob.names), (theirs.oob.preference, theirs.oob.names));
        assert_eq!(ours.oob.text_commands, theirs.oob.text_commands);
        assert!(ours.oob.discord.is_none() && theirs.oob.discord.is_none());
    }

    #[test]
    fn every_setting_of_telnet_gets_there() {
        let settings = telnet_settings(&config(&[
            "telnet.charsets=KOI8-R,UTF-8",
            "telnet.ascii_fallback=true",
            "telnet.mxp=false",
            "telnet.linemode=true",
            "telnet.mccp=always",
            "telnet.oob=recent",
            "telnet.gmcp_text_commands=no",
            "gmcp.aliases=weather=MyMUD.Weather",
        ]));
        assert_eq!(settings.charsets, ["KOI8-R", "UTF-8"].map(Box::from));
        assert!(settings.ascii_fallback && !settings.mxp && settings.linemode);
        assert_eq!((settings.mccp, settings.oob.preference), (Mccp::Always, Preference::Recent));
        assert_eq!(settings.oob.text_commands, TextCommands::Ignored);
        assert_eq!(package("weather", &settings.oob.names).unwrap(), "MyMUD.Weather");
    }

    #[test]
    fn discord_is_told_if_anything_is_set() {
        let discord =
            discord(&config(&["discord.invite_url=https://discord.gg/x", "discord.large_image=[\"a\"]"]));
        let Discord { info, status } = discord.unwrap();
        assert_eq!(info.inviteurl.as_deref(), Some("https://discord.gg/x"));
        assert_eq!((info.applicationid, status.game.as_deref()), (None, Some("A Meadow")));
        assert_eq!(status.largeimage, ["a"]);
    }

    #[test]
    fn lists_of_games_are_told_what_the_operator_has_set() {
        let mine = ["mssp.minimum_age=13", "mssp.gameplay=[\"Social\", \"Adventure\"]", "mssp.created=2026"];
        let mut told = mssp(&config(&mine).mssp).unwrap();
        told.sort();
        let want = [
            ("CRAWL DELAY", vec!["-1"]),
            ("CREATED", vec!["2026"]),
            ("FAMILY", vec!["Custom"]),
            ("GAMEPLAY", vec!["Social", "Adventure"]),
            ("MINIMUM AGE", vec!["13"]),
        ];
        let own = |(name, values): (&str, Vec<&str>)| {
            (name.to_owned(), values.into_iter().map(str::to_owned).collect::<Vec<_>>())
        };
        assert_eq!(told, want.map(own));
        assert_eq!(mssp(&config(&["mssp.enabled=false"]).mssp), None);
    }
}
