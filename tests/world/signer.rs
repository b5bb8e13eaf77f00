//! Somebody with an electronic signature: a certificate and its key from `tests/signatures`.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use cms::cert::{CertificateChoices, IssuerAndSerialNumber};
use cms::content_info::{CmsVersion, ContentInfo};
use cms::signed_data::{
    CertificateSet, EncapsulatedContentInfo, SignedData, SignerIdentifier, SignerInfo, SignerInfos,
};
use der::asn1::{ObjectIdentifier, OctetString, SetOfVec};
use der::{Any, Decode, Encode};
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{DerSignature, SigningKey};
use p256::pkcs8::DecodePrivateKey;
use sha2::{Digest, Sha256};
use x509_cert::Certificate;
use x509_cert::attr::Attribute;
use x509_cert::spki::AlgorithmIdentifierOwned;

const DATA: &str = "1.2.840.113549.1.7.1";
const SIGNED_DATA: &str = "1.2.840.113549.1.7.2";
const CONTENT_TYPE: &str = "1.2.840.113549.1.9.3";
const MESSAGE_DIGEST: &str = "1.2.840.113549.1.9.4";
const SHA256: &str = "2.16.840.1.101.3.4.2.1";
const ECDSA_SHA256: &str = "1.2.840.10045.4.3.2";

fn oid(text: &str) -> ObjectIdentifier {
    ObjectIdentifier::new_unwrap(text)
}

fn attribute(id: &str, value: &impl Encode) -> Attribute {
    let value = Any::from_der(&value.to_der().expect("DER")).expect("DER");
    Attribute { oid: oid(id), values: SetOfVec::try_from(vec![value]).expect("a set") }
}

/// What a PEM file has of a kind.
fn between(text: &str, label: &str) -> Vec<u8> {
    let body = text.split(&format!("-----BEGIN {label}-----")).nth(1).unwrap_or_default();
    let body = body.split("-----END").next().unwrap_or_default();
    STANDARD.decode(body.split_whitespace().collect::<String>()).expect("Base64")
}

/// The detached signature of `data` by `who`, a file of `tests/signatures`.
pub fn signature(who: &str, data: &[u8]) -> Vec<u8> {
    let path = format!("{}/signatures/{who}.pem", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).expect("a signer");
    let certificate = Certificate::from_der(&between(&text, "CERTIFICATE")).expect("a certificate");
    let key = SigningKey::from_pkcs8_der(&between(&text, "PRIVATE KEY")).expect("a key");
    let digest = OctetString::new(Sha256::digest(data).to_vec()).expect("octets");
    let attributes = vec![attribute(CONTENT_TYPE, &oid(DATA)), attribute(MESSAGE_DIGEST, &digest)];
    let attributes = SetOfVec::try_from(attributes).expect("a set");
    let signed: DerSignature = key.sign(&attributes.to_der().expect("DER"));
    let algorithm = |id| AlgorithmIdentifierOwned { oid: oid(id), parameters: None };
    let tbs = certificate.tbs_certificate();
    let signer = SignerInfo {
        version: CmsVersion::V1,
        sid: SignerIdentifier::IssuerAndSerialNumber(IssuerAndSerialNumber {
            issuer: tbs.issuer().clone(),
            serial_number: tbs.serial_number().clone(),
        }),
        digest_alg: algorithm(SHA256),
        signed_attrs: Some(attributes),
        signature_algorithm: algorithm(ECDSA_SHA256),
        signature: OctetString::new(signed.as_bytes()).expect("octets"),
        unsigned_attrs: None,
    };
    let data = SignedData {
        version: CmsVersion::V1,
        digest_algorithms: SetOfVec::try_from(vec![algorithm(SHA256)]).expect("a set"),
        encap_content_info: EncapsulatedContentInfo { econtent_type: oid(DATA), econtent: None },
        certificates: Some(
            CertificateSet::try_from(vec![CertificateChoices::Certificate(certificate)]).expect("a set"),
        ),
        crls: None,
        signer_infos: SignerInfos::try_from(vec![signer]).expect("a set"),
    };
    let content = Any::from_der(&data.to_der().expect("DER")).expect("DER");
    ContentInfo { content_type: oid(SIGNED_DATA), content }.to_der().expect("DER")
}
