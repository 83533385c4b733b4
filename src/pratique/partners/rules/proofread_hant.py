"""Proofreading of Chinese in traditional script: the rules of the simplified one, read over."""

import re
from collections.abc import Sequence
from functools import cache

from pratique.partners.rules import words
from pratique.partners.rules.confusions import unconfused
from pratique.partners.rules.proofread_zh import LONG, PASSES, READ, corrected
from pratique.partners.rules.records import Span
from pratique.partners.rules.script import aligned, flavour, simplified, traditional
from pratique.partners.rules.shields import restored, shielded
from pratique.text.edits import edits

_PIECE = re.compile(r"[^。！？\n]{0,800}[。！？\n]*[”』」）\"]*|.", re.DOTALL)
_BIG = 12
"""Letters of an edit above which it is no correction of a word, and is left out."""

_WHICH = re.compile(
    r"(?<=請問)那(?=[一幾]?[個位間家班種條天邊裡裏棟站路些支台款][^嗎吧？。！\n]{0,30}(?:[？?。]|$))"
    r"|(?<=[去在住到從])那(?=[裡裏邊][？?])"
)
"""那 where only 哪 can be meant: in a question that no other word makes one."""

_FIRST, _LAST = "\u4e00", "\u9fff"


def proofread(text: str, protected: Sequence[Span] = ()) -> str:
    """Return *text* with what is surely wrong put right; all else stays as it is.

    What the simplified reading shows to be wrong is put right in traditional letters, and only
    there; letters of the simplified script that slipped into the text are replaced.
    """
    bare, kept = shielded(text, protected)
    head, tail = bare[:READ], bare[READ:]
    passes = PASSES if len(bare) < LONG else 1
    own = _WHICH.sub("哪", unconfused(unlettered(head), "confusions.tsv", "zh-Hant"))
    pieces = (_by_reading(piece, passes) for piece in _PIECE.findall(own))
    return restored("".join(pieces) + tail, kept)


def _by_reading(text: str, passes: int) -> str:
    """Return *text* with the corrections that its simplified reading asks for."""
    reading = simplified(text)
    better = corrected(reading, passes)
    if better == reading:
        return text
    written = traditional(better, flavour(text))
    right = _right_here().finditer(text)
    fine = [match.span() for match in right]
    pieces: list[str] = []
    at = 0
    shift = 0
    for edit in edits(reading, better):
        start = edit.start + shift
        shift += len(edit.replacement) - (edit.end - edit.start)
        spared = any(low < edit.end and edit.start < high for low, high in fine)
        if spared or max(edit.end - edit.start, len(edit.replacement)) > _BIG:
            continue
        pieces += [text[at : edit.start], written[start : start + len(edit.replacement)]]
        at = edit.end
    return "".join([*pieces, text[at:]])


def unlettered(text: str) -> str:
    """Return *text* with letters that only the simplified script has in traditional ones.

    A text that is simplified on the whole stays: it was not meant to be traditional.
    """
    only = _simplified_only()
    if only.isdisjoint(text):
        return text
    reading = aligned(text, "tw2s")
    simple = sum(letter in only for letter in text)
    if simple > sum(one != other for one, other in zip(text, reading, strict=True)):
        return text
    written = traditional(reading, flavour(text))
    return "".join(
        there if here in only else here for here, there in zip(text, written, strict=True)
    )


@cache
def _simplified_only() -> frozenset[str]:
    """Return the letters that exist in the simplified script alone.

    Those are the ones that become others and are not in Big5, the letters of Taiwan's typewriters;
    the list adds the few that Big5 has though nobody writes them, and takes away variants.
    """
    lists = words.sets("zh-Hant", "letters.toml")
    every = "".join(map(chr, range(ord(_FIRST), ord(_LAST) + 1)))
    found = {
        here
        for here, there in zip(every, aligned(every, "s2tw"), strict=True)
        if here != there and not _in_big5(here)
    }
    return frozenset((found | lists["simplified"]) - lists["both"])


def _in_big5(letter: str) -> bool:
    """Whether Big5 has *letter*."""
    try:
        letter.encode("big5")
    except UnicodeEncodeError:
        return False
    return True


@cache
def _right_here() -> re.Pattern[str]:
    """Return a pattern of words that are right in traditional script, whatever the reading says."""
    right = words.sets("zh-Hant", "letters.toml")["right"]
    return re.compile("|".join(sorted(map(re.escape, right), key=lambda each: (-len(each), each))))
