"""Summaries of calls and meetings: what was said, what was decided, and who does what by when."""

import re

from pratique.partners.rules.due import day
from pratique.partners.rules.letters import read, rules_of, told
from pratique.partners.rules.promises import Turn, outcome
from pratique.partners.rules.records import SummarizeInput
from pratique.partners.rules.records_text import Action, Minutes, TranscriptInput
from pratique.partners.rules.sentences import size
from pratique.partners.rules.summarize import LIMITS, summarize
from pratique.partners.rules.talk import says
from pratique.text.lengths import sentences

_MOST = 20
"""Decisions and actions that are told."""

_SENTENCES = 3
_STRETCH = 200
"""Letters of a turn that are read at once."""

_END = re.compile(r"(?<=[.!?。！？])\s+|(?<=[。！？])")
_LONGEST = 120
"""Letters of what one decision or action says."""


def minutes(given: TranscriptInput, locale: str) -> Minutes:
    """Return what *given*'s recording came to.

    Only what somebody said yes to is an action, with the last day that was named; what was
    proposed, joked about, refused or done already is none. An order to the machine that listens
    is left out.
    """
    rules = rules_of(locale)
    sources = [each.text for each in given.turns]
    turns = [
        Turn(each.speaker, part)
        for each in given.turns
        for part in _parts(" ".join(read(each.text, locale).replace("’", "'").lower().split()))
    ]
    found = outcome(turns, day(given.today), rules)
    actions = [
        Action(
            who=each.who,
            what=told(_cut(each.what), sources, locale),
            due=each.due.isoformat() if each.due is not None else None,
        )
        for each in found.promises
        if each.who and each.what.strip()
    ]
    return Minutes(
        summary=told(
            _summary(given, locale), [*sources, *(e.speaker for e in given.turns)], locale
        ),
        decisions=tuple(told(_cut(each), sources, locale) for each in found.decisions[:_MOST]),
        actions=tuple(actions[-_MOST:]),
    )


def _parts(text: str) -> list[str]:
    """Return *text* as its sentences, longer ones in stretches that can be read at once."""
    found = []
    for sentence in _END.split(text):
        rest = sentence.rstrip(".。!！,， ")
        while len(rest) > _STRETCH:
            cut = rest.rfind(" ", _STRETCH // 2, _STRETCH)
            cut = cut if cut > 0 else _STRETCH
            found.append(rest[:cut])
            rest = rest[cut:].lstrip()
        found.append(rest)
    return [each for each in found if each]


def _summary(given: TranscriptInput, locale: str) -> str:
    """Return the turns that tell most, side by side, in at most three sentences."""
    rules = rules_of(locale)
    lines = []
    for each in given.turns:
        text = " ".join(read(each.text, locale).split())
        if text and not says(text, "machine", rules):
            lines.append(f"{' '.join(read(each.speaker, locale).split())}: {text}")
    lines = lines or [
        " ".join(given.turns[0].text.split()) or given.turns[0].speaker.strip() or "…"
    ]
    whole = ("; " if rules == "en" else "；").join(lines)
    if size(whole, rules) <= LIMITS[rules, "medium"] and len(sentences(whole)) <= _SENTENCES:
        return whole if rules == "en" else whole.replace(": ", "：")
    source = SummarizeInput(text="\n".join(lines), kind="conversation", length="medium")
    summary = summarize(source, rules).strip()
    if len(sentences(summary)) > _SENTENCES:
        summary = "".join(each if each not in ".!?。！？" else "," for each in summary)
    return summary or "…"


def _cut(text: str) -> str:
    """Return *text*, its end cut off where it is too long for a line."""
    text = text.strip()
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1].rstrip() + "…"
