//! All entries that cover one address, and the categories that are left after positive lists have lifted theirs.

use std::sync::Arc;

use arrayvec::ArrayVec;

use crate::category::{Category, CategorySet};
use crate::pack::{EntryRef, Hit, Pack};
use crate::target::Target;

/// More entries than this over one address are folded into the last: their categories count, they and it lift nothing.
const MOST: usize = 12;

/// The entries over one address, without allocation.
pub(crate) struct Hits(ArrayVec<PackHit, MOST>);

/// An entry of one of the packs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PackHit {
    pub(crate) pack: u16,
    pub(crate) entry: EntryRef,
    /// All that the entry says.
    pub(crate) categories: CategorySet,
    /// How exact it is, in bytes.
    length: u32,
    /// What is left of it after lifting.
    standing: CategorySet,
}

impl Hits {
    /// Looks `target` up in all packs.
    pub(crate) fn of(packs: &[Arc<Pack>], target: &Target) -> Self {
        let mut hits = Self(ArrayVec::new());
        for (number, pack) in (0..).zip(packs) {
            pack.look_up(target, |hit| hits.push(number, hit));
        }
        hits.lift();
        hits
    }

    /// The categories that stand.
    pub(crate) fn categories(&self) -> CategorySet {
        self.iter().fold(CategorySet::EMPTY, |all, hit| all.union(hit.standing))
    }

    /// The gravest category of `deciding` (by its number) and the most exact entry that gives it.
    pub(crate) fn cite(&self, deciding: CategorySet) -> Option<(Category, &PackHit)> {
        let category = deciding.iter().next()?;
        let hit = self.iter().filter(|hit| hit.standing.contains(category)).max_by_key(|hit| hit.length)?;
        Some((category, hit))
    }

    /// The entries, in no order that matters.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &PackHit> {
        self.0.iter()
    }

    fn push(&mut self, pack: u16, hit: Hit) {
        let item = PackHit { pack, entry: hit.entry, categories: hit.categories, length: hit.length, standing: hit.categories };
        if let Err(full) = self.0.try_push(item)
            && let Some(last) = self.0.last_mut()
        {
            // As exact as the more exact of the two, so that nothing less exact lifts what is folded in.
            let full = full.element();
            last.categories = last.categories.union(full.categories).minus(LIFTERS);
            last.standing = last.categories;
            last.length = last.length.max(full.length);
        }
    }

    /// A positive list lifts its categories from entries that are no more exact than its own.
    fn lift(&mut self) {
        if self.iter().all(|hit| hit.categories.intersect(LIFTERS).is_empty()) {
            return;
        }
        let entries = self.0.clone();
        for hit in &mut self.0 {
            let lifters = entries.iter().filter(|lifter| lifter.length >= hit.length);
            let lifted = lifters
                .flat_map(|lifter| lifter.categories.intersect(LIFTERS).iter())
                .fold(CategorySet::EMPTY, |all, category| all.union(category.lifts()));
            hit.standing = hit.categories.minus(lifted);
        }
    }
}

impl PackHit {
    /// What a positive list lifted.
    pub(crate) fn lifted(&self) -> CategorySet {
        self.categories.minus(self.standing)
    }
}

/// The categories that lift others.
const LIFTERS: CategorySet = CategorySet::of_kind(crate::category::Kind::Positive);
