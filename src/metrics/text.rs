//! The text form of Prometheus, version 0.0.4.

use std::fmt::Write;

/// A text that grows by figures.
#[derive(Default)]
pub(super) struct Text(String);

impl Text {
    /// Begins a figure: its name, its sort (`gauge`, `counter`, `histogram`) and what it says.
    pub(super) fn figure(&mut self, name: &str, sort: &str, help: &str) {
        // Writing into a string never fails.
        let _ = writeln!(self.0, "# HELP plenary_{name} {help}\n# TYPE plenary_{name} {sort}");
    }

    /// Adds a value; labels are pairs of names and words.
    pub(super) fn value(&mut self, name: &str, labels: &[(&str, &str)], value: f64) {
        let labels: Vec<String> = labels.iter().map(|(name, word)| format!("{name}=\"{}\"", escaped(word))).collect();
        let labels = if labels.is_empty() { String::new() } else { format!("{{{}}}", labels.join(",")) };
        let _ = writeln!(self.0, "plenary_{name}{labels} {value}");
    }

    /// A figure of one value.
    pub(super) fn single(&mut self, name: &str, sort: &str, help: &str, value: f64) {
        self.figure(name, sort, help);
        self.value(name, &[], value);
    }

    pub(super) fn finish(self) -> String {
        self.0
    }
}

fn escaped(word: &str) -> String {
    word.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_written_as_prometheus_reads_them() {
        let mut text = Text::default();
        text.single("waiting", "gauge", "How many wait.", 3.0);
        text.figure("took_seconds", "histogram", "How long.");
        text.value("took_seconds_bucket", &[("le", "0.5"), ("job", "a\"b\\c\nd")], 0.25);
        assert_eq!(
            text.finish(),
            "# HELP plenary_waiting How many wait.\n# TYPE plenary_waiting gauge\nplenary_waiting 3\n\
             # HELP plenary_took_seconds How long.\n# TYPE plenary_took_seconds histogram\n\
             plenary_took_seconds_bucket{le=\"0.5\",job=\"a\\\"b\\\\c\\nd\"} 0.25\n"
        );
    }
}
