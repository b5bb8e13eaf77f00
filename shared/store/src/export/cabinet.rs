//! The cabinet itself: who somebody is, how they sign in, what happened to it. Each is taken apart whole, so that nothing is
//! added to it that is not given, or left out by word.

use super::{at, other};
use crate::items::account::{self, Happened};
use crate::items::citizen::{self, Auth};
use crate::items::device::{self, Device};
use crate::items::passkey::{self, Passkey};
use crate::items::session::{self, Session};
use crate::items::{appointment, challenge, check, profile, unlock};
use crate::{Item, Key, StoreError, Vault, keys};
use domain::AppointmentId;
use domain::check::Check;
use domain::citizen::{Blocked, Cabinet, Citizen, Person};
use domain::profile::{Address, Paper, Policy, Profile};
use domain::unlock::Unlock;
use serde_json::{Value, json};

pub(super) fn record(item: &Item, vault: &Vault) -> Result<Value, StoreError> {
    let Person { name, phone, email } = citizen::person(item, vault)?;
    let Citizen {
        id,
        email_confirmed_at,
        named: _,
        agreement,
        consent,
        language,
        reach,
        met,
        confirmed,
        class,
        blocked,
        cabinet,
        representatives,
        // Which sessions, devices and passkeys count still.
        epoch: _,
        unlocked: _,
        created_at,
        deletion_asked_at,
    } = citizen::from_item(item)?;
    let accepted = |one: Option<domain::citizen::Accepted>| {
        one.map(|one| json!({ "version": one.version, "at": at(one.at) }))
    };
    let words = citizen::block_words(item, vault)?;
    let blocked = blocked.map(|Blocked { ground, at: since, office }| {
        json!({ "ground": ground.name(), "since": at(since), "officeId": office.to_string(), "reason": words })
    });
    let met: Vec<&str> = met.iter().map(|met| met.name()).collect();
    let representatives: Vec<String> = representatives.iter().map(ToString::to_string).collect();
    Ok(json!({
        "id": id.to_string(), "surname": name.surname, "givenName": name.given, "patronymic": name.patronymic,
        "phone": phone, "email": email, "emailConfirmedAt": email_confirmed_at.map(at),
        "agreement": accepted(agreement), "consent": accepted(consent), "language": language,
        "noticesBy": reach.name(), "readinessMet": met,
        "identityConfirmed": confirmed.map(|one| json!({ "by": one.by.name(), "at": at(one.at) })),
        "priority": class.name(), "blocked": blocked, "ownCabinet": cabinet == Cabinet::Own,
        "representatives": representatives, "createdAt": at(created_at), "deletionAskedAt": deletion_asked_at.map(at),
    }))
}

pub(super) fn said(item: &Item, vault: &Vault) -> Result<Value, StoreError> {
    let profile::Kept { version: _, profile, asking } = profile::from_item(Some(item), vault)?;
    let Profile { birth_on, paper, snils, inn, address, work, policy } = profile;
    let paper = paper.map(|Paper { kind, series, number, issued_on, issued_by }| {
        json!({
            "kind": kind.name(), "series": series, "number": number, "issuedOn": issued_on, "issuedBy": issued_by,
        })
    });
    let address = address.map(|Address { region, town, text }| {
        let town = town.map(|town| town.to_string());
        json!({ "regionId": region.to_string(), "townId": town, "text": text })
    });
    let policy = policy.map(|policy| match policy {
        Policy::Insured(one, checked) => json!({
            "kind": one.kind.name(), "number": one.number, "issuedOn": one.issued_on, "checked": checked.name(),
        }),
        Policy::None { reason } => json!({ "kind": "none", "reason": reason }),
    });
    Ok(json!({
        "birthDate": birth_on, "identityDocument": paper, "snils": snils.map(|snils| snils.to_string()),
        "inn": inn.map(|inn| inn.as_str().to_owned()), "address": address,
        "workTownId": work.map(|town| town.to_string()), "policy": policy,
        "policyAskedSince": asking.map(|asking| at(asking.since)),
    }))
}

pub(super) fn sign_in(item: &Item) -> Result<Value, StoreError> {
    let Auth { password_hash: _, wrong, wrong_at, factor } = citizen::auth_from_item(item)?;
    let by = factor.as_ref().map(|factor| factor.by.name());
    let left = factor.as_ref().map(|factor| factor.recovery.len());
    Ok(json!({
        "password": "kept as a hash", "secondFactor": factor.is_some(), "codesBy": by, "recoveryCodesLeft": left,
        "wrongPasswords": wrong, "lastWrongAt": wrong_at.map(at),
    }))
}

pub(super) fn session(key: &Key, item: &Item, vault: &Vault) -> Result<Value, StoreError> {
    // On what it hangs are hashes of a device and of a passkey.
    let Session { created_at, expires_at, epoch: _, device, on: _, passkey: _ } = session::from_item(item)?;
    let hash = key.sk.strip_prefix(keys::SESSION).unwrap_or_default();
    let owner = key.citizen().ok_or_else(crate::items::unknown("citizen"))?;
    let device = device.map(|sealed| session::open_device(vault, owner, hash, &sealed)).transpose()?;
    Ok(json!({ "createdAt": at(created_at), "expiresAt": at(expires_at), "device": device }))
}

pub(super) fn event(item: &Item, vault: &Vault) -> Result<Value, StoreError> {
    let whole = account::from_item(item)?;
    let open = |attribute, sealed: &Option<Vec<u8>>| {
        sealed.as_ref().map(|sealed| whole.open(vault, attribute, sealed)).transpose()
    };
    let Happened { id, citizen: _, event, at: when, former, former_email, device, means, why, member } =
        &whole;
    // The reason is sealed as that of the notice which tells it.
    let told = AppointmentId(id.0);
    let why =
        why.clone().map(|why| appointment::open_reason(vault, told, 1, &domain::appointment::Sealed(why)));
    Ok(json!({
        "what": event.name(), "at": at(*when), "former": open("fm", former)?,
        "formerEmail": open("fe", former_email)?, "device": open("dv", device)?,
        "by": means.map(|means| means.name()), "why": why.transpose()?, "memberId": member.map(other),
    }))
}

pub(super) fn device(key: &Key, item: &Item, vault: &Vault) -> Result<Value, StoreError> {
    // It counts only as long as no other phone opened the cabinet since.
    let Device { known_since, used_at, name, epoch: _ } = device::from_item(item)?;
    let hash = key.sk.strip_prefix(keys::DEVICE).unwrap_or_default();
    let owner = key.citizen().ok_or_else(crate::items::unknown("citizen"))?;
    let name = name.map(|sealed| device::open_name(vault, owner, hash, &sealed)).transpose()?;
    Ok(json!({ "name": name, "knownSince": at(known_since), "usedAt": at(used_at) }))
}

pub(super) fn passkey(key: &Key, item: &Item, vault: &Vault) -> Result<Value, StoreError> {
    let Passkey { made, name, handle, counter, created_at, used_at, copied_at, epoch: _ } =
        passkey::from_item(item)?;
    let hash = key.sk.strip_prefix(keys::PASSKEY).unwrap_or_default();
    let owner = key.citizen().ok_or_else(crate::items::unknown("citizen"))?;
    let made = passkey::open(vault, owner, (hash, "mk"), &made)?;
    Ok(json!({
        "name": passkey::open(vault, owner, (hash, "nm"), &name)?, "createdAt": at(created_at),
        "usedAt": used_at.map(at), "countedBackwardsAt": copied_at.map(at), "handle": handle, "used": counter,
        "key": serde_json::from_str::<Value>(&made).unwrap_or_default(),
    }))
}

pub(super) fn challenge(item: &Item) -> Result<Value, StoreError> {
    // By its secret it would be passed.
    let challenge::Challenge {
        id: _,
        citizen: _,
        means,
        secret: _,
        session: _,
        text,
        tries,
        done_at,
        expires_at,
    } = challenge::from_item(item)?;
    Ok(json!({
        "by": means.name(), "text": text, "tries": tries, "expiresAt": at(expires_at), "doneAt": done_at.map(at),
    }))
}

pub(super) fn check(item: &Item, vault: &Vault) -> Result<Value, StoreError> {
    let whole = check::from_item(item)?;
    let open = |attribute, sealed: &Option<Vec<u8>>| {
        sealed.as_ref().map(|sealed| check::open(vault, &whole, attribute, sealed)).transpose()
    };
    let Check { id, citizen: _, office, wished_at, asked_at, state, member, room, reason, version: _ } =
        &whole;
    Ok(json!({
        "id": id.to_string(), "officeId": office.to_string(), "askedAt": at(*asked_at), "wishedAt": at(*wished_at),
        "state": state.name(), "memberId": member.map(other), "room": open("rm", room)?,
        "reason": open("rs", reason)?,
    }))
}

pub(super) fn unlock(item: &Item, vault: &Vault) -> Result<Value, StoreError> {
    let whole = unlock::from_item(item)?;
    let open = |attribute, sealed: &[u8]| unlock::open(vault, &whole, attribute, sealed);
    let Unlock {
        id,
        citizen: _,
        office,
        state,
        asked_at,
        opened_by,
        identified,
        decided,
        phone,
        why,
        reason,
        version: _,
    } = &whole;
    Ok(json!({
        "id": id.to_string(), "officeId": office.to_string(), "state": state.name(), "askedAt": at(*asked_at),
        "openedBy": opened_by.to_string(), "identifiedBy": identified.name(),
        "decidedBy": decided.map(|(by, _)| other(by)), "decidedAt": decided.map(|(_, when)| at(when)),
        "phone": open("tel", phone)?, "why": open("wy", why)?,
        "reason": reason.as_ref().map(|sealed| open("rs", sealed)).transpose()?,
    }))
}
