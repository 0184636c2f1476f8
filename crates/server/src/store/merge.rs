//! Makes one batch of two, for batches that wait on the store's thread at the same time.

use std::{collections::HashSet, hash::Hash, mem};

use meadow_world::Batch;

/// Adds `later` to `batch`: storing the result leaves what storing the one and then the other would have
/// left. What `later` writes or deletes again is not written twice.
pub(crate) fn merge(batch: &mut Batch, later: Batch) {
    let Batch { objects, deleted_objects, accounts, deleted_accounts, .. } = later;
    let Batch { records, deleted_records, config, applied, forgotten, .. } = later;
    merge_table((&mut batch.objects, &mut batch.deleted_objects), (objects, deleted_objects), |row| row.id);
    merge_table((&mut batch.accounts, &mut batch.deleted_accounts), (accounts, deleted_accounts), |row| {
        row.id
    });
    merge_table((&mut batch.records, &mut batch.deleted_records), (records, deleted_records), |row| {
        (row.kind.clone(), row.id)
    });
    merge_table((&mut batch.config, &mut Vec::new()), (config, Vec::new()), |(key, _)| key.clone());
    merge_table((&mut batch.applied, &mut batch.forgotten), (applied, forgotten), |&(session, _)| session);
}

/// Merges the rows and the deleted keys of one table.
fn merge_table<Row, Key: Clone + Eq + Hash>(
    (rows, deleted): (&mut Vec<Row>, &mut Vec<Key>),
    (mut later_rows, mut later_deleted): (Vec<Row>, Vec<Key>),
    key: impl Fn(&Row) -> Key,
) {
    if rows.is_empty() && deleted.is_empty() {
        *rows = mem::take(&mut later_rows);
        *deleted = mem::take(&mut later_deleted);
        return;
    }
    let again: HashSet<Key> = later_rows.iter().map(&key).chain(later_deleted.iter().cloned()).collect();
    if again.is_empty() {
        return;
    }
    rows.retain(|row| !again.contains(&key(row)));
    deleted.retain(|key| !again.contains(key));
    rows.append(&mut later_rows);
    deleted.append(&mut later_deleted);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::MemoryStore;
    use meadow_link::SessionId;
    use meadow_world::{AccountRow, ObjectRow, RecordRow, Store};
    use rand::{RngExt, SeedableRng, rngs::StdRng};

    /// Keys are few, so that batches write and delete the same things all the time.
    fn random_batch(rng: &mut StdRng) -> Batch {
        let mut batch = Batch::default();
        for _ in 0..rng.random_range(0..6) {
            let (id, value) = (rng.random_range(0..4_u64), rng.random::<u16>());
            match rng.random_range(0..9) {
                0 => batch.objects.push(ObjectRow { id, key: value.to_string(), ..Default::default() }),
                1 => batch.accounts.push(AccountRow { id, name: value.to_string(), ..Default::default() }),
                2 => batch.config.push((id.to_string(), value.to_string())),
                3 => batch.applied.push((SessionId(id), value.into())),
                4 => batch.deleted_objects.push(id),
                5 => batch.deleted_accounts.push(id),
                6 => batch.records.push(RecordRow { id, key: value.to_string(), ..Default::default() }),
                7 => batch.deleted_records.push((String::new(), id)),
                _ => batch.forgotten.push(SessionId(id)),
            }
        }
        batch
    }

    #[test]
    fn a_merged_batch_leaves_what_its_parts_would_have_left() {
        let mut rng = StdRng::seed_from_u64(1);
        for _ in 0..3000 {
            let (mut one_by_one, mut at_once) = (MemoryStore::new(), MemoryStore::new());
            let mut merged = Batch::default();
            for _ in 0..4 {
                let batch = random_batch(&mut rng);
                one_by_one.apply(&batch).unwrap();
                merge(&mut merged, batch);
            }
            at_once.apply(&merged).unwrap();
            assert_eq!(at_once.load().unwrap(), one_by_one.load().unwrap());
        }
    }

    #[test]
    fn a_row_that_is_written_again_is_stored_once() {
        let row = |key: &str| ObjectRow { id: 7, key: key.into(), ..Default::default() };
        let mut batch = Batch { objects: vec![row("old")], ..Default::default() };
        merge(&mut batch, Batch { objects: vec![row("new")], ..Default::default() });
        assert_eq!(batch.objects, [row("new")]);
    }
}
