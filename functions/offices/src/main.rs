//! The Lambda of `offices`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda::Error> {
    lambda::boot::http(offices::router).await
}
