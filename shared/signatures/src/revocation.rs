//! Whether the lists that are given say that a certificate is revoked (RFC 5280, section 5).

use super::certificate::Known;
use super::{Holder, Refused, Trust, algorithms, key};
use chrono::{DateTime, Utc};
use der::Encode;
use x509_cert::certificate::Version;
use x509_cert::crl::{CertificateList, RevokedCert, TbsCertList};
use x509_cert::ext::Extension;
use x509_cert::time::Time;

/// Without a list of the issuer's nothing is known and nothing refused. With one, at least one must be good: in time, complete,
/// and signed by the issuer.
pub fn check(
    certificate: &Known,
    holder: Holder,
    issuer: &Known,
    trust: &Trust<'_>,
    now: DateTime<Utc>,
) -> Result<(), Refused> {
    let mut given =
        trust.lists.iter().filter(|list| &list.tbs_cert_list.issuer == issuer.subject()).peekable();
    if given.peek().is_none() {
        return Ok(());
    }
    let mut good = given.filter(|list| is_good(list, issuer, trust, now)).peekable();
    if good.peek().is_none() {
        return Err(Refused::RevocationUnknown);
    }
    let serial = certificate.tbs().serial_number();
    let revoked = |list: &CertificateList| entries(list).any(|entry| &entry.serial_number == serial);
    match good.any(revoked) {
        true => Err(Refused::Revoked { holder }),
        false => Ok(()),
    }
}

fn entries(list: &CertificateList) -> impl Iterator<Item = &RevokedCert> {
    list.tbs_cert_list.revoked_certificates.iter().flatten()
}

fn is_good(list: &CertificateList, issuer: &Known, trust: &Trust<'_>, now: DateTime<Utc>) -> bool {
    let tbs = &list.tbs_cert_list;
    in_time(tbs, now)
        && is_complete(list)
        && tbs.version == Version::V2
        && tbs.signature == list.signature_algorithm
        && issuer.may_sign_lists()
        && is_signed(list, issuer, trust)
}

/// nextUpdate must be there: a list that never ends says nothing of now.
fn in_time(tbs: &TbsCertList, now: DateTime<Utc>) -> bool {
    let seconds = |time: Time| i64::try_from(time.to_unix_duration().as_secs()).unwrap_or(i64::MAX);
    let now = now.timestamp();
    seconds(tbs.this_update) <= now && tbs.next_update.is_some_and(|next| now <= seconds(next))
}

/// Anything critical, as what makes a list partial, a difference or indirect, is not known here.
fn is_complete(list: &CertificateList) -> bool {
    let critical = |extensions: &Option<Vec<Extension>>| extensions.iter().flatten().any(|one| one.critical);
    !critical(&list.tbs_cert_list.crl_extensions)
        && !entries(list).any(|entry| critical(&entry.crl_entry_extensions))
}

fn is_signed(list: &CertificateList, issuer: &Known, trust: &Trust<'_>) -> bool {
    let signed = list.tbs_cert_list.to_der().ok();
    let (Ok(scheme), Some(signed), Some(signature)) =
        (algorithms::scheme(&list.signature_algorithm), signed, list.signature.as_bytes())
    else {
        return false;
    };
    key::holds(scheme, issuer.key(), &signed, signature, trust.gost) == Ok(true)
}
