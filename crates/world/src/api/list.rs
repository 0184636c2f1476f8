//! What answers are made of: pages of long lists, times, and things by number and name.

use meadow_link::Time;
use serde_json::{Map, Value, json};

use super::ApiRequest;
use crate::{AccountId, ObjectId, World};

/// Things on a page.
pub(super) const PAGE: usize = 50;

/// Seconds since 1970.
pub(super) fn unix(time: Time) -> u64 {
    time.micros() / 1_000_000
}

/// The page that was asked for, from 1: `{page, pages, total, NAME: [..]}`.
pub(super) fn page_of<T>(
    request: &ApiRequest,
    name: &str,
    all: impl ExactSizeIterator<Item = T>,
    mut shown: impl FnMut(T) -> Value,
) -> Value {
    let (total, at) = (all.len(), page(request));
    let items = all.skip(skipped(at)).take(PAGE).map(&mut shown).collect();
    paged(name, at, total, items)
}

/// Which page was asked for, from 1.
pub(super) fn page(request: &ApiRequest) -> usize {
    request.integer("page").and_then(|page| usize::try_from(page).ok()).unwrap_or(1).max(1)
}

/// How many stand on the pages before it.
pub(super) fn skipped(page: usize) -> usize {
    (page - 1).saturating_mul(PAGE)
}

/// An answer with the things of one page.
pub(super) fn paged(name: &str, page: usize, total: usize, items: Vec<Value>) -> Value {
    let mut answer = Map::new();
    answer.insert("page".to_owned(), json!(page));
    answer.insert("pages".to_owned(), json!(total.div_ceil(PAGE)));
    answer.insert("total".to_owned(), json!(total));
    answer.insert(name.to_owned(), Value::from(items));
    Value::from(answer)
}

/// An object by number and name; null for none.
pub(super) fn object_ref(world: &World, id: Option<ObjectId>) -> Value {
    match id.and_then(|id| world.object(id)) {
        Some(object) => json!({ "id": object.id().0, "key": object.key() }),
        None => Value::Null,
    }
}

/// An account by number and name; null for none.
pub(super) fn account_ref(world: &World, id: Option<AccountId>) -> Value {
    match id.and_then(|id| world.account(id)) {
        Some(account) => json!({ "id": account.id().0, "name": account.name() }),
        None => Value::Null,
    }
}
