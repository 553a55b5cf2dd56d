//! People come in from a file: given, its columns named, looked at line by line, then done. Nothing of the file is written anywhere.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use ids::RecordId;
use ledger::code;
use serde::Deserialize;

use super::{csv_file, names};
use crate::access::Action;
use crate::people::import::{
    self, Column, DateOrder, Draft, FileError, Line, ManyLeavers, Options, Outcome, Planned, Reading, Run, RunKind, RunState, Running,
    Slot, Use,
};
use crate::people::view::{CheckPage, ColumnsPage, ImportPage, RunPage, RunRow};
use crate::people::{self, Membership, export};
use crate::web::{Ask, Caller, Fields, Office, Problem, Route, Shared, Upload, moment, sentence};

/// How many lines stand on one part of what would happen.
const PART: usize = 100;
/// How many runs are listed.
const RUNS: u64 = 20;

pub(super) fn routes() -> Vec<Route> {
    const IMPORT: Ask = Ask::School(Action::ImportPeople);
    vec![
        Route::page("/people/import", IMPORT, begin),
        Route::file("/people/import", IMPORT, give),
        Route::page("/people/import/columns", IMPORT, columns),
        Route::form("/people/import/columns", IMPORT, name_columns),
        Route::page("/people/import/check", IMPORT, check),
        Route::page("/people/import/faults.csv", IMPORT, faults),
        Route::form("/people/import/apply", IMPORT, apply),
        Route::page("/people/imports/{run}", IMPORT, run),
        Route::page("/people/imports/{run}/faults.csv", IMPORT, run_faults),
    ]
}

async fn begin(State(house): State<Shared>, caller: Caller) -> Result<Response, Problem> {
    begin_page(&house, &caller, &Fields::default(), StatusCode::OK).await
}

async fn begin_page(house: &Shared, caller: &Caller, fields: &Fields, status: StatusCode) -> Result<Response, Problem> {
    let office = caller.office();
    // Before the records are read: what ends in between has its end there.
    let under_way = office.imports.under_way();
    let runs = people::runs(office.ledger.reader(), office.scope(), RUNS).await?;
    let ids: Vec<_> = runs.iter().map(|run| run.by).collect();
    let named = names(caller, &ids).await?;
    caller.looks_at(Action::ImportPeople, named.iter().map(|(id, _)| *id)).await?;
    let row = |run: &Run| RunRow {
        run: run.clone(),
        by: named.iter().find(|(id, _)| *id == run.by).map(|(_, name)| name.clone()).unwrap_or_default(),
        at: moment(house, run.began),
        is_on_its_way: under_way.contains(&run.id),
    };
    let rows: Vec<RunRow> = runs.iter().map(row).collect();
    Ok((status, Html(house.page(&ImportPage { word: &caller.word(), fields, runs: &rows }, Some(caller)))).into_response())
}

/// Takes the file. Its columns are guessed; what they mean is looked at next.
async fn give(State(house): State<Shared>, caller: Caller, upload: Upload) -> Result<Response, Problem> {
    let mut fields = Fields::default();
    for name in ["membership", "dates", "complete", "many"] {
        fields.add(name, upload.field(name));
    }
    let bytes = upload.file("file");
    if bytes.is_empty() {
        fields.wrong("file", "Choose a file that is not empty");
    } else if let Err(error) = import::preview(&bytes) {
        fields.wrong("file", sentence(&for_page(&error)));
    }
    if !fields.are_right() {
        return begin_page(&house, &caller, &fields, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    let membership = |name: &str| fields.get(name).parse::<Membership>().ok();
    let reading = Reading {
        membership: membership("membership"),
        dates: (fields.get("dates") == "month-first").then_some(DateOrder::MonthFirst),
        ..Reading::default()
    };
    let many_leavers = if fields.get("many") == "yes" { ManyLeavers::Take } else { ManyLeavers::Refuse };
    let (complete, given) = (membership("complete"), caller.now());
    let (office, person) = (Arc::clone(caller.office()), caller.person());
    office.imports.keep(person, Draft { bytes: Arc::from(&*bytes), reading, complete, many_leavers, planned: None, given });
    tokio::spawn(async move { office.imports.run_out(person, given).await });
    Ok(Redirect::to("/people/import/columns").into_response())
}

/// The file that the caller has given.
fn draft(caller: &Caller) -> Result<Draft, Problem> {
    let gone = "There is no file of yours: it is kept for an hour and in memory only, so that nothing in it lies about. Give it again.";
    caller.office().imports.draft(caller.person(), caller.now()).ok_or_else(|| Problem::Told(gone.to_owned()))
}

async fn columns(State(house): State<Shared>, caller: Caller) -> Result<Response, Problem> {
    let Some(draft) = caller.office().imports.draft(caller.person(), caller.now()) else {
        return begin_page(&house, &caller, &Fields::default(), StatusCode::OK).await;
    };
    let preview = import::preview(&draft.bytes).map_err(|error| Problem::Told(sentence(&for_page(&error))))?;
    let mut fields = Fields::default();
    let guessed: Vec<Option<Column>> = preview.mapping.columns().iter().map(|(_, used)| taken(*used)).collect();
    for (at, column) in draft.reading.columns.as_ref().unwrap_or(&guessed).iter().enumerate() {
        fields.add(&format!("column-{at}"), column.map(Column::as_str).unwrap_or_default());
    }
    columns_page(&house, &caller, &draft, &fields, StatusCode::OK)
}

const fn taken(used: Use) -> Option<Column> {
    match used {
        Use::Take(column) => Some(column),
        Use::Leave(_) => None,
    }
}

fn columns_page(house: &Shared, caller: &Caller, draft: &Draft, fields: &Fields, status: StatusCode) -> Result<Response, Problem> {
    let preview = import::preview(&draft.bytes).map_err(|error| Problem::Told(sentence(&for_page(&error))))?;
    let page = ColumnsPage { word: &caller.word(), fields, preview: &preview };
    Ok((status, Html(house.page(&page, Some(caller)))).into_response())
}

async fn name_columns(State(house): State<Shared>, caller: Caller, mut fields: Fields) -> Result<Response, Problem> {
    let mut draft = draft(&caller)?;
    let count = import::preview(&draft.bytes).map_err(|error| Problem::Told(sentence(&for_page(&error))))?.mapping.columns().len();
    let mut chosen: Vec<Option<Column>> = Vec::with_capacity(count);
    for at in 0..count {
        let name = format!("column-{at}");
        let column = fields.get(&name).parse::<Column>().ok();
        if column.is_some() && chosen.contains(&column) {
            fields.wrong(&name, "Another column has this meaning already");
        }
        chosen.push(column);
    }
    let has = |column| chosen.contains(&Some(column));
    if !has(Column::Id) {
        fields.wrong(
            "column-0",
            "Choose which column tells one person from another and stays the same: a UPN, an admission number, a staff code",
        );
    }
    let has_names = has(Column::Name) || (has(Column::Given) && has(Column::Family));
    if !has_names {
        fields.wrong("column-0", "Choose which columns hold the first and the family name");
    }
    if !fields.are_right() {
        return columns_page(&house, &caller, &draft, &fields, StatusCode::UNPROCESSABLE_ENTITY);
    }
    draft.reading.columns = Some(chosen);
    draft.planned = None;
    caller.office().imports.keep(caller.person(), draft);
    Ok(Redirect::to("/people/import/check").into_response())
}

/// Works out what would happen, with what is known now.
async fn plan(caller: &Caller, draft: &Draft) -> Result<(import::Plan, import::Mapping), Problem> {
    let office = caller.office();
    let known = people::known(office.ledger.reader(), office.scope(), caller.today()).await?;
    let options = Options { now: caller.now(), today: caller.today(), complete: draft.complete, many_leavers: draft.many_leavers };
    let (bytes, reading) = (Arc::clone(&draft.bytes), draft.reading.clone());
    // A file of a hundred thousand people takes its time, and nobody else should wait for it.
    let planned = tokio::task::spawn_blocking(move || {
        let (mapping, roster) = import::read(&bytes, &reading).map_err(|error| Problem::Told(sentence(&for_page(&error))))?;
        Ok::<_, Problem>((import::plan(&known, &roster, &options)?, mapping))
    });
    planned.await.map_err(|_| Problem::Broken)?
}

/// The same as it is shown: worked out once, and kept with the file.
async fn planned(caller: &Caller) -> Result<Arc<Planned>, Problem> {
    let draft = draft(caller)?;
    if let Some(planned) = &draft.planned {
        return Ok(Arc::clone(planned));
    }
    let (plan, mapping) = plan(caller, &draft).await?;
    let planned = Arc::new(Planned::of(&plan, Some(mapping)));
    caller.office().imports.keep_plan(caller.person(), &draft, &planned);
    Ok(planned)
}

/// Which lines are shown.
#[derive(Debug, Default, Deserialize)]
pub(in crate::people) struct Part {
    #[serde(default)]
    pub(in crate::people) only: String,
    #[serde(default)]
    pub(in crate::people) from: usize,
}

/// The word by which lines are chosen.
pub(in crate::people) const fn word_of(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Added => "added",
        Outcome::Changed(_) | Outcome::Ends(_) | Outcome::Returns => "changed",
        Outcome::Left => "left",
        Outcome::Refused(_) => "refused",
    }
}

async fn check(State(house): State<Shared>, caller: Caller, part: Query<Part>) -> Result<Response, Problem> {
    if caller.office().imports.draft(caller.person(), caller.now()).is_none() {
        return begin_page(&house, &caller, &Fields::default(), StatusCode::OK).await;
    }
    let planned = planned(&caller).await?;
    let chosen: Vec<&Line> = planned.lines.iter().filter(|line| part.only.is_empty() || word_of(&line.outcome) == part.only).collect();
    let shown: Vec<&Line> = chosen.iter().skip(part.from).take(PART).copied().collect();
    caller.looks_at(Action::ImportPeople, shown.iter().filter_map(|line| line.person)).await?;
    let page = CheckPage { word: &caller.word(), planned: &planned, part: &part, shown: &shown, total: chosen.len(), size: PART };
    Ok(Html(house.page(&page, Some(&caller))).into_response())
}

async fn faults(caller: Caller) -> Result<Response, Problem> {
    let has_file = caller.office().imports.draft(caller.person(), caller.now()).is_some();
    let refused = if has_file { planned(&caller).await?.refused(None) } else { Vec::new() };
    caller.looks_at(Action::ImportPeople, refused.iter().filter_map(|line| line.person)).await?;
    Ok(faults_file(&refused))
}

fn faults_file(refused: &[Line]) -> Response {
    let row = |line: &Line| {
        let number = line.line.map(|line| line.to_string()).unwrap_or_default();
        let why = if let Outcome::Refused(why) = &line.outcome { told(why) } else { String::new() };
        vec![number, line.name.clone(), why]
    };
    csv_file("faults.csv", export::table(&["line", "name", "what is wrong"], refused.iter().map(row)))
}

/// Whoever presses twice has begun once: the file is let go of before anything begins, and comes back only where nothing did.
async fn apply(caller: Caller) -> Result<Response, Problem> {
    let slot = slot(&caller)?;
    let draft = draft(&caller)?;
    let (plan, mapping) = plan(&caller, &draft).await?;
    let planned = Planned::of(&plan, Some(mapping));
    caller.office().imports.forget(caller.person());
    match start(&caller, slot, RunKind::Import, plan, planned).await {
        Ok(run) => Ok(Redirect::to(&format!("/people/imports/{run}")).into_response()),
        Err(problem) => {
            caller.office().imports.keep(caller.person(), draft);
            Err(problem)
        }
    }
}

/// The right to do a plan. To be taken before it is worked out.
pub(super) fn slot(caller: &Caller) -> Result<Slot, Problem> {
    let busy = "Another file is being taken in at this moment. Wait until it is done, then look at yours again.";
    caller.office().imports.slot().ok_or_else(|| Problem::Told(busy.to_owned()))
}

/// Begins to do a plan, beside the pages: whoever began it need not wait.
pub(super) async fn start(caller: &Caller, slot: Slot, kind: RunKind, plan: import::Plan, planned: Planned) -> Result<RecordId, Problem> {
    let office = Arc::clone(caller.office());
    let act = caller.act(code!("people"));
    let mut unit = office.ledger.begin(act.clone()).await?;
    let run = people::begin_run(&mut unit, kind, plan.steps.len()).await?;
    unit.commit().await?;
    let running = office.imports.start(run, plan.steps.len());
    tokio::spawn(async move {
        let done = do_all(&office, &act, run, &running, plan, &planned).await;
        if let Err(why) = done {
            tracing::error!(error = why, "an import stopped before its end");
            // Nobody else sets it.
            let _ = running.failed.set(why);
        }
        drop(slot);
    });
    Ok(run)
}

async fn do_all(
    office: &Office,
    act: &ledger::Act,
    run: RecordId,
    running: &Running,
    plan: import::Plan,
    planned: &Planned,
) -> Result<(), String> {
    let progress = |done: usize, _: usize| running.done.store(done, std::sync::atomic::Ordering::Relaxed);
    let applied = import::apply_run(&office.ledger, &office.keys, act, plan, Some(run), &progress).await;
    let (state, counts) = match &applied {
        Ok(applied) => (RunState::Done, applied.counts),
        Err(_) => (RunState::Stopped, [0; 4]),
    };
    let ended = async {
        let mut unit = office.ledger.begin(act.clone()).await?;
        people::end_run(&mut unit, run, state, counts, act.at).await?;
        unit.commit().await?;
        Ok::<_, people::PeopleError>(())
    };
    let ended = ended.await;
    let applied = applied.map_err(|error| error.to_string())?;
    ended.map_err(|error| error.to_string())?;
    // Nobody else sets it.
    let _ = running.refused.set(planned.refused(Some(&applied)));
    Ok(())
}

async fn the_run(caller: &Caller, id: &str) -> Result<Run, Problem> {
    let id: RecordId = id.parse().map_err(|_| Problem::NotThere)?;
    people::run(caller.office().ledger.reader(), caller.office().scope(), id).await?.ok_or(Problem::NotThere)
}

/// How far it is; while it is on its way the page is asked for again every two seconds, by the browser itself.
async fn run(State(house): State<Shared>, caller: Caller, Path(id): Path<String>) -> Result<Response, Problem> {
    let under_way = caller.office().imports.under_way();
    let run = the_run(&caller, &id).await?;
    let is_on_its_way = under_way.contains(&run.id);
    let running = caller.office().imports.running(run.id);
    let refused = running.as_ref().and_then(|running| running.refused.get()).map(Vec::as_slice);
    let shown = refused.unwrap_or_default();
    caller.looks_at(Action::ImportPeople, shown.iter().take(PART).filter_map(|line| line.person)).await?;
    let page = RunPage { at: moment(&house, run.began), run: &run, running: running.as_deref(), is_on_its_way, refused, size: PART };
    let page = Html(house.page(&page, Some(&caller)));
    Ok(if is_on_its_way { ([(header::REFRESH, "2")], page).into_response() } else { page.into_response() })
}

async fn run_faults(caller: Caller, Path(id): Path<String>) -> Result<Response, Problem> {
    let run = the_run(&caller, &id).await?;
    let running = caller.office().imports.running(run.id).ok_or(Problem::NotThere)?;
    let refused = running.refused.get().ok_or(Problem::NotThere)?;
    caller.looks_at(Action::ImportPeople, refused.iter().filter_map(|line| line.person)).await?;
    Ok(faults_file(refused))
}

/// A message without what is for the command line.
fn for_page(error: &FileError) -> String {
    told(&error.to_string())
}

/// The same for any text: what stands in brackets and begins with an option is for the command line.
pub(in crate::people) fn told(text: &str) -> String {
    let Some((before, rest)) = text.split_once(" (--") else { return text.to_owned() };
    let after = rest.split_once(')').map(|(_, after)| after).unwrap_or_default();
    told(&format!("{before}{after}"))
}
