//! Events that are written on the thread of whoever records them.

use std::collections::HashSet;
use std::fs;
use std::io::{Write as _, stdin};
use std::path::PathBuf;
use std::thread;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use crate::support::{NOW, Place, again, day, event, event_at, open, today, write};

#[tokio::test]
async fn once_the_file_is_open_nobody_waits() {
    let place = Place::new();
    let (recorder, journal) = place.open();
    assert!(!recorder.keep_at_once(&event(0)), "a file that is not open is the journal's business");
    write(&recorder, [event(0)]).await;
    assert!(recorder.keep_at_once(&event(1)));
    assert_eq!(place.read(today()), [event(0), event(1)], "written when it says so");
    journal.stop().expect("stop");
    assert!(!recorder.keep_at_once(&event(2)), "a closed journal keeps nothing");
    assert_eq!(place.ids().len(), 2);
}

#[tokio::test]
async fn an_event_of_another_day_goes_by_the_queue() {
    let place = Place::new();
    let (recorder, journal) = place.open();
    write(&recorder, [event(0)]).await;
    let late = event_at(1, "2026-11-22T23:59:59Z");
    assert!(!recorder.keep_at_once(&late));
    write(&recorder, [late]).await;
    journal.stop().expect("stop");
    assert_eq!((place.ids().len(), place.read(day("2026-11-22")).len()), (1, 1));
}

#[tokio::test]
async fn many_threads_and_the_queue_write_whole_lines() {
    let place = Place::new();
    let (recorder, journal) = place.open();
    write(&recorder, [event(0)]).await;
    let threads: Vec<_> = (1..=4_u64)
        .map(|thread| {
            let recorder = recorder.clone();
            thread::spawn(move || {
                (0..2000).map(|number| event(thread << 32 | number)).filter(|event| !recorder.keep_at_once(event)).collect()
            })
        })
        .collect();
    write(&recorder, (1..500).map(event)).await;
    for left in threads {
        let left: Vec<_> = left.join().expect("thread");
        write(&recorder, left).await;
    }
    journal.stop().expect("stop");
    let ids = place.ids();
    assert_eq!(ids.len(), 8500);
    assert_eq!(ids.into_iter().collect::<HashSet<_>>().len(), 8500, "each exactly once");
}

#[test]
fn a_full_disk_leaves_nothing_torn_and_the_queue_takes_over() {
    let place = Place::new();
    let mut child = again("direct::keeps_on_a_full_disk").spawn().expect("process");
    writeln!(child.stdin.take().expect("input"), "{}", place.folder().display()).expect("input");
    assert!(child.wait().expect("process").success());
    assert!(place.ids().len() > 10, "the process did its work");
}

#[tokio::test]
#[ignore = "a process of its own, started by the test above, which gives it a folder on its standard input"]
async fn keeps_on_a_full_disk() {
    let mut folder = String::new();
    stdin().read_line(&mut folder).expect("input");
    let folder = PathBuf::from(folder.trim());
    let limit = |bytes| setrlimit(Resource::Fsize, Rlimit { current: bytes, maximum: getrlimit(Resource::Fsize).maximum }).expect("limit");
    let (recorder, journal) = open(&folder, NOW, 4).expect("journal");
    write(&recorder, [event(0)]).await;
    limit(Some(8192));
    let kept = (1..).take_while(|number| recorder.keep_at_once(&event(*number))).count() as u64;
    let file = fs::read(activity::journal::path_of(&folder, today())).expect("file");
    assert_eq!(file.last(), Some(&b'\n'), "nothing torn is left behind");
    limit(None);
    assert!(!recorder.keep_at_once(&event(kept + 1)), "the journal itself opens the way again");
    write(&recorder, [event(kept + 1)]).await;
    assert!(recorder.keep_at_once(&event(kept + 2)));
    journal.stop().expect("stop");
    let ids: Vec<_> = activity::journal::read(&folder, today()).expect("file").map(|line| line.expect("line").id).collect();
    assert_eq!(ids, (0..kept + 3).map(|number| event(number).id).collect::<Vec<_>>(), "each exactly once");
}
