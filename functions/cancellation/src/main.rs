//! The Lambda of `cancellation`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda::Error> {
    lambda::boot::http(cancellation::router).await
}
