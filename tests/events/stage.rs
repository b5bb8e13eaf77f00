//! A system on a copy of a data directory, whose functions' time and chance are told by name: the same step draws the
//! same ids whatever else is drawn, so that sample events can speak of them.

use chrono::{DateTime, Utc};
use domain::Clock;
use http::{Method, Request};
use local::clock::TimeMode;
use local::functions::{Functions, Outside, wire};
use local::system::{Options, System};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

/// A data directory in memory: names and bytes of its files.
pub type Snapshot = Vec<(String, Vec<u8>)>;

/// More than a town writes between two looks.
const RECORDS_MAX: usize = 10_000;

/// Time stands until it is moved; chance is made of a name.
pub struct Named {
    now: Mutex<DateTime<Utc>>,
    name: Mutex<String>,
}

impl Named {
    fn set(&self, name: &str) {
        name.clone_into(&mut self.name.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

impl Clock for Named {
    fn now(&self) -> DateTime<Utc> {
        *self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn seed(&self) -> [u8; 32] {
        store::vault::hash(self.name.lock().unwrap_or_else(PoisonError::into_inner).as_bytes())
    }
}

pub struct Stage {
    pub system: System,
    pub functions: Functions,
    clock: Arc<Named>,
    data: tempfile::TempDir,
    /// What the table's stream had, by its number: it is trimmed behind whoever reads it.
    written: Mutex<BTreeMap<String, Value>>,
}

impl Stage {
    /// Opens at an instant what was kept, or something new.
    pub async fn open(at: DateTime<Utc>, kept: &Snapshot) -> Self {
        let data = tempfile::tempdir().expect("a directory");
        for (name, bytes) in kept {
            std::fs::write(data.path().join(name), bytes).expect("a writable directory");
        }
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut options =
            Options::new(data.path(), root.join("../infra/template.yaml"), root.join("catalogue"));
        options.time = TimeMode::Frozen { at };
        options.seed = Some([7; 32]);
        let clock = Arc::new(Named { now: Mutex::new(at), name: Mutex::default() });
        let mut functions = Functions::default();
        let system = System::open_with(options, |outside| {
            functions = wire(&Outside { clock: clock.clone(), ..outside.clone() })?;
            Ok(functions.clone())
        });
        let system = system.await.expect("the system opens");
        Self { system, functions, clock, data, written: Mutex::default() }
    }

    /// From here on it is so late to the functions.
    pub fn at(&self, now: DateTime<Utc>) {
        *self.clock.now.lock().unwrap_or_else(PoisonError::into_inner) = now;
    }

    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// From here on chance is that of `name`.
    pub fn step(&self, name: &str) {
        self.clock.set(name);
    }

    /// One request of a named step; insists on a success.
    pub async fn ask(&self, step: &str, method: Method, path: &str, token: &str, body: Value) -> Value {
        self.step(step);
        let request = Request::builder().method(method).uri(path);
        let request = request.header("authorization", format!("Bearer {token}"));
        let response =
            self.system.call(request.body(body.to_string().into_bytes()).expect("a request")).await;
        let said = String::from_utf8_lossy(response.body()).into_owned();
        assert!(response.status().is_success(), "{step}: {said}");
        serde_json::from_str(&said).unwrap_or(Value::Null)
    }

    pub async fn post(&self, step: &str, path: &str, token: &str, body: Value) -> Value {
        self.ask(step, Method::POST, path, token, body).await
    }

    /// The stream's records since the beginning, in order.
    pub fn records(&self) -> Vec<Value> {
        let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        for record in self.system.table().stream_after(None, RECORDS_MAX).expect("the stream") {
            let number = record["dynamodb"]["SequenceNumber"].as_str().expect("a number").to_owned();
            written.insert(format!("{number:0>40}"), record);
        }
        written.values().cloned().collect()
    }

    pub async fn settle(&self) {
        drop(self.records());
        let settled = self.system.settle().await;
        assert!(!settled.endless && settled.failures.is_empty(), "{settled:?}");
    }

    /// The last message to a phone or an address.
    pub fn told(&self, to: &str) -> String {
        let sent = self.system.outbox().list(0, 1000).expect("the outbox");
        let to = to.to_owned();
        let last = sent.into_iter().rfind(|sent| sent.letter.to.contains(&to));
        last.and_then(|sent| sent.letter.text).unwrap_or_else(|| panic!("nothing was sent to {to}"))
    }

    /// Closes the system and keeps its directory.
    pub fn close(self) -> Snapshot {
        let Self { system, functions, data, .. } = self;
        drop((system, functions));
        let files = std::fs::read_dir(data.path()).expect("the directory");
        let files = files.map(|file| file.expect("a file").path());
        let name = |path: &Path| path.file_name().expect("a name").to_string_lossy().into_owned();
        files.map(|path| (name(&path), std::fs::read(&path).expect("a readable file"))).collect()
    }
}
