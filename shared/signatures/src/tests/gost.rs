//! Whoever checks GOST, if somebody does.

use super::paper::*;
use crate::{GostCheck, GostFault, GostLength, GostVerifier, Refused, verify};

/// Takes what the tests' keys pretend, or always has the same fault.
struct Pretender(Option<GostFault>);

impl GostVerifier for Pretender {
    fn digest(&self, length: GostLength, message: &[u8]) -> Result<Vec<u8>, GostFault> {
        assert_eq!(length, GostLength::Bits256);
        Ok(pretended_digest(message))
    }

    fn verify(&self, check: &GostCheck<'_>) -> Result<(), GostFault> {
        assert_eq!(check.length, GostLength::Bits256);
        if let Some(fault) = self.0 {
            return Err(fault);
        }
        let key = &check.key[check.key.len() - 66..];
        match pretended_signature(key, check.message) == check.signature {
            true => Ok(()),
            false => Err(GostFault::Wrong),
        }
    }
}

fn draft(root: Key) -> (Holder, Draft) {
    let root = Holder::root(Spec::authority("Корень", None), root);
    let anna = root.issue(Spec::person(), Key::Gost(2));
    let mut draft = Draft::new(&anna, DATA);
    draft.algorithm.oid = oid("1.2.643.7.1.1.1.1");
    (root, draft)
}

fn by(gost: &Pretender, root: Key, spoilt: bool) -> Result<(), Refused> {
    let (root, mut draft) = draft(root);
    draft.spoilt = spoilt;
    verify(DATA, &draft.der(), &trust(&[&root]).with_gost(gost), now()).map(|_| ())
}

#[test]
fn without_anybody_who_checks_it_gost_is_refused_as_that() {
    let (root, draft) = draft(Key::Gost(1));
    assert_eq!(outcome(&root, &draft), Err(Refused::GostUnavailable));
    // In the chain as well.
    let root = Holder::root(Spec::authority("Корень", None), Key::Gost(1));
    let anna = root.issue(Spec::person(), Key::p256(2));
    assert_eq!(outcome(&root, &Draft::new(&anna, DATA)), Err(Refused::GostUnavailable));
}

#[test]
fn whoever_checks_it_decides_in_signatures_and_in_chains() {
    let gost = Pretender(None);
    assert_eq!(by(&gost, Key::Gost(1), false), Ok(()));
    assert_eq!(by(&gost, Key::p256(1), false), Ok(()));
    assert_eq!(by(&gost, Key::Gost(1), true), Err(Refused::SignatureWrong));
    let (_, draft) = draft(Key::Gost(1));
    let false_root = Holder::root(Spec::authority("Корень", None), Key::Gost(9));
    let outcome = verify(DATA, &draft.der(), &trust(&[&false_root]).with_gost(&gost), now());
    assert_eq!(outcome.map(|_| ()), Err(Refused::LinkWrong));
}

#[test]
fn what_is_changed_is_refused_with_gost_too() {
    let (root, draft) = draft(Key::Gost(1));
    let trust = trust(&[&root]);
    let outcome = verify(b"else", &draft.der(), &trust.with_gost(&Pretender(None)), now());
    assert_eq!(outcome.map(|_| ()), Err(Refused::DataChanged));
}

#[test]
fn its_faults_are_told_apart() {
    let with = |fault| by(&Pretender(Some(fault)), Key::p256(1), false);
    assert_eq!(with(GostFault::Wrong), Err(Refused::SignatureWrong));
    assert_eq!(with(GostFault::Unavailable), Err(Refused::GostUnavailable));
    assert_eq!(with(GostFault::Unsupported), Err(Refused::Algorithm { oid: oid("1.2.643.7.1.1.1.1") }));
}
