//! `[metrics]`: where health, readiness and figures are served for whoever watches machines.

use std::net::SocketAddr;

use super::reader::Section;
use super::values;

/// `[metrics]`: figures for whoever watches machines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct MetricsConfig {
    /// Where they are served. Default: nowhere.
    pub listen: Option<SocketAddr>,
}

impl MetricsConfig {
    pub(super) fn read(root: &Section<'_>) -> Self {
        let section = root.table("metrics");
        let metrics = Self { listen: section.optional("listen", values::socket) };
        section.finish();
        metrics
    }
}
