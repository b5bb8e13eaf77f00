//! What cameras put behind the end of a picture: more of the same picture, or what they remember of it. Nobody sees it, and few
//! know of it; so it is taken out, where anything else behind the end is a reason to refuse.

use super::segments::Segments;

/// Whether what stands behind the end is a camera's own, by what the picture or it says: nothing but zeros; the same picture
/// in other sizes and lights, which are listed (CIPA DC-007); a film of the moment, which is announced; Samsung's settings.
pub fn is_of_camera(segments: &Segments, behind: &[u8]) -> bool {
    let filled = behind.iter().take_while(|byte| **byte == 0).count();
    let begun = &behind[filled..];
    let is_picture = segments.lists_pictures && begun.starts_with(b"\xff\xd8\xff");
    let is_film = segments.announces_film && behind.get(4..8) == Some(b"ftyp");
    begun.is_empty() || is_picture || is_film || behind.ends_with(b"SEFT")
}
