//! `schoolgate accounts`: the first two accounts, and a new link where nobody in the school can give one.

use std::process::ExitCode;

use anyhow::{Context as _, Result};
use calendar::Date;
use office::signin::Cost;

use super::Place;
use crate::accounts::{Link, Order, carry_out};
use crate::config::Config;
use crate::keys::Protected;
use crate::world::World;
use crate::{control, desk, records, terminal};

/// What to do.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Make the first two accounts: the headteacher's and the technician's
    First(First),
    /// Give a new link to somebody who cannot sign in, and take away their password and code
    Link(ToWhom),
}

/// Arguments of `accounts first`.
#[derive(Debug, clap::Args)]
pub struct First {
    /// First name and family name of the headteacher
    #[arg(long, value_name = "NAME")]
    head: String,
    /// First name and family name of whoever looks after the machines
    #[arg(long, value_name = "NAME")]
    technician: String,
    #[command(flatten)]
    place: Place,
}

/// Arguments of `accounts link`.
#[derive(Debug, clap::Args)]
pub struct ToWhom {
    /// Their user name
    user_name: String,
    #[command(flatten)]
    place: Place,
}

/// Runs it.
///
/// # Errors
/// Says what is wrong and what to do.
pub fn run(command: &Command, world: &World) -> Result<ExitCode> {
    let (place, order) = match command {
        Command::First(first) => (&first.place, Order::First { head: first.head.clone(), technician: first.technician.clone() }),
        Command::Link(to) => (&to.place, Order::Link { user_name: to.user_name.clone() }),
    };
    let config = place.load()?;
    let links = order_here(place, &config, &order, world)?;
    let address = config.public_url.as_ref().map(|url| url.as_str().trim_end_matches('/').to_owned());
    let address = address.unwrap_or_else(|| format!("https://{}", config.console.listen));
    terminal::print(&written(&links, &address))?;
    Ok(ExitCode::SUCCESS)
}

/// By the Schoolgate that is running; else with the records opened for this.
fn order_here(place: &Place, config: &Config, order: &Order, world: &World) -> Result<Vec<Link>> {
    let data = world.data_folder(place.data.as_deref(), config);
    if let Some(links) = control::order_accounts(&data.socket(), order)? {
        return Ok(links);
    }
    let now = world.now();
    let today = Date::try_from(now.to_zoned(config.time_zone.clone()).date()).context("reading the clock")?;
    records::runtime()?.block_on(async {
        let protected = Protected::open(config, &data, now.into()).await?;
        let office = desk::office(&protected, &data, Cost::STANDARD, config.time_zone.clone())?;
        let links = carry_out(&office, order.clone(), today, now.into()).await.map_err(anyhow::Error::msg);
        drop(office);
        protected.close().await?;
        links
    })
}

fn written(links: &[Link], address: &str) -> String {
    let mut text = String::from("Hand each link over in person: whoever opens it chooses the password. It is good once, for three days.\n");
    for link in links {
        text.push_str(&format!("  {}\n    {address}{}\n", link.user_name, link.path));
    }
    text
}
