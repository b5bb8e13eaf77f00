//! Signatures that another's program makes, where it is on the machine.

use crate::{Refused, Trust, verify};
use chrono::DateTime;
use std::path::Path;
use std::process::Command;
use std::time::UNIX_EPOCH;

fn run(folder: &Path, line: &str) -> bool {
    let done = Command::new("openssl").args(line.split(' ')).current_dir(folder).output();
    let done = done.expect("openssl runs");
    if !done.status.success() {
        eprintln!("openssl {line}: {}", String::from_utf8_lossy(&done.stderr));
    }
    done.status.success()
}

const CONFIGURATION: &str = "
[req]
distinguished_name = dn
[dn]
[root]
basicConstraints = critical,CA:true
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[anna]
keyUsage = critical,digitalSignature,nonRepudiation
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
";

/// Makes root, Anna and signature in `folder` with keys by `key`; answers what becomes of the signature.
fn signed(folder: &Path, key: &str, how: &str) -> Result<Option<String>, Refused> {
    std::fs::write(folder.join("ca.cnf"), CONFIGURATION).expect("a file");
    std::fs::write(folder.join("data"), b"\r\nbytes\nas they are\x00").expect("a file");
    let steps = [
        format!("genpkey {key} -out root.key"),
        format!("genpkey {key} -out anna.key"),
        "req -new -key root.key -config ca.cnf -subj /CN=Root -out root.csr".into(),
        "req -new -key anna.key -config ca.cnf -subj /CN=Anna/SN=Petrova -out anna.csr".into(),
        "x509 -req -in root.csr -key root.key -extfile ca.cnf -extensions root -days 36500 -out root.pem"
            .into(),
        "x509 -req -in anna.csr -CA root.pem -CAkey root.key -extfile ca.cnf -extensions anna -days 36500 \
         -out anna.pem"
            .into(),
        format!("cms -sign -binary -in data -signer anna.pem -inkey anna.key -outform DER -out sig {how}"),
    ];
    for step in steps {
        assert!(run(folder, &step), "{step}");
    }
    let read = |name: &str| std::fs::read(folder.join(name)).expect("a file");
    let none: [&[u8]; 0] = [];
    let trust = Trust::read(&[read("root.pem")], &none).expect("a root");
    // The certificates begin by the machine's clock, so it is by that clock that the signature is looked at.
    let written = std::fs::metadata(folder.join("sig")).and_then(|file| file.modified()).expect("a time");
    let seconds = written.duration_since(UNIX_EPOCH).expect("after 1970").as_secs();
    let now = DateTime::from_timestamp(i64::try_from(seconds).expect("a time"), 0).expect("a time");
    verify(&read("data"), &read("sig"), &trust, now).map(|signer| signer.surname)
}

#[test]
fn a_signature_by_openssl_is_accepted() {
    if Command::new("openssl").arg("version").output().is_err() {
        eprintln!("SKIPPED: there is no openssl on this machine, so no signature but our own was looked at");
        return;
    }
    let p256 = "-algorithm EC -pkeyopt ec_paramgen_curve:P-256";
    let p384 = "-algorithm EC -pkeyopt ec_paramgen_curve:P-384";
    let rsa = "-algorithm RSA -pkeyopt rsa_keygen_bits:2048";
    let pss = "-keyopt rsa_padding_mode:pss -keyopt rsa_pss_saltlen:32";
    let surname = Ok(Some("Petrova".to_owned()));
    for (key, how, expected) in [
        (p256, "-md sha256", surname.clone()),
        (p256, "-md sha256 -cades", surname.clone()),
        (p256, "-md sha256 -keyid", surname.clone()),
        (p256, "-md sha256 -certfile root.pem", surname.clone()),
        (p384, "-md sha512 -cades", surname.clone()),
        (rsa, "-md sha256", surname.clone()),
        (rsa, &format!("-md sha256 -cades {pss}"), surname),
        (rsa, "-md sha1", Err(Refused::Algorithm { oid: super::paper::oid("1.3.14.3.2.26") })),
        (p256, "-md sha256 -nodetach", Err(Refused::Attached)),
        (p256, "-md sha256 -noattr", Err(Refused::AttributesMissing)),
        (p256, "-md sha256 -nocerts", Err(Refused::CertificateMissing)),
    ] {
        let folder = tempfile::tempdir().expect("a folder");
        assert_eq!(signed(folder.path(), key, how), expected, "{key} {how}");
    }
}
