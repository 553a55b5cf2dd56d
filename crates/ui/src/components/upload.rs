//! Upload: one file from the person's computer. The form round it needs `enctype="multipart/form-data"`.

use maud::{Markup, Render, html};

use super::Example;
use super::field::Field;

/// One file.
#[derive(Debug, Clone)]
pub struct Upload<'a> {
    /// Id and name of the field.
    pub name: &'a str,
    /// What is asked for.
    pub label: &'a str,
    /// What kind of file, and the largest that is taken: people should know before they wait.
    pub hint: &'a str,
    /// What is wrong with the file.
    pub error: Option<&'a str>,
    /// Endings and types that the browser offers first, such as `.csv,text/csv`. It is help, not a check.
    pub accept: &'a str,
}

impl Render for Upload<'_> {
    fn render(&self) -> Markup {
        let field = Field { id: self.name, hint: Some(self.hint), error: self.error };
        field.group(&html! {
            label.govuk-label for=(self.name) { (self.label) }
            (field.hint_and_error())
            input.govuk-file-upload.govuk-file-upload--error[self.error.is_some()] type="file" id=(self.name) name=(self.name)
                accept=(self.accept) aria-describedby=[field.described_by()];
        })
    }
}

pub(super) fn examples() -> Vec<Example> {
    let plain =
        Upload { name: "file", label: "File of people", hint: "A table saved as CSV, up to 16 MB.", error: None, accept: ".csv,text/csv" };
    let faulty = Upload { name: "file-missing", error: Some("Choose a file"), ..plain.clone() };
    vec![Example::new("To be chosen", &plain), Example::new("None chosen", &faulty)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_is_read_out_with_the_field() {
        let upload = Upload { name: "f", label: "File", hint: "Up to 16 MB.", error: Some("e"), accept: ".csv" };
        let markup = upload.render().into_string();
        assert!(markup.contains(r#"aria-describedby="f-hint f-error""#) && markup.contains("Up to 16 MB."), "{markup}");
        assert!(markup.contains(r#"type="file""#) && markup.contains(r#"accept=".csv""#));
    }
}
