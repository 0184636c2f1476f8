//! An editor for a text in an attribute of an object: what `@desc/edit` and `@set/edit` open.

use serde::{Deserialize, Serialize};

use crate::{Cx, Editor, ObjectId, Result, World, say, text::escape};

/// Edits an attribute of an object, `desc` for instance. Whether the player may do so is asked by whoever opens it.
///
/// Builders may use markup; what others write is escaped.
///
/// ```
/// # use meadow_world::{AttributeEditor, Cx, ObjectId, Result};
/// fn edit_desc(cx: &mut Cx<'_>, object: ObjectId) -> Result {
///     AttributeEditor::open(cx, object, "desc")
/// }
/// ```
#[derive(Debug, Serialize, Deserialize)]
pub struct AttributeEditor {
    object: ObjectId,
    attribute: String,
    markup: bool,
}

impl AttributeEditor {
    /// Opens the line editor on an attribute; if there is none of the name, on an empty text.
    ///
    /// # Errors
    /// The attribute is no text; or as for [`Cx::edit`].
    pub fn open(cx: &mut Cx<'_>, object: ObjectId, attribute: &str) -> Result {
        let value = &cx.world[object].db[attribute];
        let text = match value.as_str() {
            Some(text) => text.to_owned(),
            None if value.is_null() => String::new(),
            None => return Err(say("That is no text, so it can't be edited.")),
        };
        let markup = cx.puppet.is_some_and(|body| cx.world.has_permission(body, "Builder"));
        let text = if markup { text } else { text.replace("||", "|") };
        cx.edit(AttributeEditor { object, attribute: attribute.to_owned(), markup }, &text)
    }
}

impl Editor for AttributeEditor {
    const NAME: &'static str = "attribute editor";

    fn title(&self, world: &World) -> String {
        let key = world.object(self.object).map(|object| object.key()).unwrap_or_default();
        format!("{}/{} ({})", escape(key), escape(&self.attribute), self.object)
    }

    fn save(&mut self, cx: &mut Cx<'_>, text: &str) -> Result {
        // Who no longer builds does not use markup any more either.
        let markup = self.markup && cx.puppet.is_some_and(|body| cx.world.has_permission(body, "Builder"));
        let text = if markup { text.to_owned() } else { escape(text).into_owned() };
        let Some(object) = cx.world.object_mut(self.object) else {
            return Err(say("What you are editing is gone."));
        };
        object.db.set(&self.attribute, text)?;
        Ok(())
    }
}
