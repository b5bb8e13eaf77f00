//! The system as a server: HTTP, deliveries woken by commits, and schedules in real time.

use crate::system::System;
use crate::{local_routes, storage_routes};
use axum::Router;
use axum::body::Body;
use http::{Request, Response};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio::time::MissedTickBehavior;

/// How often a feed looks by itself: for what falls due without anything being written.
const LOOK_EVERY: Duration = Duration::from_millis(200);
/// How long at most a delivery gives way to calls that wait at the door, and how often it looks.
const GIVE_WAY_MAX: Duration = Duration::from_secs(1);
const GIVE_WAY_LOOK: Duration = Duration::from_millis(5);
/// How often expired items are swept.
const SWEEP_EVERY: Duration = Duration::from_secs(600);

impl System {
    /// The public routes of the template, its buckets, and `/_local/*`.
    pub fn router(&self) -> Router {
        let door = Arc::clone(&self.0);
        local_routes::router(self.clone())
            .merge(storage_routes::router(self.clone()))
            .fallback(move |request: Request<Body>| async move { door.door.serve(request).await })
    }

    /// One request without a socket. A body that breaks off comes back empty.
    pub async fn call(&self, request: Request<Vec<u8>>) -> Response<Vec<u8>> {
        let router = self.router();
        let response = match tower::ServiceExt::oneshot(router, request.map(Body::from)).await {
            Ok(response) => response,
            Err(never) => match never {},
        };
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap_or_default();
        Response::from_parts(parts, bytes.to_vec())
    }

    /// Serves on `address` until ctrl-c; what is being answered then is answered.
    ///
    /// # Errors
    /// When the address cannot be bound.
    pub async fn serve(self, address: SocketAddr) -> std::io::Result<()> {
        let listener = TcpListener::bind(address).await?;
        self.serve_on(listener, async {
            // Without a signal handler only a kill ends it, which is as safe.
            if tokio::signal::ctrl_c().await.is_err() {
                std::future::pending::<()>().await;
            }
        })
        .await
    }

    /// Serves on a bound socket until `stop` completes.
    ///
    /// # Errors
    /// The socket's own.
    pub async fn serve_on(
        self,
        listener: TcpListener,
        stop: impl Future<Output = ()> + Send + 'static,
    ) -> std::io::Result<()> {
        // Dropping the set ends the background; whatever it was at is safe to repeat.
        let mut background = JoinSet::new();
        for at in 0..self.0.streams.len() {
            background.spawn(self.clone().run_feed(move |system| async move {
                system.0.streams[at].pump(&system.0.house, &system.0.functions).await
            }));
        }
        for at in 0..self.0.queues.len() {
            background.spawn(self.clone().run_feed(move |system| async move {
                system.0.queues[at].pump(&system.0.house, &system.0.functions).await
            }));
        }
        for function in 0..self.0.template.functions.len() {
            for schedule in 0..self.0.template.functions[function].schedules.len() {
                background.spawn(self.clone().run_schedules(function, schedule));
            }
        }
        background.spawn(self.clone().run_sweeps());
        axum::serve(listener, self.router()).with_graceful_shutdown(stop).await
    }

    async fn run_feed<F>(self, pump: impl Fn(System) -> F)
    where
        F: Future<Output = Result<crate::feed::Turn, crate::feed::FeedError>>,
    {
        let mut news = self.0.house.services.news.subscribe();
        loop {
            self.give_way().await;
            news.borrow_and_update();
            match pump(self.clone()).await {
                Ok(turn) => {
                    if let Some(failure) = turn.failure {
                        tracing::warn!(%failure, "a delivery failed");
                    }
                    if turn.given_up > 0 {
                        tracing::error!(given_up = turn.given_up, "deliveries were given up");
                    }
                    if turn.again {
                        continue;
                    }
                }
                Err(error) => tracing::error!(%error, "a feed failed"),
            }
            let _ = tokio::time::timeout(LOOK_EVERY, news.changed()).await;
        }
    }

    /// People who wait for an answer go before messages, which nobody waits for: both want the same few processors.
    async fn give_way(&self) {
        let mut look = tokio::time::interval(GIVE_WAY_LOOK);
        let crowd_goes = async {
            while self.0.door.is_crowded() {
                look.tick().await;
            }
        };
        let _ = tokio::time::timeout(GIVE_WAY_MAX, crowd_goes).await;
    }

    async fn run_schedules(self, function: usize, schedule: usize) {
        let function = self.0.template.functions[function].clone();
        let schedule = &function.schedules[schedule];
        let mut beat = tokio::time::interval(schedule.every);
        beat.set_missed_tick_behavior(MissedTickBehavior::Skip);
        loop {
            beat.tick().await;
            if let Err(failure) = self.run_schedule(&function, &schedule.name).await {
                tracing::warn!(%failure, "a schedule failed");
            }
        }
    }

    async fn run_sweeps(self) {
        let mut beat = tokio::time::interval(SWEEP_EVERY);
        loop {
            beat.tick().await;
            if let Err(failure) = self.sweep().await {
                tracing::warn!(%failure, "the sweep failed");
            }
        }
    }
}
