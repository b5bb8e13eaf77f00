//! The Lambda of `retention`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda::Error> {
    lambda::boot::events(|edge, event: aws_lambda_events::sqs::SqsEvent| async move {
        retention::handle(&edge, event).await
    })
    .await
}
