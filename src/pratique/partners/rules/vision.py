"""A question about a picture, answered from the lines that were read off it, and from nothing else.

Every answer quotes lines of the picture. What none of them tells is said to be missing, and nobody
is named who is not written there.
"""

from collections.abc import Sequence

from pratique.partners.rules import words
from pratique.partners.rules.records_vision import Answer
from pratique.partners.rules.vision_actions import offered
from pratique.partners.rules.vision_choice import answering, main_lines
from pratique.partners.rules.vision_lines import Line, read_lines, values
from pratique.partners.rules.vision_questions import asked
from pratique.text.languages import written_in
from pratique.text.scripts import foreign_script, letter_by_letter

MOST_CITES = 20
"""Lines that an answer may cite."""


def vision_ask(lines: Sequence[str], question: str | None, locale: str) -> Answer:
    """Return what *lines* say to *question*; without one, what the picture is about."""
    read = read_lines(lines)
    if not read:
        return Answer(answer=_said("unread", locale), cites=(), actions=())
    if question is None or not question.strip():
        used = main_lines(read)
    else:
        wanted = asked(question)
        used = answering(read, wanted)
        if not used:
            key = "person" if wanted.identity else "silent"
            return Answer(answer=_said(key, locale), cites=(), actions=())
    chosen = [read[i] for i in used][:MOST_CITES]
    return Answer(
        answer=_quoting(chosen, locale),
        cites=tuple(dict.fromkeys(line.written for line in chosen)),
        actions=offered(read, used, locale),
    )


def _said(key: str, locale: str, quoted: str = "") -> str:
    template = words.phrases(locale, "vision_says.toml")[key][0]
    return template.replace("{quoted}", quoted)


def _quoting(chosen: Sequence[Line], locale: str) -> str:
    """Return an answer that quotes lines; only their figures where they are in another language."""
    whole = _said("lines", locale, _quoted([line.written for line in chosen], locale))
    if written_in(whole, locale):
        return whole
    figures = [value for line in chosen for value in values(line)]
    if figures:
        short = _said("figures", locale, _quoted(figures, locale))
        if written_in(short, locale):
            return short
    return _said("elsewhere", locale)


def _quoted(texts: Sequence[str], locale: str) -> str:
    opening, closing, between = words.phrases(locale, "vision_says.toml")["quotes"]
    kept = dict.fromkeys(_scripted(text, locale) for text in texts)
    return between.join(f"{opening}{text}{closing}" for text in kept)


def _scripted(text: str, locale: str) -> str:
    """Return *text* in the locale's script where it is in the other one."""
    if locale == "en" or not foreign_script(text, locale):
        return text
    return letter_by_letter(text, "zh-Hans" if locale == "zh-Hans" else "zh-Hant")
