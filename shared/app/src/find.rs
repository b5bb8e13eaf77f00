//! Finding services by words and offices by place (CAT-1, CAT-2, CAT-3).
//!
//! Case, ё and е, word endings and one slip of the finger do not matter; part of a phrase is enough.

use domain::availability::serves;
use domain::catalogue::{Bilingual, Catalogue, Office, Region, RequestKind, Service, Town, Way};
use domain::{AgencyId, CategoryId, OfficeId, RegionId, ServiceId};
use rust_stemmers::{Algorithm, Stemmer};
use std::collections::BTreeMap;

/// Words of a query that are looked at; the rest is not read.
const WORDS_MAX: usize = 12;
/// Letters of a word from which one slip is forgiven.
const SLIP_FROM: usize = 4;
/// Words suggested when nothing was found.
const SUGGESTED_MAX: usize = 3;

/// How much a place where a word was found says.
const IN_NAME: u32 = 8;
const IN_SYNONYM: u32 = 5;
const IN_CATEGORY: u32 = 3;
const IN_SUMMARY: u32 = 1;

/// How much the way in which it was found says.
const EXACT: u32 = 6;
const STEM: u32 = 5;
const PREFIX: u32 = 3;
const SLIP: u32 = 2;

/// What is looked for.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    pub words: String,
    pub region: Option<RegionId>,
    pub office: Option<OfficeId>,
    pub category: Option<CategoryId>,
    pub kind: Option<RequestKind>,
    pub way: Option<Way>,
    pub bookable: bool,
    /// Visits no longer than so many minutes (AVL-4).
    pub duration_max: Option<u16>,
}

/// Services found, best first; when there are none, words that may have been meant.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    pub services: Vec<ServiceId>,
    pub did_you_mean: Vec<String>,
}

/// A word of the catalogue and where it stands.
struct Term {
    word: String,
    stem: String,
    weight: u32,
}

/// Finds; built once from the catalogue.
pub struct Finder {
    terms: BTreeMap<ServiceId, Vec<Term>>,
    russian: Stemmer,
    english: Stemmer,
}

impl std::fmt::Debug for Finder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Finder of {} services", self.terms.len())
    }
}

impl Finder {
    pub fn new(catalogue: &Catalogue) -> Self {
        let mut finder = Self {
            terms: BTreeMap::new(),
            russian: Stemmer::create(Algorithm::Russian),
            english: Stemmer::create(Algorithm::English),
        };
        for service in catalogue.services.values() {
            let terms = finder.terms_of(catalogue, service);
            finder.terms.insert(service.id.clone(), terms);
        }
        finder
    }

    fn terms_of(&self, catalogue: &Catalogue, service: &Service) -> Vec<Term> {
        let mut texts: Vec<(&str, u32)> = vec![
            (&service.name.ru, IN_NAME),
            (&service.name.en, IN_NAME),
            (&service.summary.ru, IN_SUMMARY),
            (&service.summary.en, IN_SUMMARY),
        ];
        texts.extend(service.synonyms.iter().map(|synonym| (synonym.as_str(), IN_SYNONYM)));
        if let Some(category) = catalogue.categories.get(&service.category) {
            texts
                .extend([(category.name.ru.as_str(), IN_CATEGORY), (category.name.en.as_str(), IN_CATEGORY)]);
            texts.extend(category.synonyms.iter().map(|synonym| (synonym.as_str(), IN_CATEGORY)));
        }
        let mut best: BTreeMap<String, u32> = BTreeMap::new();
        for (text, weight) in texts {
            for word in words(text) {
                let known = best.entry(word).or_default();
                *known = (*known).max(weight);
            }
        }
        best.into_iter().map(|(word, weight)| Term { stem: self.stem(&word), word, weight }).collect()
    }

    fn stem(&self, word: &str) -> String {
        let stemmer = if word.is_ascii() { &self.english } else { &self.russian };
        stemmer.stem(word).into_owned()
    }

    /// Services that have every word somewhere, best first; of equals, by name.
    pub fn services(&self, catalogue: &Catalogue, wanted: &Wanted) -> Found {
        let asked: Vec<(String, String)> =
            words(&wanted.words).into_iter().take(WORDS_MAX).map(|word| (self.stem(&word), word)).collect();
        let fitting = catalogue.services.values().filter(|service| fits(catalogue, service, wanted));
        let mut scored: Vec<(u32, &Service)> = fitting
            .filter_map(|service| {
                let terms = self.terms.get(&service.id)?;
                let scores = asked.iter().map(|(stem, word)| best(terms, stem, word));
                let total = scores.collect::<Option<Vec<u32>>>()?.iter().sum();
                Some((total, service))
            })
            .collect();
        scored.sort_by(|(a, x), (b, y)| b.cmp(a).then_with(|| x.name.ru.cmp(&y.name.ru)));
        let services: Vec<ServiceId> = scored.into_iter().map(|(_, service)| service.id.clone()).collect();
        let did_you_mean = if services.is_empty() { self.suggestions(&asked) } else { Vec::new() };
        Found { services, did_you_mean }
    }

    /// The catalogue's words nearest to those that nothing has.
    fn suggestions(&self, asked: &[(String, String)]) -> Vec<String> {
        let mut near: Vec<(usize, &str)> = Vec::new();
        for (stem, word) in asked {
            if self.terms.values().any(|terms| best(terms, stem, word).is_some()) {
                continue;
            }
            let all = self.terms.values().flatten().map(|term| term.word.as_str());
            near.extend(all.map(|term| (strsim::damerau_levenshtein(word, term), term)));
        }
        near.retain(|(distance, term)| *distance * 2 <= term.chars().count());
        near.sort();
        near.dedup();
        near.into_iter().take(SUGGESTED_MAX).map(|(_, term)| term.to_owned()).collect()
    }
}

/// The best that a word finds among terms.
fn best(terms: &[Term], stem: &str, word: &str) -> Option<u32> {
    terms.iter().filter_map(|term| Some(term.weight * likeness(term, stem, word)?)).max()
}

fn likeness(term: &Term, stem: &str, word: &str) -> Option<u32> {
    let long = |text: &str| text.chars().count() >= SLIP_FROM;
    if term.word == word {
        Some(EXACT)
    } else if term.stem == stem {
        Some(STEM)
    } else if word.chars().count() >= 3 && term.word.starts_with(word) {
        Some(PREFIX)
    } else if long(stem) && long(&term.stem) && one_slip(&term.stem, stem)
        || long(word) && one_slip(&term.word, word)
    {
        Some(SLIP)
    } else {
        None
    }
}

/// One letter more, less, other, or two swapped; in long words the ending may differ by one besides.
fn one_slip(a: &str, b: &str) -> bool {
    let most = if a.chars().count().min(b.chars().count()) > 8 { 2 } else { 1 };
    a.chars().count().abs_diff(b.chars().count()) <= most && strsim::damerau_levenshtein(a, b) <= most
}

/// In lower case with е for ё: as people compare words.
pub(crate) fn folded(text: &str) -> String {
    text.to_lowercase().replace('ё', "е")
}

/// Words in lower case with е for ё; those of one letter and the little words between them say nothing.
fn words(text: &str) -> Vec<String> {
    const LITTLE: [&str; 22] = [
        "на", "по", "за", "из", "от", "до", "для", "при", "или", "об", "со", "ко", "the", "of", "to", "for",
        "and", "in", "on", "at", "an", "is",
    ];
    text.split(|c: char| !c.is_alphanumeric())
        .map(folded)
        .filter(|word| word.chars().count() > 1 && !LITTLE.contains(&word.as_str()))
        .collect()
}

fn fits(catalogue: &Catalogue, service: &Service, wanted: &Wanted) -> bool {
    let in_region = |region: &RegionId| {
        catalogue.offices.values().any(|office| office.region == *region && serves(office, &service.id))
    };
    let at_office =
        |office: &OfficeId| catalogue.offices.get(office).is_some_and(|office| serves(office, &service.id));
    wanted.kind.is_none_or(|kind| service.kind == kind)
        && wanted.way.is_none_or(|way| service.way == way)
        && wanted.category.as_ref().is_none_or(|category| service.category == *category)
        && (!wanted.bookable || service.bookable)
        && wanted.duration_max.is_none_or(|most| service.duration_min <= most)
        && wanted.region.as_ref().is_none_or(in_region)
        && wanted.office.as_ref().is_none_or(at_office)
}

/// What may be meant by what was typed so far.
#[derive(Debug, Clone, Copy)]
pub enum Meant<'a> {
    Service(&'a Service),
    Office(&'a Office),
    Region(&'a Region),
    Town(&'a Town),
}

impl Meant<'_> {
    pub fn name(&self) -> &Bilingual {
        match self {
            Meant::Service(service) => &service.name,
            Meant::Office(office) => &office.name,
            Meant::Region(region) => &region.name,
            Meant::Town(town) => &town.name,
        }
    }
}

/// What is suggested at most while somebody types.
pub const MEANT_MAX: usize = 10;

/// Services, offices, regions and, where they alone are wanted, towns with words that begin as was typed, in either language:
/// those whose names do first (CAT-7). From one letter alone nothing is concluded.
pub fn meant<'a>(catalogue: &'a Catalogue, typed: &str, towns: bool) -> Vec<Meant<'a>> {
    let asked: Vec<String> = words(typed).into_iter().take(WORDS_MAX).collect();
    if asked.is_empty() {
        return Vec::new();
    }
    let typed = folded(typed.trim());
    let services = catalogue.services.values().map(|service| {
        let synonyms = service.synonyms.iter().map(String::as_str).collect();
        (Meant::Service(service), synonyms)
    });
    let offices = catalogue
        .offices
        .values()
        .map(|office| (Meant::Office(office), vec![office.address.ru.as_str(), office.address.en.as_str()]));
    let regions = catalogue.regions.values().map(|region| (Meant::Region(region), Vec::new()));
    let all = services.chain(offices).chain(regions).filter(|_| !towns);
    let towns = catalogue.towns.values().filter(|_| towns).map(|town| (Meant::Town(town), Vec::new()));
    let fitting = all.chain(towns).filter_map(|(meant, more)| {
        let name = meant.name();
        let names = [name.ru.as_str(), name.en.as_str()];
        Some((how_well(&names, &more, &typed, &asked)?, meant))
    });
    let mut found: Vec<(u8, Meant<'a>)> = fitting.collect();
    found.sort_by(|(a, x), (b, y)| a.cmp(b).then_with(|| x.name().ru.cmp(&y.name().ru)));
    found.into_iter().take(MEANT_MAX).map(|(_, meant)| meant).collect()
}

/// 0 when a name begins as was typed, 1 when all that was typed is in names, 2 when it is in the rest too; none when some of
/// it is nowhere.
fn how_well(names: &[&str], more: &[&str], typed: &str, asked: &[String]) -> Option<u8> {
    let begin = |texts: &[&str]| {
        let all: Vec<String> = texts.iter().flat_map(|text| words(text)).collect();
        asked.iter().all(|asked| all.iter().any(|word| word.starts_with(asked)))
    };
    if names.iter().any(|name| folded(name).starts_with(typed)) {
        Some(0)
    } else if begin(names) {
        Some(1)
    } else {
        begin(&[names, more].concat()).then_some(2)
    }
}

/// Which offices.
#[derive(Debug, Clone, Default)]
pub struct Where {
    pub region: Option<RegionId>,
    pub agency: Option<AgencyId>,
    pub service: Option<ServiceId>,
    /// Latitude and longitude, degrees: nearest first.
    pub near: Option<(f64, f64)>,
}

/// Offices of a place, nearest first where a place is given, else by name.
pub fn offices<'a>(catalogue: &'a Catalogue, wanted: &Where) -> Vec<&'a Office> {
    let mut found: Vec<&Office> = catalogue
        .offices
        .values()
        .filter(|office| wanted.region.as_ref().is_none_or(|region| office.region == *region))
        .filter(|office| wanted.agency.as_ref().is_none_or(|agency| office.agency == *agency))
        .filter(|office| wanted.service.as_ref().is_none_or(|service| serves(office, service)))
        .collect();
    match wanted.near {
        Some(near) => found.sort_by(|a, b| kilometres(near, a).total_cmp(&kilometres(near, b))),
        None => found.sort_by(|a, b| a.name.ru.cmp(&b.name.ru)),
    }
    found
}

/// The way over the globe to an office, in kilometres (haversine).
pub fn kilometres(from: (f64, f64), office: &Office) -> f64 {
    const EARTH_KM: f64 = 6371.0;
    let (lat1, lat2) = (from.0.to_radians(), office.latitude.to_radians());
    let (dlat, dlon) = (lat2 - lat1, (office.longitude - from.1).to_radians());
    let a = (dlat / 2.0).sin().powi(2) + lat1.cos() * lat2.cos() * (dlon / 2.0).sin().powi(2);
    2.0 * EARTH_KM * a.sqrt().min(1.0).asin()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    fn catalogue() -> Catalogue {
        store::catalogue::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../infra/data")).unwrap()
    }

    fn find(words: &str) -> Found {
        let catalogue = catalogue();
        let wanted = Wanted { words: words.into(), ..Wanted::default() };
        Finder::new(&catalogue).services(&catalogue, &wanted)
    }

    #[test]
    fn the_sections_people_know_find_the_whole_group() {
        let all = catalogue().services.len();
        for words in ["соцзащита", "Соцзащиты", "прием к специалисту", "приём в ОСП", "запись на приём в ОСП"]
        {
            assert_eq!(find(words).services.len(), all, "{words}");
        }
    }

    #[test]
    fn case_endings_yo_and_one_slip_do_not_matter() {
        let names = |words: &str| {
            let catalogue = catalogue();
            let first = find(words).services.first().cloned();
            first.map(|id| catalogue.services[&id].name.ru.to_lowercase()).unwrap_or_default()
        };
        for words in ["инвалидность", "ИНВАЛИДНОСТИ", "инвлидности", "инвалиднсть"]
        {
            assert!(names(words).contains("инвалид"), "{words}: {}", names(words));
        }
        assert_eq!(find("ребенка").services, find("ребёнка").services);
    }

    #[test]
    fn nothing_found_suggests_words() {
        let found = find("инволыдостьь");
        assert!(found.services.is_empty());
        assert!(
            found.did_you_mean.iter().any(|word| word.starts_with("инвалид")),
            "{:?}",
            found.did_you_mean
        );
        assert!(find("ыыыыыыыыыыыы").services.is_empty());
    }
}
