//! A menu that somebody is in: shows nodes, reads what is chosen.

use meadow_link::text;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{Conversation, Cx, Ended, Next, ObjectId, Result, World, bug, cmdhandler, text::command_link};

use super::{ByName, Goto, Menu, Node, node::Choice};

/// Where in a menu somebody is.
#[derive(Serialize, Deserialize)]
#[serde(bound(serialize = "M: Serialize", deserialize = "M: DeserializeOwned"))]
pub(crate) struct Walk<M> {
    menu: M,
    node: String,
    /// Which choices the player has been shown, by their places in the node; they are numbered in this order.
    shown: Vec<usize>,
    about: Option<About>,
}

/// What the menu is about.
#[derive(Serialize, Deserialize)]
struct About {
    object: ObjectId,
    /// What the player calls it.
    name: String,
    /// Whether it has to stay where the player is.
    near: bool,
}

impl<M: Menu> Walk<M> {
    pub(super) fn new(world: &World, body: Option<ObjectId>, about: Option<ObjectId>, menu: M) -> Walk<M> {
        let about = about.filter(|object| world.exists(*object)).map(|object| About {
            object,
            name: world.display_name(object, body.unwrap_or(object)),
            near: body.is_some_and(|body| is_near(world, body, object)),
        });
        Walk { menu, node: M::START.to_owned(), shown: Vec::new(), about }
    }

    /// Tells the player if what this is about is gone.
    fn is_over(&self, cx: &mut Cx<'_>) -> bool {
        let Some(about) = &self.about else { return false };
        let object = about.object;
        let near = || cx.puppet.is_some_and(|body| is_near(cx.world, body, object));
        let over = !cx.world.exists(object) || (about.near && !near());
        if over {
            cx.msg(format!("{} is not here any more.", about.name));
        } else {
            cx.obj = Some(object);
        }
        over
    }

    /// The node that the player is at. A game that was changed at a reload may not have it any more.
    fn at<'n>(&mut self, nodes: &'n ByName<M>) -> Result<&'n Node<M>> {
        if !nodes.contains_key(self.node.as_str()) {
            tracing::warn!("the menu {} has no node {}", M::NAME, self.node);
            M::START.clone_into(&mut self.node);
            self.shown.clear();
        }
        nodes.get(self.node.as_str()).ok_or_else(|| bug(format!("the menu {} has no beginning", M::NAME)))
    }

    /// Shows where the player is; a node without choices is the last.
    fn show(&mut self, cx: &mut Cx<'_>) -> Result<Next> {
        let nodes = cx.world.nodes_of::<M>()?;
        let node = self.at(&nodes)?;
        let mut told = node.text(cx, &mut self.menu);
        let choices = self.choices(cx, node);
        if !choices.is_empty() {
            told.push_str(&format!("\n\n{}", choices.join("\n")));
        }
        let last = !node.choices.iter().any(|choice| choice.is_there(cx, &self.menu));
        cx.msg(text(told).kw("type", "menu"));
        Ok(if last { Next::End } else { Next::Stay })
    }

    /// What can be chosen in a node now, a line each. From here on numbers mean these.
    fn choices(&mut self, cx: &mut Cx<'_>, node: &Node<M>) -> Vec<String> {
        self.shown.clear();
        let mut lines = Vec::new();
        for (at, choice) in node.choices.iter().enumerate() {
            if choice.is_there(cx, &self.menu)
                && let Some(desc) = choice.shown(cx, &mut self.menu)
            {
                self.shown.push(at);
                let number = self.shown.len().to_string();
                let key = choice.keys.first().map_or(number.as_str(), |key| key);
                lines.push(format!("|w{}|n: {desc}", command_link(key, &crate::text::escape(key))));
            }
        }
        lines
    }

    /// Tells a player who has typed what can't be chosen what can, and how one gets out.
    fn no_choice(&mut self, cx: &mut Cx<'_>, node: &Node<M>) -> Result<Next> {
        let quit = M::QUIT.first().map(|quit| command_link(quit, quit));
        let choices = self.choices(cx, node);
        let told = match (choices.as_slice(), quit) {
            ([], None) => "That is no answer here.".to_owned(),
            ([], Some(quit)) => format!("That is no answer here. |w{quit}|n leaves."),
            (_, None) => "That can't be chosen here. Type what stands before a colon.".to_owned(),
            (_, Some(quit)) => {
                format!("That can't be chosen here. Type what stands before a colon; |w{quit}|n leaves.")
            }
        };
        if choices.is_empty() {
            cx.msg(told);
            return self.show(cx);
        }
        cx.msg(text(format!("{told}\n{}", choices.join("\n"))).kw("type", "menu"));
        Ok(Next::Stay)
    }

    /// The choice that a line means, by a number or a word.
    fn chosen<'n>(&self, cx: &Cx<'_>, node: &'n Node<M>) -> Option<&'n Choice<M>> {
        let typed = cx.raw.to_lowercase();
        self.shown.iter().enumerate().find_map(|(number, at)| {
            let choice = node.choices.get(*at)?;
            let is = if choice.keys.is_empty() {
                typed == (number + 1).to_string()
            } else {
                choice.keys.iter().any(|key| key.to_lowercase() == typed)
            };
            is.then_some(choice)
        })
    }

    fn goto(&mut self, cx: &mut Cx<'_>, to: Goto) -> Result<Next> {
        match to {
            Goto::End => return Ok(Next::End),
            Goto::Again => {}
            Goto::Node(node) => {
                if !cx.world.nodes_of::<M>()?.contains_key(&*node) {
                    return Err(bug(format!("the menu {} has no node {node}", M::NAME)));
                }
                self.node = node.into_owned();
            }
        }
        self.show(cx)
    }
}

impl<M: Menu> Conversation for Walk<M> {
    const NAME: &'static str = M::NAME;

    fn start(&mut self, cx: &mut Cx<'_>) -> Result<Next> {
        self.resume(cx)
    }

    fn line(&mut self, cx: &mut Cx<'_>, _typed: &str) -> Result<Next> {
        let nodes = cx.world.nodes_of::<M>()?;
        let node = self.at(&nodes)?;
        let typed = cx.raw.to_lowercase();
        let quits = M::QUIT.contains(&typed.as_str());
        let chosen = self.chosen(cx, node);
        if self.is_over(cx) {
            // What was meant for the menu must not be a command.
            return Ok(if chosen.is_some() || quits { Next::End } else { Next::Leave });
        }
        if let Some(choice) = chosen {
            if !choice.is_there(cx, &self.menu) {
                cx.msg("That can't be chosen any more.");
                return self.show(cx);
            }
            let to = choice.take(cx, &mut self.menu)?;
            return self.goto(cx, to);
        }
        match typed.as_str() {
            "look" | "l" => return self.show(cx),
            "help" | "h" => {
                let told = node.help_text().map_or_else(how_to::<M>, str::to_owned);
                cx.msg(text(told).kw("type", "menu"));
                return Ok(Next::Stay);
            }
            _ if quits => {
                cx.msg("You leave it at that.");
                return Ok(Next::End);
            }
            _ => {}
        }
        let fits = |choice: &&Choice<M>| {
            let like =
                choice.pattern.as_deref().is_none_or(|pattern| is_like(&typed, &pattern.to_lowercase()));
            choice.is_input() && like && choice.is_there(cx, &self.menu)
        };
        if let Some(input) = node.choices.iter().find(fits) {
            let to = input.take(cx, &mut self.menu)?;
            return self.goto(cx, to);
        }
        match M::OTHER {
            Next::Stay if typed.is_empty() => self.show(cx),
            Next::Stay => self.no_choice(cx, node),
            // What is no command either is a slip, such as a number that is not there.
            _ if !typed.is_empty() && !is_command(cx) => self.no_choice(cx, node),
            other => Ok(other),
        }
    }

    fn resume(&mut self, cx: &mut Cx<'_>) -> Result<Next> {
        if self.is_over(cx) { Ok(Next::End) } else { self.show(cx) }
    }

    fn end(self, cx: &mut Cx<'_>, why: Ended) -> Result {
        cx.obj = self.about.map(|about| about.object).filter(|object| cx.world.exists(*object));
        self.menu.ended(cx, why)
    }
}

fn is_command(cx: &mut Cx<'_>) -> bool {
    let Some(session) = cx.session else { return false };
    let line = cx.raw.clone();
    cmdhandler::is_command(cx.world, session, &line)
}

fn how_to<M: Menu>() -> String {
    let mut told = String::from("Type what stands before the colon to choose it. |wlook|n shows it again");
    match M::QUIT.first() {
        Some(quit) => told.push_str(&format!(", |w{quit}|n leaves.")),
        None => told.push('.'),
    }
    told
}

/// Whether an object is where a body is, carried by it, or the place itself.
fn is_near(world: &World, body: ObjectId, object: ObjectId) -> bool {
    let place = world.object(body).and_then(|body| body.location());
    let at = world.object(object).and_then(|object| object.location());
    at == Some(body) || place == Some(object) || (place.is_some() && at == place)
}

/// Whether a text is a pattern, in which `*` stands for anything. Both are in lower case.
fn is_like(text: &str, pattern: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else { return false };
    let mut parts: Vec<&str> = parts.collect();
    let Some(last) = parts.pop() else { return rest.is_empty() };
    for part in parts {
        let Some((_, after)) = rest.split_once(part) else { return false };
        rest = after;
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::is_like;

    #[test]
    fn a_star_stands_for_anything() {
        for (text, pattern) in [("buy", "buy"), ("buy a cow", "buy *"), ("x", "*"), ("", "*"), ("abc", "a*c")]
        {
            assert!(is_like(text, pattern), "{text} is like {pattern}");
        }
        for (text, pattern) in [("buys", "buy"), ("buy", "buy *"), ("aba", "ab*ba"), ("ab", "a*c")] {
            assert!(!is_like(text, pattern), "{text} is not like {pattern}");
        }
    }
}
