//! `schoolgate people`: who is in the school, taken in from files and given out again.
//!
//! What only looks reads the database beside a Schoolgate that runs. What changes something is done by the one that runs, over its control
//! socket, or by the command itself where none does.

mod change;
mod list;
mod words;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use jiff::tz::TimeZone;

use super::Place;
use crate::config::Config;
use crate::data::DataFolder;
use crate::people::{Source, Wish};
use crate::records;
use crate::world::World;

/// What to do about people.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Show who is here, or who has left
    List(List),
    /// Take people in from a CSV file; says what would happen, line by line, and does it with --apply
    Import(Import),
    /// Write people into a new CSV file, without addresses and telephone numbers
    Export(Export),
    /// Somebody leaves: their account is closed from the day after
    End(End),
    /// Go into the next school year: year groups and classes go up, the last year leaves; does it with --apply
    Year(Year),
}

/// Arguments of `people list`.
#[derive(Debug, clap::Args)]
pub struct List {
    /// Words that stand in a name, a mail address or a key
    words: Vec<String>,
    #[command(flatten)]
    which: Which,
    /// Answer in JSON
    #[arg(long, conflicts_with = "csv")]
    json: bool,
    /// Answer in CSV
    #[arg(long)]
    csv: bool,
    #[command(flatten)]
    place: Place,
}

/// Of whom.
#[derive(Debug, clap::Args)]
pub struct Which {
    /// Only who is in this class or group today
    #[arg(long, value_name = "NAME")]
    class: Option<String>,
    /// Only staff, pupil, governor, parent, volunteer, contractor or visitor
    #[arg(long, value_name = "KIND")]
    kind: Option<String>,
    /// Who has left, not who is here
    #[arg(long)]
    leavers: bool,
}

/// Arguments of `people import`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Exit status: 0 when every line is right, 1 when lines are refused; what is right is taken all the same.")]
pub struct Import {
    /// The file: CSV with a heading, up to 64 MiB
    file: PathBuf,
    /// What columns mean where the guess is wrong, such as id=UPN,given=Forename
    #[arg(long, value_name = "MEANING=HEADING", value_delimiter = ',', value_parser = pair)]
    columns: Vec<(String, String)>,
    /// What everybody in the file is to the school, where no column says it: pupil, staff, parent and so on
    #[arg(long, value_name = "KIND")]
    membership: Option<String>,
    /// In days such as 03/04/2027, the month stands first [default: the day, as far as the file does not show it]
    #[arg(long, value_name = "ORDER")]
    dates: Option<Dates>,
    /// The file has everybody of this kind: whoever came from a file and is not in this one leaves today
    #[arg(long, value_name = "KIND")]
    complete: Option<String>,
    /// Let them leave although they are more than one in five
    #[arg(long, requires = "complete")]
    many_leavers: bool,
    #[command(flatten)]
    doing: Doing,
}

/// Which number of a day is the month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Dates {
    /// As the file shows it, else the second.
    DayFirst,
    /// The first.
    MonthFirst,
}

/// Arguments of `people export`.
#[derive(Debug, clap::Args)]
pub struct Export {
    /// The new file; nothing may be there
    file: PathBuf,
    #[command(flatten)]
    which: Which,
    #[command(flatten)]
    place: Place,
}

/// Arguments of `people end`.
#[derive(Debug, clap::Args)]
pub struct End {
    /// Their name, key or id
    who: String,
    /// The last day, such as 2027-07-20
    #[arg(long, value_name = "DATE")]
    on: String,
    #[command(flatten)]
    place: Place,
}

/// Arguments of `people year`.
#[derive(Debug, clap::Args)]
pub struct Year {
    /// The year in which the school year begins: 2027 for 2027/28
    #[arg(long, value_name = "YEAR")]
    to: i16,
    /// Who leaves
    #[arg(long, value_name = "YEAR GROUP", default_value = "Year 6")]
    last: String,
    /// Whose pupils go on as which class, such as "5 Kites=6 Herons"; others go up by themselves where their name begins with their year
    #[arg(long = "class", value_name = "BEFORE=AFTER", value_parser = pair)]
    classes: Vec<(String, String)>,
    #[command(flatten)]
    doing: Doing,
}

/// Whether and where it is done.
#[derive(Debug, clap::Args)]
pub struct Doing {
    /// Do it; without this nothing is changed
    #[arg(long)]
    apply: bool,
    /// Answer in JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    place: Place,
}

/// Whose people.
struct Target {
    config: Config,
    data: DataFolder,
    world: World,
}

/// Runs it.
///
/// # Errors
/// Where the records or a file cannot be read, or something cannot be done.
pub fn run(command: &Command, world: &World) -> Result<ExitCode> {
    match command {
        Command::List(args) => list::list(args, world),
        Command::Export(args) => list::export(args, world),
        Command::Import(args) => change::import(args, world),
        Command::End(args) => change::end(args, world),
        Command::Year(args) => change::year(args, world),
    }
}

/// `a=b`.
fn pair(text: &str) -> Result<(String, String), String> {
    let (one, other) = text.split_once('=').ok_or("write it as BEFORE=AFTER, with an equals sign between the two")?;
    Ok((one.trim().to_owned(), other.trim().to_owned()))
}

// === impl Import ===

impl Import {
    fn source(&self) -> Result<Source> {
        // Schoolgate may run in another folder.
        let file = std::path::absolute(&self.file).with_context(|| format!("finding {}", self.file.display()))?;
        Ok(Source {
            file,
            columns: self.columns.clone(),
            membership: self.membership.clone(),
            month_first: self.dates == Some(Dates::MonthFirst),
            complete: self.complete.clone(),
            many_leavers: self.many_leavers,
        })
    }
}

// === impl Year ===

impl Year {
    fn wish(&self) -> Wish {
        Wish { to: self.to, last: self.last.clone(), classes: self.classes.clone() }
    }
}

// === impl Target ===

impl Target {
    fn of(place: &Place, world: &World) -> Result<Self> {
        let config = place.load()?;
        let data = world.data_folder(place.data.as_deref(), &config);
        Ok(Self { config, data, world: world.clone() })
    }

    /// The records, to look at. They are not made.
    async fn reader(&self) -> Result<ledger::Reading> {
        let none = || format!("there are no records in {} yet (`schoolgate run` makes them)", self.data.root().display());
        records::read(&self.config, &self.data).await?.with_context(none)
    }

    const fn zone(&self) -> &TimeZone {
        &self.config.time_zone
    }
}
