//! The Lambda of `catalogue`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda::Error> {
    lambda::boot::http(catalogue::router).await
}
