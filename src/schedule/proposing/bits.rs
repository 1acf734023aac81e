//! Sets of positions as words of 64 bits.

/// Words for so many positions.
pub(super) const fn words_for(positions: usize) -> usize {
    positions.div_ceil(64)
}

/// Puts one position in.
pub(super) fn set(words: &mut [u64], at: usize) {
    if let Some(word) = words.get_mut(at / 64) {
        *word |= 1 << (at % 64);
    }
}

/// Whether a position is in.
pub(super) fn has(words: &[u64], at: usize) -> bool {
    words.get(at / 64).is_some_and(|word| word >> (at % 64) & 1 == 1)
}

/// Takes out the positions from `from` to before `to`.
pub(super) fn clear(words: &mut [u64], from: usize, to: usize) {
    if from >= to {
        return;
    }
    let (first, last) = (from / 64, (to - 1) / 64);
    for (index, word) in words.iter_mut().enumerate().take(last + 1).skip(first) {
        let low = if index == first { from % 64 } else { 0 };
        let high = if index == last { (to - 1) % 64 } else { 63 };
        *word &= !((u64::MAX >> (63 - (high - low))) << low);
    }
}

/// How many positions are in.
pub(super) fn count(words: &[u64]) -> usize {
    words.iter().map(|word| word.count_ones() as usize).sum()
}

/// The positions that are in, in order.
pub(super) fn each(words: &[u64]) -> impl Iterator<Item = usize> {
    words.iter().enumerate().flat_map(|(index, word)| {
        let mut rest = *word;
        std::iter::from_fn(move || {
            if rest == 0 {
                return None;
            }
            let bit = rest.trailing_zeros() as usize;
            rest &= rest - 1;
            Some(index * 64 + bit)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_cleared_across_words() {
        for (from, to) in [(0, 0), (0, 1), (3, 64), (64, 65), (60, 130), (0, 200), (63, 64), (127, 129)] {
            let mut words = vec![u64::MAX; words_for(200)];
            clear(&mut words, from, to);
            for at in 0..200 {
                assert_eq!(has(&words, at), !(from..to).contains(&at), "{from}..{to} at {at}");
            }
        }
        let mut words = vec![0; words_for(130)];
        for at in [0, 63, 64, 129] {
            set(&mut words, at);
        }
        assert_eq!(each(&words).collect::<Vec<_>>(), [0, 63, 64, 129]);
        assert_eq!(count(&words), 4);
    }
}
