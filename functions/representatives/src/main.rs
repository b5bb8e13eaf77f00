//! The Lambda of `representatives`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda::Error> {
    lambda::boot::http(representatives::router).await
}
