//! The Lambda of `registries`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda::Error> {
    lambda::boot::events(|edge, event: aws_lambda_events::sqs::SqsEvent| async move {
        registries::handle(&edge, event).await
    })
    .await
}
