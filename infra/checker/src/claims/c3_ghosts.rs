//! C3, no ghost appointments: an operation answered with a definite refusal has no effect, ever, late attempts
//! included.

use crate::deeds::{Deeds, Trouble, remembered, speaks};
use crate::report::Claim;
use crate::ruling::Ruling;
use crate::tape::Tape;

pub fn check(tape: &Tape<'_>, deeds: &Deeds, ruling: &mut Ruling) {
    let authored = deeds.all.iter().filter(|deed| deed.author.is_some()).count() as u64;
    let unknown = deeds.all.iter().filter_map(|deed| deed.author);
    let unknown = unknown.filter(|author| tape.operations[*author].is_unknown()).count() as u64;
    let refusals = tape.operations.iter().filter(|operation| operation.refused().is_some()).count() as u64;
    ruling.count(Claim::C3, "definite refusals", refusals);
    ruling.count(Claim::C3, "deeds with an author", authored);
    ruling.count(Claim::C3, "of unknown outcome", unknown);
    for trouble in &deeds.troubles {
        let (deed, since, why) = match trouble {
            Trouble::Ghost { deed, operation } => {
                let operation = &tape.operations[*operation];
                (*deed, operation.called, format!("although refused: {operation}"))
            }
            Trouble::AfterRefusal { deed, operation, refused } => {
                let (operation, refused) = (&tape.operations[*operation], &tape.operations[*refused]);
                (*deed, operation.called, format!("by {operation}, after its retry was refused: {refused}"))
            }
            Trouble::Unasked { deed } => {
                (*deed, deeds.all[*deed].step, "and no operation asked for it".to_owned())
            }
            Trouble::AfterAnswer { .. } | Trouble::Again { .. } => continue,
        };
        let deed = &deeds.all[deed];
        let by = tape.commits[deed.commit].by;
        let text = format!("{} {} (written by {by}) {why}", deed.citizen, deed.verb);
        ruling.violation(Claim::C3, deed.step, (since, deed.step), text);
    }
    own_retries(tape, deeds, ruling);
}

/// A retry is not refused while what the first try did is remembered.
fn own_retries(tape: &Tape<'_>, deeds: &Deeds, ruling: &mut Ruling) {
    for (at, retry) in tape.operations.iter().enumerate() {
        let Some((code, returned)) = retry.refused().filter(|(code, _)| speaks(retry, code)) else {
            continue;
        };
        let Some(done) = deeds.done_by(at).filter(|done| done.step < retry.called && !done.keys.is_empty())
        else {
            continue;
        };
        ruling.count(Claim::C3, "refused retries of what was done", 1);
        // Remembered from call to answer: keys only ever go, so the end tells.
        if remembered(tape, done, returned) {
            let text = format!(
                "{} {} at step {}, and its retry was refused {code}: {retry}",
                done.citizen, done.verb, done.step
            );
            ruling.violation(Claim::C3, returned, (done.step, returned), text);
        }
    }
}
