//! Pages: what one account told others, wherever they are. The last of them are kept, each as a record.

use std::collections::{HashMap, VecDeque};

use meadow_link::Time;
use serde::{Deserialize, Serialize};

use crate::{AccountId, Record, World, text};

/// Pages that are kept for an account, sent and got.
pub(crate) const PAGES: usize = 50;

/// Number of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PageId(u64);

impl From<u64> for PageId {
    fn from(id: u64) -> PageId {
        PageId(id)
    }
}

impl From<PageId> for u64 {
    fn from(id: PageId) -> u64 {
        id.0
    }
}

/// What one account told others.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Page {
    pub(crate) from: AccountId,
    pub(crate) to: Vec<AccountId>,
    pub(crate) at: Time,
    /// Markup: what was typed is escaped.
    pub(crate) message: String,
}

impl Record for Page {
    type Id = PageId;
    const KIND: &'static str = "page";
    const PRIVATE: bool = true;

    fn key(&self) -> &str {
        ""
    }

    /// What was said is nobody else's business, builders' neither.
    fn examine(&self, world: &World) -> Vec<(String, String)> {
        let name =
            |id: &AccountId| world.account(*id).map(|account| text::escape(account.name()).into_owned());
        let to: Vec<String> = self.to.iter().filter_map(name).collect();
        vec![
            ("from".to_owned(), name(&self.from).unwrap_or_default()),
            ("to".to_owned(), to.join(", ")),
            ("message".to_owned(), format!("{} characters", text::plain(&self.message).chars().count())),
        ]
    }
}

impl Page {
    fn accounts(&self) -> Vec<AccountId> {
        let mut accounts = self.to.clone();
        accounts.push(self.from);
        accounts.sort_unstable();
        accounts.dedup();
        accounts
    }
}

/// The pages of each account, oldest first.
#[derive(Default)]
pub(crate) struct PageIndex(HashMap<AccountId, VecDeque<PageId>>);

impl World {
    /// The pages that an account sent and got, oldest first.
    pub(crate) fn pages(&self, account: AccountId) -> impl DoubleEndedIterator<Item = &Page> {
        self.pages.0.get(&account).into_iter().flatten().filter_map(|id| self.record::<Page>(*id))
    }

    /// Keeps a page; the oldest go that nobody has room for.
    pub(crate) fn add_page(&mut self, page: Page) {
        let accounts = page.accounts();
        let id = self.add_record(page);
        for account in accounts {
            let pages = self.pages.0.entry(account).or_default();
            pages.push_back(id);
            let oldest = if pages.len() > PAGES { pages.pop_front() } else { None };
            if let Some(oldest) = oldest {
                self.drop_page(oldest);
            }
        }
    }

    pub(crate) fn index_pages(&mut self) {
        let pages: Vec<(PageId, Vec<AccountId>)> =
            self.records::<Page>().map(|(id, page)| (id, page.accounts())).collect();
        for (id, accounts) in pages {
            for account in accounts {
                let pages = self.pages.0.entry(account).or_default();
                pages.push_back(id);
                if pages.len() > PAGES {
                    pages.pop_front();
                }
            }
        }
    }

    /// An account is no more: what it said goes with it, and what others said to it alone.
    pub(crate) fn forget_pages(&mut self, account: AccountId) {
        for id in self.pages.0.remove(&account).unwrap_or_default() {
            let Some(page) = self.record_mut::<Page>(id) else { continue };
            page.to.retain(|to| *to != account);
            if page.from == account || page.to.is_empty() {
                let others = self.remove_record::<Page>(id).map(|page| page.accounts()).unwrap_or_default();
                for other in others {
                    if let Some(pages) = self.pages.0.get_mut(&other) {
                        pages.retain(|known| *known != id);
                    }
                }
            }
        }
    }

    /// One of those who had it has it no more; it goes when none has.
    fn drop_page(&mut self, id: PageId) {
        let Some(page) = self.record::<Page>(id) else { return };
        let kept = page
            .accounts()
            .iter()
            .any(|account| self.pages.0.get(account).is_some_and(|pages| pages.contains(&id)));
        if !kept {
            self.remove_record::<Page>(id);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Snapshot, WorldBuilder};

    #[test]
    fn an_account_that_is_deleted_leaves_no_pages() {
        let mut world =
            WorldBuilder::new("Test").load(Snapshot::default(), Time::default()).expect("it loads");
        let [anna, bob, cleo] = ["Anna", "Bob", "Cleo"]
            .map(|name| world.create_account_unchecked(name, "").expect("the name is free"));
        let mut page = |from, to: &[AccountId], message: &str| {
            world.add_page(Page { from, to: to.to_vec(), at: Time::default(), message: message.to_owned() });
        };
        page(anna, &[bob], "to Bob alone");
        page(anna, &[bob, cleo], "to both");
        page(bob, &[anna], "from Bob");
        page(cleo, &[anna], "from Cleo");
        world.delete_account(bob).expect("nothing speaks against it");
        let left = |world: &World, account| -> Vec<String> {
            world.pages(account).map(|page| page.message.clone()).collect()
        };
        assert_eq!(left(&world, anna), ["to both", "from Cleo"]);
        assert_eq!(left(&world, cleo), ["to both", "from Cleo"]);
        assert!(left(&world, bob).is_empty());
        assert_eq!(world.records::<Page>().count(), 2);
        assert!(world.records::<Page>().all(|(_, page)| !page.accounts().contains(&bob)));
    }
}
