//! What a test says of a report.

use checker::{Claim, Report};

/// Nothing is wrong.
#[track_caller]
pub fn clean(report: &Report) {
    assert!(report.is_clean(), "{report}");
}

/// The claim does not hold, no other is blamed, and the text names what is meant.
#[track_caller]
pub fn only(report: &Report, claim: Claim, text: &str) {
    assert!(report.of(claim).next().is_some(), "{claim:?} holds:\n{report}");
    assert!(report.violations.iter().all(|found| found.claim == claim), "{report}");
    assert!(report.of(claim).any(|found| found.text.contains(text)), "«{text}» is not said:\n{report}");
}

/// The claim does not hold, whatever else does not; the text names what is meant.
#[track_caller]
pub fn blames(report: &Report, claim: Claim, text: &str) {
    assert!(
        report.of(claim).any(|found| found.text.contains(text)),
        "{claim:?} «{text}» is not said:\n{report}"
    );
}
