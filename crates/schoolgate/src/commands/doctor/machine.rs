//! The machine: disk, memory, clock and time zones.

use std::fs;
use std::path::Path;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::Facts;
use super::finding::{Look, Told, Unknown};
use crate::answer;

/// The year of this version: no right clock is before it.
const YEAR: i16 = 2026;
/// A clock this many years ahead is wrong rather than the program old.
const OLD: i16 = 15;
/// A file may be this much newer than the clock says: clocks are put right in small steps.
const LEEWAY: SignedDuration = SignedDuration::from_mins(5);
/// Below this much free space there is something to do: room for some downloads and packs.
const DISK_WARN: u64 = 2 << 30;
/// Below this much, the next refresh is likely to fail.
const DISK_BAD: u64 = 200 << 20;
/// Below this much free memory, a large pack is read slowly or not at all.
const MEMORY_WARN: u64 = 256 << 20;
/// Below this much, the system may end Schoolgate at any time.
const MEMORY_BAD: u64 = 64 << 20;

pub(super) fn disk(facts: &Facts) -> Look {
    let root = facts.data()?.root();
    let there = root.ancestors().find(|path| path.exists()).unwrap_or(Path::new("."));
    let space = rustix::fs::statvfs(there)
        .map_err(|error| Unknown::new(format!("{} cannot be asked for its free space ({error})", there.display())))?;
    if space.f_blocks == 0 {
        return Err(Unknown::new(format!("{} is on no disk that has a size", there.display())));
    }
    room(
        "on the disk of the data folder",
        space.f_bavail.saturating_mul(space.f_frsize),
        DISK_WARN,
        DISK_BAD,
        "make room, or choose a larger disk (data = ... in the configuration)",
    )
    .into()
}

pub(super) fn memory(_facts: &Facts) -> Look {
    let unknown = || Unknown::new("this system does not say how much memory is free");
    let text = fs::read_to_string("/proc/meminfo").map_err(|_| unknown())?;
    let free = available(&text).ok_or_else(unknown)?;
    room("in memory", free, MEMORY_WARN, MEMORY_BAD, "end other programs, or give the machine more memory").into()
}

pub(super) fn clock(facts: &Facts) -> Look {
    let zone = facts.config.as_ref().map_or(TimeZone::UTC, |config| config.time_zone.clone());
    let shown = answer::school_time(facts.now, &zone);
    let todo = "put the clock right and keep it right (on most systems: timedatectl set-ntp true); lifts, windows and downloads go by it";
    let year = facts.now.to_zoned(zone.clone()).year();
    if year < YEAR {
        return Told::bad(format!("The clock says {shown}, before this version was made."), todo).into();
    }
    if year > YEAR + OLD {
        return Told::warn(format!("The clock says {shown}, far ahead of this version."), todo).into();
    }
    let newest = facts.data.as_ref().and_then(|data| [data.root(), &data.downloads()].into_iter().filter_map(newest).max());
    match newest {
        Some(newest) if newest > facts.now + LEEWAY => {
            let newest = answer::school_time(newest, &zone);
            Told::bad(
                format!("The clock says {shown}, but a file in the data folder is from {newest}: the clock was set back, or was ahead."),
                todo,
            )
            .into()
        }
        Some(_) | None => Told::good(format!("It is {shown}.")).into(),
    }
}

/// The data of all zones are part of the program, so only the choice of one can be wrong.
pub(super) fn time_zone(facts: &Facts) -> Look {
    let zone = &facts.config()?.time_zone;
    let name = zone.iana_name().unwrap_or("a zone without a name");
    match zone.following(facts.now).next() {
        Some(change) => {
            let change = answer::school_time(change.timestamp(), zone);
            Told::good(format!("The school's time is {name}; the clocks change next on {change}.")).into()
        }
        None => Told::warn(
            format!("The school's time is {name}, where the clocks never change."),
            "if the school has summer time, set its zone, such as time_zone = \"Europe/London\"; else every hour is wrong in summer",
        )
        .into(),
    }
}

fn room(what: &str, free: u64, warn: u64, bad: u64, todo: &str) -> Told {
    let says = format!("{} free {what}.", size(free));
    match free {
        free if free < bad => Told::bad(says, todo),
        free if free < warn => Told::warn(says, todo),
        _ => Told::good(says),
    }
}

/// Bytes as people read them.
pub(super) fn size(bytes: u64) -> String {
    match bytes {
        0..0x400 => format!("{bytes} bytes"),
        0x400..0x10_0000 => format!("{} KiB", bytes >> 10),
        0x10_0000..0x4000_0000 => format!("{} MiB", bytes >> 20),
        _ => format!("{:.1} GiB", bytes as f64 / f64::from(1 << 30)),
    }
}

/// `MemAvailable` of Linux, in bytes.
fn available(meminfo: &str) -> Option<u64> {
    let line = meminfo.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
    line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()?.checked_mul(1024)
}

/// The time of the newest file in a folder.
fn newest(folder: &Path) -> Option<Timestamp> {
    let files = fs::read_dir(folder).ok()?.filter_map(|entry| entry.ok()?.metadata().ok());
    files.filter(fs::Metadata::is_file).filter_map(|file| Timestamp::try_from(file.modified().ok()?).ok()).max()
}

#[cfg(test)]
mod tests {
    use super::super::finding::{Finding, Part, State};
    use super::*;

    fn state(free: u64) -> State {
        Finding::of(Part::Machine, "Disk", room("on the disk", free, DISK_WARN, DISK_BAD, "make room").into())[0].state
    }

    #[test]
    fn little_room_is_said_in_time() {
        assert_eq!(state(2 << 30), State::Good);
        assert_eq!(state((2 << 30) - 1), State::Warn);
        assert_eq!(state(200 << 20), State::Warn);
        assert_eq!(state((200 << 20) - 1), State::Bad);
        assert_eq!(state(0), State::Bad);
    }

    #[test]
    fn free_memory_is_read_from_linux() {
        assert_eq!(available("MemTotal:       16 kB\nMemAvailable:    8 kB\n"), Some(8192));
        for broken in ["", "MemAvailable: lots\n", "MemAvailable: 99999999999999999999 kB\n"] {
            assert_eq!(available(broken), None, "{broken:?}");
        }
    }

    #[test]
    fn sizes_are_readable() {
        assert_eq!((size(1023).as_str(), size(2048).as_str(), size(200 << 20).as_str()), ("1023 bytes", "2 KiB", "200 MiB"));
        assert_eq!(size(3 << 29), "1.5 GiB");
    }
}
