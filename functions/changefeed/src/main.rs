//! The Lambda of `changefeed`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda::Error> {
    lambda::boot::events(|edge, event: aws_lambda_events::dynamodb::Event| async move {
        changefeed::handle(&edge, event).await
    })
    .await
}
