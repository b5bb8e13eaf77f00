//! One-time codes and links: derived here, sent, and never kept anywhere.

use crate::notices::language;
use app::account::proof;
use app::contact::Login;
use app::{register, staff};
use chrono::{DateTime, Utc};
use domain::account::Purpose;
use domain::limits::CODE_VALID;
use domain::notice::NoticeKind;
use domain::{CitizenId, InvitationId, ProofId, RegistrationId};
use lambda::{Edge, Error};
use outbound::mail::Mail;
use store::items::proof::open_contact;
use store::items::registration::open_phone;
use store::items::{citizen, invitation};
use store::keys;
use text::Notice;

/// Sends the code of a registration's round; to a phone that has a cabinet already, the news that it has.
pub async fn tell_code(edge: &Edge, registration: &str, round: u32) -> Result<(), Error> {
    let id: RegistrationId = registration.parse().map_err(|_| "not a registration's id")?;
    let app = edge.app();
    let batch = app.store.read(&[keys::registration(id)]).await?;
    let Some(found) = batch.registration(id)? else { return Ok(()) };
    let now = app.clock.now();
    let over = found.round != round || found.verified_at.is_some() || now > found.code_sent_at + CODE_VALID;
    if over {
        return Ok(());
    }
    let vault = edge.vault().await?;
    let phone = open_phone(&vault, &found)?;
    let code = register::code_of(&edge.codes().await?, id, round);
    let portal = edge.settings().portal_url.clone();
    let notice = if found.known {
        Notice { link: Some(&portal), ..Notice::new(NoticeKind::PhoneAlreadyRegistered, "") }
    } else {
        Notice {
            code: Some(&code),
            allowed_min: u32::try_from(CODE_VALID.num_minutes()).ok(),
            ..Notice::new(NoticeKind::RegistrationCode, "")
        }
    };
    let rendered = text::render(language(&found.language), &notice);
    if let Some(sms) = rendered.sms {
        edge.outbound().send_sms(&phone, &sms).await?;
    }
    Ok(())
}

/// Sends the code of a proof's round to the phone or the address that it is about; to one that a cabinet has already, the
/// news that it has.
pub async fn tell_proof(edge: &Edge, proof: &str, round: u32) -> Result<(), Error> {
    let id: ProofId = proof.parse().map_err(|_| "not a proof's id")?;
    let app = edge.app();
    let batch = app.store.read(&[keys::proof(id)]).await?;
    let Some(found) = batch.proof(id)? else { return Ok(()) };
    let over =
        found.round != round || found.done_at.is_some() || app.clock.now() > found.code_sent_at + CODE_VALID;
    if over {
        return Ok(());
    }
    let vault = edge.vault().await?;
    let whose = proof::whose(app, &vault, &found).await.map_err(|refusal| format!("{refusal:?}"))?;
    let to = open_contact(&vault, &found)?;
    let owner = if found.purpose == Purpose::Factor {
        // What was given up since the code was asked for gets none.
        let Ok(login) = to.parse::<Login>();
        app.store.login(&login.hash(&vault)).await?
    } else {
        whose
    };
    if whose.is_none() || owner != whose {
        return Ok(());
    }
    let mail = to.contains('@');
    let code = proof::code_of(&edge.codes().await?, id, round);
    let portal = edge.settings().portal_url.clone();
    let kind = match (found.taken, found.purpose, mail) {
        (true, _, true) => NoticeKind::EmailAlreadyRegistered,
        (true, _, false) => NoticeKind::PhoneAlreadyRegistered,
        (false, Purpose::Recovery, _) => NoticeKind::RecoveryCode,
        (false, Purpose::Change, _) => NoticeKind::ContactCode,
        (false, Purpose::Caller, _) => NoticeKind::CallerCode,
        (false, Purpose::Device, _) => NoticeKind::DeviceCode,
        (false, Purpose::Identity, _) => NoticeKind::IdentityCode,
        (false, Purpose::Factor, _) => NoticeKind::FactorCode,
        (false, Purpose::Unlock, _) => NoticeKind::UnlockCode,
    };
    let notice = Notice {
        code: (!found.taken).then_some(code.as_str()),
        link: found.taken.then_some(portal.as_str()),
        allowed_min: u32::try_from(CODE_VALID.num_minutes()).ok(),
        ..Notice::new(kind, "")
    };
    let rendered = text::render(language(&found.language), &notice);
    if mail {
        let mail = Mail {
            from: &edge.settings().sender,
            to: &to,
            subject: &rendered.subject,
            text: &rendered.text,
            html: &rendered.html,
            number: &format!("proof-{id}-{round}"),
        };
        edge.outbound().send_mail(&mail).await?;
    } else if let Some(sms) = rendered.sms {
        edge.outbound().send_sms(&to, &sms).await?;
    }
    Ok(())
}

/// Sends the link that confirms an address (ACC-2).
pub async fn tell_link(edge: &Edge, citizen: &str, asked_at_ms: i64) -> Result<(), Error> {
    let id: CitizenId = citizen.parse().map_err(|_| "not a citizen's id")?;
    let app = edge.app();
    let batch = app.store.read(&[keys::me(id)]).await?;
    let (Some(found), Some(item)) = (batch.citizen(id)?, batch.item(&keys::me(id))) else { return Ok(()) };
    let asked_at: DateTime<Utc> = DateTime::from_timestamp_millis(asked_at_ms).ok_or("not an instant")?;
    if found.email_confirmed_at.is_some() {
        return Ok(());
    }
    let vault = edge.vault().await?;
    let person = citizen::person(item, &vault)?;
    let links = edge.links().await?;
    let (token, expires_at) =
        register::email_token(&links, &vault, (id, found.unlocked), &person.email, asked_at);
    let link = format!("{}/confirm-email?token={token}", edge.settings().portal_url);
    let notice = Notice {
        link: Some(&link),
        deadline: Some(expires_at),
        ..Notice::new(NoticeKind::EmailLink, &person.name.given)
    };
    let rendered = text::render(language(&found.language), &notice);
    let mail = Mail {
        from: &edge.settings().sender,
        to: &person.email,
        subject: &rendered.subject,
        text: &rendered.text,
        html: &rendered.html,
        number: &format!("email-link-{asked_at_ms}"),
    };
    edge.outbound().send_mail(&mail).await?;
    Ok(())
}

/// Sends the letter of an invitation to work here (OFC-11).
pub async fn tell_invitation(edge: &Edge, id: &str) -> Result<(), Error> {
    let id: InvitationId = id.parse().map_err(|_| "not an invitation's id")?;
    let app = edge.app();
    let key = keys::invitation(id);
    let batch = app.store.read(std::slice::from_ref(&key)).await?;
    let (Some(found), Some(item)) = (batch.invitation(id)?, batch.item(&key)) else { return Ok(()) };
    if found.member.is_some() || app.clock.now() >= found.expires_at {
        return Ok(());
    }
    let who = invitation::identity(item, &edge.vault().await?)?;
    let token = staff::enrol::token(&edge.links().await?, &found);
    let link = format!("{}/staff/invitation?token={token}", edge.settings().portal_url);
    let notice = Notice {
        link: Some(&link),
        deadline: Some(found.expires_at),
        ..Notice::new(NoticeKind::StaffInvitation, &who.name.given)
    };
    let rendered = text::render(language(&found.language), &notice);
    let mail = Mail {
        from: &edge.settings().sender,
        to: &who.email,
        subject: &rendered.subject,
        text: &rendered.text,
        html: &rendered.html,
        number: &format!("invitation-{id}"),
    };
    edge.outbound().send_mail(&mail).await?;
    Ok(())
}
