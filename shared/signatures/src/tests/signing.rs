//! What is signed, by whom, and by which algorithm.

use super::paper::*;
use crate::{Refused, SIGNED_BYTES_MAX, verify};
use cms::cert::IssuerAndSerialNumber;
use der::asn1::{OctetString, SetOfVec};
use der::{Any, AnyRef, Decode, Encode, Sequence};
use rsa::pkcs1::RsaPssParams;
use sha2::{Digest, Sha256};
use x509_cert::ext::pkix::name::{GeneralName, GeneralNames};
use x509_cert::serial_number::SerialNumber;
use x509_cert::spki::{AlgorithmIdentifier, AlgorithmIdentifierOwned};

fn accepted(root: Key, anna: Key) {
    let root = Holder::root(Spec::authority("Корень", Some(0)), root);
    let anna = root.issue(Spec::person(), anna);
    assert_eq!(outcome(&root, &Draft::new(&anna, DATA)), Ok(()));
    let mut spoilt = Draft::new(&anna, DATA);
    spoilt.spoilt = true;
    assert_eq!(outcome(&root, &spoilt), Err(Refused::SignatureWrong));
}

#[test]
fn every_accepted_algorithm_is_accepted_and_its_wrong_signature_is_not() {
    accepted(Key::p256(1), Key::rsa());
    accepted(Key::p256(1), Key::pss());
    accepted(Key::rsa(), Key::p256(2));
    accepted(Key::pss(), Key::p384(2));
    accepted(Key::p384(1), Key::p256(2));
    accepted(Key::ed25519(1), Key::ed25519(2));
}

#[test]
fn rsa_with_the_digest_of_the_signer_info_is_accepted() {
    let root = Holder::root(Spec::authority("Корень", None), Key::p256(1));
    let anna = root.issue(Spec::person(), Key::rsa());
    let mut draft = Draft::new(&anna, DATA);
    draft.algorithm.oid = oid("1.2.840.113549.1.1.1");
    assert_eq!(outcome(&root, &draft), Ok(()));
}

#[test]
fn it_says_who_signed() {
    let (root, anna) = root_and_anna();
    let der = Draft::new(&anna, DATA).der();
    let signer = verify(DATA, &der, &trust(&[&root]), now()).expect("a good signature");
    assert_eq!(signer.common_name.as_deref(), Some("Петрова Анна Сергеевна"));
    assert_eq!(signer.surname.as_deref(), Some("Петрова"));
    assert_eq!(signer.given_name.as_deref(), Some("Анна Сергеевна"));
    assert_eq!(signer.snils.as_deref(), Some("11223344595"));
    assert_eq!(signer.inn.as_deref(), Some("500100732259"));
    assert_eq!(signer.serial, "4D");
    assert_eq!(signer.issuer, "CN=Корень");
    assert_eq!(signer.not_after, now() + chrono::Duration::days(200));
}

#[test]
fn what_a_subject_says_twice_or_in_another_form_is_taken_for_unsaid() {
    let (root, _) = root_and_anna();
    let mut spec = Spec::person();
    spec.subject = name(&[
        ("2.5.4.4", "Петрова"),
        ("2.5.4.42", "Анна"),
        ("2.5.4.42", "Ольга"),
        ("1.2.643.100.3", "112-233-445 95"),
        ("2.5.4.3", "Анна\u{0}"),
    ]);
    let anna = root.issue(spec.clone(), Key::p256(2));
    let signer = verify(DATA, &Draft::new(&anna, DATA).der(), &trust(&[&root]), now()).expect("good");
    assert_eq!((signer.common_name, signer.given_name, signer.snils), (None, None, None));
    assert_eq!(signer.surname.as_deref(), Some("Петрова"));

    spec.subject = name(&[("1.2.643.100.3", "11223344595")]);
    let nobody = root.issue(spec, Key::p256(2));
    assert_eq!(outcome(&root, &Draft::new(&nobody, DATA)), Err(Refused::Nameless));
}

#[test]
fn changed_data_is_refused() {
    let (root, anna) = root_and_anna();
    let der = Draft::new(&anna, DATA).der();
    let changed = verify(&DATA[1..], &der, &trust(&[&root]), now());
    assert_eq!(changed, Err(Refused::DataChanged));
    assert_eq!(outcome(&root, &Draft::new(&anna, b"something else")), Err(Refused::DataChanged));
    let long = vec![0; SIGNED_BYTES_MAX + 1];
    assert_eq!(verify(&long, &der, &trust(&[&root]), now()), Err(Refused::TooLarge));
}

#[test]
fn signed_attributes_must_be_there_whole() {
    let (root, anna) = root_and_anna();
    let mut bare = Draft::new(&anna, DATA);
    bare.attributes = None;
    assert_eq!(outcome(&root, &bare), Err(Refused::AttributesMissing));
    for kind in [CONTENT_TYPE, MESSAGE_DIGEST] {
        let mut draft = Draft::new(&anna, DATA);
        draft.attributes.as_mut().expect("attributes").retain(|one| one.oid != oid(kind));
        assert_eq!(outcome(&root, &draft), Err(Refused::AttributesMissing), "{kind}");
    }
    let mut untimed = Draft::new(&anna, DATA);
    untimed.attributes.as_mut().expect("attributes").retain(|one| one.oid != oid(SIGNING_TIME));
    assert_eq!(outcome(&root, &untimed), Ok(()));
}

#[test]
fn attributes_that_are_repeated_or_of_the_wrong_type_are_refused() {
    let (root, anna) = root_and_anna();
    let mut repeated = Draft::new(&anna, DATA);
    repeated.attributes.as_mut().expect("attributes").push(attribute(SIGNING_TIME, &time(-1)));
    assert_eq!(outcome(&root, &repeated), Err(Refused::AttributesWrong));

    let mut untyped = Draft::new(&anna, DATA);
    untyped.set(attribute(MESSAGE_DIGEST, &oid("1.2.3")));
    assert_eq!(outcome(&root, &untyped), Err(Refused::AttributesWrong));

    let mut twice = Draft::new(&anna, DATA);
    let mut digest =
        attribute(MESSAGE_DIGEST, &OctetString::new(Sha256::digest(DATA).to_vec()).expect("octets"));
    digest.values.insert(Any::from_der(&[4, 1, 0]).expect("DER")).expect("another value");
    twice.set(digest);
    assert_eq!(outcome(&root, &twice), Err(Refused::AttributesWrong));
}

#[test]
fn another_type_of_content_is_refused() {
    let (root, anna) = root_and_anna();
    let mut draft = Draft::new(&anna, DATA);
    draft.set(attribute(CONTENT_TYPE, &oid("1.2.840.113549.1.7.2")));
    assert_eq!(outcome(&root, &draft), Err(Refused::ContentType));
    let mut draft = Draft::new(&anna, DATA);
    draft.content_type = oid("1.2.840.113549.1.9.16.1.4");
    assert_eq!(outcome(&root, &draft), Err(Refused::ContentType));
}

#[test]
fn the_time_of_signing_is_within_the_certificate_and_not_ahead() {
    let (root, anna) = root_and_anna();
    let at = |days| {
        let mut draft = Draft::new(&anna, DATA);
        draft.set(attribute(SIGNING_TIME, &time(days)));
        outcome(&root, &draft)
    };
    assert_eq!(at(-99), Ok(()));
    assert_eq!(at(-101), Err(Refused::SigningTime));
    assert_eq!(at(1), Err(Refused::SigningTime));
}

#[derive(Sequence)]
struct Named {
    certs: Vec<NamedOne>,
}

#[derive(Sequence)]
struct NamedOne {
    algorithm: Option<AlgorithmIdentifierOwned>,
    digest: OctetString,
    issuer_serial: Option<NamedSerial>,
}

#[derive(Sequence)]
struct NamedSerial {
    issuer: GeneralNames,
    serial_number: SerialNumber,
}

#[test]
fn the_certificate_that_is_named_in_what_is_signed_is_the_signers() {
    let (root, anna) = root_and_anna();
    let named = |algorithm: Option<&str>, certificate: &[u8], serial: u32| {
        let algorithm = algorithm.map(|text| AlgorithmIdentifierOwned { oid: oid(text), parameters: None });
        let digest = OctetString::new(Sha256::digest(certificate).to_vec()).expect("octets");
        let issuer = vec![GeneralName::DirectoryName(root.spec.subject.clone())];
        let issuer_serial = Some(NamedSerial { issuer, serial_number: SerialNumber::from(serial) });
        let mut draft = Draft::new(&anna, DATA);
        let certs = vec![NamedOne { algorithm, digest, issuer_serial }];
        draft.set(attribute(SIGNING_CERTIFICATE, &Named { certs }));
        outcome(&root, &draft)
    };
    assert_eq!(named(None, &anna.certificate, 77), Ok(()));
    assert_eq!(named(None, &anna.certificate, 78), Err(Refused::SigningCertificate));
    assert_eq!(named(None, &root.certificate, 77), Err(Refused::SigningCertificate));
    let sha1 = oid("1.3.14.3.2.26");
    assert_eq!(named(Some("1.3.14.3.2.26"), &anna.certificate, 77), Err(Refused::Algorithm { oid: sha1 }));
}

#[test]
fn sha_1_and_md5_are_refused_for_the_digest_and_for_the_signature() {
    let (root, anna) = root_and_anna();
    for text in ["1.3.14.3.2.26", "1.2.840.113549.2.5"] {
        let mut draft = Draft::new(&anna, DATA);
        draft.digest = oid(text);
        assert_eq!(outcome(&root, &draft), Err(Refused::Algorithm { oid: oid(text) }));
    }
    for text in ["1.2.840.113549.1.1.5", "1.2.840.113549.1.1.4", "1.2.840.10045.4.1"] {
        let mut draft = Draft::new(&anna, DATA);
        draft.algorithm = AlgorithmIdentifierOwned { oid: oid(text), parameters: None };
        assert_eq!(outcome(&root, &draft), Err(Refused::Algorithm { oid: oid(text) }));
    }
}

#[test]
fn a_signature_whose_digest_is_not_its_attributes_is_refused() {
    let (root, anna) = root_and_anna();
    let mut draft = Draft::new(&anna, DATA);
    draft.algorithm.oid = oid("1.2.840.10045.4.3.3");
    assert_eq!(outcome(&root, &draft), Err(Refused::Algorithm { oid: draft.algorithm.oid }));
}

#[test]
fn pss_without_parameters_means_sha_1_and_is_refused() {
    let (root, _) = root_and_anna();
    let anna = root.issue(Spec::person(), Key::pss());
    let mut draft = Draft::new(&anna, DATA);
    draft.algorithm.parameters = Some(Any::from_der(&[0x30, 0]).expect("DER"));
    let sha1 = Refused::Algorithm { oid: oid("1.3.14.3.2.26") };
    assert_eq!(outcome(&root, &draft), Err(sha1));
    draft.algorithm.parameters = None;
    assert_eq!(outcome(&root, &draft), Err(Refused::Algorithm { oid: draft.algorithm.oid }));
}

#[test]
fn pss_has_one_digest_and_mgf1() {
    let (root, _) = root_and_anna();
    let anna = root.issue(Spec::person(), Key::pss());
    let with = |change: &dyn Fn(&mut RsaPssParams<AnyRef<'static>>)| {
        let mut parameters = RsaPssParams::new::<Sha256>(32);
        change(&mut parameters);
        let mut draft = Draft::new(&anna, DATA);
        draft.algorithm.parameters = Some(Any::encode_from(&parameters).expect("DER"));
        outcome(&root, &draft)
    };
    let refused = Err(Refused::Algorithm { oid: oid("1.2.840.113549.1.1.10") });
    assert_eq!(with(&|_| ()), Ok(()));
    assert_eq!(with(&|some| some.mask_gen.oid = oid("1.2.3")), refused);
    let other = AlgorithmIdentifier { oid: oid("2.16.840.1.101.3.4.2.2"), parameters: None };
    assert_eq!(with(&|some| some.mask_gen.parameters = Some(other)), refused);
    assert_eq!(with(&|some| some.salt_len = 31), Err(Refused::SignatureWrong));
}

#[test]
fn a_key_that_is_bound_to_pss_is_refused() {
    let (root, _) = root_and_anna();
    let mut anna = root.issue(Spec::person(), Key::pss());
    anna.certificate = replaced(&anna.certificate, &pkcs1_oid(1), &pkcs1_oid(10), 0);
    let refused = Err(Refused::Algorithm { oid: oid("1.2.840.113549.1.1.10") });
    assert_eq!(outcome(&root, &Draft::new(&anna, DATA)), refused);
}

#[test]
fn a_short_rsa_key_is_refused_in_a_signer_and_in_an_authority() {
    let (root, _) = root_and_anna();
    let anna = root.issue(Spec::person(), Key::short_rsa());
    assert_eq!(outcome(&root, &Draft::new(&anna, DATA)), Err(Refused::WeakKey { bits: 1024 }));
    let root = Holder::root(Spec::authority("Слабый корень", None), Key::short_rsa());
    let anna = root.issue(Spec::person(), Key::p256(2));
    assert_eq!(outcome(&root, &Draft::new(&anna, DATA)), Err(Refused::WeakKey { bits: 1024 }));
}

#[test]
fn a_key_of_another_kind_than_the_signature_is_refused() {
    let (root, anna) = root_and_anna();
    let mut draft = Draft::new(&anna, DATA);
    draft.algorithm = Key::rsa().algorithm();
    assert_eq!(outcome(&root, &draft), Err(Refused::Algorithm { oid: oid("1.2.840.10045.2.1") }));
}

#[test]
fn one_signer_signs_with_the_certificate_that_is_within() {
    let (root, anna) = root_and_anna();
    let other = root.issue(Spec { serial: 78, ..Spec::person() }, Key::p256(3));
    let mut two = Draft::new(&anna, DATA);
    two.more_signers = vec![Draft::new(&other, DATA).signer()];
    two.others = vec![other.certificate.clone()];
    assert_eq!(outcome(&root, &two), Err(Refused::SignersNotOne { found: 2 }));

    let mut absent = Draft::new(&anna, DATA);
    absent.with_own = false;
    assert_eq!(outcome(&root, &absent), Err(Refused::CertificateMissing));

    // Two certificates that the signer might mean.
    let mut double = Draft::new(&anna, DATA);
    double.others = vec![root.issue(Spec { to: 9, ..Spec::person() }, Key::p256(3)).certificate];
    assert_eq!(outcome(&root, &double), Err(Refused::CertificateMissing));

    // Another's key under Anna's name.
    let mut forged = Draft::new(&anna, DATA);
    forged.by.key = Key::p256(3);
    assert_eq!(outcome(&root, &forged), Err(Refused::SignatureWrong));
}

#[test]
fn a_signer_may_be_named_by_their_keys_id() {
    let (root, _) = root_and_anna();
    let id = OctetString::new([9; 20]).expect("octets");
    let spec = Spec::person().with("2.5.29.14", false, &id.to_der().expect("DER"));
    let anna = root.issue(spec, Key::p256(2));
    let mut signer = Draft::new(&anna, DATA).signer();
    signer.sid = cms::signed_data::SignerIdentifier::SubjectKeyIdentifier(id.into());
    let whole = |signer: cms::signed_data::SignerInfo| {
        let read = cms::content_info::ContentInfo::from_der(&Draft::new(&anna, DATA).der()).expect("CMS");
        let mut data: cms::signed_data::SignedData = read.content.decode_as().expect("signed data");
        data.signer_infos = cms::signed_data::SignerInfos(SetOfVec::try_from(vec![signer]).expect("a set"));
        let content = Any::from_der(&data.to_der().expect("DER")).expect("DER");
        let whole = cms::content_info::ContentInfo { content_type: read.content_type, content };
        verify(DATA, &whole.to_der().expect("DER"), &trust(&[&root]), now()).map(|_| ())
    };
    assert_eq!(whole(signer.clone()), Err(Refused::CertificateMissing), "a version of another way of naming");
    signer.version = cms::content_info::CmsVersion::V3;
    assert_eq!(whole(signer.clone()), Ok(()));
    let issuer = root.spec.subject.clone();
    signer.sid = cms::signed_data::SignerIdentifier::IssuerAndSerialNumber(IssuerAndSerialNumber {
        issuer,
        serial_number: SerialNumber::from(77u32),
    });
    assert_eq!(whole(signer), Err(Refused::CertificateMissing));
}

#[test]
fn what_is_signed_stands_beside_the_signature() {
    let (root, anna) = root_and_anna();
    let mut attached = Draft::new(&anna, DATA);
    attached.content = Some(DATA.to_vec());
    assert_eq!(outcome(&root, &attached), Err(Refused::Attached), "even if it is the same");
}
