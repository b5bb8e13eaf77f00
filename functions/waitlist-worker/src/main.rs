//! The Lambda of `waitlist-worker`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda::Error> {
    lambda::boot::events(|edge, event: aws_lambda_events::sqs::SqsEvent| async move {
        waitlist_worker::handle(&edge, event).await
    })
    .await
}
