//! v2fly data folders.

use lists::source::{Limits, SourceError, SourceSpec};

use crate::support::{folder, read, refused, spec};

const V2FLY: [(&str, &[u8]); 7] = [
    ("data/category-games", b"include:studio @-ads\ninclude:absent\nfull:games.example\n"),
    ("data/category-ads", b"include:studio @ads\n"),
    ("data/studio", b"# ours\nstudio.example\nads.studio.example @ads\ninclude:engine\ninclude:category-games\n"),
    ("data/engine", b"engine.example\ntracker.example @ads\nregexp:^play[0-9]\\.example$\n"),
    ("data/arcade", b"coin.example &category-games\nother.example\n"),
    ("data/unused", b"unused.example\n"),
    ("README.md", b"# Lists\n"),
];

#[test]
fn v2fly_roots_reach_their_includes_file_by_file() {
    let folder = folder(&V2FLY);
    let notes = read(&spec(folder.path()));
    assert_eq!(
        notes,
        [
            "README.md: not a list",
            "data/category-ads = category-ads v2fly Black",
            "  end",
            "data/studio = category-ads v2fly Black",
            "  3 +*.ads.studio.example",
            "  end",
            "data/engine = category-ads v2fly Black",
            "  2 +*.tracker.example",
            "  end",
            "data/category-games = category-ads v2fly Black",
            "  1 ?not understood: the list includes itself, if only by way of others: include:studio @-ads",
            "  2 ?not understood: includes a list that is not there: include:absent",
            "  end",
            "data/arcade = category-ads v2fly Black",
            "  end",
            "data/category-games = category-games v2fly Black",
            "  2 ?not understood: includes a list that is not there: include:absent",
            "  3 +=games.example",
            "  end",
            "data/arcade = category-games v2fly Black",
            "  1 +*.coin.example",
            "  end",
            "data/studio = category-games v2fly Black",
            "  2 +*.studio.example",
            "  5 ?not understood: the list includes itself, if only by way of others: include:category-games",
            "  end",
            "data/engine = category-games v2fly Black",
            "  1 +*.engine.example",
            r"  3 +host~^play[0-9]\.example$",
            "  end",
            "data: 1 lists that are not asked for",
        ]
    );
}

#[test]
fn v2fly_roots_can_be_named() {
    let folder = folder(&V2FLY);
    let named: SourceSpec = format!("v2fly:{}#unused", folder.path().display()).parse().expect("a source");
    assert_eq!(
        read(&named),
        [
            "README.md: not a list",
            "data/unused = unused v2fly Black",
            "  1 +*.unused.example",
            "  end",
            "data: 6 lists that are not asked for"
        ]
        .map(|line| line.replace("6 lists", "5 lists"))
    );
    for roots in [&["absent"][..], &["unused", "absent"]] {
        let spec = SourceSpec { roots: roots.iter().map(|root| (*root).to_owned()).collect(), ..spec(folder.path()) };
        let error = refused(&spec, &Limits::default());
        assert!(matches!(&error, SourceError::NoRoot { root, .. } if root == "absent"), "{error}");
    }
}
