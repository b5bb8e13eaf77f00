//! What each function finds in its environment here.

use crate::embedded::esia;
use crate::embedded::objects::SECRET;
use crate::embedded::registries;
use crate::options::Options;
use crate::template::{Function, REGION, Template};
use std::collections::BTreeMap;

/// Before the package in the id of its key.
const SIGNER: &str = "local-";
/// Where browsers find the object store, if nobody says otherwise.
const STORAGE: &str = "http://localhost:3000";

/// The package whose key has this id.
pub(crate) fn signer(key: &str) -> Option<&str> {
    key.strip_prefix(SIGNER)
}

/// Each package's environment: the template's, then what this process must have otherwise, then the caller's wishes.
pub(crate) fn environments(
    template: &Template,
    options: &Options,
) -> BTreeMap<String, BTreeMap<String, String>> {
    let here = [
        ("AWS_REGION", REGION.to_owned()),
        ("AWS_SECRET_ACCESS_KEY", SECRET.to_owned()),
        ("AWS_ENDPOINT_URL_S3", STORAGE.to_owned()),
        ("CATALOGUE_DIR", options.catalogue.to_string_lossy().into_owned()),
    ];
    let environment = |function: &Function| {
        let mut all = function.environment.clone();
        // What is signed for a browser tells by its key in whose name.
        all.insert("AWS_ACCESS_KEY_ID".to_owned(), format!("{SIGNER}{}", function.package));
        all.extend(here.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
        all.extend(esia::settings());
        let told = |(name, _): &(String, String)| function.environment.contains_key(name);
        all.extend(registries::settings().into_iter().filter(told));
        all.extend(options.settings.clone());
        (function.package.clone(), all)
    };
    template.functions.iter().map(environment).collect()
}
