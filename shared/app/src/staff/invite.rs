//! Inviting somebody to work here: by whoever may give what they are to do, or, once, by a command (OFC-11).

use super::{StaffBearer, login_hash};
use crate::fields::Fields;
use crate::refusal::WrongField;
use crate::{App, Refusal, contact};
use domain::limits::{GRANTS_MAX, INVITATION_VALID};
use domain::moment::Draw;
use domain::staff::{Grant, Place, Right, Role};
use domain::{InvitationId, Moment, StaffId};
use store::items::invitation::Invitation;
use store::items::staff::Identity;
use store::{Commit, Committed, Vault, keys};

/// Who is invited, as it came.
#[derive(Clone, Default)]
pub struct Form {
    pub surname: Option<String>,
    pub given_name: Option<String>,
    pub patronymic: Option<String>,
    pub email: Option<String>,
}

/// Reads the form, naming everything that is wrong with it.
pub fn identity(form: &Form, fields: &mut Fields) -> Identity {
    let name = fields.name(&form.surname, &form.given_name, &form.patronymic);
    let email = fields.read_by("email", form.email.as_ref(), contact::email).unwrap_or_default();
    Identity { name, email }
}

/// Refuses grants: none, too many, somewhere that is not there.
pub fn check_grants(app: &App, grants: &[Grant]) -> Result<(), Refusal> {
    let mut fields = Fields::new();
    if grants.is_empty() {
        fields.add("grants", "required");
    }
    if grants.len() > GRANTS_MAX {
        fields.wrong(WrongField::new("grants", "too-many").with("max", GRANTS_MAX));
    }
    fields.all(
        grants.iter().enumerate().filter_map(|(n, grant)| unknown_place(app, n, &grant.place)).collect(),
    );
    fields.finish()
}

/// The place of the `n`-th grant, if it is not there.
pub fn unknown_place(app: &App, n: usize, place: &Place) -> Option<WrongField> {
    let (field, code) = match place {
        Place::Office(office) if !app.catalogue.offices.contains_key(office) => {
            ("officeId", "unknown-office")
        }
        Place::Region(region) if !app.catalogue.regions.contains_key(region) => {
            ("regionId", "unknown-region")
        }
        _ => return None,
    };
    Some(WrongField::new(format!("grants[{n}].{field}"), code))
}

/// Invites somebody: a letter with a link goes to their address.
///
/// # Errors
/// [`Refusal::Fields`]; [`Refusal::BeyondRights`] when a grant is not this member's to give; [`Refusal::AlreadyStaff`].
pub async fn invite(
    app: &App,
    vault: &Vault,
    bearer: &StaffBearer,
    who: &Identity,
    language: &str,
    grants: Vec<Grant>,
) -> Result<Invitation, Refusal> {
    let moment = app.clock.moment();
    let actor = super::signed_in(app, bearer).await?;
    if !actor.may_any(Right::ManageStaff) {
        return Err(Refusal::BeyondRights);
    }
    check_grants(app, &grants)?;
    if !grants.iter().all(|grant| actor.may_give(grant, &app.catalogue)) {
        return Err(Refusal::BeyondRights);
    }
    // Of somebody whom one does not see nothing is told: they keep their login, and the letter leads nowhere.
    if let Some(id) = app.store.staff_login(&login_hash(vault, &who.email)).await?
        && let Some(known) = app.store.read(&[keys::member(id)]).await?.member(id)?
        && actor.sees(&known, &app.catalogue)
    {
        return Err(Refusal::AlreadyStaff);
    }
    let invitation = new(Some((actor.id, actor.epoch)), language, grants, &moment);
    let mut commit = Commit::new();
    app.store.put_invitation(&mut commit, &invitation, who, vault, &moment)?;
    app.store.still(&mut commit, &actor);
    write(app, commit, Refusal::Busy).await?;
    Ok(invitation)
}

/// Invites the first administrator, as long as there is none, or one more though there is (`forced`: the only one has lost
/// password and codes); the link is for whoever gave the command.
///
/// # Errors
/// [`Refusal::Fields`]; [`Refusal::AlreadyStaff`] when there is an administrator.
pub async fn invite_first(
    app: &App,
    vault: &Vault,
    form: &Form,
    language: &str,
    forced: bool,
) -> Result<Invitation, Refusal> {
    let moment = app.clock.moment();
    let mut fields = Fields::new();
    let who = identity(form, &mut fields);
    fields.finish()?;
    let grants = vec![Grant { role: Role::Administrator, place: Place::Everywhere }];
    let mut invitation = new(None, language, grants, &moment);
    invitation.forced = forced;
    let mut commit = Commit::new();
    app.store.put_invitation(&mut commit, &invitation, &who, vault, &moment)?;
    if !forced {
        app.store.ask_first_administrator(&mut commit, moment.now);
    }
    write(app, commit, Refusal::AlreadyStaff).await?;
    Ok(invitation)
}

fn new(by: Option<(StaffId, u64)>, language: &str, grants: Vec<Grant>, moment: &Moment) -> Invitation {
    Invitation {
        id: InvitationId(moment.ulid(Draw::Invitation)),
        by,
        forced: false,
        language: language.to_owned(),
        grants,
        created_at: moment.now,
        expires_at: moment.now + INVITATION_VALID,
        member: None,
    }
}

/// Whoever asked begins anew: one try, and busy if others were faster.
async fn write(app: &App, commit: Commit, refused: Refusal) -> Result<(), Refusal> {
    match app.store.commit(commit).await {
        Committed::Done => Ok(()),
        Committed::Refused(_) => Err(refused),
        Committed::Conflict => Err(Refusal::Busy),
        Committed::Unknown(error) => Err(error.into()),
    }
}
