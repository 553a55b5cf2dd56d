//! The files that the pages load: style, script, pictures. Built by `build.rs`, embedded, compressed beforehand.

/// Every path of an asset begins with this.
pub const ASSETS_PATH: &str = "/assets/";

/// One file, ready to be served.
#[derive(Debug, Clone, Copy)]
pub struct Asset {
    /// Absolute path on the console's host. It changes with the content.
    pub path: &'static str,
    /// For `Content-Type`.
    pub content_type: &'static str,
    /// The file as it is.
    pub bytes: &'static [u8],
    /// The same, for clients that accept `Content-Encoding: gzip`.
    pub gzip: &'static [u8],
}

impl Asset {
    /// For `Cache-Control`: a year and never asked for again, because another content has another path.
    pub const CACHE_CONTROL: &'static str = "public, max-age=31536000, immutable";
}

/// Every file, in no particular order.
#[must_use]
pub fn assets() -> &'static [Asset] {
    ASSETS
}

include!(concat!(env!("OUT_DIR"), "/assets.rs"));

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    fn text(path: &str) -> &'static str {
        let asset = assets().iter().find(|asset| asset.path == path).expect("asset");
        std::str::from_utf8(asset.bytes).expect("text")
    }

    #[test]
    fn each_asset_is_served_from_one_place_and_compressed_truly() {
        for asset in assets() {
            assert!(asset.path.starts_with(ASSETS_PATH), "{}", asset.path);
            let mut unpacked = Vec::new();
            flate2::read::GzDecoder::new(asset.gzip).read_to_end(&mut unpacked).expect("gzip");
            assert_eq!(unpacked, asset.bytes, "{}", asset.path);
        }
    }

    #[test]
    fn the_style_is_our_own_brand() {
        let css = text(STYLESHEET);
        assert!(css.contains(".govuk-button") && css.contains("system-ui"));
        for foreign in ["GDS Transport", "crest", "@font-face", "url("] {
            assert!(!css.contains(foreign), "{foreign}");
        }
    }

    #[test]
    fn the_script_loads_its_part_by_the_name_it_is_served_under() {
        let name = text(SCRIPT).split_once("from \"").and_then(|(_, rest)| rest.split('"').next()).expect("an import");
        assert!(text(name).contains("ServiceNavigation"));
    }

    #[test]
    fn a_first_visit_stays_small() {
        let sent: usize = assets().iter().map(|asset| asset.gzip.len()).sum();
        assert!(sent < 60 * 1024, "{sent} bytes");
    }
}
