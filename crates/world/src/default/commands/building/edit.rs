//! The line editor on an attribute: what `@desc/edit` and `@set/edit` open.

use serde::{Deserialize, Serialize};

use super::{may_build, owner::Owner, path::Path};
use crate::{Cx, Editor, ObjectId, Result, World, say, text::escape};

/// Edits a text of an object or account. Whoever saves it must still be allowed to.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct ValueEditor {
    owner: Owner,
    name: String,
    category: String,
}

/// Opens the editor on an attribute; if there is none of the name, on an empty text.
///
/// # Errors
/// It is a member of another, or no text; or as for [`Cx::edit`].
pub(super) fn open(cx: &mut Cx<'_>, owner: Owner, path: &Path) -> Result {
    if !path.steps.is_empty() {
        return Err(say("Only whole attributes can be edited."));
    }
    let editor = ValueEditor { owner, name: path.name.clone(), category: path.category.clone() };
    let value = owner.value(cx.world, path).unwrap_or_default();
    match value.as_str() {
        Some(text) => cx.edit(editor, text),
        None if value.is_null() => cx.edit(editor, ""),
        None => Err(say(format!("{} is no text, so it can't be edited.", editor.title(cx.world)))),
    }
}

/// Opens the editor on what one sees of an object.
///
/// # Errors
/// As for [`open`].
pub(super) fn open_desc(cx: &mut Cx<'_>, id: ObjectId) -> Result {
    open(cx, Owner::Object(id), &Path { name: "desc".to_owned(), ..Path::default() })
}

impl ValueEditor {
    fn path(&self) -> Path {
        Path { name: self.name.clone(), category: self.category.clone(), steps: Vec::new() }
    }
}

impl Editor for ValueEditor {
    const NAME: &'static str = "builder's editor";

    fn title(&self, world: &World) -> String {
        format!("{}/{}", self.owner.shown(world), escape(&self.path().shown()))
    }

    fn save(&mut self, cx: &mut Cx<'_>, text: &str) -> Result {
        // Much may have happened since it was opened.
        if self.owner.db(cx.world).is_none() {
            return Err(say("What you are editing is gone."));
        }
        may_build(cx)?;
        self.owner.may_change(cx)?;
        self.owner.db_mut(cx.world)?.in_category(&self.category).set(&self.name, text)?;
        Ok(())
    }
}
