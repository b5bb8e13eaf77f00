//! The pages of a PDF, found by walking their tree (ISO 32000-2, 7.7.3).

use super::super::budget::{Budget, DEPTH_MAX};
use super::file::File;
use super::value::{Dict, Value};
use domain::document::Unfit;
use std::collections::BTreeSet;

/// Inches of a page's side: what readers show at most (ISO 32000-1, annex C).
const SIDE_MAX: f64 = 200.0;

/// A page, with what it takes over from the tree above it.
#[derive(Clone)]
pub struct Page<'a> {
    pub dict: &'a Dict,
    pub resources: Option<&'a Dict>,
    /// Width and height as it is shown, in inches, before it is turned.
    pub inches: (f64, f64),
}

#[derive(Clone, Copy)]
struct Node<'a> {
    value: &'a Value,
    depth: usize,
    resources: Option<&'a Dict>,
    media: Option<&'a Value>,
    crop: Option<&'a Value>,
}

/// All pages in their order. A node that is met twice is a loop, or one page shown as many: [`Unfit::Damaged`].
pub fn all<'a>(file: &'a File, budget: &mut Budget) -> Result<Vec<Page<'a>>, Unfit> {
    let root = file.trailers.iter().rev().find_map(|trailer| file.get(trailer, b"Root")?.dict());
    let value = root.and_then(|root| root.get(b"Pages")).ok_or(Unfit::Damaged)?;
    let mut open = vec![Node { value, depth: 0, resources: None, media: None, crop: None }];
    let (mut pages, mut seen) = (Vec::new(), BTreeSet::new());
    while let Some(mut node) = open.pop() {
        budget.step()?;
        let (number, object) = file.object(node.value).ok_or(Unfit::Damaged)?;
        if !seen.insert(number) {
            return Err(Unfit::Damaged);
        }
        let dict = object.value.dict().ok_or(Unfit::Damaged)?;
        node.resources = file.get(dict, b"Resources").and_then(Value::dict).or(node.resources);
        node.media = file.get(dict, b"MediaBox").or(node.media);
        node.crop = file.get(dict, b"CropBox").or(node.crop);
        match file.get(dict, b"Kids").and_then(Value::array) {
            None => {
                let inches = inches(file, dict, node).ok_or(Unfit::Damaged)?;
                pages.push(Page { dict, resources: node.resources, inches });
            }
            Some(_) if node.depth >= DEPTH_MAX => return Err(Unfit::TooComplex),
            Some(kids) => {
                let under = |value| Node { value, depth: node.depth + 1, ..node };
                open.extend(kids.iter().rev().map(under));
                budget.steps(kids.len())?;
            }
        }
    }
    if pages.is_empty() { Err(Unfit::Damaged) } else { Ok(pages) }
}

fn inches(file: &File, dict: &Dict, node: Node) -> Option<(f64, f64)> {
    let unit = file.get(dict, b"UserUnit").and_then(Value::number).unwrap_or(1.0);
    let size = |value: &Value| {
        let corners = value.array()?;
        let corner = |place: usize| corners.get(place).map(|value| file.resolve(value))?.number();
        let side = |from: f64, to: f64| (to - from).abs() * unit / 72.0;
        Some((side(corner(0)?, corner(2)?), side(corner(1)?, corner(3)?)))
    };
    let media = node.media.and_then(size)?;
    let (width, height) = match node.crop.and_then(size) {
        Some(crop) => (crop.0.min(media.0), crop.1.min(media.1)),
        None => media,
    };
    let is_plain = |side: f64| side > 0.0 && side <= SIDE_MAX;
    (is_plain(width) && is_plain(height)).then_some((width, height))
}
