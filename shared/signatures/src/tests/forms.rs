//! The forms in which a signature comes, and those in which it does not.

use super::paper::*;
use crate::{Holder as Whose, Refused, SIGNATURE_BYTES_MAX, Trust, verify};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::collections::BTreeSet;

fn read(signature: &[u8]) -> Result<(), Refused> {
    let (root, _) = root_and_anna();
    verify(DATA, signature, &trust(&[&root]), now()).map(|_| ())
}

fn good() -> Vec<u8> {
    Draft::new(&root_and_anna().1, DATA).der()
}

/// Base64 in lines of 64.
fn lines(der: &[u8]) -> String {
    let packed = STANDARD.encode(der);
    let lines: Vec<&str> =
        packed.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).expect("ASCII")).collect();
    lines.join("\r\n")
}

fn pem(label: &str, der: &[u8]) -> String {
    format!("-----BEGIN {label}-----\r\n{}\r\n-----END {label}-----\r\n", lines(der))
}

#[test]
fn der_pem_and_base64_are_read() {
    let der = good();
    assert_eq!(read(&der), Ok(()));
    assert_eq!(read(pem("CMS", &der).as_bytes()), Ok(()));
    assert_eq!(read(pem("PKCS7", &der).as_bytes()), Ok(()));
    assert_eq!(read(lines(&der).as_bytes()), Ok(()));
    assert_eq!(read(format!("\u{feff}\n {} ", STANDARD.encode(&der)).as_bytes()), Ok(()));
}

#[test]
fn anything_else_is_unreadable() {
    let der = good();
    let twice = pem("CMS", &der).repeat(2);
    let cases: [&[u8]; 8] = [
        b"",
        b"0",
        b"-----BEGIN CMS-----",
        "подпись".as_bytes(),
        &der[..der.len() - 1],
        &[der.as_slice(), &[0]].concat(),
        pem("CERTIFICATE", &der).leak().as_bytes(),
        twice.as_bytes(),
    ];
    for case in cases {
        assert_eq!(read(case), Err(Refused::Unreadable), "{case:?}");
    }
    let certificate = root_and_anna().1.certificate;
    assert_eq!(read(&certificate), Err(Refused::Unreadable));
}

#[test]
fn lengths_longer_than_they_need_be_are_unreadable() {
    let der = good();
    // 30 82 hh ll becomes 30 83 00 hh ll, which is BER only.
    assert_eq!(der[1], 0x82);
    let ber = [&[0x30, 0x83, 0], &der[2..]].concat();
    assert_eq!(read(&ber), Err(Refused::Unreadable));
    // An indefinite length as well.
    let ber = [&[0x30, 0x80], &der[4..], &[0, 0]].concat();
    assert_eq!(read(&ber), Err(Refused::Unreadable));
}

#[test]
fn what_could_be_written_otherwise_is_unreadable() {
    let (root, anna) = root_and_anna();
    let mut draft = Draft::new(&anna, DATA);
    draft.others = vec![root.certificate.clone()];
    let der = draft.der();
    assert_eq!(read(&der), Ok(()));
    // The same certificates in another order.
    let in_order =
        |first: &Holder, second: &Holder| [first.certificate.clone(), second.certificate.clone()].concat();
    let unsorted = match der.windows(in_order(&root, &anna).len()).any(|part| part == in_order(&root, &anna))
    {
        true => replaced(&der, &in_order(&root, &anna), &in_order(&anna, &root), 0),
        false => replaced(&der, &in_order(&anna, &root), &in_order(&root, &anna), 0),
    };
    assert_eq!(read(&unsorted), Err(Refused::Unreadable));
}

#[test]
fn what_is_beyond_its_bound_is_refused_before_it_is_read() {
    let large = vec![0x30; SIGNATURE_BYTES_MAX + 1];
    assert_eq!(read(&large), Err(Refused::TooLarge));
    assert_eq!(read(&large[1..]), Err(Refused::Unreadable));
}

#[test]
fn roots_and_lists_are_given_as_pem_too_and_several_in_a_file() {
    let (root, anna) = root_and_anna();
    let other = Holder::root(Spec::authority("Другой корень", None), Key::p256(9));
    let file = pem("CERTIFICATE", &other.certificate) + "\n" + &pem("CERTIFICATE", &root.certificate);
    let list = pem("X509 CRL", &der::Encode::to_der(&root.list(&[77], -1, 7)).expect("DER"));
    let trust = Trust::read(&[file], &[list]).expect("roots and lists");
    let outcome = verify(DATA, &Draft::new(&anna, DATA).der(), &trust, now());
    assert_eq!(outcome, Err(Refused::Revoked { holder: Whose::Signer }));
}

#[test]
fn each_reason_has_a_name_of_its_own() {
    let (oid, holder) = (oid("1.2.3"), Whose::Root);
    let all = [
        Refused::TooLarge,
        Refused::Unreadable,
        Refused::Attached,
        Refused::SignersNotOne { found: 0 },
        Refused::Algorithm { oid },
        Refused::WeakKey { bits: 1 },
        Refused::GostUnavailable,
        Refused::AttributesMissing,
        Refused::AttributesWrong,
        Refused::ContentType,
        Refused::DataChanged,
        Refused::SigningTime,
        Refused::SigningCertificate,
        Refused::SignatureWrong,
        Refused::CertificateMissing,
        Refused::CertificateWrong { holder },
        Refused::NotYetValid { holder },
        Refused::Expired { holder },
        Refused::Purpose,
        Refused::Nameless,
        Refused::Untrusted,
        Refused::NotAuthority,
        Refused::PathTooLong,
        Refused::LinkWrong,
        Refused::Critical { holder, oid },
        Refused::NameConstraints,
        Refused::Revoked { holder },
        Refused::RevocationUnknown,
    ];
    let names: BTreeSet<&str> = all.iter().map(Refused::name).collect();
    assert_eq!(names.len(), all.len());
    let kebab = |name: &&str| name.bytes().all(|byte| byte == b'-' || byte.is_ascii_lowercase());
    assert!(names.iter().all(kebab));
}
