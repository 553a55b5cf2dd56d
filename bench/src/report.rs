//! Measuring several subjects in turn, and printing what came of it as tables of Markdown.

use std::fmt::Write as _;

use crate::figures::{Spread, ratio};
use crate::options::Options;
use crate::quiet::Watch;

/// A subject, with the figures of each of its runs.
#[derive(Debug)]
pub(crate) struct Row<S, F> {
    pub(crate) subject: S,
    pub(crate) title: String,
    pub(crate) runs: Vec<F>,
}

/// A column: its title, and the figure of a run, where there is one.
pub(crate) type Column<F> = (&'static str, fn(&F) -> Option<f64>);

/// Runs a cycle of each subject, one after the other, as often as was asked for.
///
/// # Errors
/// Where a cycle fails, or the machine is busy with something else.
pub(crate) fn in_turn<S, F>(
    options: &Options,
    subjects: Vec<(S, String)>,
    mut cycle: impl FnMut(&S) -> anyhow::Result<F>,
) -> anyhow::Result<(Vec<Row<S, F>>, Watch)> {
    let mut watch = Watch::default();
    let mut rows: Vec<Row<S, F>> = subjects.into_iter().map(|(subject, title)| Row { subject, title, runs: Vec::new() }).collect();
    for run in 1..=options.runs {
        for row in &mut rows {
            let what = format!("run {run} of {}: {}", options.runs, row.title);
            row.runs.push(watch.cycle(options.busy, &what, || cycle(&row.subject))?);
        }
    }
    Ok((rows, watch))
}

/// The rows under a head, each cell least, median and most.
pub(crate) fn table<S, F>(rows: &[Row<S, F>], columns: &[Column<F>]) -> String {
    let mut text = head(&columns.iter().map(|(title, _)| *title).collect::<Vec<_>>());
    for row in rows {
        let cells: Vec<_> = columns.iter().map(|(_, figure)| Spread::of(row.runs.iter().filter_map(figure))).collect();
        if cells.iter().any(Option::is_some) {
            line(&mut text, &row.title, cells.into_iter().map(|cell| cell.map(|spread| spread.to_string())));
        }
    }
    text
}

/// Which of two figures stands above the line of a ratio.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Above {
    /// Ours: more is better.
    Ours,
    /// The peer's: less is better.
    Peers,
}

/// How many times better ours is than each of the others, run by run: above 1 is better.
pub(crate) fn ratios<S, F>(ours: &Row<S, F>, others: &[&Row<S, F>], columns: &[(&str, Above, Column<F>)]) -> String {
    let mut text = head(&columns.iter().map(|(title, _, _)| *title).collect::<Vec<_>>());
    for row in others {
        let cells = columns.iter().map(|(_, above, (_, figure))| {
            let pairs = ours.runs.iter().zip(&row.runs).filter_map(|(ours, peers)| Some((figure(ours)?, figure(peers)?)));
            Spread::of(pairs.map(|(ours, peers)| match above {
                Above::Ours => ours / peers,
                Above::Peers => peers / ours,
            }))
            .map(ratio)
        });
        line(&mut text, &row.title, cells);
    }
    text
}

fn head(titles: &[&str]) -> String {
    format!("\n| | {} |\n| --- |{}\n", titles.join(" | "), " --- |".repeat(titles.len()))
}

fn line(text: &mut String, title: &str, cells: impl Iterator<Item = Option<String>>) {
    let cells: Vec<String> = cells.map(|cell| cell.unwrap_or_else(|| "-".to_owned())).collect();
    // Writing to a String cannot fail.
    let _ = writeln!(text, "| {title} | {} |", cells.join(" | "));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(title: &str, runs: &[f64]) -> Row<(), f64> {
        Row { subject: (), title: title.to_owned(), runs: runs.to_vec() }
    }

    #[test]
    fn a_table_has_a_line_for_whoever_has_figures() {
        let column: Column<f64> = ("us", |run| (*run > 0.0).then_some(*run));
        let text = table(&[row("a", &[3.0, 1.0, 2.0]), row("b", &[0.0])], &[column]);
        assert_eq!(text, "\n| | us |\n| --- | --- |\n| a | 1 / **2** / 3 |\n");
    }

    #[test]
    fn a_ratio_compares_the_figures_of_one_run() {
        let column: Column<f64> = ("us", |run| Some(*run));
        let ours = row("ours", &[1.0, 2.0]);
        let text = ratios(&ours, &[&row("peer", &[4.0, 4.0])], &[("CPU", Above::Peers, column), ("requests/s", Above::Ours, column)]);
        assert!(text.ends_with("| peer | 2.00 / **2.00x** / 4.00 | 0.25 / **0.25x** / 0.50 |\n"), "{text}");
    }
}
