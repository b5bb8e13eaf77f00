//! A PDF file: pages that can be read, and nothing that a reader would act on.

mod content;
mod danger;
mod file;
mod filters;
mod lexer;
mod pages;
mod pictures;
mod predict;
mod value;

use super::Accepted;
use super::budget::Budget;
use super::density;
use content::{Look, Picture};
use domain::document::{Colour, FileFormat, FileRules, Unfit};
use file::File;
use pages::Page;
use pictures::Sight;
use std::collections::BTreeMap;
use value::Value;

/// The part of a page that pictures must cover for it to be a scan.
const SCAN_COVERS: f64 = 0.5;
/// The part of a page that a picture must cover for its dots to count: strips of a scan do, ornaments do not.
const PART_COVERS: f64 = 0.1;

pub fn inspect(rules: &FileRules, bytes: &[u8], budget: &mut Budget) -> Result<Accepted, Unfit> {
    check_end(bytes)?;
    let file = File::read(bytes, budget)?;
    danger::check(&file, budget)?;
    check_streams(&file, budget)?;
    let pages = pages::all(&file, budget)?;
    let count = u32::try_from(pages.len()).unwrap_or(u32::MAX);
    if count > u32::from(rules.pages_max) {
        return Err(Unfit::TooManyPages { pages: count, max: rules.pages_max });
    }
    let mut sights = BTreeMap::new();
    for (number, page) in (1..).zip(&pages) {
        legible(rules, &file, page, number, &mut sights, budget)?;
    }
    Ok(Accepted { format: FileFormat::Pdf, pages: Some(count), bytes: None })
}

/// A file ends with its mark, behind which there may be white space.
fn check_end(bytes: &[u8]) -> Result<(), Unfit> {
    let rest_is_blank = |end: usize| bytes[end..].iter().all(|byte| lexer::is_space(*byte));
    let Some(mark) = bytes.windows(5).rposition(|window| window == b"%%EOF") else {
        return Err(Unfit::Damaged);
    };
    if !rest_is_blank(mark + 5) {
        let cut_off = bytes[mark..].windows(4).any(|window| window == b" obj");
        return Err(if cut_off { Unfit::Damaged } else { Unfit::TrailingData });
    }
    let head = &bytes[mark.saturating_sub(64)..mark];
    let has_table = head.windows(9).any(|window| window == b"startxref");
    if has_table { Ok(()) } else { Err(Unfit::Damaged) }
}

/// Undoes what is no picture, so that nothing bursts in whoever opens the file; and bounds what pictures claim.
fn check_streams(file: &File, budget: &mut Budget) -> Result<(), Unfit> {
    for object in &file.objects {
        let (Value::Dict(dict), Some(stream)) = (&object.value, &object.stream) else { continue };
        let chain = filters::chain(dict, budget)?;
        let is_picture = chain.iter().any(|(filter, _)| filter.is_picture());
        if is_picture || dict.has_name(b"Subtype", b"Image") {
            pictures::check_size(file, dict)?;
        } else {
            filters::whole(dict, &file.bytes[stream.clone()], budget)?;
        }
    }
    Ok(())
}

/// Refuses a page on which there is nothing; a scan that is too coarse; and what is no scan in colour where one is demanded: a
/// signature by hand is nowhere else to be seen (DOC-8).
fn legible(
    rules: &FileRules,
    file: &File,
    page: &Page,
    number: u32,
    sights: &mut BTreeMap<u32, Sight>,
    budget: &mut Budget,
) -> Result<(), Unfit> {
    let look = content::look(file, page, budget)?;
    let in_colour = rules.colour == Colour::Demanded;
    if look.pictures.is_empty() {
        let is_blank = !look.drawn && !has_appearances(file, page, budget)?;
        return match (is_blank, in_colour) {
            (true, _) => Err(Unfit::BlankPage { page: number }),
            (false, true) => Err(Unfit::NotColour { page: number }),
            (false, false) => Ok(()),
        };
    }
    let area = page.inches.0 * page.inches.1;
    let covers = |picture: &Picture| picture.inches.0 * picture.inches.1 / area;
    let covered: f64 = look.pictures.iter().map(covers).sum();
    if !look.drawn {
        fine_enough(rules, page, &look)?;
    } else if covered < SCAN_COVERS && !in_colour {
        return Ok(());
    }
    let (mut blank, mut grey) = (!look.drawn, true);
    for picture in &look.pictures {
        let sight = match picture.number {
            None => Sight { is_blank: false, is_grey: false },
            Some(object) => match sights.get(&object) {
                Some(sight) => *sight,
                None => {
                    let (_, whole) = file.object(&Value::Ref(object)).ok_or(Unfit::Damaged)?;
                    let sight = pictures::sight(file, whole, budget)?;
                    sights.insert(object, sight);
                    sight
                }
            },
        };
        blank &= sight.is_blank;
        // The colours of a letter's head are no signature's; a scan may lie there in strips.
        let is_ornament = look.drawn && covers(picture) < PART_COVERS;
        grey &= sight.is_grey || is_ornament;
    }
    if blank && !has_appearances(file, page, budget)? {
        return Err(Unfit::BlankPage { page: number });
    }
    if grey && in_colour {
        return Err(Unfit::NotColour { page: number });
    }
    Ok(())
}

/// Whether annotations show something: a filled-in form, a stamp.
fn has_appearances(file: &File, page: &Page, budget: &mut Budget) -> Result<bool, Unfit> {
    let annotations = file.get(page.dict, b"Annots").and_then(Value::array).unwrap_or_default();
    for one in annotations.iter().filter_map(|one| file.resolve(one).dict()) {
        budget.steps(one.0.len())?;
        if one.times(b"AP") > 0 {
            return Ok(true);
        }
    }
    Ok(false)
}

/// A page of pictures alone has the dots that make it readable. Of several pictures the finest counts, as programs lay the
/// writing, fine, over its background, coarse.
fn fine_enough(rules: &FileRules, page: &Page, look: &Look) -> Result<(), Unfit> {
    let area = page.inches.0 * page.inches.1;
    let dpi_of = |picture: &Picture| {
        let across = f64::from(picture.pixels.0) / picture.inches.0.max(f64::MIN_POSITIVE);
        let down = f64::from(picture.pixels.1) / picture.inches.1.max(f64::MIN_POSITIVE);
        across.min(down)
    };
    let large = |picture: &&Picture| picture.inches.0 * picture.inches.1 >= area * PART_COVERS;
    let finest = look
        .pictures
        .iter()
        .filter(large)
        .map(dpi_of)
        .fold(None, |most: Option<f64>, dpi| Some(most.map_or(dpi, |most| most.max(dpi))));
    let Some(dpi) = finest.or_else(|| look.pictures.iter().map(dpi_of).reduce(f64::min)) else {
        return Ok(());
    };
    let side = |inches: f64| (inches * dpi).round().clamp(0.0, f64::from(u32::MAX)) as u32;
    density::enough_on_page(rules.paper, side(page.inches.0), side(page.inches.1), side(1.0))
}
