//! The scheduler: one step after another, each drawn.

use super::dice::Dice;
use super::papers::Busy;
use super::people::Client;
use super::recorder::Recorder;
use super::swarm::{Kind, Swarm};
use super::uploads::Uploads;
use super::{Failure, Length, Run, Scene};
use crate::clock::lock;
use crate::embedded::gate::Gate;
use crate::system::{Options, System};
use checker::history::{Action, History, What};
use chrono::TimeDelta;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use tempfile::TempDir;
use tokio::task::AbortHandle;

/// Requests of clients under way at a time.
pub const CLIENTS_MAX: usize = 4;
/// Turns of the runtime without news after which everything waits for the scheduler.
const STILL_TURNS: u32 = 24;
/// How often it is their turn who are at an office.
const AT_AN_OFFICE_PER_MILLE: u64 = 500;

/// An answer as it came in: status 0 is none.
type Came = (u64, u16, Value);

/// A client's request under way.
#[derive(Debug)]
pub struct UnderWay {
    pub op: u64,
    pub client: usize,
    pub action: Action,
    pub task: AbortHandle,
}

pub struct Driver<'a> {
    pub scene: &'a Scene,
    pub state: TempDir,
    pub seed: [u8; 32],
    pub lives: u64,
    pub system: System,
    pub gate: Arc<Gate>,
    pub dice: Dice,
    pub swarm: Swarm,
    pub clients: Vec<Client>,
    pub under_way: Vec<UnderWay>,
    pub recorder: Recorder,
    pub uploads: Uploads,
    pub operations: u64,
    /// Deliveries and schedules under way.
    pub pumps: Vec<(String, AbortHandle)>,
    pub down: BTreeMap<Kind, u32>,
    pub next_tick_at: chrono::DateTime<chrono::Utc>,
    /// Whether the last minute of the schedule was skipped.
    pub missed_a_tick: bool,
    came: Arc<Mutex<Vec<Came>>>,
    /// Grows whenever a task of the scheduler's ends.
    ended: Arc<AtomicU64>,
}

impl<'a> Driver<'a> {
    pub async fn run(scene: &'a Scene, seed: u64, length: Length) -> Result<Run, Failure> {
        let mut driver = Self::begin(scene, seed).await?;
        while driver.operations < length.operations || !driver.under_way.is_empty() {
            driver.step(length).await?;
        }
        driver.calm(length).await?;
        driver.left_behind()?;
        let left_over = driver.left_over().await?;
        let Recorder { events, coverage, struck, .. } = &driver.recorder;
        Ok(Run {
            seed,
            trace: driver.recorder.trace(),
            history: History { world: scene.world.clone(), events: events.clone() },
            struck: struck.clone(),
            coverage: coverage.clone(),
            left_over,
        })
    }

    async fn begin(scene: &'a Scene, seed: u64) -> Result<Self, Failure> {
        let state = scene.copy(&scene.state())?;
        let gate = Arc::new(Gate::default());
        let chance: [u8; 32] = Sha256::digest(seed.to_be_bytes()).into();
        let system = System::open(options(scene, &state, &gate, chance, 0)).await?;
        let mut dice = Dice::new(seed);
        let swarm = Swarm::draw(&mut dice);
        let recorder = Recorder::begin(&system, scene)?;
        Ok(Self {
            scene,
            state,
            seed: chance,
            lives: 0,
            next_tick_at: system.now(),
            missed_a_tick: false,
            system,
            gate,
            dice,
            swarm,
            clients: clients(scene),
            under_way: Vec::new(),
            recorder,
            uploads: Uploads::default(),
            operations: 0,
            pumps: Vec::new(),
            down: BTreeMap::new(),
            came: Arc::default(),
            ended: Arc::default(),
        })
    }

    /// Lets everything go on until it waits for the scheduler.
    pub async fn still(&mut self) {
        let mut turns = 0;
        let mut seen = self.progress();
        while turns < STILL_TURNS {
            tokio::task::yield_now().await;
            let now = self.progress();
            turns = if now == seen { turns + 1 } else { 0 };
            seen = now;
        }
        self.hear();
    }

    fn progress(&self) -> u64 {
        self.gate.arrived() + self.ended.load(Ordering::Relaxed)
    }

    /// Takes in the answers that have come.
    fn hear(&mut self) {
        let came = std::mem::take(&mut *lock(&self.came));
        for (op, status, body) in came {
            let Some(at) = self.under_way.iter().position(|under_way| under_way.op == op) else { continue };
            let under_way = self.under_way.remove(at);
            self.uploads.hear(&under_way.action, status, &body);
            let outcome = self.clients[under_way.client].hear(&under_way.action, status, &body);
            self.recorder.note(self.system.now(), What::Return { op, outcome });
        }
        let ended: Vec<usize> =
            (0..self.pumps.len()).rev().filter(|at| self.pumps[*at].1.is_finished()).collect();
        for at in ended {
            self.pumps.remove(at);
        }
    }

    /// A client asks for something.
    pub fn ask(&mut self) -> Result<(), Failure> {
        let now = self.system.now();
        // Whoever is at an office does one thing after another there; the others can wait.
        let there: Vec<usize> =
            (0..self.clients.len()).filter(|at| self.clients[*at].is_at_an_office(now)).collect();
        let mut anybody = usize::try_from(self.dice.below(self.clients.len() as u64))?;
        while !self.is_about(anybody, now) {
            anybody = usize::try_from(self.dice.below(self.clients.len() as u64))?;
        }
        let client = match self.dice.pick(&there) {
            Some(client) if self.dice.strikes(AT_AN_OFFICE_PER_MILLE) => *client,
            _ => anybody,
        };
        let scene = self.scene;
        let busy = self.busy();
        let whole = (&scene.people[..], &scene.family[..]);
        let papers = self.recorder.papers.next(&mut self.dice, now, whole, &busy);
        let rare = papers
            .or_else(|| self.recorder.leaving.next(&mut self.dice, &scene.people, &busy))
            .or_else(|| self.uploads.next(&mut self.dice, &scene.people));
        let (person, asked) = rare.unwrap_or_else(|| {
            let offers = self.recorder.offers.of(&self.clients[client].person.id).to_vec();
            let asked = self.clients[client].next(&mut self.dice, now, &offers);
            (self.clients[client].person.clone(), asked)
        });
        self.operations += 1;
        let op = self.operations;
        let mut request = http::Request::builder().method(asked.method.clone()).uri(&asked.path);
        for (name, value) in asked.headers(&person, [&scene.staff, &scene.colleague]) {
            request = request.header(name, value);
        }
        let body = asked.body.as_ref().map(Value::to_string).unwrap_or_default();
        let request = request.body(body.into_bytes())?;
        self.recorder.note(now, asked.called(op, person.id));
        let (system, came, ended) = (self.system.clone(), Arc::clone(&self.came), Arc::clone(&self.ended));
        let task = tokio::spawn(async move {
            let response = system.call(request).await;
            let body = serde_json::from_slice(response.body()).unwrap_or_default();
            lock(&came).push((op, response.status().as_u16(), body));
            ended.fetch_add(1, Ordering::Relaxed);
        });
        let task = task.abort_handle();
        self.under_way.push(UnderWay { op, client, action: asked.action, task });
        Ok(())
    }

    /// Those whose requests are under way.
    fn busy(&self) -> Vec<Busy> {
        let clients = self.under_way.iter().map(|under_way| &self.clients[under_way.client]);
        let busy = clients.map(|client| Busy {
            whose: client.person.id.clone(),
            by: client.acts().map(|(_, by)| by.to_owned()),
        });
        busy.collect()
    }

    /// Whether somebody does something now: who leaves does little, and who acts for another does less than for themselves.
    fn is_about(&mut self, client: usize, now: chrono::DateTime<chrono::Utc>) -> bool {
        let client = &self.clients[client];
        match client.acts() {
            Some(between) => self.recorder.papers.is_about(between, now, &mut self.dice),
            None => self.recorder.leaving.is_about(&client.person.id, &mut self.dice),
        }
    }

    /// Something is begun that goes on beside everything else.
    pub fn pump<F>(&mut self, name: &str, work: impl FnOnce(System) -> F)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let work = work(self.system.clone());
        let ended = Arc::clone(&self.ended);
        let task = tokio::spawn(async move {
            work.await;
            ended.fetch_add(1, Ordering::Relaxed);
        });
        self.pumps.push((name.to_owned(), task.abort_handle()));
    }

    pub fn pumping(&self, name: &str) -> usize {
        self.pumps.iter().filter(|(pumped, _)| pumped == name).count()
    }

    /// Time goes on, everybody's.
    pub async fn advance(&mut self, by: TimeDelta) {
        let now = self.system.now() + by;
        self.system.0.house.clock.move_to(now);
        tokio::time::advance(by.to_std().unwrap_or_default()).await;
    }

    /// Everything dies on the spot and is opened again on what is on disk.
    pub async fn restart(&mut self) -> Result<(), Failure> {
        let now = self.system.now();
        for under_way in std::mem::take(&mut self.under_way) {
            under_way.task.abort();
            let outcome = checker::history::Outcome::Unknown;
            self.recorder.note(now, What::Return { op: under_way.op, outcome });
        }
        for (_, pump) in std::mem::take(&mut self.pumps) {
            pump.abort();
        }
        for call in self.system.0.house.invocations.running() {
            self.system.0.house.invocations.kill(call.id);
        }
        // What was on its way is lost with the process.
        self.gate = Arc::new(Gate::default());
        self.lives += 1;
        for _ in 0..STILL_TURNS {
            tokio::task::yield_now().await;
        }
        lock(&self.came).clear();
        // What is on disk at this moment is all that the next life gets.
        let state = self.scene.copy(self.state.path())?;
        let options = options(self.scene, &state, &self.gate, self.seed, self.lives);
        self.system = System::open(options).await?;
        self.state = state;
        self.system.0.house.clock.move_to(now);
        let down: Vec<Kind> = self.down.keys().copied().collect();
        down.into_iter().for_each(|kind| self.bring_down(kind));
        Ok(())
    }
}

/// Everybody who does something: for themselves, and for others.
fn clients(scene: &Scene) -> Vec<Client> {
    let own = scene.people.iter().cloned().map(Client::new);
    let others = scene.family.iter().map(|acting| Client::acting(&scene.people[acting.by], &acting.whom));
    own.chain(others).collect()
}

fn options(scene: &Scene, state: &TempDir, gate: &Arc<Gate>, chance: [u8; 32], life: u64) -> Options {
    let mut options = scene.options(state.path(), Some(Arc::clone(gate)));
    let seed = Sha256::new().chain_update(chance).chain_update(life.to_be_bytes()).finalize();
    options.seed = Some(seed.into());
    options
}
