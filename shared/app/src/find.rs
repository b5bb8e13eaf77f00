//! Finding offices and services (to come).
pub struct Finder;
impl Finder {
    pub fn new(_: &domain::catalogue::Catalogue) -> Self {
        Self
    }
}
