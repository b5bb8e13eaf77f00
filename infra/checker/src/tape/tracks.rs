//! Every version of an item, and where each stood when.

use std::borrow::Borrow;
use std::collections::HashMap;
use std::hash::Hash;

/// What a commit made of an item; none when it was deleted.
#[derive(Debug)]
pub struct Version<T> {
    pub step: u64,
    pub at_us: i64,
    pub item: Option<T>,
}

/// All versions of one item, by step.
#[derive(Debug)]
pub struct Track<K, T> {
    pub key: K,
    pub versions: Vec<Version<T>>,
}

impl<K, T> Track<K, T> {
    pub fn last(&self) -> Option<&T> {
        self.versions.last()?.item.as_ref()
    }

    /// The item as it stood after a step.
    pub fn at(&self, step: u64) -> Option<&T> {
        let after = self.versions.partition_point(|version| version.step <= step);
        self.versions[..after].last()?.item.as_ref()
    }

    /// The item as every commit before an instant had left it, and that commit's step.
    pub fn before_us(&self, at_us: i64) -> Option<&Version<T>> {
        let after = self.versions.partition_point(|version| version.at_us < at_us);
        self.versions[..after].last()
    }

    /// The versions made after one step and until another, that one included.
    pub fn within(&self, after: u64, until: u64) -> &[Version<T>] {
        let from = self.versions.partition_point(|version| version.step <= after);
        let to = self.versions.partition_point(|version| version.step <= until);
        &self.versions[from..to.max(from)]
    }

    /// What a version of the track was before it was made.
    pub fn before(&self, version: usize) -> Option<&T> {
        self.versions[..version].last()?.item.as_ref()
    }
}

/// The tracks of one kind of item.
#[derive(Debug)]
pub struct Shelf<K, T> {
    pub tracks: Vec<Track<K, T>>,
    by_key: HashMap<K, usize>,
}

impl<K, T> Default for Shelf<K, T> {
    fn default() -> Self {
        Self { tracks: Vec::new(), by_key: HashMap::new() }
    }
}

impl<K: Hash + Eq + Clone, T> Shelf<K, T> {
    pub fn get<Q: Hash + Eq + ?Sized>(&self, key: &Q) -> Option<&Track<K, T>>
    where
        K: Borrow<Q>,
    {
        self.by_key.get(key).map(|at| &self.tracks[*at])
    }

    /// Puts a version on its track: which track, and which version of it.
    pub fn put(&mut self, key: K, step: u64, at_us: i64, item: Option<T>) -> (usize, usize) {
        let at = *self.by_key.entry(key.clone()).or_insert(self.tracks.len());
        if at == self.tracks.len() {
            self.tracks.push(Track { key, versions: Vec::new() });
        }
        self.tracks[at].versions.push(Version { step, at_us, item });
        (at, self.tracks[at].versions.len() - 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_track_tells_what_stood_when() {
        let mut shelf = Shelf::default();
        for (step, item) in [(2, Some('a')), (5, None), (9, Some('b'))] {
            shelf.put("key".to_owned(), step, step as i64 * 10, item);
        }
        let track = shelf.get("key").unwrap();
        let stood: Vec<Option<&char>> = [1, 2, 4, 5, 9].map(|step| track.at(step)).into();
        assert_eq!(stood, [None, Some(&'a'), Some(&'a'), None, Some(&'b')]);
        assert_eq!(track.within(2, 9).len(), 2);
        assert_eq!(track.before_us(20).map(|version| version.step), None);
        assert_eq!(track.before_us(21).map(|version| version.step), Some(2));
    }
}
