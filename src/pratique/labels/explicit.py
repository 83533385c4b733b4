"""Explicit labels: statements in text that people read."""

import re
import unicodedata
from collections.abc import Sequence
from typing import Literal

from pratique.errors import NotAllowed
from pratique.regimes.labelling import Elements

Place = Literal["start", "end", "superscript"]
"""Where a statement stands in text: on a line of its own, or small behind the last word."""

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


def with_statement(text: str, duty: Elements, place: Place, *, markup: bool) -> str:
    """Return *text* with the statement of *duty* at its *place*; text that has one stays as it is.

    *markup* says whether the text is Markdown, which alone can raise a few characters.

    Raises:
        NotAllowed: a superscript in plain text, which has none.
    """
    if find_statement(text, (duty,)) is not None or find_mark(text, (duty,)):
        return text
    end = "\r\n" if "\r\n" in text else "\n"
    if place == "superscript":
        if not markup:
            raise NotAllowed(
                "plain text has no superscript", hint="put the statement at the start or the end"
            )
        body = text.rstrip()
        return f"{body}<sup>{duty.mark}</sup>{text[len(body) :] or end}"
    if place == "start":
        return f"{duty.statement}{end}{end}{text}"
    body = text if not text or text.endswith("\n") else text + end
    return f"{body}{end if body else ''}{duty.statement}{end}"


def find_mark(text: str, duties: Sequence[Elements]) -> bool:
    """Say whether *text* carries the short mark of one of *duties* as a superscript."""
    return any(
        has_both_elements(found, duty)
        for found in re.findall(r"<sup>([^<]{1,60})</sup>", text)
        for duty in duties
    )


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
