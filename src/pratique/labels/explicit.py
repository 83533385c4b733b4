"""Explicit labels: statements in text that people read."""

import re
import unicodedata
from collections.abc import Sequence

from pratique.regimes.labelling import Elements

_FRAME = " \t\u3000*_-—–~=#>|.。!！:：;；,，·•[]【】()（）《》<>「」“”\"'"
"""What may stand around a statement on its line."""


def has_both_elements(statement: str, elements: Elements) -> bool:
    """Say whether *statement* names the machine and the making.

    A word in Latin letters counts only as a whole word: the `ai` in `said` names no machine.
    """
    return _has_any(statement, elements.machine) and _has_any(statement, elements.making)


def find_statement(text: str, duties: Sequence[Elements]) -> int | None:
    """Return the line, from 1, on which *text* carries an explicit label, or None.

    Only a line that is nothing but a statement counts: an essay about generated content is not
    labelled by its subject. Case, width and the punctuation around it do not matter.
    """
    known = {_plain(one) for duty in duties for one in (duty.statement, *duty.also_known)}
    for number, line in enumerate(text.splitlines(), 1):
        if _plain(line) in known:
            return number
    return None


def _has_any(statement: str, words: Sequence[str]) -> bool:
    text = unicodedata.normalize("NFKC", statement).casefold()
    return any(_whole(word.casefold()).search(text) for word in words)


def _whole(word: str) -> re.Pattern[str]:
    if word.isascii():
        return re.compile(rf"(?<![a-z]){re.escape(word)}(?![a-z])")
    return re.compile(re.escape(word))


def _plain(line: str) -> str:
    folded = unicodedata.normalize("NFKC", line).casefold().strip(_FRAME)
    # Spaces between Chinese and Latin letters are a matter of taste; between words they are not.
    return re.sub(r"(?<=[^\x00-\x7f])\s+|\s+(?=[^\x00-\x7f])", "", folded)
