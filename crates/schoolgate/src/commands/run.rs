//! `schoolgate run`: checks everything it needs, says where things are, and keeps running until it is told to stop.

mod keep;
mod nightly;
mod start;
mod tour;
mod work;

use std::io::Write;
use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use calendar::Date;
use ledger::keys::Standing;
use office::signin::Cost;
use proxy::root::Root;
use tokio::net::TcpListener;
use tokio::runtime::Handle;
use tracing::info;

use super::Place;
use crate::answer::Question;
use crate::config::{Config, ConsoleConfig};
use crate::console::{self, Certificate, Console};
use crate::control::{self, Handlers};
use crate::data::DataFolder;
use crate::desk::Desk;
use crate::gateway::{self, Gateway, Status};
use crate::jobs;
use crate::keys::Protected;
use crate::live::{Live, Origin, PackFrom};
use crate::metrics;
use crate::people;
use crate::records::Records;
use crate::world::World;
use crate::{accounts, demo, live::InForce, log, radius, roster};

/// How long work that was begun may go on after the order to stop.
const LAST_WORK: Duration = Duration::from_secs(2);

/// Arguments.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    place: Place,
    /// Show an invented school; nothing is downloaded and nothing has to be set up
    #[arg(long, conflicts_with = "config")]
    demo: bool,
    /// Where the console listens, such as 127.0.0.1:9000 [default: as the configuration says]; the demonstration's proxy takes the
    /// four ports after it, its public pages the fifth, and with port 0 free ones
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<SocketAddr>,
}

/// Runs it. Returns when it has been told to stop.
pub fn run(args: &Args, world: &World) -> Result<ExitCode> {
    if args.demo {
        return run_demo(args, world);
    }
    let origin = args.place.config.clone().map_or(Origin::BuiltIn, Origin::File);
    // Looked at before it is read, so that no change after that goes unseen.
    let seen = keep::Written::of(&origin);
    let config = origin.load(world.now())?;
    log::start(world, &config.log)?;
    let seen = seen.with_users(&config);
    let data = whole(&world.data_folder(args.place.data.as_deref(), &config))?;
    start::prepare(&data)?;
    let listen = args.listen.unwrap_or(config.console.listen);
    let live = Arc::new(Live::start(origin, config, data, world.now())?);
    until_stopped(&live, world, listen, seen, None)
}

/// The same for the invented school, which brings its own small internet.
fn run_demo(args: &Args, world: &World) -> Result<ExitCode> {
    let default = Config::default();
    log::start(world, &default.log)?;
    let data = match &args.place.data {
        Some(given) => DataFolder::new(given),
        None => demo::data_folder(&world.data_folder(None, &default)),
    };
    let data = whole(&data)?;
    start::prepare(&data)?;
    let listen = args.listen.unwrap_or(default.console.listen);
    let sites = demo::Sites::prepare()?;
    demo::write_users(&data)?;
    let origin = Origin::Demo(demo::Places::new(&data, listen, &sites));
    let config = origin.load(world.now())?;
    let seen = keep::Written::of(&origin).with_users(&config);
    let live = Arc::new(Live::start(origin, config, data, world.now())?);
    until_stopped(&live, world, listen, seen, Some(sites))
}

/// The whole path, because it is shown to people who stand in other folders.
fn whole(data: &DataFolder) -> Result<DataFolder> {
    data.whole().context("finding the data folder")
}

fn until_stopped(live: &Arc<Live>, world: &World, listen: SocketAddr, seen: keep::Written, sites: Option<demo::Sites>) -> Result<ExitCode> {
    let files = start::allow_many_files();
    tracing::debug!(files, "open files allowed");
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().context("starting the runtime")?;
    // Before the port: a second process on the folder is to hear that, and not that the port is busy.
    let records = Arc::new(Records::default());
    // The people of the demonstration are invented, and their passwords are told to everybody.
    let cost = if sites.is_some() { Cost::LEAST } else { Cost::STANDARD };
    let zone = live.in_force().config.time_zone.clone();
    let of_school = Arc::clone(live);
    let near = Arc::new(move |address| of_school.in_force().config.pupils.is_near(address));
    let desk = Arc::new(Desk::new(Arc::clone(&records), live.data().clone(), cost, zone, near));
    let _control = control(live, world, Arc::clone(&records), Arc::clone(&desk), runtime.handle().clone())?;
    runtime.block_on(work::open(live, world, &records))?;
    let ended = runtime.block_on(serve(live, world, listen, seen, sites, &records, desk));
    if let Ok(protected) = records.get()
        && let Err(error) = runtime.block_on(protected.clone().close())
    {
        tracing::warn!(error = format!("{error:#}"), "the records did not close in good order; nothing that was acknowledged is lost");
    }
    // A download or build that is under way is safe to leave at any moment: what it writes is moved into place only when whole.
    runtime.shutdown_timeout(LAST_WORK);
    ended.map(|()| ExitCode::SUCCESS)
}

/// Serves until the order to stop.
async fn serve(
    live: &Arc<Live>,
    world: &World,
    listen: SocketAddr,
    seen: keep::Written,
    sites: Option<demo::Sites>,
    records: &Arc<Records>,
    desk: Arc<Desk>,
) -> Result<()> {
    let stop = keep::Stop::listen()?;
    // Every port before anything starts: what cannot run whole does not run.
    let ((listener, address), public) = tokio::try_join!(start::listen(listen), public(live, world))?;
    let listeners = gateway::bind(&live.in_force().config.gateway.listeners)?;
    let radius = radius::bind(&live.in_force().config.radius, &world.credentials).await?;
    let hears = radius.as_ref().map(radius::Listener::address).transpose().context("reading the address of RADIUS accounting")?;
    let (root, certificate) = identity(live, world, Some(&live.in_force().config.console))?;
    let gateway = Gateway::start(live, world, listeners, address, &root, stop.watch())?;
    let status = gateway.status();
    if sites.is_some() {
        invite(&desk, world).await?;
    }
    let tour = sites.map(|sites| tour::begin(sites, live.data(), &status, &root)).transpose()?;
    let console =
        Arc::new(Console::new(Arc::clone(live), world.clone(), address, Arc::clone(&status), Arc::clone(records), Arc::clone(&desk)));
    keep::start(live, world, &stop, seen)?;
    nightly::start(live, world, &stop);
    if let Some(radius) = radius {
        radius.start(live, world, stop.ordered());
    }
    roster::start(live, world, records, stop.ordered());
    metrics::start(live, world, &status, records, stop.ordered()).await?;
    let first = first_accounts(live, &desk).await;
    announce(
        live,
        (address, public.as_ref().map(|(listener, _)| listener)),
        &status,
        hears,
        records,
        &[tour.as_deref().unwrap_or_default(), &first].concat(),
    )
    .context("saying on standard output that Schoolgate is running")?;
    info!(%address, listeners = status.listeners().len(), entries = live.in_force().entries(), "Schoolgate is running");
    world.manager.serving(status.listeners().len());
    // Not before: bringing records up to date may take long, and the school is to have its gate meanwhile.
    let working = work::start(live, world, records, &stop);
    show(live, (listener, certificate), public, console, &stop).await;
    world.manager.stopping();
    gateway.finish().await?;
    working.await.context("ending the jobs")?;
    info!("Schoolgate has stopped");
    Ok(())
}

/// The people of the demonstration, where its records can be had.
async fn invite(desk: &Desk, world: &World) -> Result<()> {
    let Ok(office) = desk.office() else { return Ok(()) };
    demo::people(&office, world.now().into()).await.context("inviting the people of the demonstration")
}

/// The public address, where there is one, and under what it answers.
async fn public(live: &Live, world: &World) -> Result<Option<(TcpListener, Certificate)>> {
    let in_force = live.in_force();
    let Some(listener) = start::listen_in_public(in_force.config.public.as_ref()).await? else { return Ok(None) };
    let (_, certificate) = identity(live, world, in_force.config.public.as_ref())?;
    Ok(Some((listener, certificate)))
}

/// Serves the console, and beside it what is published, where that has an address of its own.
async fn show(
    live: &Live,
    (listener, certificate): (TcpListener, Certificate),
    public: Option<(TcpListener, Certificate)>,
    console: Arc<Console>,
    stop: &keep::Stop,
) {
    let in_public = async {
        let in_force = live.in_force();
        if let (Some((listener, certificate)), Some(config)) = (public, in_force.config.public.as_ref()) {
            console::serve_public(listener, certificate, config, Arc::clone(&console), stop.ordered()).await;
        }
    };
    tokio::join!(console::serve(listener, certificate, Arc::clone(&console), stop.ordered()), in_public);
}

/// The school's own root, and under what these pages answer.
fn identity(live: &Live, world: &World, of: Option<&ConsoleConfig>) -> Result<(Arc<Root>, Certificate)> {
    let config = &live.in_force().config;
    let root = Root::load_or_make(&live.data().page_root(), &config.school, world.now());
    let root = Arc::new(root.context("preparing the school's own root, for the console and for pages over HTTPS")?);
    let given = of.and_then(|pages| pages.certificate.as_ref()).map(|files| Certificate::read(files, &world.credentials)).transpose()?;
    Ok((Arc::clone(&root), given.unwrap_or(Certificate::Own(root))))
}

fn control(live: &Arc<Live>, world: &World, records: Arc<Records>, desk: Arc<Desk>, runtime: Handle) -> Result<control::ControlServer> {
    let path = live.data().socket();
    let (live_of_accounts, (live, clock)) = (live, (Arc::clone(live), world.clone()));
    let why = move |question: Question| live.in_force().answer(&question, clock.now()).map_err(|error| error.to_string());
    let (clock, of_keys, handle) = (world.clone(), Arc::clone(&records), runtime.clone());
    let keys = move |order| handle.block_on(of_keys.get()?.carry_out(order, clock.now().into()));
    let clock = world.clone();
    let handle = runtime.clone();
    let of_jobs = Arc::clone(&records);
    let jobs = move |order| handle.block_on(jobs::carry_out(of_jobs.get()?, order, clock.now().into()));
    let (clock, zone_of, handle) = (world.clone(), Arc::clone(live_of_accounts), runtime.clone());
    let people = move |order| {
        let zone = zone_of.in_force().config.time_zone.clone();
        handle.block_on(people::carry_out(records.get()?, order, clock.now().into(), &zone, &|_, _| {}))
    };
    let (clock, school) = (world.clone(), Arc::clone(live_of_accounts));
    let accounts = move |order| {
        let now = clock.now();
        let today = Date::try_from(now.to_zoned(school.in_force().config.time_zone.clone()).date()).map_err(|error| error.to_string())?;
        let office = desk.office()?;
        runtime.block_on(accounts::carry_out(&office, order, today, now.into()))
    };
    let (why, keys, jobs, accounts, people) = (Arc::new(why), Arc::new(keys), Arc::new(jobs), Arc::new(accounts), Arc::new(people));
    Ok(control::serve(&path, Handlers { why, keys, jobs, accounts, people })?)
}

/// Says where things are. The last line is what others wait for.
fn announce(
    live: &Live,
    (address, public): (SocketAddr, Option<&TcpListener>),
    status: &Status,
    hears: Option<SocketAddr>,
    records: &Records,
    more: &str,
) -> std::io::Result<()> {
    let in_force = live.in_force();
    let mut out = std::io::stdout().lock();
    writeln!(out, "Schoolgate {} for {}", env!("CARGO_PKG_VERSION"), in_force.config.school)?;
    writeln!(out, "  Console   https://{address}/ (open it in a browser; its certificate is of the school's own root)")?;
    if let Some(public) = public {
        let public = public.local_addr()?;
        writeln!(out, "  Public    https://{public}/ (policies in force and privacy notices, for everybody)")?;
    }
    listeners(&mut out, status)?;
    if let Some(address) = hears {
        writeln!(out, "  Network   RADIUS accounting is taken at {address} (UDP)")?;
    }
    writeln!(out, "  Rules     {}", rules(live.origin()))?;
    writeln!(out, "  Lists     {}", lists(&in_force))?;
    writeln!(out, "  Data      {}", live.data().root().display())?;
    writeln!(out, "  Records   {}", records_line(records))?;
    writeln!(out, "  Ask why   schoolgate why --data '{}' --as ks2 bbc.co.uk", live.data().root().display())?;
    writeln!(out, "  Stop      Ctrl+C")?;
    if !in_force.missing.is_empty() {
        writeln!(out, "This must not be your school's only filter:")?;
        in_force.missing.iter().try_for_each(|sentence| writeln!(out, "  - {sentence}"))?;
    }
    out.write_all(more.as_bytes())?;
    writeln!(out, "Schoolgate is running")?;
    out.flush()
}

/// What to type where nobody can sign in yet; nothing where somebody can, or that cannot be asked.
async fn first_accounts(live: &Live, desk: &Desk) -> String {
    let Ok(office) = desk.office() else { return String::new() };
    match office::signin::accounts(office.ledger.reader(), office.organisation).await {
        Ok(none) if none.is_empty() => {
            let from = match live.origin() {
                Origin::File(path) => format!("--config '{}'", path.display()),
                Origin::BuiltIn | Origin::Demo(_) => format!("--data '{}'", live.data().root().display()),
            };
            format!(
                "Nobody can sign in to the console yet. This makes the first two accounts, and prints a link for each:\n  \
                 schoolgate accounts first {from} --head \"NAME\" --technician \"NAME\"\n"
            )
        }
        _ => String::new(),
    }
}

/// Where browsers go.
fn listeners(out: &mut impl Write, status: &Status) -> std::io::Result<()> {
    for listener in status.listeners() {
        let how = if listener.sign_in { ", people sign in" } else { "" };
        writeln!(
            out,
            "  Proxy     {} at {} (settings for browsers: http://{}/proxy.pac{how})",
            listener.name, listener.address, listener.address
        )?;
    }
    if status.listeners().is_empty() {
        writeln!(out, "  Proxy     none: add [[listen]] to the configuration, and nothing is filtered until then")?;
    }
    if let Some(root) = status.root() {
        writeln!(out, "  Page root {} (SHA-256; docs/certificates.md)", root.fingerprint())?;
    }
    Ok(())
}

fn rules(origin: &Origin) -> String {
    match origin {
        Origin::BuiltIn => "the built-in settings (set your own with --config)".to_owned(),
        Origin::File(path) => format!("{}, read again when it changes", path.display()),
        Origin::Demo(_) => "an invented school (demonstration)".to_owned(),
    }
}

fn records_line(records: &Records) -> &'static str {
    match records.get().map(Protected::standing) {
        Ok(Standing::NotMade) => "no keys yet, so nothing protected can be written (schoolgate keys init)",
        Ok(Standing::Locked) => "locked: can be written, read by nobody (schoolgate keys unlock)",
        Ok(Standing::Unlocked) => "unlocked by the key file",
        Err(_) if records.trouble().is_some_and(|trouble| trouble.what == work::UPGRADING) => {
            "being brought up to date with this version; sites are filtered meanwhile, and the log says when it is done"
        }
        Err(_) => "NOT TO BE HAD: nothing is recorded but the journal, and no message leaves (schoolgate doctor says why)",
    }
}

fn lists(in_force: &InForce) -> String {
    let kind = match in_force.pack {
        PackFrom::Lists => "entries in the lists that were built",
        PackFrom::Starter => "entries in the starter list",
    };
    format!("{} {kind}", in_force.entries())
}
