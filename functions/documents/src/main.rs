//! The Lambda of `documents`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda::Error> {
    lambda::boot::http(documents::router).await
}
