"""Whether a line says the opposite of its source: what rose falls, who arrived leaves."""

from pratique.text.claim_read import Read
from pratique.text.claim_words import AFFIRM, IRONY, OPEN, Vocabulary


def said_opposite(said: list[Read], claimed: list[Read], words: Vocabulary) -> bool:
    """Say whether *claimed* has one word of a pair where *said* has only the other.

    Both sentences must speak of the same, and neither may deny or doubt anything.
    """
    plain = [one for one in claimed if not one.cues & ~(AFFIRM | OPEN | IRONY)]
    told = {name for one in plain for name in _pairs(one, words)}
    if not told:
        return False
    everywhere = {name for one in said for name in _pairs(one, words)}
    wanted = {(pair, 1 - side) for pair, side in told if (pair, 1 - side) not in told}
    wanted = {(p, side) for p, side in wanted & everywhere if (p, 1 - side) not in everywhere}
    return bool(wanted) and any(_same_matter(one, said, wanted, words) for one in plain)


def _same_matter(
    one: Read, said: list[Read], wanted: set[tuple[int, int]], words: Vocabulary
) -> bool:
    """Say whether a plain sentence of *said* has a word of *wanted* and two words of *one*."""
    own = set(one.words.values())
    return any(
        len(own.intersection([word for _, word in each.asked])) > 1
        and not each.cues & ~(AFFIRM | OPEN | IRONY)
        and not wanted.isdisjoint(_pairs(each, words))
        for each in said
    )


def _pairs(one: Read, words: Vocabulary) -> set[tuple[int, int]]:
    """Return the pairs that *one* has a word of, each with the side of it."""
    if one.english:
        return {each for word in one.tokens for each in words.pairs.get(word, ())}
    known = words.standing_pairs
    found = {number for _, _, number in known.find(one.sentence.text)}
    return {each for number in found for each in words.pairs[known.words[number]]}
