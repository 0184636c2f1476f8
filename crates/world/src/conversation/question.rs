//! Quick questions: the next line is handed to a closure.

use crate::{Cx, Result, say};

use super::{
    run::TOO_DEEP,
    stack::{Answer, Question, What},
};

impl Cx<'_> {
    /// Asks something: the next line that the player types is `answer`'s `cx.args`, not a command. It never goes into
    /// a log. What nobody else is to see is asked for with [`Cx::ask_secret`].
    ///
    /// A closure can't be kept over a reload: the player is told then, in place of the answer, to give the command
    /// again. What has to go on after a reload is a [`Conversation`](crate::Conversation).
    ///
    /// ```
    /// # use meadow_world::{Cx, Result, say};
    /// fn func(cx: &mut Cx<'_>, _: ()) -> Result {
    ///     cx.ask("What do you call your cat? ", |cx| {
    ///         if cx.args.is_empty() {
    ///             return Err(say("Then it has no name."));
    ///         }
    ///         let caller = cx.caller()?;
    ///         cx.world[caller].db.set("cat", &cx.args)?;
    ///         Ok(())
    ///     })
    /// }
    /// ```
    ///
    /// # Errors
    /// Nobody typed this, so nobody can be asked; or the player is being asked too many things already.
    pub fn ask(
        &mut self,
        question: impl Into<String>,
        answer: impl FnOnce(&mut Cx<'_>) -> Result + 'static,
    ) -> Result {
        self.ask_for(Answer::Line, question.into(), Box::new(answer))
    }

    /// As [`Cx::ask`], for what nobody else is to see, such as a password: clients are told not to show what is typed
    /// (telnet's ECHO; SSH and the browser client do the like), until it is answered, or nobody waits for it any more.
    /// It is in no log and no history. A client that knows nothing of this shows it; the question works all the same.
    ///
    /// ```
    /// use meadow_world::{Command, Cx, Meta, Result, say};
    ///
    /// struct Knock;
    ///
    /// impl Command for Knock {
    ///     const META: Meta = Meta { key: "knock", ..Meta::DEFAULT };
    ///     type Args = ();
    ///
    ///     fn func(&self, cx: &mut Cx<'_>, (): ()) -> Result {
    ///         cx.ask_secret("The word? ", |cx| match cx.raw.as_str() {
    ///             "swordfish" => {
    ///                 cx.msg("The door opens.");
    ///                 Ok(())
    ///             }
    ///             _ => Err(say("Nothing happens.")),
    ///         })
    ///     }
    /// }
    /// ```
    ///
    /// # Errors
    /// As for [`Cx::ask`].
    pub fn ask_secret(
        &mut self,
        question: impl Into<String>,
        answer: impl FnOnce(&mut Cx<'_>) -> Result + 'static,
    ) -> Result {
        self.ask_for(Answer::Secret, question.into(), Box::new(answer))
    }

    /// Asks something that is answered by yes or no; an empty line means yes. Anything else is asked again.
    ///
    /// ```
    /// # use meadow_world::{Cx, Held, Result, say};
    /// fn func(cx: &mut Cx<'_>, Held(letter): Held) -> Result {
    ///     cx.ask_yes_no("Burn it?", move |cx, yes| {
    ///         if !yes {
    ///             return Err(say("You keep it."));
    ///         }
    ///         // The player may have taken their time.
    ///         if cx.world.exists(letter) { cx.world.destroy(letter) } else { Ok(()) }
    ///     })
    /// }
    /// ```
    ///
    /// # Errors
    /// As for [`Cx::ask`].
    pub fn ask_yes_no(
        &mut self,
        question: impl Into<String>,
        then: impl FnOnce(&mut Cx<'_>, bool) -> Result + 'static,
    ) -> Result {
        let question = question.into();
        let again = question.clone();
        let answer: Question = Box::new(move |cx| match cx.args.to_lowercase().as_str() {
            "" | "y" | "yes" => then(cx, true),
            "n" | "no" | "abort" => then(cx, false),
            _ => {
                cx.msg("Please answer yes or no.");
                cx.ask_yes_no(again, then)
            }
        });
        self.ask_for(Answer::Choice, format!("{question} [Y]/N? "), answer)
    }

    fn ask_for(&mut self, kind: Answer, asked: String, answer: Question) -> Result {
        let (session, body) = (self.session()?, self.puppet);
        let Some(from) = self.world.session_mut(session) else { return Ok(()) };
        let what = What::Question { asked: asked.as_str().into(), answer, kind };
        from.conversations.push(body, kind == Answer::Secret, what).ok_or_else(|| say(TOO_DEEP))?;
        self.world.veils.push(session);
        self.world.session_changed(session);
        self.msg(meadow_link::prompt(asked));
        Ok(())
    }
}
