"""Words of an English text with what stands between them, so that rules can ask for neighbours."""

import re
from dataclasses import dataclass

from pratique.partners.rules.shields import SHIELD

_WORD = re.compile(rf"[^\W\d_]+(?:['’][^\W\d_]+)*+|\d+(?:[.,:]\d+)*+|{SHIELD}")
_CLAUSE_MARKS = frozenset(',;:()[]"“”—–')
_SENTENCE_MARKS = frozenset(".!?…\n")

NEXT_TO = " "
"""Link between two words with nothing but blanks between them."""

EDGE = "^"
"""Link where a clause ends or begins: a comma, a bracket, a quotation mark."""

START = "^^"
"""Link where a sentence ends or begins: a full stop, a line's end, the text's ends."""

OTHER = "-"
"""Any other link: a hyphen, a slash, a symbol."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """A text cut at its words: gap 0, word 0, gap 1, word 1, ..., last gap."""

    words: list[str]
    """Each word as written; a number counts as one, and so does a shield."""

    lower: list[str]
    """Each word as rules compare it: in lower case with straight apostrophes; `#` for a number
    above one that may count things, `##` for other figures."""

    gaps: list[str]
    """What stands before each word, and after the last one: one more than words."""

    links: list[str]
    """`NEXT_TO`, `EDGE`, `START` or `OTHER` for each gap, as the word to its right sees it."""

    ends: list[str]
    """The same, as the word to its left sees it: an opening quotation mark ends nothing."""

    def before(self, index: int, steps: int = 1) -> str:
        """Return the word *steps* before word *index*, or the link that cuts it off."""
        for step in range(steps):
            link = self.links[index - step]
            if link != NEXT_TO:
                return link
        return self.lower[index - steps]

    def after(self, index: int, steps: int = 1) -> str:
        """Return the word *steps* after word *index*, or the link that cuts it off."""
        for step in range(1, steps + 1):
            link = self.ends[index + step]
            if link != NEXT_TO:
                return link
        return self.lower[index + steps]


def tokens(text: str) -> Tokens:
    """Return *text* cut at its words; joining gaps and words again gives the text."""
    words: list[str] = []
    gaps: list[str] = []
    at = 0
    for match in _WORD.finditer(text):
        gaps.append(text[at : match.start()])
        words.append(match.group())
        at = match.end()
    gaps.append(text[at:])
    known: dict[str, tuple[str, str]] = {gap: _links(gap) for gap in set(gaps)}
    links = [known[gap][0] for gap in gaps]
    ends = [known[gap][1] for gap in gaps]
    links[0] = ends[0] = links[-1] = ends[-1] = START
    return Tokens(words, [_lower(word) for word in words], gaps, links, ends)


def _links(gap: str) -> tuple[str, str]:
    """Return what *gap* means to the word on its right, and to the word on its left."""
    if gap.isspace() and "\n" not in gap:
        return NEXT_TO, NEXT_TO
    if not gap or (_SENTENCE_MARKS.isdisjoint(gap) and _CLAUSE_MARKS.isdisjoint(gap)):
        return OTHER, OTHER
    right = EDGE if _SENTENCE_MARKS.isdisjoint(gap) else START
    first = gap.lstrip(" ")[0]
    closes = first in _SENTENCE_MARKS or (first in _CLAUSE_MARKS and first not in "([“")
    quoted = first == '"' and gap[0] == " "
    return right, right if closes and not quoted else OTHER


_COUNT = re.compile(r"[2-9]|[1-9]\d{1,2}|\d{1,3}\.\d+")


def _lower(word: str) -> str:
    """Return *word* as rules compare it."""
    if word[0].isdigit():
        return "1" if word == "1" else "#" if _COUNT.fullmatch(word) else "##"
    return word.lower().replace("’", "'")


def cased(replacement: str, original: str) -> str:
    """Return *replacement* with a capital first letter if *original* has one that is not `I`."""
    if original[0].isupper() and original != "I" and replacement[:1].islower():
        return replacement[0].upper() + replacement[1:]
    return replacement


def shouted(word: str) -> bool:
    """Whether *word* is all capitals: an acronym, a name, or shouting."""
    return len(word) > 1 and word.isupper()
