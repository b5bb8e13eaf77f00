//! What no document needs and a reader would act on, wherever in the file it stands.
//!
//! Links to pages are taken, also to web pages and mail boxes: they open when a person clicks. Going to a page when the file
//! is opened is taken. Filling in a form of the ordinary sort is.

use super::super::budget::Budget;
use super::super::links;
use super::file::File;
use super::value::{Dict, Value};
use domain::document::Unfit;

/// Looks at every value of every object in every revision.
pub fn check(file: &File, budget: &mut Budget) -> Result<(), Unfit> {
    for object in &file.objects {
        if object.stream.is_some() && object.value.dict().is_some_and(lies_elsewhere) {
            return Err(Unfit::ExternalReference);
        }
        // A name of its own may be what another object refers to.
        if let Value::Name(name) = &object.value {
            kind(name)?;
        }
        each_dict(&object.value, budget, &mut |dict, budget| named(file, dict, budget))?;
    }
    // Only now, so that what is worse is named first.
    for object in &file.objects {
        each_dict(&object.value, budget, &mut |dict, budget| by_itself(file, dict, budget))?;
    }
    Ok(())
}

/// Values lie in each other no deeper than they were parsed. Whoever looks for a key pays for the whole dictionary: any number of
/// references may lead to one that has thousands of entries.
fn each_dict(
    value: &Value,
    budget: &mut Budget,
    check: &mut impl FnMut(&Dict, &mut Budget) -> Result<(), Unfit>,
) -> Result<(), Unfit> {
    budget.step()?;
    match value {
        Value::Array(values) => values.iter().try_for_each(|value| each_dict(value, budget, check)),
        Value::Dict(dict) => {
            check(dict, budget)?;
            dict.0.iter().try_for_each(|(_, value)| each_dict(value, budget, check))
        }
        _ => Ok(()),
    }
}

/// A stream whose bytes are in another file (ISO 32000-2, 7.3.8.2).
fn lies_elsewhere(dict: &Dict) -> bool {
    dict.get(b"FFilter").is_some() || dict.get(b"F").is_some_and(|value| *value != Value::Null)
}

/// By its keys, and by what it says of itself.
fn named(file: &File, dict: &Dict, budget: &mut Budget) -> Result<(), Unfit> {
    for (key, value) in &dict.0 {
        match key.as_slice() {
            b"JS" | b"JavaScript" => return Err(Unfit::Script),
            b"Encrypt" => return Err(Unfit::Encrypted),
            b"EF" | b"EmbeddedFile" | b"EmbeddedFiles" | b"Collection" => return Err(Unfit::EmbeddedFile),
            b"AF" if *value != Value::Array(Vec::new()) => return Err(Unfit::EmbeddedFile),
            b"XFA" => return Err(Unfit::ActiveForm),
            b"RichMediaContent" | b"Renditions" => return Err(Unfit::Media),
            b"OPI" => return Err(Unfit::ExternalReference),
            b"Ref" => {
                for meaning in meanings(file, value, budget)?.into_iter().filter_map(Value::dict) {
                    budget.steps(meaning.0.len())?;
                    if meaning.times(b"F") > 0 {
                        return Err(Unfit::ExternalReference);
                    }
                }
            }
            b"Type" | b"Subtype" | b"Subtype2" | b"S" => {
                for name in meanings(file, value, budget)?.into_iter().filter_map(Value::name) {
                    kind(name)?;
                    if name == b"Thread" {
                        budget.steps(dict.0.len())?;
                        if dict.times(b"F") > 0 {
                            return Err(Unfit::ExternalReference);
                        }
                    }
                }
            }
            b"URI" | b"Base" => {
                for meaning in meanings(file, value, budget)? {
                    if let Value::Text(uri) = meaning {
                        links::check(uri)?;
                    }
                }
            }
            _ => {}
        }
    }
    Ok(())
}

/// Kinds of actions, annotations and objects (ISO 32000-2, tables 166, 201 and others).
fn kind(name: &[u8]) -> Result<(), Unfit> {
    Err(match name {
        b"JavaScript" | b"PS" => Unfit::Script,
        b"Launch" => Unfit::Launches,
        b"SubmitForm" | b"ImportData" => Unfit::ActiveForm,
        b"GoToR" | b"GoToE" => Unfit::ExternalReference,
        b"EmbeddedFile" | b"FileAttachment" => Unfit::EmbeddedFile,
        b"RichMedia" | b"RichMediaExecute" | b"Rendition" | b"Movie" | b"Sound" | b"Screen" | b"3D"
        | b"GoTo3DView" | b"U3D" | b"PRC" => Unfit::Media,
        _ => return Ok(()),
    })
}

/// What is done when the file or a page is opened, closed, printed: only going to a page.
fn by_itself(file: &File, dict: &Dict, budget: &mut Budget) -> Result<(), Unfit> {
    for (key, value) in &dict.0 {
        if key != b"OpenAction" && key != b"AA" {
            continue;
        }
        for meant in meanings(file, value, budget)?.into_iter().filter_map(Value::dict) {
            if key == b"OpenAction" {
                only_goes(file, meant, budget)?;
                continue;
            }
            budget.steps(meant.0.len())?;
            for (_, action) in &meant.0 {
                for action in meanings(file, action, budget)?.into_iter().filter_map(Value::dict) {
                    only_goes(file, action, budget)?;
                }
            }
        }
    }
    Ok(())
}

fn only_goes(file: &File, action: &Dict, budget: &mut Budget) -> Result<(), Unfit> {
    budget.steps(action.0.len())?;
    let pages: [&[u8]; 4] = [b"NextPage", b"PrevPage", b"FirstPage", b"LastPage"];
    let goes = is_always(file, action, b"S", &[b"GoTo"], budget)?
        || (is_always(file, action, b"S", &[b"Named"], budget)?
            && is_always(file, action, b"N", &pages, budget)?);
    if goes && action.get(b"Next").is_none() { Ok(()) } else { Err(Unfit::ActsOnOpening) }
}

/// Whether a key is there and is one of these names, however often it stands there and whatever was meant by it.
fn is_always(
    file: &File,
    action: &Dict,
    key: &[u8],
    names: &[&[u8]],
    budget: &mut Budget,
) -> Result<bool, Unfit> {
    budget.steps(action.0.len())?;
    for (_, value) in action.0.iter().filter(|(own, _)| own == key) {
        let meant = meanings(file, value, budget)?;
        if !meant.iter().all(|value| value.name().is_some_and(|name| names.contains(&name))) {
            return Ok(false);
        }
    }
    Ok(action.times(key) > 0)
}

/// What a value is, or was in any revision, if it is a reference. One that leads to another one is what that was. Thousands of
/// references may lead to an object that has thousands of revisions.
fn meanings<'a>(file: &'a File, value: &'a Value, budget: &mut Budget) -> Result<Vec<&'a Value>, Unfit> {
    budget.step()?;
    let Value::Ref(number) = value else { return Ok(vec![value]) };
    let mut meanings = vec![file.resolve(value)];
    for object in file.revisions(*number) {
        budget.step()?;
        meanings.push(&object.value);
    }
    meanings.retain(|value| !matches!(value, Value::Ref(_)));
    Ok(meanings)
}
