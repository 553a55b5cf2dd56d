//! `[doctor]`: what `schoolgate doctor` may try.

use super::reader::Section;
use super::values;

/// `[doctor]`: what `schoolgate doctor` may try.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DoctorConfig {
    /// Whether it tries to reach the internet past the proxy, and is red when it can. Default no. To be run on a device for pupils.
    pub direct_route_check: bool,
}

impl DoctorConfig {
    pub(super) fn read(root: &Section<'_>) -> Self {
        let section = root.table("doctor");
        let doctor = Self { direct_route_check: section.or("direct_route_check", false, values::flag) };
        section.finish();
        doctor
    }
}
