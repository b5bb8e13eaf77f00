//! A set of a few people or slots, as one byte.

use core::fmt;

/// Members are numbers below eight.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Few(u8);

impl Few {
    pub const NONE: Few = Few(0);

    pub fn of(member: u8) -> Few {
        Few(1 << member)
    }

    pub fn has(self, member: u8) -> bool {
        self.0 >> member & 1 == 1
    }

    pub fn insert(&mut self, member: u8) {
        self.0 |= 1 << member;
    }

    pub fn remove(&mut self, member: u8) {
        self.0 &= !(1 << member);
    }

    pub fn without(self, member: u8) -> Few {
        Few(self.0 & !(1 << member))
    }

    pub fn and(self, other: Few) -> Few {
        Few(self.0 & other.0)
    }

    /// Those numbered below `end`.
    pub fn below(self, end: u8) -> Few {
        Few(self.0 & ((1 << end) - 1))
    }

    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub fn len(self) -> u32 {
        self.0.count_ones()
    }

    pub fn iter(self) -> impl Iterator<Item = u8> {
        (0..8).filter(move |member| self.has(*member))
    }

    pub fn first(self) -> Option<u8> {
        self.iter().next()
    }
}

impl FromIterator<u8> for Few {
    fn from_iter<I: IntoIterator<Item = u8>>(members: I) -> Few {
        members.into_iter().fold(Few::NONE, |set, member| Few(set.0 | 1 << member))
    }
}

impl fmt::Debug for Few {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}
