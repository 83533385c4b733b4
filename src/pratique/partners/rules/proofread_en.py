"""Proofreading of English: spelling, words in the wrong place, agreement, marks and capitals."""

from collections.abc import Sequence

from pratique.partners.rules import words
from pratique.partners.rules.articles import article
from pratique.partners.rules.constructions import constructed
from pratique.partners.rules.grammar import late_past, pattern
from pratique.partners.rules.marks import capital, spaced
from pratique.partners.rules.phrases_en import rephrased
from pratique.partners.rules.records import Span
from pratique.partners.rules.shields import SHIELD, restored, shielded
from pratique.partners.rules.spelling import corrected
from pratique.partners.rules.tokens import NEXT_TO, START, Tokens, cased, shouted, tokens

_PASSES = 4
_LONG = 50_000
_READ = 200_000
_LEFT_OUT = ""


def proofread(text: str, protected: Sequence[Span] = ()) -> str:
    """Return *text* with what is surely wrong put right; all else stays as it is.

    One correction may make the next one visible, so a text is read up to four times; one above
    50,000 characters once, and what follows its first 200,000 comes back unread.
    """
    bare, kept = shielded(text, protected)
    head, tail = bare[:_READ], bare[_READ:]
    for _ in range(_PASSES if len(bare) < _LONG else 1):
        better = constructed(_once(rephrased(head)))
        if better == head:
            break
        head = better
    return restored(head + tail, kept)


def _once(text: str) -> str:
    """Return *text* read once."""
    cut = tokens(text)
    changed = [_word(cut, index) for index in range(len(cut.words))]
    gaps = spaced(cut)
    pieces: list[str] = []
    swallow = False
    for index, word in enumerate(changed):
        pieces += ["" if swallow else gaps[index], word]
        swallow = word == _LEFT_OUT
    pieces.append(gaps[-1])
    return "".join(pieces)


def _word(text: Tokens, index: int) -> str:
    """Return what word *index* should be; empty to leave it out with the blank after it."""
    word, lower = text.words[index], text.lower[index]
    if word == SHIELD or word[0].isdigit() or shouted(word):
        return word
    right = corrected(lower)
    if right is not None and _may_be_misspelt(text, index, right):
        return cased(right, word)
    wrong = pattern(text, index)
    if wrong is not None:
        if wrong.replacement == _LEFT_OUT and text.links[index + 1] != NEXT_TO:
            return word
        return cased(wrong.replacement, word)
    other = article(text, index) or late_past(text, index)
    if other is not None:
        return cased(other, word)
    if _said_twice(text, index):
        return _LEFT_OUT
    return word[0].upper() + word[1:] if capital(text, index) else word


def _may_be_misspelt(text: Tokens, index: int, right: str) -> bool:
    """Whether word *index* is a slip for *right* and not a name: a short name stays."""
    word = text.words[index]
    if text.gaps[index][-1:] in ("-", "_", ".") or text.gaps[index + 1][:1] in ("-", "_"):
        return False
    if not word[0].isupper() or text.links[index] == START:
        return True
    return word[1:].islower() and (len(word) > 5 or right[0].isupper())


def _said_twice(text: Tokens, index: int) -> bool:
    """Whether word *index* is said again right after it, where saying it twice means nothing."""
    if index + 1 == len(text.words) or text.lower[index] != text.lower[index + 1]:
        return False
    if text.gaps[index + 1].strip(" ") or not text.gaps[index + 1]:
        return False
    word, again = text.lower[index], text.words[index + 1]
    if again != word and word != "i":
        return False
    sets = words.sets("en", "sets.toml")
    if word in ("in", "on"):
        before, after = text.before(index), text.after(index, 2)
        return before not in sets["doubled_after_in"] and after in sets["det"]
    if word in ("is", "was"):
        return text.before(index) in ("this", "it", "he", "she") and not _asks(text, index)
    return word in sets["doubled"]


def _asks(text: Tokens, index: int) -> bool:
    """Whether `what` stands shortly before word *index*: `what it is is ...`."""
    return "what" in text.lower[max(0, index - 4) : index]
