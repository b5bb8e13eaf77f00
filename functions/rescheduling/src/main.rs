//! The Lambda of `rescheduling`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda::Error> {
    lambda::boot::http(rescheduling::router).await
}
