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
        each_dict(&object.value, budget, &mut |dict| named(file, dict))?;
    }
    // Only now, so that what is worse is named first.
    for object in &file.objects {
        each_dict(&object.value, budget, &mut |dict| by_itself(file, dict))?;
    }
    Ok(())
}

/// Values lie in each other no deeper than they were parsed.
fn each_dict(
    value: &Value,
    budget: &mut Budget,
    check: &mut impl FnMut(&Dict) -> Result<(), Unfit>,
) -> Result<(), Unfit> {
    budget.step()?;
    match value {
        Value::Array(values) => values.iter().try_for_each(|value| each_dict(value, budget, check)),
        Value::Dict(dict) => {
            check(dict)?;
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
fn named(file: &File, dict: &Dict) -> Result<(), Unfit> {
    for (key, value) in &dict.0 {
        match key.as_slice() {
            b"JS" | b"JavaScript" => return Err(Unfit::Script),
            b"Encrypt" => return Err(Unfit::Encrypted),
            b"EF" | b"EmbeddedFile" | b"EmbeddedFiles" | b"Collection" => return Err(Unfit::EmbeddedFile),
            b"AF" if *value != Value::Array(Vec::new()) => return Err(Unfit::EmbeddedFile),
            b"XFA" => return Err(Unfit::ActiveForm),
            b"RichMediaContent" | b"Renditions" => return Err(Unfit::Media),
            b"OPI" => return Err(Unfit::ExternalReference),
            b"Ref" if value.dict().is_some_and(|dict| dict.get(b"F").is_some()) => {
                return Err(Unfit::ExternalReference);
            }
            b"Type" | b"Subtype" | b"S" => {
                for name in meanings(file, value).filter_map(Value::name) {
                    kind(name)?;
                    if name == b"Thread" && dict.get(b"F").is_some() {
                        return Err(Unfit::ExternalReference);
                    }
                }
            }
            b"URI" | b"Base" => {
                for meaning in meanings(file, value) {
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
fn by_itself(file: &File, dict: &Dict) -> Result<(), Unfit> {
    for (key, value) in &dict.0 {
        for meaning in meanings(file, value) {
            match (key.as_slice(), meaning) {
                (b"OpenAction", Value::Dict(action)) => only_goes(file, action)?,
                (b"AA", Value::Dict(actions)) => {
                    for (_, action) in &actions.0 {
                        for action in meanings(file, action).filter_map(Value::dict) {
                            only_goes(file, action)?;
                        }
                    }
                }
                _ => {}
            }
        }
    }
    Ok(())
}

fn only_goes(file: &File, action: &Dict) -> Result<(), Unfit> {
    let all = |key, names: &[&[u8]]| {
        let mut meant = action.0.iter().filter(|(own, _)| own == key).peekable();
        meant.peek().is_some()
            && meant.all(|(_, value)| {
                meanings(file, value).all(|value| value.name().is_some_and(|name| names.contains(&name)))
            })
    };
    let pages: [&[u8]; 4] = [b"NextPage", b"PrevPage", b"FirstPage", b"LastPage"];
    let goes = all(b"S", &[b"GoTo"]) || (all(b"S", &[b"Named"]) && all(b"N", &pages));
    if goes && action.get(b"Next").is_none() { Ok(()) } else { Err(Unfit::ActsOnOpening) }
}

/// What a value is, or was in any revision, if it is a reference. One that leads to another one is what that was.
fn meanings<'a>(file: &'a File, value: &'a Value) -> impl Iterator<Item = &'a Value> {
    let number = if let Value::Ref(number) = value { Some(*number) } else { None };
    let direct = number.is_none().then_some(value);
    let revisions = number.into_iter().flat_map(|number| file.revisions(number)).map(|object| &object.value);
    let resolved = number.map(|_| file.resolve(value));
    direct.into_iter().chain(revisions).chain(resolved).filter(|value| !matches!(value, Value::Ref(_)))
}
