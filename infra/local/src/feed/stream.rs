//! The table's stream to its function: order, partial failures, bisection, retries, and records given up.

use super::{FeedError, House, Turn, blocking, call};
use crate::embedded::queues::Outgoing;
use crate::functions::Functions;
use crate::template::{Function, StreamSource, arn, stream_arn};
use aws_lambda_events::dynamodb::Event;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Mutex, MutexGuard};

/// The first wait before a failed batch is tried again; it doubles up to the longest.
const RETRY_FIRST_S: i64 = 1;
const RETRY_LONGEST_S: i64 = 10;
/// Records served between two trims of the stream.
const TRIM_EVERY: usize = 500;

/// The stream on its way to one function.
#[derive(Debug)]
pub(crate) struct StreamFeed {
    pub package: String,
    source: StreamSource,
    timeout: Duration,
    progress: Mutex<Progress>,
    fact: String,
}

#[derive(Debug, Default)]
struct Progress {
    /// The sequence number of the last record served, as on disk.
    checkpoint: Option<String>,
    /// The next batch's size while a failure is being narrowed down.
    narrowed: Option<usize>,
    attempts: u32,
    failing_since: Option<DateTime<Utc>>,
    retry_at: Option<DateTime<Utc>>,
    served_since_trim: usize,
}

impl Progress {
    fn recover(&mut self) {
        (self.narrowed, self.attempts, self.failing_since, self.retry_at) = (None, 0, None, None);
    }
}

impl StreamFeed {
    pub fn open(function: &Function, source: &StreamSource, house: &House) -> rusqlite::Result<Self> {
        let fact = format!("stream served to {}", function.package);
        let progress = Progress { checkpoint: house.state.fact(&fact)?, ..Progress::default() };
        Ok(Self {
            package: function.package.clone(),
            source: source.clone(),
            timeout: function.timeout,
            progress: Mutex::new(progress),
            fact,
        })
    }

    /// The sequence number of the last record served.
    pub async fn checkpoint(&self) -> Option<String> {
        self.progress.lock().await.checkpoint.clone()
    }

    /// Delivers one batch, if there is one and no retry is being waited for.
    pub async fn pump(&self, house: &House, functions: &Functions) -> Result<Turn, FeedError> {
        let mut progress = self.progress.lock().await;
        if house.deliveries.is_held(&self.package) {
            return Ok(Turn::default());
        }
        if let Some(retry_at) = progress.retry_at.filter(|retry_at| *retry_at > house.clock.now()) {
            return Ok(Turn { waits_until: Some(retry_at), ..Turn::default() });
        }
        let limit = progress.narrowed.unwrap_or(self.source.batch_size);
        let (table, after) = (Arc::clone(&house.services.table), progress.checkpoint.clone());
        let records = blocking(move || table.stream_after(after.as_deref(), limit)).await?;
        if records.is_empty() {
            return Ok(Turn::default());
        }
        let mut turn = Turn { again: true, delivered: records.len(), ..Turn::default() };
        match self.deliver(house, functions, &records).await? {
            Ok(()) => {
                self.move_past(&mut progress, house, &records).await?;
                progress.recover();
            }
            Err((served, failure)) => {
                turn.failure = Some(format!("{}: {failure}", self.package));
                if served > 0 {
                    self.move_past(&mut progress, house, &records[..served]).await?;
                    progress.recover();
                }
                turn.given_up = self.failed(&mut progress, house, &records[served..]).await?;
            }
        }
        Ok(turn)
    }

    /// Calls the function; on failure says how many of `records`, from the first, need not come again.
    async fn deliver(
        &self,
        house: &House,
        functions: &Functions,
        records: &[Value],
    ) -> Result<Result<(), (usize, String)>, FeedError> {
        let Some(handle) = functions.streams.get(&self.package) else {
            return Ok(Err((0, "nobody serves the stream".into())));
        };
        let dropped = house.deliveries.take_dropped(&self.package, records.len());
        let mut batch = records[dropped..].to_vec();
        if batch.is_empty() {
            return Ok(Ok(()));
        }
        if house.deliveries.is_reordered(&self.package) {
            // Later items first; the sort is stable, so one item's records keep their order.
            let last_of = |record: &Value| {
                batch.iter().rposition(|other| other["dynamodb"]["Keys"] == record["dynamodb"]["Keys"])
            };
            let mut keyed: Vec<_> =
                batch.iter().map(|record| (std::cmp::Reverse(last_of(record)), record.clone())).collect();
            keyed.sort_by_key(|(place, _)| *place);
            batch = keyed.into_iter().map(|(_, record)| record).collect();
        }
        let order: Vec<String> = batch.iter().map(|record| sequence(record).to_owned()).collect();
        let event: Event = serde_json::from_value(json!({ "Records": batch }))?;
        for _ in 1..house.deliveries.take_times(&self.package) {
            let _ = call(house, &self.package, self.timeout, handle(event.clone())).await;
        }
        let answer = match call(house, &self.package, self.timeout, handle(event)).await {
            Ok(answer) => answer,
            Err(failure) => return Ok(Err((0, failure))),
        };
        if !self.source.reports_failures || answer.batch_item_failures.is_empty() {
            return Ok(Ok(()));
        }
        // The first failed record counts: all from there come again. An id that is not of the batch fails all of it.
        let place =
            |id: &Option<String>| order.iter().position(|sequence| Some(sequence.as_str()) == id.as_deref());
        let places = answer.batch_item_failures.iter().map(|failure| place(&failure.item_identifier));
        let first = places.map(|place| place.unwrap_or(0)).min().unwrap_or(0);
        // Whatever the order in which they were delivered, the place in the stream moves past none that is not served.
        let again = &order[first..];
        let served =
            records.iter().take_while(|record| !again.iter().any(|other| other == sequence(record))).count();
        Ok(Err((served, format!("{} records failed", answer.batch_item_failures.len()))))
    }

    /// Narrows down, waits, or gives up on `records`, whose first has failed; returns how many were given up.
    async fn failed(
        &self,
        progress: &mut MutexGuard<'_, Progress>,
        house: &House,
        records: &[Value],
    ) -> Result<usize, FeedError> {
        if self.source.bisects && records.len() > 1 {
            progress.narrowed = Some(records.len() / 2);
            return Ok(0);
        }
        let now = house.clock.now();
        let since = *progress.failing_since.get_or_insert(now);
        progress.attempts += 1;
        let too_old = self.source.age_max_s.is_some_and(|age| now - since > TimeDelta::seconds(age));
        if progress.attempts <= self.source.retries_max && !too_old {
            let doubled = RETRY_FIRST_S << (progress.attempts - 1).min(8);
            progress.retry_at = Some(now + TimeDelta::seconds(doubled.min(RETRY_LONGEST_S)));
            return Ok(0);
        }
        if let Some(queue) = self.source.on_failure.clone() {
            let body = self.obituary(house, records, progress.attempts, too_old);
            let queues = house.services.queues.clone();
            blocking(move || queues.send(&queue, &[Outgoing { body, ..Outgoing::default() }])).await?;
        }
        self.move_past(progress, house, records).await?;
        progress.recover();
        Ok(records.len())
    }

    /// Keeps the place behind `records`, on disk first.
    async fn move_past(
        &self,
        progress: &mut MutexGuard<'_, Progress>,
        house: &House,
        records: &[Value],
    ) -> Result<(), FeedError> {
        let Some(last) = records.last().map(|record| sequence(record).to_owned()) else { return Ok(()) };
        progress.served_since_trim += records.len();
        let trims = progress.served_since_trim >= TRIM_EVERY;
        let (state, table, fact, kept) =
            (Arc::clone(&house.state), Arc::clone(&house.services.table), self.fact.clone(), last.clone());
        blocking(move || -> Result<(), FeedError> {
            state.keep_fact(&fact, &kept)?;
            if trims {
                table.trim_stream(&kept)?;
            }
            Ok(())
        })
        .await?;
        if trims {
            progress.served_since_trim = 0;
        }
        progress.checkpoint = Some(last);
        Ok(())
    }

    /// What the failure queue is told: where in the stream, never what was in the records.
    fn obituary(&self, house: &House, records: &[Value], attempts: u32, too_old: bool) -> String {
        let at = |record: Option<&Value>| record.map(sequence).unwrap_or_default().to_owned();
        json!({
            "version": "1.0",
            "timestamp": house.clock.now().to_rfc3339(),
            "requestContext": {
                "functionArn": arn("lambda", &format!("function:{}", self.package)),
                "condition": if too_old { "RecordAgeExceeded" } else { "RetryAttemptsExhausted" },
                "approximateInvokeCount": attempts,
            },
            "DDBStreamBatchInfo": {
                "streamArn": stream_arn(house.services.table.name()),
                "startSequenceNumber": at(records.first()),
                "endSequenceNumber": at(records.last()),
                "batchSize": records.len(),
            },
        })
        .to_string()
    }
}

fn sequence(record: &Value) -> &str {
    record["dynamodb"]["SequenceNumber"].as_str().unwrap_or_default()
}
