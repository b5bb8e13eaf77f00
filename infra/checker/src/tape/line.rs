//! The rows of an office's line for a service: when each stood.

use std::collections::HashMap;

#[derive(Debug)]
pub struct Row {
    /// Class and ticket.
    pub order: String,
    pub since: u64,
    /// The step at which it was taken away.
    pub until: Option<u64>,
}

/// All rows of a line, of all its buckets.
#[derive(Debug, Default)]
pub struct Line {
    rows: Vec<Row>,
    standing: HashMap<(String, String), usize>,
}

impl Line {
    pub fn put(&mut self, bucket: &str, order: &str, step: u64) {
        let at = self.rows.len();
        let standing = *self.standing.entry((bucket.to_owned(), order.to_owned())).or_insert(at);
        if standing == at {
            self.rows.push(Row { order: order.to_owned(), since: step, until: None });
        }
    }

    pub fn take_away(&mut self, bucket: &str, order: &str, step: u64) {
        if let Some(at) = self.standing.remove(&(bucket.to_owned(), order.to_owned())) {
            self.rows[at].until = Some(step);
        }
    }

    /// The least row that stood at any time from one step to another, both included.
    pub fn head(&self, from: u64, to: u64) -> Option<&str> {
        let stood = |row: &&Row| row.since <= to && row.until.is_none_or(|until| until > from);
        self.rows.iter().filter(stood).map(|row| row.order.as_str()).min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_head_is_the_least_row_that_stood_then() {
        let mut line = Line::default();
        line.put("any#any", "5#B", 1);
        line.put("any#any", "5#A", 3);
        line.put("m#any", "5#A", 3);
        line.take_away("any#any", "5#A", 6);
        line.take_away("m#any", "5#A", 7);
        assert_eq!(
            [(1, 2), (2, 3), (6, 6), (7, 9)].map(|(from, to)| line.head(from, to)),
            [Some("5#B"), Some("5#A"), Some("5#A"), Some("5#B")]
        );
    }
}
