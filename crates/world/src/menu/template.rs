//! Menus written as a text: the template of Evennia's EvMenu.

use crate::{Cx, Result};

use super::{Goto, Node, Nodes};

/// A function that a template may call, by name.
type Call<M> = fn(&mut Cx<'_>, &mut M) -> Result<Goto>;
type Wrong = &'static str;

impl<M: 'static> Nodes<M> {
    /// Nodes that are written as a text, in the form that Evennia's EvMenu has for it. A line of options is
    /// `key;key: description -> node`, or without a key to be numbered; `>: node` takes any other input, and
    /// `> buy *: node` such as looks like that. The node `end` ends the menu, unless there is one of that name;
    /// `name()` in place of a node calls the function of that name in `calls`. A line of options that begins with `#`
    /// is a note.
    ///
    /// ```
    /// # use meadow_world::{Goto, Menu, Nodes};
    /// # #[derive(serde::Serialize, serde::Deserialize)]
    /// # struct Guard;
    /// # impl Menu for Guard {
    /// # const NAME: &'static str = "guard";
    /// fn nodes(menu: &mut Nodes<Guard>) {
    ///     menu.template(
    ///         "
    /// ### node start
    /// The guard bars the way. \"What do you want?\"
    ///
    /// ### options
    /// I have a letter. -> letter
    /// pay;p: Here is a coin. -> pay()
    /// > where *: where
    ///
    /// ### node letter
    /// \"So what?\"
    /// ### options
    /// >: start
    ///
    /// ### node where
    /// \"Ask somebody else.\"
    /// ",
    ///         &[("pay", |cx, _| {
    ///             cx.msg("He looks the other way.");
    ///             Ok(Goto::End)
    ///         })],
    ///     );
    /// }
    /// # }
    /// # meadow_world::WorldBuilder::new("A game").menu::<Guard>();
    /// ```
    ///
    /// # Panics
    /// A line can't be read, or calls what is not in `calls`: a mistake that shows at the first start.
    pub fn template(&mut self, template: &str, calls: &[(&'static str, Call<M>)]) {
        let ends = !template.lines().filter_map(heading).any(|heading| heading == ("node", "end"));
        let reader = Reader { calls, ends };
        let mut texts: Vec<(String, String)> = Vec::new();
        let mut options: Vec<Vec<(usize, &str)>> = Vec::new();
        let mut in_options = false;
        for (at, line) in template.lines().enumerate() {
            match (heading(line), texts.last_mut()) {
                (Some(("node", name)), _) => {
                    texts.push((name.to_owned(), String::new()));
                    options.push(Vec::new());
                    in_options = false;
                }
                (Some(_), Some(_)) => in_options = true,
                (_, None) if line.trim().is_empty() => {}
                (_, None) => panic!("{}", wrong(at, line, "it stands before the first node")),
                (None, Some((_, text))) if !in_options => {
                    text.push_str(line.trim_end());
                    text.push('\n');
                }
                (None, Some(_)) => options.iter_mut().last().into_iter().for_each(|of| of.push((at, line))),
            }
        }
        for ((name, text), options) in texts.into_iter().zip(options) {
            let node = self.node(name, text.trim_matches('\n').to_owned());
            for (at, line) in options {
                if let Err(why) = reader.option(node, line.trim()) {
                    panic!("{}", wrong(at, line, why));
                }
            }
        }
    }
}

fn wrong(at: usize, line: &str, why: &str) -> String {
    format!("line {} of a menu, {line:?}: {why}", at + 1)
}

/// `## node NAME` or `## options`, whatever the case.
fn heading(line: &str) -> Option<(&'static str, &str)> {
    let rest = line.strip_prefix("##")?.trim();
    let (word, name) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
    let what = ["node", "options"].into_iter().find(|what| word.eq_ignore_ascii_case(what))?;
    Some((what, name.trim()))
}

struct Reader<'c, M> {
    calls: &'c [(&'static str, Call<M>)],
    /// Whether `end` ends the menu.
    ends: bool,
}

/// Where an option leads.
enum Way<M> {
    To(Goto),
    By(Call<M>),
}

impl<M: 'static> Reader<'_, M> {
    /// Adds what a line of options says to a node.
    fn option(&self, node: &mut Node<M>, line: &str) -> std::result::Result<(), Wrong> {
        if line.is_empty() || line.starts_with('#') {
            return Ok(());
        }
        if let Some(input) = line.strip_prefix('>') {
            let (pattern, to) = input.rsplit_once(':').ok_or("an input is written as \"> pattern: node\"")?;
            match self.way(to.trim())? {
                Way::By(call) => node.input(call),
                Way::To(to) => node.input_to(to),
            };
            if !pattern.trim().is_empty() {
                node.like(pattern.trim().to_owned());
            }
            return Ok(());
        }
        let split = line.rsplit_once("->");
        let (shown, to) = split.ok_or("an option is written as \"key: description -> node\"")?;
        let (keys, desc) = shown.split_once(':').unwrap_or(("", shown));
        let desc = desc.trim().to_owned();
        match self.way(to.trim())? {
            Way::By(call) => node.choice_by(desc, call),
            Way::To(to) => node.choice(desc, to),
        };
        for key in keys.split(';').map(str::trim).filter(|key| !key.is_empty()) {
            node.key(key.to_owned());
        }
        Ok(())
    }

    fn way(&self, to: &str) -> std::result::Result<Way<M>, Wrong> {
        let Some(name) = to.strip_suffix("()") else {
            let ends = self.ends && to == "end";
            return Ok(Way::To(if ends { Goto::End } else { Goto::from(to.to_owned()) }));
        };
        let found = self.calls.iter().find(|(known, _)| *known == name);
        found.map(|(_, call)| Way::By(*call)).ok_or("there is no such function")
    }
}
