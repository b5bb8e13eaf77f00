//! The way from a signer's certificate to a trusted root (RFC 5280, section 6).

use super::certificate::Known;
use super::{Holder, Refused, Trust, algorithms, key, revocation};
use chrono::{DateTime, Utc};

/// Certificates in one way, the signer's and the root's among them.
pub const PATH_MAX: usize = 5;
/// Issuers that are tried in all, over all ways.
pub const TRIES_MAX: usize = 32;

/// Finds a way on which everything holds. If none does, it refuses for what failed furthest from the signer.
pub fn check(signer: &Known, others: &[Known], trust: &Trust<'_>, now: DateTime<Utc>) -> Result<(), Refused> {
    signer.check_validity(Holder::Signer, now)?;
    signer.check_critical(Holder::Signer)?;
    signer.check_signer()?;
    let mut search = Search { others, trust, now, tries: 0, failed: (0, Refused::Untrusted) };
    match search.climb(&mut vec![signer]) {
        true => Ok(()),
        false => Err(search.failed.1),
    }
}

struct Search<'a> {
    others: &'a [Known],
    trust: &'a Trust<'a>,
    now: DateTime<Utc>,
    tries: usize,
    /// How long the way was on which it failed, and why.
    failed: (usize, Refused),
}

impl<'a> Search<'a> {
    /// Goes on from the last certificate of `way`: to a root if there is one, or else through another certificate.
    fn climb(&mut self, way: &mut Vec<&'a Known>) -> bool {
        if way.len() >= PATH_MAX {
            self.note(way.len(), Refused::PathTooLong);
            return false;
        }
        let (trust, others) = (self.trust, self.others);
        let roots = trust.roots.iter().map(|root| (root, Holder::Root));
        let candidates = roots.chain(others.iter().map(|other| (other, Holder::Intermediate)));
        for (issuer, holder) in candidates {
            let last = way[way.len() - 1];
            if !last.may_be_issued_by(issuer) || way.iter().any(|one| one.der == issuer.der) {
                continue;
            }
            self.tries += 1;
            if self.tries > TRIES_MAX {
                return false;
            }
            match self.check_step(way, issuer, holder) {
                Err(refused) => self.note(way.len(), refused),
                Ok(()) if holder == Holder::Root => return true,
                Ok(()) => {
                    way.push(issuer);
                    if self.climb(way) {
                        return true;
                    }
                    way.pop();
                }
            }
        }
        false
    }

    fn note(&mut self, length: usize, refused: Refused) {
        if length > self.failed.0 {
            self.failed = (length, refused);
        }
    }

    /// Whether `issuer` issued the last of `way`, and might.
    fn check_step(&self, way: &[&Known], issuer: &Known, holder: Holder) -> Result<(), Refused> {
        let last = way[way.len() - 1];
        let between = way[1..].iter().filter(|one| !one.is_self_issued()).count();
        issuer.check_authority(holder, between)?;
        issuer.check_validity(holder, self.now)?;
        issuer.check_critical(holder)?;
        let scheme = algorithms::scheme(last.algorithm())?;
        let signature = last.signature().ok_or(Refused::LinkWrong)?;
        if !key::holds(scheme, issuer.key(), &last.signed, signature, self.trust.gost)? {
            return Err(Refused::LinkWrong);
        }
        let of = if way.len() == 1 { Holder::Signer } else { Holder::Intermediate };
        revocation::check(last, of, issuer, self.trust, self.now)
    }
}
