//! Expressions of lists: taken only if they are safe to run and mean here what they meant there.

use regex::RegexBuilder;

use super::Skip;

/// Largest compiled form of one expression, in bytes. A list whose expressions need more is written to hurt.
const MAX_PROGRAM: usize = 1 << 20;
/// Deepest nesting of brackets.
const MAX_NESTING: u32 = 50;

/// Checks that an expression of a list compiles with the `regex` crate, ignoring case, in bounded space.
///
/// # Errors
/// [`Skip::Syntax`] where the crate refuses it (look-around and back references among others), [`Skip::NotTaken`] where it would
/// be too large, match every address, or mean something else here than in the list's own dialect.
pub fn check(text: &str) -> Result<(), Skip> {
    // Set operators of the `regex` crate: in POSIX and Go two of these signs in brackets are only characters.
    if text.contains('[') && ["&&", "~~", "--"].iter().any(|operator| text.contains(operator)) {
        return Err(Skip::NotTaken("the expression means something else here"));
    }
    let built = RegexBuilder::new(text).case_insensitive(true).size_limit(MAX_PROGRAM).nest_limit(MAX_NESTING).build();
    match built {
        Ok(regex) if regex.is_match("") && regex.is_match("any.example/") => Err(Skip::NotTaken("the expression matches every address")),
        Ok(_) => Ok(()),
        Err(regex::Error::CompiledTooBig(_)) => Err(Skip::NotTaken("the expression is too large")),
        Err(_) => Err(Skip::Syntax("not an expression that can be run safely")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_safe_expressions_pass() {
        for good in ["(^|[-?+=/_])(casino|poker)s?([-.?+=/_]|$)", r"\.casino$", "[[:digit:]]+bet", r"[-\?+]x"] {
            assert_eq!(check(good), Ok(()), "{good}");
        }
        for (bad, why) in [
            ("(", "not understood: not an expression that can be run safely"),
            ("(?=x)y", "not understood: not an expression that can be run safely"),
            (r"(a)\1", "not understood: not an expression that can be run safely"),
            ("", "not taken: the expression matches every address"),
            (".*", "not taken: the expression matches every address"),
            ("casino|", "not taken: the expression matches every address"),
            ("(((x{1,100}){1,100}){1,100})", "not taken: the expression is too large"),
            ("[a-z&&x]", "not taken: the expression means something else here"),
        ] {
            assert_eq!(check(bad).map_err(|why| why.to_string()), Err(why.to_owned()), "{bad}");
        }
        assert!(check(&"(".repeat(10_000)).is_err());
    }
}
