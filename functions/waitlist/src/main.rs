//! The Lambda of `waitlist`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda::Error> {
    lambda::boot::http(waitlist::router).await
}
