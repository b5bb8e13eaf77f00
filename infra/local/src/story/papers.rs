//! What the service asks for goes up as files before anybody may book.

use super::StoryError;
use super::cast::Who::{Anna, Boris, Emma, Gleb, Vera};
use super::ledger::Operation;
use super::plan::{SERVICE, TAGANKA, booking, thursday};
use super::show::{self, member};
use super::stage::Stage;
use crate::people::{self, attach, nothing_else, pages, upload};
use crate::visitor::Ask;
use domain::notice::NoticeKind::FileRefused;
use serde_json::{Value, json};

pub async fn play(stage: &mut Stage<'_>) -> Result<(), StoryError> {
    stage.scene_in_moscow("Papers");
    let early = stage.post(Anna, "/v1/appointments", booking(TAGANKA, thursday())).await;
    stage.must("booking without files", early.problem(), "files-lacking");
    stage.tell(format!("Anna tries to book → {}", show::refusal(&early)));
    refused(stage).await?;
    let folder = folder(stage).await?;
    for (announced, page) in pages(&folder, stage.system.now().date_naive()) {
        let token = stage.cabinets[&Anna].token.clone();
        let attached = stage.counted(Operation::Attach, 201, attach(&token, SERVICE, announced)).await?;
        let posted = stage.system.ask(upload(&attached, &page)).await;
        stage.need("an upload", 201, posted)?;
    }
    let token = stage.cabinets[&Anna].token.clone();
    let said = stage.system.ask(nothing_else(&token, SERVICE, &folder)).await;
    stage.need("the conditions", 200, said)?;
    stage.deliver().await;
    let folder = self::folder(stage).await?;
    stage.must("whether all is there", &folder["complete"], true);
    for document in folder["documents"].as_array().into_iter().flatten() {
        stage.page.paragraph(6, &format!("– {}: {}", member(document, "name"), state(document)));
    }
    for who in [Boris, Vera, Gleb, Emma] {
        let token = stage.cabinets[&who].token.clone();
        people::papers(&stage.system, &token, SERVICE).await?;
    }
    stage.tell("The others bring theirs.");
    Ok(())
}

/// What became of a document's file, or that none is asked for.
fn state(document: &Value) -> String {
    let file = document["files"][0]["text"].as_str();
    file.map_or_else(|| format!("no, not «{}»", member(document, "condition")), |text| format!("«{text}»"))
}

async fn folder(stage: &mut Stage<'_>) -> Result<Value, StoryError> {
    let folder = stage.get(Anna, &format!("/v1/documents/{SERVICE}")).await;
    Ok(stage.need("the folder", 200, folder)?.body)
}

/// A name that no system takes, then a file with a program in it.
async fn refused(stage: &mut Stage<'_>) -> Result<(), StoryError> {
    let token = stage.cabinets[&Anna].token.clone();
    let hostile = b"MZ\x90\x00";
    let announced = |name: &str| json!({ "document": "passport", "fileName": name, "size": hostile.len() });
    let wrong = stage.system.ask(attach(&token, SERVICE, announced("my passport.pdf"))).await;
    stage.must("a file's name with a space", wrong.text("/errors/0/code"), "name-space");
    stage.tell(format!("She announces «my passport.pdf» → {}", wrong.text("/errors/0/message")));
    let attached = stage.system.ask(attach(&token, SERVICE, announced("passport.pdf"))).await;
    let attached = stage.need("announcing a file", 201, attached)?;
    let posted = stage.system.ask(upload(&attached, hostile)).await;
    stage.need("an upload", 201, posted)?;
    stage.deliver().await;
    stage.hear(&[(Anna, FileRefused)])?;
    let folder = stage.signed(Anna, Ask::get(format!("/v1/documents/{SERVICE}")));
    let folder = stage.system.ask(folder).await;
    let why = folder.text("/documents/0/files/0/reason/text").to_owned();
    stage.must("why it is not taken", folder.text("/documents/0/files/0/reason/code"), "wrong-content");
    stage.tell(format!("What she uploads then is no PDF but a program → {why}"));
    Ok(())
}
