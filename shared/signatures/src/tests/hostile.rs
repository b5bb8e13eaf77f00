//! Whatever comes: no panic, and nothing is taken for a signature that does not mean the same as one that was made.

use super::paper::*;
use crate::{Signer, Trust, verify};
use proptest::prelude::*;
use std::sync::LazyLock;

struct Stage {
    trust: Trust<'static>,
    der: Vec<u8>,
    signer: Signer,
}

static STAGE: LazyLock<Stage> = LazyLock::new(|| {
    let root = Holder::root(Spec::authority("Корень", None), Key::p256(1));
    let centre = root.issue(Spec::authority("Центр", Some(0)), Key::p256(3));
    let anna = centre.issue(Spec::person(), Key::p256(2));
    let mut draft = Draft::new(&anna, DATA);
    draft.others = vec![centre.certificate.clone()];
    let der = draft.der();
    let trust = with_lists(&[&root], &[root.list(&[], -1, 7)]).expect("roots");
    let signer = verify(DATA, &der, &trust, now()).expect("a good signature");
    Stage { trust, der, signer }
});

/// Either refused, or it says of the same person the same.
fn check(signature: &[u8]) {
    if let Ok(signer) = verify(DATA, signature, &STAGE.trust, now()) {
        assert_eq!(signer, STAGE.signer);
    }
}

#[derive(Debug, Clone)]
enum Change {
    Set(usize, u8),
    Insert(usize, u8),
    Remove(usize),
    Cut(usize),
    Copy(usize, usize, usize),
}

fn change() -> impl Strategy<Value = Change> {
    let at = 0..STAGE.der.len();
    prop_oneof![
        4 => (at.clone(), any::<u8>()).prop_map(|(at, byte)| Change::Set(at, byte)),
        1 => (at.clone(), any::<u8>()).prop_map(|(at, byte)| Change::Insert(at, byte)),
        1 => at.clone().prop_map(Change::Remove),
        1 => at.clone().prop_map(Change::Cut),
        1 => (at.clone(), at, 1..200usize).prop_map(|(from, to, count)| Change::Copy(from, to, count)),
    ]
}

fn changed(mut der: Vec<u8>, change: &Change) -> Vec<u8> {
    let end = der.len();
    match *change {
        Change::Set(at, byte) if at < end => der[at] = byte,
        Change::Insert(at, byte) => der.insert(at.min(end), byte),
        Change::Remove(at) if at < end => drop(der.remove(at)),
        Change::Cut(at) => der.truncate(at),
        Change::Copy(from, to, count) if from.max(to) + count <= end => {
            der.copy_within(from..from + count, to)
        }
        _ => {}
    }
    der
}

#[test]
fn no_single_flipped_bit_makes_another_signature() {
    for at in 0..STAGE.der.len() {
        let mut der = STAGE.der.clone();
        der[at] ^= 1 << (at % 8);
        check(&der);
    }
}

#[test]
fn no_cut_signature_is_accepted() {
    for at in 0..STAGE.der.len() {
        assert!(verify(DATA, &STAGE.der[..at], &STAGE.trust, now()).is_err());
    }
}

#[test]
fn sets_that_are_long_and_in_the_worst_order_are_refused_soon() {
    // digestAlgorithms of 6,500 elements, each less than the one before it, in a SignedData that is otherwise Anna's.
    let elements: Vec<u8> = (0..6_500u16)
        .rev()
        .flat_map(|at| [0x30, 6, 6, 4, 0x2a, 0x81, 0x80 | (at >> 7) as u8, at as u8 & 0x7f])
        .collect();
    let set = [&[0x31, 0x82], &(elements.len() as u16).to_be_bytes()[..], &elements].concat();
    let data = [&[0x30, 0x82], &(set.len() as u16 + 3).to_be_bytes()[..], &[2, 1, 1], &set].concat();
    let content = [&[0xa0, 0x82], &(data.len() as u16).to_be_bytes()[..], &data].concat();
    let kind = [6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 2];
    let length = (kind.len() + content.len()) as u16;
    let whole = [&[0x30, 0x82], &length.to_be_bytes()[..], &kind, &content].concat();
    let began = std::time::Instant::now();
    assert!(verify(DATA, &whole, &STAGE.trust, now()).is_err());
    assert!(began.elapsed().as_secs() < 5, "{:?}", began.elapsed());
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn random_bytes_are_refused(bytes in proptest::collection::vec(any::<u8>(), 0..2000)) {
        prop_assert!(verify(DATA, &bytes, &STAGE.trust, now()).is_err());
    }

    #[test]
    fn random_bytes_within_a_sequence_are_refused(bytes in proptest::collection::vec(any::<u8>(), 0..120)) {
        let der = [&[0x30, bytes.len() as u8], bytes.as_slice()].concat();
        prop_assert!(verify(DATA, &der, &STAGE.trust, now()).is_err());
        prop_assert!(Trust::read(&[&der], &[&der]).is_err());
    }

    #[test]
    fn mutated_signatures_mean_the_same_or_nothing(changes in proptest::collection::vec(change(), 1..5)) {
        check(&changes.iter().fold(STAGE.der.clone(), changed));
    }

    #[test]
    fn other_data_is_refused(data in proptest::collection::vec(any::<u8>(), 0..200)) {
        prop_assume!(data != DATA);
        prop_assert!(verify(&data, &STAGE.der, &STAGE.trust, now()).is_err());
    }

    #[test]
    fn any_text_is_refused(text in "(-----BEGIN CMS-----)?[ -~\n\u{feff}]{0,300}(-----END CMS-----)?") {
        prop_assert!(verify(DATA, text.as_bytes(), &STAGE.trust, now()).is_err());
    }
}
