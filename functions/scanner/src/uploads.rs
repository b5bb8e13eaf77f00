//! What becomes of uploads: storage tells of each, the clock of those of which nobody heard, the table what to do.

use crate::inspect;
use app::documents::{self, Awaited, Begun, FileRef, Scan, Verdict};
use aws_lambda_events::s3::S3Event;
use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent};
use domain::document::{FILE_BYTES_MAX, FileFormat, FileRules, Reason, Unfit};
use lambda::{Edge, Error, batch};
use messages::Upload;
use planted::{Bug, planted};
use sha2::{Digest, Sha256};
use tokio::runtime::{Handle, RuntimeFlavor};

/// Handles a batch: what storage tells, and what the table's stream does.
///
/// # Errors
/// Never: what failed is named in the answer and comes back.
pub async fn handle(edge: &Edge, event: SqsEvent) -> Result<SqsBatchResponse, Error> {
    Ok(batch::each(event, |body| work(edge, body)).await)
}

async fn work(edge: &Edge, body: String) -> Result<(), Error> {
    if let Ok(told) = messages::read::<Upload>(&body) {
        return match told {
            Upload::Look { file } => look(edge, &file).await,
            Upload::Gone { file } => gone(edge, &file).await,
        };
    }
    for key in told_by_storage(&body)? {
        look(edge, &key).await?;
    }
    Ok(())
}

/// The keys of new objects. When it is set up, storage sends a test that names none.
fn told_by_storage(body: &str) -> Result<Vec<String>, Error> {
    let said: serde_json::Value = serde_json::from_str(body)?;
    if said["Event"] == "s3:TestEvent" {
        return Ok(Vec::new());
    }
    let event: S3Event = serde_json::from_value(said)?;
    let keys = event.records.into_iter().filter_map(|record| record.s3.object.key);
    // Keys stand in it as in a form's body.
    let plain = |key: String| form_urlencoded::parse(key.as_bytes()).next().map(|(key, _)| key.into_owned());
    Ok(keys.filter_map(plain).collect())
}

async fn look(edge: &Edge, key: &str) -> Result<(), Error> {
    let Ok(of) = key.parse::<FileRef>() else {
        // Nobody can upload under such a key; whoever did has more rights than we.
        tracing::error!("an object lies among the uploads that is none");
        return Ok(());
    };
    // What is asked of a document may have been changed a moment ago.
    let edge = &edge.everywhere().await;
    match documents::due(edge.app(), &of).await? {
        Scan::Unwanted => return gone(edge, key).await,
        Scan::Decided { kept } => tidy(edge, &of, kept).await?,
        Scan::Look { awaited: Awaited::TooLong, .. } => {
            refuse(edge, &of, Reason::not_looked_at()).await?;
        }
        Scan::Look { format, rules, awaited } => {
            let Some(bytes) = edge.outbound().uploaded(key, FILE_BYTES_MAX).await? else {
                if awaited == Awaited::Over {
                    documents::settle(edge.app(), &of, &Verdict::Absent).await?;
                }
                return Ok(());
            };
            match documents::begin(edge.app(), &of).await? {
                Begun::Now => decide(edge, &of, format, rules, bytes).await?,
                // It is not made again and again to take all the time and memory that there is.
                Begun::TooOften => refuse(edge, &of, Reason::from(&Unfit::TooComplex)).await?,
            }
        }
    }
    Ok(edge.outbound().drop_upload(key).await?)
}

/// Looks at what came, and keeps it if it is fit.
async fn decide(
    edge: &Edge,
    of: &FileRef,
    format: FileFormat,
    rules: FileRules,
    bytes: Vec<u8>,
) -> Result<(), Error> {
    let work = move || {
        inspect(format, &rules, &bytes).map(|found| {
            let kept = found.bytes.unwrap_or(bytes);
            (found.pages, kept)
        })
    };
    // On a runtime of one thread nobody else would be served meanwhile: it is as long either way.
    let looked = match Handle::current().runtime_flavor() {
        RuntimeFlavor::CurrentThread => work(),
        _ => tokio::task::spawn_blocking(work).await?,
    };
    let said = write_down(edge, of, format, looked).await;
    if said.is_err() {
        // Looked at it was: that nobody could keep what came of it is no fault of the file's.
        documents::ended(edge.app(), of).await?;
    }
    said
}

/// Keeps what was looked at, if it is fit, and writes down what it is.
async fn write_down(
    edge: &Edge,
    of: &FileRef,
    format: FileFormat,
    looked: Result<(Option<u32>, Vec<u8>), Unfit>,
) -> Result<(), Error> {
    let (pages, kept) = match looked {
        Ok(found) => found,
        Err(unfit) => {
            tracing::info!(reason = unfit.name(), "a file was refused");
            return refuse(edge, of, Reason::from(&unfit)).await;
        }
    };
    let sha256 = Sha256::digest(&kept).to_vec();
    let (key, size) = (of.kept_as(&sha256), u32::try_from(kept.len())?);
    if planted(Bug::WordFirst) {
        documents::settle(edge.app(), of, &accepted(pages, size, &sha256)).await?;
    }
    // First the bytes, then the word that they are there: never the other way round.
    edge.outbound().keep_document(&key, format.content_type(), kept).await?;
    if !documents::settle(edge.app(), of, &accepted(pages, size, &sha256)).await? {
        edge.outbound().drop_document(&key).await?;
    }
    tracing::info!(size, "a file was accepted");
    Ok(())
}

fn accepted(pages: Option<u32>, bytes: u32, sha256: &[u8]) -> Verdict {
    Verdict::Accepted { pages, bytes, sha256: sha256.to_vec() }
}

/// Refuses a file, and lets go of what somebody kept for it who did not come to the end of it.
async fn refuse(edge: &Edge, of: &FileRef, reason: Reason) -> Result<(), Error> {
    documents::settle(edge.app(), of, &Verdict::Refused(reason)).await?;
    match documents::due(edge.app(), of).await? {
        Scan::Decided { kept } => tidy(edge, of, kept).await,
        Scan::Unwanted | Scan::Look { .. } => Ok(()),
    }
}

/// Lets go of whatever is kept of a file that was decided, but for what counts.
async fn tidy(edge: &Edge, of: &FileRef, kept: Option<Vec<u8>>) -> Result<(), Error> {
    let kept = kept.map(|sha256| of.kept_as(&sha256));
    Ok(edge.outbound().drop_documents_but(&of.prefix(), kept.as_deref()).await?)
}

/// What lies of a file that nobody wants any more goes.
async fn gone(edge: &Edge, file: &str) -> Result<(), Error> {
    let of: FileRef = file.parse().map_err(|_| "no such file")?;
    if documents::due(edge.app(), &of).await? == Scan::Unwanted {
        edge.outbound().drop_upload(file).await?;
        edge.outbound().drop_documents(&of.prefix()).await?;
    }
    Ok(())
}
