//! Certificates, lists and signatures as a test wants them, right or wrong.

use chrono::{DateTime, Duration, Utc};
use cms::cert::{CertificateChoices, IssuerAndSerialNumber};
use cms::content_info::{CmsVersion, ContentInfo};
use cms::signed_data::{CertificateSet, EncapsulatedContentInfo, SignedData, SignerInfo, SignerInfos};
use der::asn1::{BitString, ObjectIdentifier, OctetString, SetOfVec, UtcTime};
use der::flagset::FlagSet;
use der::{Any, Decode, Encode, Sequence, Tag};
use x509_cert::attr::{Attribute, AttributeTypeAndValue};
use x509_cert::certificate::Version;
use x509_cert::crl::{CertificateList, RevokedCert, TbsCertList};
use x509_cert::ext::Extension;
use x509_cert::ext::pkix::{BasicConstraints, KeyUsage, KeyUsages};
use x509_cert::name::{Name, RdnSequence, RelativeDistinguishedName};
use x509_cert::serial_number::SerialNumber;
use x509_cert::spki::{AlgorithmIdentifierOwned, SubjectPublicKeyInfoOwned};
use x509_cert::time::{Time, Validity};

pub use super::keys::{Key, pretended_digest, pretended_signature};
use crate::{BadTrust, Refused, Trust, verify};

pub const DATA: &[u8] = "Подтверждаю, что я — это я: 7f3a".as_bytes();

pub fn oid(text: &str) -> ObjectIdentifier {
    ObjectIdentifier::new_unwrap(text)
}

pub fn now() -> DateTime<Utc> {
    "2026-11-26T09:00:00Z".parse().expect("a time")
}

pub fn time(days: i64) -> Time {
    let at = now() + Duration::days(days);
    let since = std::time::Duration::from_secs(u64::try_from(at.timestamp()).expect("after 1970"));
    Time::UtcTime(UtcTime::from_unix_duration(since).expect("before 2050"))
}

/// Attributes of a name, each an own RDN, in UTF-8.
pub fn name(parts: &[(&str, &str)]) -> Name {
    let mut all = RdnSequence::default();
    for (kind, text) in parts {
        let value = Any::new(Tag::Utf8String, text.as_bytes()).expect("a value");
        let one = AttributeTypeAndValue { oid: oid(kind), value };
        all.push(RelativeDistinguishedName::try_from(vec![one]).expect("a set of one"));
    }
    Name::from_der(&all.to_der().expect("DER")).expect("a name")
}

pub fn anna() -> Name {
    name(&[
        ("2.5.4.3", "Петрова Анна Сергеевна"),
        ("2.5.4.4", "Петрова"),
        ("2.5.4.42", "Анна Сергеевна"),
        ("1.2.643.100.3", "11223344595"),
        ("1.2.643.3.131.1.1", "500100732259"),
    ])
}

#[derive(Sequence)]
struct Tbs {
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT")]
    version: Version,
    serial_number: SerialNumber,
    signature: AlgorithmIdentifierOwned,
    issuer: Name,
    validity: Validity,
    subject: Name,
    key: SubjectPublicKeyInfoOwned,
    #[asn1(context_specific = "3", tag_mode = "EXPLICIT")]
    extensions: Vec<Extension>,
}

#[derive(Sequence)]
struct Whole {
    tbs: Tbs,
    algorithm: AlgorithmIdentifierOwned,
    signature: BitString,
}

/// What a certificate is to say.
#[derive(Clone)]
pub struct Spec {
    pub subject: Name,
    pub serial: u32,
    /// Days from `now`.
    pub from: i64,
    pub to: i64,
    pub constraints: Option<BasicConstraints>,
    pub usage: Option<FlagSet<KeyUsages>>,
    pub more: Vec<Extension>,
}

impl Spec {
    pub fn person() -> Self {
        let usage = Some(KeyUsages::DigitalSignature | KeyUsages::NonRepudiation);
        Self { subject: anna(), serial: 77, from: -100, to: 200, constraints: None, usage, more: Vec::new() }
    }

    pub fn authority(called: &str, path_len_constraint: Option<u8>) -> Self {
        Self {
            subject: name(&[("2.5.4.3", called)]),
            serial: 5,
            from: -1000,
            to: 1000,
            constraints: Some(BasicConstraints { ca: true, path_len_constraint }),
            usage: Some(KeyUsages::KeyCertSign | KeyUsages::CRLSign),
            more: Vec::new(),
        }
    }

    pub fn with(mut self, id: &str, critical: bool, value: &[u8]) -> Self {
        let extn_value = OctetString::new(value).expect("octets");
        self.more.push(Extension { extn_id: oid(id), critical, extn_value });
        self
    }

    fn extensions(&self) -> Vec<Extension> {
        let extension = |id: &str, der: Vec<u8>| Extension {
            extn_id: oid(id),
            critical: true,
            extn_value: OctetString::new(der).expect("octets"),
        };
        let constraints =
            self.constraints.as_ref().map(|some| extension("2.5.29.19", some.to_der().expect("DER")));
        let usage = self.usage.map(|some| extension("2.5.29.15", KeyUsage(some).to_der().expect("DER")));
        constraints.into_iter().chain(usage).chain(self.more.clone()).collect()
    }
}

/// Somebody with a key and a certificate.
#[derive(Clone)]
pub struct Holder {
    pub key: Key,
    pub spec: Spec,
    pub certificate: Vec<u8>,
}

impl Holder {
    pub fn root(spec: Spec, key: Key) -> Self {
        let (by, issuer) = (key.clone(), spec.subject.clone());
        Self::made(spec, key, &by, issuer)
    }

    pub fn issue(&self, spec: Spec, key: Key) -> Self {
        Self::made(spec, key, &self.key, self.spec.subject.clone())
    }

    fn made(spec: Spec, key: Key, by: &Key, issuer: Name) -> Self {
        let tbs = Tbs {
            version: Version::V3,
            serial_number: SerialNumber::from(spec.serial),
            signature: by.algorithm(),
            issuer,
            validity: Validity::new(time(spec.from), time(spec.to)),
            subject: spec.subject.clone(),
            key: key.public(),
            extensions: spec.extensions(),
        };
        let signature = BitString::from_bytes(&by.sign(&tbs.to_der().expect("DER"))).expect("bits");
        let certificate = Whole { tbs, algorithm: by.algorithm(), signature }.to_der().expect("DER");
        Self { key, spec, certificate }
    }

    /// A list of what this authority has revoked, in force from `from` days to `to`.
    pub fn list(&self, serials: &[u32], from: i64, to: i64) -> CertificateList {
        let revoked = serials.iter().map(|serial| RevokedCert {
            serial_number: SerialNumber::from(*serial),
            revocation_date: time(from),
            crl_entry_extensions: None,
        });
        let tbs_cert_list = TbsCertList {
            version: Version::V2,
            signature: self.key.algorithm(),
            issuer: self.spec.subject.clone(),
            this_update: time(from),
            next_update: Some(time(to)),
            revoked_certificates: (!serials.is_empty()).then(|| revoked.collect()),
            crl_extensions: None,
        };
        self.sign_list(tbs_cert_list)
    }

    pub fn sign_list(&self, tbs_cert_list: TbsCertList) -> CertificateList {
        let signature = self.key.sign(&tbs_cert_list.to_der().expect("DER"));
        let signature = BitString::from_bytes(&signature).expect("bits");
        CertificateList { tbs_cert_list, signature_algorithm: self.key.algorithm(), signature }
    }
}

/// A signature before it is made: what a test wants otherwise, it changes.
pub struct Draft {
    pub by: Holder,
    pub others: Vec<Vec<u8>>,
    pub with_own: bool,
    pub digest: ObjectIdentifier,
    pub algorithm: AlgorithmIdentifierOwned,
    pub attributes: Option<Vec<Attribute>>,
    pub content_type: ObjectIdentifier,
    pub content: Option<Vec<u8>>,
    pub spoilt: bool,
    pub more_signers: Vec<SignerInfo>,
}

pub fn attribute(id: &str, value: &impl Encode) -> Attribute {
    let value = Any::from_der(&value.to_der().expect("DER")).expect("DER");
    Attribute { oid: oid(id), values: SetOfVec::try_from(vec![value]).expect("a set") }
}

pub const CONTENT_TYPE: &str = "1.2.840.113549.1.9.3";
pub const MESSAGE_DIGEST: &str = "1.2.840.113549.1.9.4";
pub const SIGNING_TIME: &str = "1.2.840.113549.1.9.5";
pub const SIGNING_CERTIFICATE: &str = "1.2.840.113549.1.9.16.2.47";

impl Draft {
    pub fn new(by: &Holder, data: &[u8]) -> Self {
        let (digest, value) = by.key.digest(data);
        let attributes = vec![
            attribute(CONTENT_TYPE, &oid("1.2.840.113549.1.7.1")),
            attribute(SIGNING_TIME, &time(0)),
            attribute(MESSAGE_DIGEST, &OctetString::new(value).expect("octets")),
        ];
        Self {
            digest,
            algorithm: by.key.algorithm(),
            attributes: Some(attributes),
            by: by.clone(),
            others: Vec::new(),
            with_own: true,
            content_type: oid("1.2.840.113549.1.7.1"),
            content: None,
            spoilt: false,
            more_signers: Vec::new(),
        }
    }

    /// Puts an attribute in the place of what is there of its kind.
    pub fn set(&mut self, attribute: Attribute) {
        let attributes = self.attributes.get_or_insert_default();
        attributes.retain(|one| one.oid != attribute.oid);
        attributes.push(attribute);
    }

    pub fn signer(&self) -> SignerInfo {
        let attributes = self
            .attributes
            .as_ref()
            .map(|some| SetOfVec::try_from(some.clone()).expect("a set of attributes"));
        let message = attributes.as_ref().map_or(DATA.to_vec(), |some| some.to_der().expect("DER"));
        let mut signature = self.by.key.sign(&message);
        if self.spoilt {
            *signature.last_mut().expect("a byte") ^= 1;
        }
        let own = x509_cert::Certificate::from_der(&self.by.certificate).expect("a certificate");
        SignerInfo {
            version: CmsVersion::V1,
            sid: cms::signed_data::SignerIdentifier::IssuerAndSerialNumber(IssuerAndSerialNumber {
                issuer: own.tbs_certificate().issuer().clone(),
                serial_number: own.tbs_certificate().serial_number().clone(),
            }),
            digest_alg: AlgorithmIdentifierOwned { oid: self.digest, parameters: None },
            signed_attrs: attributes,
            signature_algorithm: self.algorithm.clone(),
            signature: OctetString::new(signature).expect("octets"),
            unsigned_attrs: None,
        }
    }

    pub fn der(&self) -> Vec<u8> {
        let signer = self.signer();
        let own = self.with_own.then(|| self.by.certificate.clone());
        let certificates = own.iter().chain(&self.others).map(|der| {
            CertificateChoices::Certificate(x509_cert::Certificate::from_der(der).expect("a certificate"))
        });
        let content = self.content.as_ref().map(|octets| {
            Any::encode_from(&OctetString::new(octets.as_slice()).expect("octets")).expect("DER")
        });
        let data = SignedData {
            version: CmsVersion::V1,
            digest_algorithms: SetOfVec::try_from(vec![signer.digest_alg.clone()]).expect("a set"),
            encap_content_info: EncapsulatedContentInfo {
                econtent_type: self.content_type,
                econtent: content,
            },
            certificates: Some(CertificateSet::try_from(certificates.collect::<Vec<_>>()).expect("a set")),
            crls: None,
            signer_infos: SignerInfos::try_from([vec![signer], self.more_signers.clone()].concat())
                .expect("a set"),
        };
        let content = Any::from_der(&data.to_der().expect("DER")).expect("DER");
        let whole = ContentInfo { content_type: oid("1.2.840.113549.1.7.2"), content };
        whole.to_der().expect("DER")
    }
}

/// `bytes` with `to` put in the place of `from`, of the same length, from the `nth` time on that it is there.
pub fn replaced(bytes: &[u8], from: &[u8], to: &[u8], nth: usize) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let mut bytes = bytes.to_vec();
    let places: Vec<usize> =
        (0..=bytes.len() - from.len()).filter(|at| bytes[*at..].starts_with(from)).skip(nth).collect();
    assert!(!places.is_empty(), "there is nothing to replace");
    places.iter().for_each(|at| bytes[*at..at + to.len()].copy_from_slice(to));
    bytes
}

/// Of sha256WithRSAEncryption and its like, but for the last byte.
pub const PKCS1_ARC: [u8; 8] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1];

pub fn pkcs1_oid(last: u8) -> Vec<u8> {
    [&PKCS1_ARC[..], &[last]].concat()
}

pub fn trust(roots: &[&Holder]) -> Trust<'static> {
    with_lists(roots, &[]).expect("roots")
}

pub fn with_lists(roots: &[&Holder], lists: &[CertificateList]) -> Result<Trust<'static>, BadTrust> {
    let roots: Vec<&[u8]> = roots.iter().map(|root| root.certificate.as_slice()).collect();
    let lists: Vec<Vec<u8>> = lists.iter().map(|list| list.to_der().expect("DER")).collect();
    Trust::read(&roots, &lists)
}

/// A root, and Anna with a certificate of it.
pub fn root_and_anna() -> (Holder, Holder) {
    let root = Holder::root(Spec::authority("Корень", None), Key::p256(1));
    let anna = root.issue(Spec::person(), Key::p256(2));
    (root, anna)
}

/// What becomes of a draft whose signer has a certificate of the root.
pub fn outcome(root: &Holder, draft: &Draft) -> Result<(), Refused> {
    verify(DATA, &draft.der(), &trust(&[root]), now()).map(|_| ())
}
