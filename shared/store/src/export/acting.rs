//! Who may act for whom, as each of the two may have it.

use super::{at, other};
use crate::items::representation::{self, open_reason, open_said, open_stopped};
use crate::{Item, StoreError, Vault};
use domain::CitizenId;
use domain::citizen::Name;
use domain::representation::{Grant, GrantPaper, Representation, Said, Scope};
use serde_json::{Value, json};

/// With the beneficiary: everybody who may act for them, or asked to.
pub(super) fn represented(item: &Item, vault: &Vault) -> Result<Value, StoreError> {
    let Representation { beneficiary, representative, version: _, grants } = representation::from_item(item)?;
    let grants: Result<Vec<Value>, StoreError> =
        grants.into_iter().map(|one| grant((beneficiary, representative), one, vault)).collect();
    Ok(json!({ "representativeId": representative.to_string(), "grants": grants? }))
}

/// With the representative: for whom they asked to act, and what they said for it. It is kept with the beneficiary, whose row
/// is given too; one that gave way to newer ones is no longer kept there.
///
/// # Errors
/// As [`super::told`].
pub(super) fn acted(pointer: &Item, between: Option<&Item>, vault: &Vault) -> Result<Value, StoreError> {
    let (id, beneficiary) = representation::pointer_from_item(pointer)?;
    let between = between.map(representation::from_item).transpose()?;
    let found = between.and_then(|Representation { beneficiary: _, representative, version: _, grants }| {
        grants.into_iter().find(|one| one.id == id).map(|one| (representative, one))
    });
    let said = found.map(|(representative, one)| grant((beneficiary, representative), one, vault));
    Ok(
        json!({ "grantId": id.to_string(), "beneficiaryId": beneficiary.to_string(), "asked": said.transpose()? }),
    )
}

fn grant(
    (beneficiary, representative): (CitizenId, CitizenId),
    one: Grant,
    vault: &Vault,
) -> Result<Value, StoreError> {
    // That it was told of its end is a note of ours.
    let Grant {
        id,
        kind,
        scope,
        region,
        asked_at,
        ends_at,
        state,
        said,
        decided,
        reason,
        ended,
        stopped,
        warned: _,
    } = one;
    let of = (beneficiary, representative, id);
    let Said { name: Name { surname, given, patronymic }, birth_on, snils, paper } =
        open_said(vault, of, &said)?;
    let services = match &scope {
        Scope::Everything => None,
        Scope::Services(services) => Some(services.iter().map(ToString::to_string).collect::<Vec<_>>()),
    };
    let paper = match paper {
        GrantPaper::Attorney { number, issued_by, issued_on, valid_until } => json!({
            "number": number, "issuedBy": issued_by, "issuedOn": issued_on, "validUntil": valid_until,
        }),
        GrantPaper::Birth { series, number, issued_on } => {
            json!({ "series": series, "number": number, "issuedOn": issued_on })
        }
    };
    let stopped = stopped.map(|stopped| {
        let why = open_stopped(vault, of, &stopped.why)?;
        Ok::<_, StoreError>(json!({ "memberId": other(stopped.by), "since": stopped.since, "why": why }))
    });
    Ok(json!({
        "id": id.to_string(), "kind": kind.name(), "services": services, "regionId": region.to_string(),
        "askedAt": at(asked_at), "endsAt": at(ends_at), "state": state.name(),
        "reason": reason.map(|sealed| open_reason(vault, of, &sealed)).transpose()?, "paper": paper,
        "surname": surname, "givenName": given, "patronymic": patronymic, "birthDate": birth_on,
        "snils": snils.to_string(), "decidedBy": decided.map(|(by, _)| other(by)),
        "decidedAt": decided.map(|(_, when)| at(when)), "endedBy": ended.map(|(by, _)| by.name()),
        "endedAt": ended.map(|(_, when)| at(when)), "stopped": stopped.transpose()?,
    }))
}
