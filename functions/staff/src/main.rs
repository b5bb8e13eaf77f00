//! The Lambda of `staff`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda::Error> {
    lambda::boot::http(staff::router).await
}
