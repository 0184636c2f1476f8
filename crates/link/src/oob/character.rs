//! `Char.*`: what a client shows of its own character. The game sends them to the sessions that puppet it.

use serde::Serialize;

use super::{Package, list};
use crate::{CommandTuple, tuple};

/// `Char.Name`: who the player is, once after the login.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CharName {
    /// The name.
    pub name: String,
    /// The name with titles.
    pub fullname: String,
}

impl Package for CharName {
    const NAME: &'static str = "char_name";
}

/// `Char.Base`: what hardly ever changes (name, class, race ...).
pub fn char_base(fields: &impl Serialize) -> CommandTuple {
    tuple("char_base").kwargs(fields)
}

/// `Char.Vitals`: what changes all the time (`hp`, `maxhp`, `mp` ...).
pub fn char_vitals(fields: &impl Serialize) -> CommandTuple {
    tuple("char_vitals").kwargs(fields)
}

/// `Char.MaxStats`: the bounds of what `Char.Vitals` and `Char.Stats` say.
pub fn char_max_stats(fields: &impl Serialize) -> CommandTuple {
    tuple("char_maxstats").kwargs(fields)
}

/// `Char.Stats`: strength and the like.
pub fn char_stats(fields: &impl Serialize) -> CommandTuple {
    tuple("char_stats").kwargs(fields)
}

/// `Char.Status`: what changes now and then (level, guild ...).
pub fn char_status(fields: &impl Serialize) -> CommandTuple {
    tuple("char_status").kwargs(fields)
}

/// `Char.StatusVars`: what the fields of `Char.Status` are to be called, for people: `{"level": "Level"}`.
pub fn char_status_vars(captions: &impl Serialize) -> CommandTuple {
    tuple("char_statusvars").kwargs(captions)
}

/// `Char.Worth`: money and experience.
pub fn char_worth(fields: &impl Serialize) -> CommandTuple {
    tuple("char_worth").kwargs(fields)
}

/// A thing that a character carries or sees.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Item {
    /// Its number, for commands about it.
    pub id: u64,
    /// Its name.
    pub name: String,
    /// What it looks like: `weapon`, `food` ...
    #[serde(skip_serializing_if = "Option::is_none")]
    pub icon: Option<String>,
    /// Letters that say what can be done with it: `w` worn, `l` wielded in the left hand, `c` container,
    /// `t` takeable, `m` a monster, `d` dead ...
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attrib: Option<String>,
}

/// `Char.Items.List`: everything in one place.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CharItemsList {
    /// `inv`, `room`, or `rep` and the number of a container.
    pub location: String,
    /// What is there.
    pub items: Vec<Item>,
}

impl Package for CharItemsList {
    const NAME: &'static str = "char_items_list";
}

/// `Char.Items.Add`: something came.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CharItemsAdd {
    /// As in [`CharItemsList`].
    pub location: String,
    /// What it is.
    pub item: Item,
}

impl Package for CharItemsAdd {
    const NAME: &'static str = "char_items_add";
}

/// `Char.Items.Remove`: something is gone.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CharItemsRemove {
    /// As in [`CharItemsList`].
    pub location: String,
    /// What it was.
    pub item: Item,
}

impl Package for CharItemsRemove {
    const NAME: &'static str = "char_items_remove";
}

/// `Char.Items.Update`: something has changed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CharItemsUpdate {
    /// As in [`CharItemsList`].
    pub location: String,
    /// What it is now.
    pub item: Item,
}

impl Package for CharItemsUpdate {
    const NAME: &'static str = "char_items_update";
}

/// A group of skills.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SkillGroup {
    /// Its name.
    pub name: String,
    /// How good the character is in it.
    pub rank: String,
}

/// `Char.Skills.Groups`: the groups of skills that the character has.
pub fn char_skills_groups(groups: &[SkillGroup]) -> CommandTuple {
    list("char_skills_groups", groups)
}

/// `Char.Skills.List`: the skills of one group.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CharSkillsList {
    /// Name of the group.
    pub group: String,
    /// Names of the skills.
    pub list: Vec<String>,
    /// What each of them is, in the same order.
    pub descs: Vec<String>,
}

impl Package for CharSkillsList {
    const NAME: &'static str = "char_skills_list";
}

/// `Char.Skills.Info`: all about one skill.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CharSkillsInfo {
    /// Name of its group.
    pub group: String,
    /// Its name.
    pub skill: String,
    /// The help on it.
    pub info: String,
}

impl Package for CharSkillsInfo {
    const NAME: &'static str = "char_skills_info";
}

/// Something bad that the character suffers from.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Affliction {
    /// Its name.
    pub name: String,
    /// What helps against it.
    pub cure: String,
    /// What it does.
    pub desc: String,
}

/// `Char.Afflictions.List`: all of them.
pub fn char_afflictions_list(afflictions: &[Affliction]) -> CommandTuple {
    list("char_afflictions_list", afflictions)
}

/// `Char.Afflictions.Add`: one more.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(transparent)]
pub struct CharAfflictionsAdd(pub Affliction);

impl Package for CharAfflictionsAdd {
    const NAME: &'static str = "char_afflictions_add";
}

/// `Char.Afflictions.Remove`: these are cured.
pub fn char_afflictions_remove(names: &[&str]) -> CommandTuple {
    list("char_afflictions_remove", names)
}

/// Something good that protects the character.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Defence {
    /// Its name.
    pub name: String,
    /// What it does.
    pub desc: String,
}

/// `Char.Defences.List`: all of them.
pub fn char_defences_list(defences: &[Defence]) -> CommandTuple {
    list("char_defences_list", defences)
}

/// `Char.Defences.Add`: one more.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(transparent)]
pub struct CharDefencesAdd(pub Defence);

impl Package for CharDefencesAdd {
    const NAME: &'static str = "char_defences_add";
}

/// `Char.Defences.Remove`: these are gone.
pub fn char_defences_remove(names: &[&str]) -> CommandTuple {
    list("char_defences_remove", names)
}

/// The way to log in by `Char.Login.Credentials` with a name and a password.
pub const PASSWORD_CREDENTIALS: &str = "password-credentials";

/// `Char.Login.Default`: how a client may log in. The Portal sends it to the clients that know it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CharLoginDefault {
    /// The ways: [`PASSWORD_CREDENTIALS`].
    pub r#type: Vec<String>,
    /// Where else to ask, for ways that need it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
}

impl Package for CharLoginDefault {
    const NAME: &'static str = "char_login_default";
}

/// `Char.Login.Result`: what came of `Char.Login.Credentials`. The Server sends it when the credentials were
/// wrong; clients hear it only if they sent some.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CharLoginResult {
    /// Whether the player is logged in now.
    pub success: bool,
    /// Why not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

impl Package for CharLoginResult {
    const NAME: &'static str = "char_login_result";
}
