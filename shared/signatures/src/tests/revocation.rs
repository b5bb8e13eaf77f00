//! Lists of revoked certificates that the configuration gives.

use super::paper::*;
use crate::{Holder as Whose, Refused, verify};
use der::asn1::OctetString;
use x509_cert::crl::CertificateList;
use x509_cert::ext::Extension;

fn with(lists: &[CertificateList]) -> Result<(), Refused> {
    let (root, anna) = root_and_anna();
    let trust = with_lists(&[&root], lists).expect("lists");
    verify(DATA, &Draft::new(&anna, DATA).der(), &trust, now()).map(|_| ())
}

#[test]
fn a_certificate_on_its_issuers_list_is_revoked() {
    let (root, _) = root_and_anna();
    assert_eq!(with(&[root.list(&[76, 78], -1, 7)]), Ok(()));
    assert_eq!(with(&[root.list(&[], -1, 7)]), Ok(()));
    assert_eq!(with(&[root.list(&[76, 77], -1, 7)]), Err(Refused::Revoked { holder: Whose::Signer }));
}

#[test]
fn an_intermediate_can_be_revoked_as_well() {
    let root = Holder::root(Spec::authority("Корень", None), Key::p256(1));
    let centre = root.issue(Spec::authority("Центр", None), Key::p256(3));
    let anna = centre.issue(Spec::person(), Key::p256(2));
    let mut draft = Draft::new(&anna, DATA);
    draft.others = vec![centre.certificate.clone()];
    let with = |lists: &[CertificateList]| {
        let trust = with_lists(&[&root], lists).expect("lists");
        verify(DATA, &draft.der(), &trust, now()).map(|_| ())
    };
    assert_eq!(with(&[root.list(&[5], -1, 7)]), Err(Refused::Revoked { holder: Whose::Intermediate }));
    // The same number of another issuer is another certificate.
    assert_eq!(with(&[centre.list(&[5], -1, 7), root.list(&[77], -1, 7)]), Ok(()));
}

#[test]
fn a_list_of_another_issuer_says_nothing() {
    let other = Holder::root(Spec::authority("Другой корень", None), Key::p256(9));
    assert_eq!(with(&[other.list(&[77], -1, 7)]), Ok(()));
}

#[test]
fn a_list_out_of_time_leaves_one_in_doubt() {
    let (root, _) = root_and_anna();
    let unknown = Err(Refused::RevocationUnknown);
    assert_eq!(with(&[root.list(&[], -9, -1)]), unknown);
    assert_eq!(with(&[root.list(&[], 1, 7)]), unknown);
    let mut endless = root.list(&[], -1, 7).tbs_cert_list;
    endless.next_update = None;
    assert_eq!(with(&[root.sign_list(endless)]), unknown);
    // With one that is in time the older does not matter.
    assert_eq!(with(&[root.list(&[77], -9, -1), root.list(&[], -1, 7)]), Ok(()));
    assert_eq!(
        with(&[root.list(&[], -9, -1), root.list(&[77], -1, 7)]),
        Err(Refused::Revoked { holder: Whose::Signer })
    );
}

#[test]
fn a_list_that_somebody_else_signed_leaves_one_in_doubt() {
    let forger = Holder::root(Spec::authority("Корень", None), Key::p256(9));
    assert_eq!(with(&[forger.list(&[], -1, 7)]), Err(Refused::RevocationUnknown));
    let (root, _) = root_and_anna();
    let mut changed = root.list(&[77], -1, 7);
    changed.tbs_cert_list.revoked_certificates = None;
    assert_eq!(with(&[changed]), Err(Refused::RevocationUnknown));
}

#[test]
fn a_list_that_is_partial_or_indirect_leaves_one_in_doubt() {
    let (root, _) = root_and_anna();
    let critical = |id| Extension {
        extn_id: oid(id),
        critical: true,
        extn_value: OctetString::new([0x30, 0]).expect("octets"),
    };
    let mut partial = root.list(&[], -1, 7).tbs_cert_list;
    partial.crl_extensions = Some(vec![critical("2.5.29.28")]);
    assert_eq!(with(&[root.sign_list(partial)]), Err(Refused::RevocationUnknown));
    let mut indirect = root.list(&[1], -1, 7).tbs_cert_list;
    indirect.revoked_certificates.as_mut().expect("entries")[0].crl_entry_extensions =
        Some(vec![critical("2.5.29.29")]);
    assert_eq!(with(&[root.sign_list(indirect)]), Err(Refused::RevocationUnknown));
}

#[test]
fn a_list_of_another_version_or_of_two_algorithms_leaves_one_in_doubt() {
    let (root, _) = root_and_anna();
    let mut first = root.list(&[], -1, 7).tbs_cert_list;
    first.version = x509_cert::certificate::Version::V1;
    assert_eq!(with(&[root.sign_list(first)]), Err(Refused::RevocationUnknown));
    let mut two = root.list(&[], -1, 7).tbs_cert_list;
    two.signature = Key::p384(1).algorithm();
    assert_eq!(with(&[root.sign_list(two)]), Err(Refused::RevocationUnknown));
}

#[test]
fn a_list_of_whoever_may_not_sign_lists_leaves_one_in_doubt() {
    let mut spec = Spec::authority("Корень", None);
    spec.usage = Some(x509_cert::ext::pkix::KeyUsages::KeyCertSign.into());
    let root = Holder::root(spec, Key::p256(1));
    let anna = root.issue(Spec::person(), Key::p256(2));
    let trust = with_lists(&[&root], &[root.list(&[], -1, 7)]).expect("lists");
    let outcome = verify(DATA, &Draft::new(&anna, DATA).der(), &trust, now()).map(|_| ());
    assert_eq!(outcome, Err(Refused::RevocationUnknown));
}
