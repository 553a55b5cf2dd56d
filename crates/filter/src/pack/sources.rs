//! Where a pack's entries came from: a small table in text, at the end of the hot part.
//!
//! Lines, fields parted by tabs: `category <id> <slug>` for each category in use (so that a pack never means another
//! category after the taxonomy has moved), `list <name>`, `file <list number> <name> <label>`. Lists and files are
//! numbered in the order of their lines, from 0.

use super::Origin;
use super::format::take_number;
use super::parse::Defect;
use crate::category::Category;

/// The lists and files of a pack.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Sources {
    /// Each list that went in.
    pub lists: Vec<ListSource>,
    /// Each file of each list.
    pub files: Vec<FileSource>,
}

/// A list that went into a pack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListSource {
    /// As configured or given on the command line.
    pub name: String,
}

/// A file of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileSource {
    /// The list's number.
    pub list: usize,
    /// The path within the list.
    pub name: String,
    /// The category as the list calls it.
    pub label: String,
}

impl Sources {
    /// The text of the section.
    pub fn to_text(&self, categories: impl Iterator<Item = Category>) -> String {
        let mut text = String::new();
        for category in categories {
            text.push_str(&format!("category\t{}\t{}\n", category as u8, category.slug()));
        }
        for list in &self.lists {
            text.push_str(&format!("list\t{}\n", clean(&list.name)));
        }
        for file in &self.files {
            text.push_str(&format!("file\t{}\t{}\t{}\n", file.list, clean(&file.name), clean(&file.label)));
        }
        text
    }

    pub(super) fn parse(text: &str) -> Result<Self, Defect> {
        let mut sources = Self::default();
        for (at, line) in text.lines().enumerate() {
            sources.line(line).map_err(|what| Defect::Line { line: at + 1, what })?;
        }
        Ok(sources)
    }

    fn line(&mut self, line: &str) -> Result<(), String> {
        let fields: Vec<_> = line.split('\t').collect();
        match fields.as_slice() {
            ["category", id, slug] => {
                let known = id.parse().ok().and_then(Category::from_id).is_some_and(|category| category.slug() == *slug);
                if known { Ok(()) } else { Err(format!("category {id} is not called {slug} in this version: build the pack again")) }
            }
            ["list", name] => {
                self.lists.push(ListSource { name: (*name).to_owned() });
                Ok(())
            }
            ["file", list, name, label] => {
                let list = list.parse().ok().filter(|list| *list < self.lists.len()).ok_or("a file of no list")?;
                self.files.push(FileSource { list, name: (*name).to_owned(), label: (*label).to_owned() });
                Ok(())
            }
            _ => Err("not a category, a list or a file".to_owned()),
        }
    }

    /// The origins at the end of a record: their number, then file number, line and category of each.
    pub(super) fn take_origins(&self, record: &mut &[u8]) -> Option<Vec<Origin>> {
        let count = take_number(record)?;
        let mut origins = Vec::new();
        for _ in 0..count {
            let file = usize::try_from(take_number(record)?).ok()?;
            let line = u32::try_from(take_number(record)?).ok()?;
            let category = u8::try_from(take_number(record)?).ok()?;
            origins.push(self.origin(file, line, category)?);
        }
        Some(origins)
    }

    pub(super) fn origin(&self, file: usize, line: u32, category: u8) -> Option<Origin> {
        let file = self.files.get(file)?;
        let list = self.lists.get(file.list)?;
        Some(Origin { category: Category::from_id(category)?, list: list.name.clone(), file: file.name.clone(), line })
    }
}

/// A name without what would break the table.
fn clean(name: &str) -> String {
    name.replace(|letter: char| letter.is_control(), " ")
}
