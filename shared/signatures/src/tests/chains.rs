//! From a signer to a root, and what may not stand between.

use super::paper::*;
use crate::{BadTrust, Holder as Whose, Refused, Trust, verify};
use der::asn1::OctetString;
use der::{Encode, Sequence};
use x509_cert::ext::pkix::{BasicConstraints, ExtendedKeyUsage, KeyUsages};

/// A root, `count` intermediates below it, and what becomes of a signature of Anna's with a certificate of the last.
fn through(count: u8, top: Option<u8>) -> Result<(), Refused> {
    let root = Holder::root(Spec::authority("Корень", top), Key::p256(1));
    let mut chain = vec![root.clone()];
    for at in 0..count {
        let spec = Spec::authority(&format!("Центр {at}"), None);
        chain.push(chain[usize::from(at)].issue(spec, Key::p256(10 + at)));
    }
    let anna = chain[usize::from(count)].issue(Spec::person(), Key::p256(2));
    let mut draft = Draft::new(&anna, DATA);
    draft.others = chain[1..].iter().map(|one| one.certificate.clone()).collect();
    outcome(&root, &draft)
}

#[test]
fn a_way_of_up_to_five_certificates_leads_to_the_root() {
    assert_eq!(through(0, Some(0)), Ok(()));
    assert_eq!(through(1, None), Ok(()));
    assert_eq!(through(3, None), Ok(()));
    assert_eq!(through(4, None), Err(Refused::PathTooLong));
}

#[test]
fn no_more_authorities_stand_between_than_a_path_length_allows() {
    assert_eq!(through(1, Some(1)), Ok(()));
    assert_eq!(through(1, Some(0)), Err(Refused::PathTooLong));
    assert_eq!(through(2, Some(1)), Err(Refused::PathTooLong));
}

/// Anna below an intermediate below a root, each as it is given.
fn of(root: Spec, centre: Spec, anna: Spec) -> Result<(), Refused> {
    let root = Holder::root(root, Key::p256(1));
    let centre = root.issue(centre, Key::p384(3));
    let anna = centre.issue(anna, Key::p256(2));
    let mut draft = Draft::new(&anna, DATA);
    draft.others = vec![centre.certificate];
    outcome(&root, &draft)
}

fn three() -> (Spec, Spec, Spec) {
    (Spec::authority("Корень", None), Spec::authority("Центр", Some(0)), Spec::person())
}

#[test]
fn each_certificate_must_be_valid_now() {
    let (root, centre, anna) = three();
    assert_eq!(of(root.clone(), centre.clone(), anna.clone()), Ok(()));
    let old = |spec: &Spec| Spec { to: -1, ..spec.clone() };
    let young = |spec: &Spec| Spec { from: 1, ..spec.clone() };
    let expired = |holder| Err(Refused::Expired { holder });
    assert_eq!(of(old(&root), centre.clone(), anna.clone()), expired(Whose::Root));
    assert_eq!(of(root.clone(), old(&centre), anna.clone()), expired(Whose::Intermediate));
    let early = |holder| Err(Refused::NotYetValid { holder });
    assert_eq!(of(young(&root), centre.clone(), anna.clone()), early(Whose::Root));
    assert_eq!(of(root.clone(), young(&centre), anna.clone()), early(Whose::Intermediate));
    assert_eq!(of(root.clone(), centre.clone(), old(&anna)), expired(Whose::Signer));
    assert_eq!(of(root, centre, young(&anna)), early(Whose::Signer));
}

#[test]
fn a_certificate_is_valid_to_the_last_second_and_from_the_first() {
    let (root, anna) = root_and_anna();
    let mut draft = Draft::new(&anna, DATA);
    draft.attributes.as_mut().expect("attributes").retain(|one| one.oid != oid(SIGNING_TIME));
    let der = draft.der();
    let at = |seconds| {
        let at = now() + chrono::Duration::days(200) + chrono::Duration::seconds(seconds);
        verify(DATA, &der, &trust(&[&root]), at).map(|_| ())
    };
    assert_eq!(at(0), Ok(()));
    assert_eq!(at(1), Err(Refused::Expired { holder: Whose::Signer }));
}

#[test]
fn strangers_are_not_trusted() {
    let (_, anna) = root_and_anna();
    let other = Holder::root(Spec::authority("Другой корень", None), Key::p256(9));
    assert_eq!(outcome(&other, &Draft::new(&anna, DATA)), Err(Refused::Untrusted));
    // Of the root's name, but another key.
    let false_root = Holder::root(Spec::authority("Корень", None), Key::p256(9));
    let mut draft = Draft::new(&anna, DATA);
    assert_eq!(outcome(&false_root, &draft), Err(Refused::LinkWrong));
    // The root that comes along with the signature is nobody's.
    draft.others = vec![root_and_anna().0.certificate];
    assert_eq!(outcome(&other, &draft), Err(Refused::Untrusted));
    let stranger = Holder::root(Spec::person(), Key::p256(4));
    assert_eq!(outcome(&other, &Draft::new(&stranger, DATA)), Err(Refused::Untrusted));
    // A certificate that was given as a root does not sign for itself.
    assert_eq!(outcome(&stranger, &Draft::new(&stranger, DATA)), Err(Refused::Untrusted));
}

#[test]
fn of_two_roots_of_one_name_the_one_that_signed_is_found() {
    let (root, anna) = root_and_anna();
    let renewed = Holder::root(Spec::authority("Корень", None), Key::p256(9));
    let trust = trust(&[&renewed, &root]);
    assert!(verify(DATA, &Draft::new(&anna, DATA).der(), &trust, now()).is_ok());
}

#[test]
fn whoever_is_no_authority_issues_nothing() {
    let (root, centre, anna) = three();
    // A person's certificate as an authority's.
    let person = Spec { subject: centre.subject.clone(), ..Spec::person() };
    assert_eq!(of(root.clone(), person, anna.clone()), Err(Refused::NotAuthority));
    let unsaid = Spec { constraints: None, ..centre.clone() };
    assert_eq!(of(root.clone(), unsaid, anna.clone()), Err(Refused::NotAuthority));
    let denied = BasicConstraints { ca: false, path_len_constraint: None };
    let denied = Spec { constraints: Some(denied), ..centre.clone() };
    assert_eq!(of(root.clone(), denied, anna.clone()), Err(Refused::NotAuthority));
    for usage in [None, Some(KeyUsages::CRLSign | KeyUsages::DigitalSignature)] {
        let unusable = Spec { usage, ..centre.clone() };
        assert_eq!(of(root.clone(), unusable, anna.clone()), Err(Refused::NotAuthority));
    }
    let rootless = Spec { constraints: None, ..root };
    assert_eq!(of(rootless, centre, anna), Err(Refused::NotAuthority));
}

#[test]
fn a_signers_certificate_is_for_signing_and_a_persons() {
    let (root, centre, anna) = three();
    let with = |anna: Spec| of(root.clone(), centre.clone(), anna);
    for usage in [None, Some(KeyUsages::KeyEncipherment | KeyUsages::KeyAgreement)] {
        assert_eq!(with(Spec { usage, ..anna.clone() }), Err(Refused::Purpose));
    }
    for usage in [KeyUsages::DigitalSignature, KeyUsages::NonRepudiation] {
        assert_eq!(with(Spec { usage: Some(usage.into()), ..anna.clone() }), Ok(()));
    }
    let authority = BasicConstraints { ca: true, path_len_constraint: None };
    assert_eq!(with(Spec { constraints: Some(authority), ..anna.clone() }), Err(Refused::Purpose));
    let purpose = |text: &str| ExtendedKeyUsage(vec![oid(text)]).to_der().expect("DER");
    let server = anna.clone().with("2.5.29.37", false, &purpose("1.3.6.1.5.5.7.3.1"));
    assert_eq!(with(server), Err(Refused::Purpose));
    let mail = anna.with("2.5.29.37", true, &purpose("1.3.6.1.5.5.7.3.4"));
    assert_eq!(with(mail), Ok(()));
}

#[test]
fn an_unknown_demand_is_refused_and_an_unknown_remark_is_not() {
    let (root, centre, anna) = three();
    let odd = |spec: &Spec, critical| spec.clone().with("1.2.3.4", critical, &[5, 0]);
    let critical = |holder| Err(Refused::Critical { holder, oid: oid("1.2.3.4") });
    assert_eq!(of(odd(&root, false), odd(&centre, false), odd(&anna, false)), Ok(()));
    assert_eq!(of(odd(&root, true), centre.clone(), anna.clone()), critical(Whose::Root));
    assert_eq!(of(root.clone(), odd(&centre, true), anna.clone()), critical(Whose::Intermediate));
    assert_eq!(of(root, centre, odd(&anna, true)), critical(Whose::Signer));
}

#[test]
fn an_extension_stands_once_and_can_be_read() {
    let (root, centre, anna) = three();
    let twice = anna.clone().with("1.2.3.4", false, &[5, 0]).with("1.2.3.4", false, &[5, 0]);
    let wrong = Err(Refused::CertificateWrong { holder: Whose::Signer });
    assert_eq!(of(root.clone(), centre.clone(), twice), wrong);
    let garbled = anna.with("2.5.29.35", false, &[1, 2, 3]);
    assert_eq!(of(root, centre, garbled), wrong);
}

#[test]
fn constraints_on_names_are_refused() {
    let (root, centre, anna) = three();
    let constrained = |critical| centre.clone().with("2.5.29.30", critical, &[0x30, 0]);
    assert_eq!(of(root.clone(), constrained(true), anna.clone()), Err(Refused::NameConstraints));
    assert_eq!(of(root, constrained(false), anna), Err(Refused::NameConstraints));
}

#[derive(Sequence)]
struct IssuerKey {
    #[asn1(context_specific = "0", tag_mode = "IMPLICIT")]
    id: OctetString,
}

#[test]
fn where_both_name_a_key_it_is_the_same() {
    let (root, centre, anna) = three();
    let octets = |byte| OctetString::new([byte; 20]).expect("octets");
    let centre = centre.with("2.5.29.14", false, &octets(1).to_der().expect("DER"));
    let below = |byte| {
        let key = IssuerKey { id: octets(byte) }.to_der().expect("DER");
        of(root.clone(), centre.clone(), anna.clone().with("2.5.29.35", false, &key))
    };
    assert_eq!(below(1), Ok(()));
    assert_eq!(below(2), Err(Refused::Untrusted));
}

#[test]
fn sha_1_and_md5_are_refused_in_a_chain() {
    let root = Holder::root(Spec::authority("Корень", None), Key::rsa());
    let anna = root.issue(Spec::person(), Key::p256(2));
    for (last, text) in [(5, "1.2.840.113549.1.1.5"), (4, "1.2.840.113549.1.1.4")] {
        let certificate = replaced(&anna.certificate, &pkcs1_oid(11), &pkcs1_oid(last), 0);
        let older = Holder { certificate, ..anna.clone() };
        assert_eq!(outcome(&root, &Draft::new(&older, DATA)), Err(Refused::Algorithm { oid: oid(text) }));
    }
}

#[test]
fn a_certificate_names_one_algorithm_within_and_without() {
    let root = Holder::root(Spec::authority("Корень", None), Key::rsa());
    let anna = root.issue(Spec::person(), Key::p256(2));
    let certificate = replaced(&anna.certificate, &pkcs1_oid(11), &pkcs1_oid(12), 1);
    let two = Holder { certificate, ..anna };
    let wrong = Err(Refused::CertificateWrong { holder: Whose::Signer });
    assert_eq!(outcome(&root, &Draft::new(&two, DATA)), wrong);
}

#[test]
fn nobody_is_no_issuer() {
    let nameless = Spec { subject: name(&[]), ..Spec::authority("", None) };
    let root = Holder::root(nameless, Key::p256(1));
    let anna = root.issue(Spec::person(), Key::p256(2));
    assert_eq!(outcome(&root, &Draft::new(&anna, DATA)), Err(Refused::Untrusted));
}

#[test]
fn issuers_are_tried_thirty_two_times_in_all() {
    let (root, anna) = root_and_anna();
    let same = |at: u8| Holder::root(Spec::authority("Корень", None), Key::p256(100 + at));
    let with = |others: u8| {
        let before: Vec<Holder> = (0..others).map(same).collect();
        let roots: Vec<&Holder> = before.iter().chain([&root]).collect();
        verify(DATA, &Draft::new(&anna, DATA).der(), &trust(&roots), now()).map(|_| ())
    };
    assert_eq!(with(31), Ok(()));
    assert_eq!(with(32), Err(Refused::LinkWrong));
}

#[test]
fn certificates_that_issue_each_other_in_circles_end_somewhere() {
    let (_, anna) = root_and_anna();
    let other = Holder::root(Spec::authority("Другой корень", None), Key::p256(9));
    let same = |serial: u32| {
        let spec = Spec { serial, ..Spec::authority("Корень", None) };
        Holder::root(spec, Key::p256(1)).certificate
    };
    let mut draft = Draft::new(&anna, DATA);
    draft.others = (0..15).map(|at| same(100 + at)).collect();
    assert_eq!(outcome(&other, &draft), Err(Refused::PathTooLong));
    draft.others = (0..16).map(|at| same(100 + at)).collect();
    assert_eq!(outcome(&other, &draft), Err(Refused::TooLarge));
}

#[test]
fn a_configuration_that_cannot_be_read_is_not_taken() {
    let none: [&[u8]; 0] = [];
    let (root, _) = root_and_anna();
    let bad = |roots: &[&[u8]], lists: &[&[u8]]| Trust::read(roots, lists).err();
    assert_eq!(bad(&[&root.certificate, b"x"], &none), Some(BadTrust::Root { at: 1 }));
    assert_eq!(bad(&[&root.certificate, b""], &none), Some(BadTrust::Root { at: 1 }));
    assert_eq!(bad(&[&root.certificate], &[&root.certificate]), Some(BadTrust::List { at: 0 }));
    assert_eq!(bad(&[&root.certificate], &none), None);
}
