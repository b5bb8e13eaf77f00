//! The Lambda of `reception`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda::Error> {
    lambda::boot::http(reception::router).await
}
