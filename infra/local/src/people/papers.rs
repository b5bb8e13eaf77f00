//! Uploading what a service asks for, as a browser does: the form from the API, the file to the object store.

use super::{NoCitizen, done};
use crate::system::System;
use crate::visitor::{Answer, Ask};
use chrono::NaiveDate;
use serde_json::{Map, Value, json};

/// Announces a file.
pub fn attach(token: &str, service: &str, announced: Value) -> Ask {
    Ask::post(format!("/v1/documents/{service}/files"), announced).with_session(token)
}

/// Posts a file with the form that announcing it was answered with.
pub fn upload(attached: &Answer, file: &[u8]) -> Ask {
    let fields = attached.body["upload"]["fields"].as_object().cloned().unwrap_or_default();
    let fields: Vec<(String, String)> = fields
        .into_iter()
        .map(|(name, value)| (name, value.as_str().unwrap_or_default().to_owned()))
        .collect();
    Ask::form(attached.text("/upload/url"), &fields, file)
}

/// A page for everything that a folder asks of whoever no condition holds for: each as it is announced, and the file.
pub fn pages(folder: &Value, today: NaiveDate) -> Vec<(Value, Vec<u8>)> {
    let documents = folder["documents"].as_array().cloned().unwrap_or_default();
    let asked = documents.iter().filter(|document| !document["condition"].is_string());
    let announced = asked.map(|document| {
        let name = document["document"].as_str().unwrap_or_default();
        let page = if document["rules"]["signature"] == true { scan() } else { page(name) };
        let mut announced = json!({
            "document": name, "fileName": format!("{name}.pdf").replace('-', "_"), "size": page.len(),
            "signatureVisible": true,
        });
        if document["rules"]["validDays"].is_number() {
            announced["issuedOn"] = json!(today);
        }
        (announced, page)
    });
    announced.collect()
}

/// Says of a folder that none of its conditions holds.
pub fn nothing_else(token: &str, service: &str, folder: &Value) -> Ask {
    let documents = folder["documents"].as_array().cloned().unwrap_or_default();
    let conditional = documents.iter().filter(|document| document["condition"].is_string());
    let applies: Map<String, Value> = conditional
        .map(|document| (document["document"].as_str().unwrap_or_default().to_owned(), json!(false)))
        .collect();
    Ask::patch(format!("/v1/documents/{service}"), json!({ "applies": applies })).with_session(token)
}

/// Uploads a page for everything that a service asks of a citizen, and says that no condition holds.
///
/// # Errors
/// When a step is refused, or the folder is not complete then.
pub async fn papers(system: &System, token: &str, service: &str) -> Result<(), NoCitizen> {
    let folder = || Ask::get(format!("/v1/documents/{service}")).with_session(token);
    let asked = done("the folder", system.ask(folder()).await)?.body;
    for (announced, page) in pages(&asked, system.now().date_naive()) {
        let attached = done("announcing a file", system.ask(attach(token, service, announced)).await)?;
        done("an upload", system.ask(upload(&attached, &page)).await)?;
    }
    done("the conditions", system.ask(nothing_else(token, service, &asked)).await)?;
    system.settle().await;
    let folder = done("the folder", system.ask(folder()).await)?;
    match folder.body["complete"] {
        Value::Bool(true) => Ok(()),
        _ => Err(NoCitizen::Refused { step: "the files", status: folder.status, raw: folder.raw }),
    }
}

/// A page of PDF with a line of text.
pub fn page(text: &str) -> Vec<u8> {
    let drawn = format!("0 0.2 0.8 rg BT /F1 24 Tf 72 700 Td ({text}) Tj ET");
    let font = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned();
    pdf("/Font << /F1 5 0 R >>", &drawn, font)
}

/// A page of PDF that is a scan in colour: white paper of 155 dpi, and a stroke of blue ink.
pub fn scan() -> Vec<u8> {
    // A bit for a dot, in runs of 80 bytes: two for a row.
    let row = |number: usize| if (1500..1560).contains(&number) { "B1FFB100" } else { "B100B100" };
    let dots: String = (0..1808).map(row).collect();
    let picture = format!(
        "<< /Type /XObject /Subtype /Image /Width 1280 /Height 1808 /BitsPerComponent 1 \
         /ColorSpace [/Indexed /DeviceRGB 1 <FFFFFF1030C0>] /Filter [/ASCIIHexDecode /RunLengthDecode] \
         /Length {} >>\nstream\n{dots}>\nendstream",
        dots.len() + 1
    );
    pdf("/XObject << /Scan 5 0 R >>", "q 595 0 0 842 0 0 cm /Scan Do Q", picture)
}

/// A page on which something is drawn by means of one object more.
fn pdf(resources: &str, drawn: &str, by: String) -> Vec<u8> {
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R \
             /Resources << {resources} >> >>"
        ),
        format!("<< /Length {} >>\nstream\n{drawn}\nendstream", drawn.len()),
        by,
    ];
    let mut file = "%PDF-1.7\n".to_owned();
    let mut starts = Vec::new();
    for (number, object) in (1..).zip(&objects) {
        starts.push(file.len());
        file.push_str(&format!("{number} 0 obj\n{object}\nendobj\n"));
    }
    let table = file.len();
    file.push_str(&format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1));
    for start in starts {
        file.push_str(&format!("{start:010} 00000 n \n"));
    }
    let size = objects.len() + 1;
    file.push_str(&format!("trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n"));
    file.into_bytes()
}
