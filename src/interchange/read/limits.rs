//! How much of a file is read at most, so that a hostile one costs little time and memory.

/// Bounds on what is read. The defaults hold a programme many times larger than any real one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the file.
    pub bytes: usize,
    /// Levels of nesting.
    pub depth: usize,
    /// Elements and attributes, or JSON values, or calendar lines.
    pub pieces: usize,
    /// Entries for sessions.
    pub sessions: usize,
    /// Bytes of one value in the file, before it is cleaned.
    pub value: usize,
    /// Characters of one abstract, description or biography.
    pub text: usize,
    /// Characters of one title or name.
    pub line: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes: 32 << 20,
            depth: 128,
            pieces: 1_000_000,
            sessions: 20_000,
            value: 1 << 20,
            text: 100_000,
            line: 1_000,
        }
    }
}
