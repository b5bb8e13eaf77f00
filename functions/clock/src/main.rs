//! The Lambda of `clock`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda::Error> {
    lambda::boot::events(|edge, event: serde_json::Value| async move { clock::handle(&edge, event).await })
        .await
}
