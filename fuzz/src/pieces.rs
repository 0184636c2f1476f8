//! A stream in pieces, as a network delivers it. The targets whose readers must not care ask for it.

/// Most pieces of a size of their own; a long stream begins anew with the first.
const SIZES: [usize; 8] = [1, 2, 3, 5, 9, 17, 64, 700];

/// Cuts `bytes` into pieces whose sizes follow from `seed`. All seeds below 8 give pieces of one size.
pub(crate) fn pieces(seed: u8, bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let (mut rest, mut at) = (bytes, usize::from(seed));
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let size = SIZES[at % SIZES.len()].min(rest.len());
        at += usize::from(seed) / SIZES.len();
        let (piece, tail) = rest.split_at(size);
        rest = tail;
        Some(piece)
    })
}
