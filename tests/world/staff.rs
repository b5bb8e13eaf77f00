//! Those who work here: how a world gets them.

use crate::{Answer, Colleague, PASSWORD, World, secret};
use app::factor;
use app::staff::invite::Form;
use http::Method;
use local::people;
use serde_json::{Value, json};

impl World {
    /// The link that the command prints; `even_so` though there is an administrator.
    pub async fn first_link(&self, email: &str, even_so: bool) -> Result<String, app::Refusal> {
        let given = |text: &str| Some(text.to_owned());
        let form = Form {
            surname: given("Белова"),
            given_name: given("Ольга"),
            patronymic: None,
            email: given(email),
        };
        people::first_administrator(&self.system, &form, "ru", even_so).await
    }

    /// The first administrator, with a session.
    pub async fn chief(&self) -> Colleague {
        let link = self.first_link("chief@example.ru", false).await.expect("no administrator yet");
        self.accept(&secret(&link)).await
    }

    /// Another administrator, for whoever needs one later than a session of staff lives.
    pub async fn chief_again(&self) -> Colleague {
        let link = self.first_link("chief2@example.ru", true).await.expect("one more");
        self.accept(&secret(&link)).await
    }

    pub async fn accept(&self, secret: &str) -> Colleague {
        people::accept(&self.system, secret, PASSWORD).await.expect("a colleague")
    }

    /// Accepts with a code of the authenticator that the link itself sets up.
    pub async fn try_accept(&self, secret: &str, password: &str) -> Answer {
        let look = self.post("/v1/staff/enrolments", json!({ "token": secret })).await;
        let code = factor::code_at(&look.text("/secret"), self.system.now());
        self.complete(secret, password, &look.text("/setup"), code.as_deref().unwrap_or("000000")).await
    }

    pub async fn complete(&self, secret: &str, password: &str, setup: &str, code: &str) -> Answer {
        let body = json!({ "token": secret, "password": password, "setup": setup, "code": code });
        self.post("/v1/staff/enrolments/complete", body).await
    }

    /// Somebody invited by another, who accepted.
    pub async fn colleague(&self, by: &Colleague, email: &str, grants: Value) -> Colleague {
        let asked = invitation(email, &grants);
        people::colleague(&self.system, by, asked, PASSWORD).await.expect("a colleague")
    }

    pub async fn invite(&self, by: &Colleague, email: &str, grants: Value) -> Answer {
        self.staff(by, Method::POST, "invitations", invitation(email, &grants)).await
    }

    /// A request of somebody who works here; the path is below `/v1/staff/`.
    pub async fn staff(&self, who: &Colleague, method: Method, path: &str, body: Value) -> Answer {
        let body = (!body.is_null()).then_some(body);
        self.ask(method, &format!("/v1/staff/{path}"), Some(&who.token), body, &[]).await
    }

    /// What the authenticator shows now.
    pub fn code(&self, who: &Colleague) -> String {
        factor::code_at(&who.secret, self.system.now()).expect("a code")
    }

    pub async fn staff_sign_in(&self, email: &str, password: &str, code: &str) -> Answer {
        self.post("/v1/staff/sessions", json!({ "email": email, "password": password, "code": code })).await
    }
}

fn invitation(email: &str, grants: &Value) -> Value {
    json!({ "surname": "Иванов", "givenName": "Пётр", "email": email, "grants": grants })
}
