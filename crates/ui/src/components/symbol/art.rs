//! The drawings: name, and shapes on a field of 48 by 48. The order never changes, since numbers are stored. The first twenty make picture
//! passwords, so they are the least alike.

pub(super) const ALL: &[(&str, &str)] = &[
    (
        "sun",
        r##"<g stroke="#d98200" stroke-width="4" stroke-linecap="round"><path d="M24 3v6M24 39v6M3 24h6M39 24h6M9 9l4 4M35 35l4 4M9 39l4-4M35 13l4-4"/></g><circle cx="24" cy="24" r="11" fill="#ffc145" stroke="#d98200" stroke-width="2"/>"##,
    ),
    (
        "cat",
        r##"<path d="M9 6l9 8h12l9-8v20c0 10-7 17-15 17S9 36 9 26z" fill="#e08a3c"/><circle cx="18" cy="24" r="3" fill="#0b0c0c"/><circle cx="30" cy="24" r="3" fill="#0b0c0c"/><path d="M21 31h6l-3 3z" fill="#7a2c1a"/><path d="M3 29l12 2M3 36l12-2M45 29l-12 2M45 36l-12-2" stroke="#0b0c0c" stroke-width="1.5"/>"##,
    ),
    (
        "boat",
        r##"<path d="M23 4v26H7z" fill="#fff" stroke="#123c4a" stroke-width="2"/><path d="M27 9v21h14z" fill="#d4351c"/><path d="M3 33h42l-7 11H10z" fill="#7a4a1e"/>"##,
    ),
    (
        "apple",
        r##"<path d="M24 14c-5-5-18-3-18 11 0 10 7 20 13 20 2 0 3-1 5-1s3 1 5 1c6 0 13-10 13-20 0-14-13-16-18-11z" fill="#c8202f"/><path d="M24 14c0-5 1-8 4-11" stroke="#5c3a1a" stroke-width="3" fill="none"/><path d="M28 8c4-5 9-5 12-4-1 4-5 8-12 4z" fill="#2e8b3d"/>"##,
    ),
    (
        "house",
        r##"<path d="M8 22h32v22H8z" fill="#f3d6a2" stroke="#5c3a1a" stroke-width="2"/><path d="M2 24L24 4l22 20z" fill="#b3321f"/><path d="M20 30h9v14h-9z" fill="#5c3a1a"/><path d="M11 27h6v6h-6zM32 27h6v6h-6z" fill="#5aa7d6"/>"##,
    ),
    ("star", r##"<path d="M24 3l6 14 15 1-11 10 3 15-13-8-13 8 3-15L3 18l15-1z" fill="#ffc145" stroke="#a66a00" stroke-width="2"/>"##),
    (
        "fish",
        r##"<path d="M4 24c6-12 20-15 31-4l9-7v22l-9-7C24 39 10 36 4 24z" fill="#2f8fc4"/><circle cx="14" cy="22" r="3" fill="#fff"/><circle cx="14" cy="22" r="1.5" fill="#0b0c0c"/><path d="M23 17c3 4 3 10 0 14" stroke="#145a80" stroke-width="2" fill="none"/>"##,
    ),
    (
        "tree",
        r##"<path d="M20 30h8v15h-8z" fill="#7a4a1e"/><circle cx="24" cy="15" r="12" fill="#2e8b3d"/><circle cx="13" cy="23" r="9" fill="#2e8b3d"/><circle cx="35" cy="23" r="9" fill="#2e8b3d"/>"##,
    ),
    (
        "car",
        r##"<path d="M3 26c0-3 2-4 5-5l6-10h18l8 10c4 0 5 2 5 5v9H3z" fill="#7a3fa0"/><path d="M16 14h7v7H12zM26 14h5l5 7H26z" fill="#d6ecf7"/><circle cx="13" cy="36" r="6" fill="#0b0c0c"/><circle cx="35" cy="36" r="6" fill="#0b0c0c"/><circle cx="13" cy="36" r="2" fill="#fff"/><circle cx="35" cy="36" r="2" fill="#fff"/>"##,
    ),
    (
        "duck",
        r##"<circle cx="17" cy="14" r="10" fill="#ffd23f"/><path d="M12 24c-6 12 2 20 14 20 12 0 19-8 19-20-8 6-16 6-22 0z" fill="#ffd23f"/><path d="M8 13L1 17l8 3z" fill="#e2711d"/><circle cx="15" cy="12" r="2" fill="#0b0c0c"/><path d="M22 32c5 4 11 3 14-2" stroke="#a66a00" stroke-width="2" fill="none"/>"##,
    ),
    ("moon", r##"<path d="M31 4a21 21 0 1 0 12 31A18 18 0 0 1 31 4z" fill="#f2d16b" stroke="#7d6200" stroke-width="2"/>"##),
    (
        "ball",
        r##"<circle cx="24" cy="24" r="20" fill="#fff" stroke="#0b0c0c" stroke-width="2"/><path d="M24 4a20 20 0 0 0-17 10l17 10z" fill="#c8202f"/><path d="M41 14L24 24v20a20 20 0 0 0 17-30z" fill="#1d70b8"/>"##,
    ),
    (
        "flower",
        r##"<path d="M24 28v17" stroke="#2e8b3d" stroke-width="4"/><path d="M24 40c-4-6-9-6-12-5 1 5 6 8 12 5z" fill="#2e8b3d"/><g fill="#d6478f"><circle cx="24" cy="9" r="7"/><circle cx="33" cy="16" r="7"/><circle cx="30" cy="26" r="7"/><circle cx="18" cy="26" r="7"/><circle cx="15" cy="16" r="7"/></g><circle cx="24" cy="19" r="5" fill="#ffc145"/>"##,
    ),
    (
        "bus",
        r##"<path d="M3 9h42v27H3z" fill="#c8202f"/><path d="M7 13h9v9H7zM19 13h9v9h-9zM31 13h10v9H31z" fill="#d6ecf7"/><path d="M3 27h42v3H3z" fill="#ffd23f"/><circle cx="13" cy="37" r="6" fill="#0b0c0c"/><circle cx="35" cy="37" r="6" fill="#0b0c0c"/>"##,
    ),
    (
        "key",
        r##"<circle cx="14" cy="24" r="9" fill="none" stroke="#a66a00" stroke-width="6"/><path d="M23 21h23v6h-4v7h-6v-7h-4v5h-5v-5h-4z" fill="#a66a00"/>"##,
    ),
    (
        "snail",
        r##"<path d="M4 42c0-4 4-4 8-4h22c4-6 3-14 4-22 4-3 8 0 8 4 0 14-2 22-10 22z" fill="#8a9a3b"/><circle cx="20" cy="26" r="14" fill="#a65a2a"/><circle cx="20" cy="26" r="8" fill="#e0a978"/><circle cx="20" cy="26" r="3" fill="#a65a2a"/><path d="M39 15l-2-9M43 15l3-8" stroke="#5c6626" stroke-width="2"/>"##,
    ),
    (
        "umbrella",
        r##"<path d="M3 25a21 21 0 0 1 42 0z" fill="#2b7a78"/><path d="M17 25a7 20 0 0 1 14 0z" fill="#7cc6c3"/><path d="M24 25v14a4 4 0 0 1-8 0" stroke="#0b0c0c" stroke-width="3" fill="none"/>"##,
    ),
    (
        "rocket",
        r##"<path d="M24 2c9 7 11 18 9 30H15C13 20 15 9 24 2z" fill="#d9dee2" stroke="#505a5f" stroke-width="2"/><circle cx="24" cy="17" r="5" fill="#1d70b8"/><path d="M15 22L7 36l9-3zM33 22l8 14-9-3z" fill="#c8202f"/><path d="M18 34h12l-6 12z" fill="#f08a24"/>"##,
    ),
    (
        "bell",
        r##"<path d="M24 4c-9 0-13 7-13 15 0 9-2 12-6 16h38c-4-4-6-7-6-16 0-8-4-15-13-15z" fill="#e0a92e" stroke="#7d5a00" stroke-width="2"/><circle cx="24" cy="40" r="5" fill="#7d5a00"/>"##,
    ),
    (
        "hat",
        r##"<path d="M13 32V8h22v24z" fill="#23303a"/><path d="M13 25h22v7H13z" fill="#c8202f"/><path d="M3 32h42v6H3z" fill="#23303a"/>"##,
    ),
    (
        "cloud",
        r##"<g fill="#8fb8d0"><circle cx="16" cy="27" r="10"/><circle cx="27" cy="20" r="12"/><circle cx="37" cy="29" r="8"/><path d="M16 26h22v11H16z"/></g>"##,
    ),
    (
        "rainbow",
        r##"<g fill="none" stroke-width="5"><path d="M5 40a19 19 0 0 1 38 0" stroke="#c8202f"/><path d="M10 40a14 14 0 0 1 28 0" stroke="#ffc145"/><path d="M15 40a9 9 0 0 1 18 0" stroke="#2e8b3d"/><path d="M20 40a4 4 0 0 1 8 0" stroke="#1d70b8"/></g>"##,
    ),
    (
        "leaf",
        r##"<path d="M8 40C2 18 18 4 44 5c0 26-14 40-30 33z" fill="#3f9b45"/><path d="M5 45C14 30 23 22 35 14" stroke="#1f5c26" stroke-width="3" fill="none"/>"##,
    ),
    (
        "mushroom",
        r##"<path d="M18 26h12l3 18H15z" fill="#f1e3c9"/><path d="M3 28C4 12 14 5 24 5s20 7 21 23z" fill="#c8202f"/><g fill="#fff"><circle cx="16" cy="18" r="4"/><circle cx="29" cy="13" r="4"/><circle cx="35" cy="23" r="3"/></g>"##,
    ),
    (
        "pear",
        r##"<path d="M24 10c-6 0-7 6-8 11-1 4-7 7-7 14 0 7 7 11 15 11s15-4 15-11c0-7-6-10-7-14-1-5-2-11-8-11z" fill="#9fbf3b"/><path d="M24 11c0-4 1-6 4-9" stroke="#5c3a1a" stroke-width="3" fill="none"/>"##,
    ),
    (
        "cherry",
        r##"<path d="M14 30C16 18 24 8 38 5M34 31C34 20 35 12 38 5" stroke="#2e6b2f" stroke-width="3" fill="none"/><circle cx="13" cy="35" r="9" fill="#a3123a"/><circle cx="34" cy="36" r="9" fill="#a3123a"/>"##,
    ),
    (
        "carrot",
        r##"<path d="M12 15l12-3 10 10-27 23z" fill="#ef7d1a" transform="rotate(3 24 24)"/><path d="M28 17C28 8 33 4 37 3c1 5-1 8-3 11 4-3 8-3 11-1-3 6-8 8-15 6z" fill="#2e8b3d"/>"##,
    ),
    (
        "ladybird",
        r##"<circle cx="24" cy="11" r="8" fill="#0b0c0c"/><circle cx="24" cy="28" r="17" fill="#d4351c"/><path d="M24 11v34" stroke="#0b0c0c" stroke-width="2"/><g fill="#0b0c0c"><circle cx="16" cy="22" r="3"/><circle cx="32" cy="22" r="3"/><circle cx="16" cy="34" r="3"/><circle cx="32" cy="34" r="3"/></g>"##,
    ),
    (
        "butterfly",
        r##"<g fill="#5694ca"><ellipse cx="14" cy="15" rx="11" ry="11"/><ellipse cx="34" cy="15" rx="11" ry="11"/></g><g fill="#f499be"><ellipse cx="16" cy="33" rx="8" ry="9"/><ellipse cx="32" cy="33" rx="8" ry="9"/></g><path d="M22 10h4v30h-4z" fill="#0b0c0c"/>"##,
    ),
    (
        "bee",
        r##"<ellipse cx="17" cy="13" rx="8" ry="10" fill="#cfe6f2"/><ellipse cx="31" cy="13" rx="8" ry="10" fill="#cfe6f2"/><ellipse cx="24" cy="29" rx="19" ry="13" fill="#ffc83d"/><path d="M16 17h5v24h-5zM27 17h5v24h-5z" fill="#0b0c0c"/><circle cx="9" cy="26" r="2" fill="#0b0c0c"/>"##,
    ),
    (
        "train",
        r##"<path d="M4 20h20v17H4z" fill="#2e8b3d"/><path d="M24 8h18v29H24z" fill="#1d70b8"/><path d="M28 13h10v9H28z" fill="#d6ecf7"/><path d="M8 9h7v11H8z" fill="#0b0c0c"/><circle cx="11" cy="39" r="5" fill="#0b0c0c"/><circle cx="23" cy="39" r="5" fill="#0b0c0c"/><circle cx="36" cy="39" r="6" fill="#0b0c0c"/>"##,
    ),
    (
        "kite",
        r##"<path d="M24 2l15 18-15 16L9 20z" fill="#f08a24"/><path d="M24 2v34M9 20h30" stroke="#7a2c1a" stroke-width="2"/><path d="M24 36c-6 3 5 6-2 11" stroke="#0b0c0c" stroke-width="2" fill="none"/>"##,
    ),
    (
        "drum",
        r##"<path d="M6 16h36v22c-8 7-28 7-36 0z" fill="#c8202f"/><ellipse cx="24" cy="16" rx="18" ry="7" fill="#f7efe0" stroke="#5c3a1a" stroke-width="2"/><path d="M6 20l9 22 9-18 9 18 9-22" stroke="#ffd23f" stroke-width="2" fill="none"/>"##,
    ),
    (
        "book",
        r##"<path d="M24 11C17 6 10 6 3 8v31c7-2 14-2 21 3 7-5 14-5 21-3V8c-7-2-14-2-21 3z" fill="#1d70b8"/><path d="M24 13c-6-4-11-4-17-3v25c6-1 11-1 17 3 6-4 11-4 17-3V10c-6-1-11-1-17 3z" fill="#fff"/><path d="M24 13v25" stroke="#123c4a" stroke-width="2"/>"##,
    ),
    (
        "cup",
        r##"<path d="M7 14h28v18c0 7-5 11-14 11S7 39 7 32z" fill="#d6478f"/><path d="M35 19h4c8 0 8 14 0 14h-5" fill="none" stroke="#d6478f" stroke-width="4"/><path d="M15 9c-3-3 3-4 0-7M25 9c-3-3 3-4 0-7" stroke="#505a5f" stroke-width="2" fill="none"/>"##,
    ),
    ("heart", r##"<path d="M24 44C8 32 3 24 3 16 3 5 18 2 24 13 30 2 45 5 45 16c0 8-5 16-21 28z" fill="#d4351c"/>"##),
];
