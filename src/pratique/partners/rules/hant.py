"""Traditional Chinese: read as simplified, worked on by those rules, told in its own letters."""

from collections.abc import Sequence
from functools import cache

import msgspec

from pratique.partners.rules import proofread_hant, words
from pratique.partners.rules.keypoints import keypoints as hans_keypoints
from pratique.partners.rules.notifications import line as hans_line
from pratique.partners.rules.priority import priority as hans_priority
from pratique.partners.rules.records import (
    KeypointsInput,
    Line,
    Priority,
    PriorityInput,
    ReplyInput,
    RewriteInput,
    StackInput,
    SummarizeInput,
)
from pratique.partners.rules.replies import replies as hans_replies
from pratique.partners.rules.rewrite import rewrite as hans_rewrite
from pratique.partners.rules.script import Reading, converted, flavour, retold, simplified
from pratique.partners.rules.sensitive import sensitive
from pratique.partners.rules.summarize import summarize as hans_summary

_HANS = "zh-Hans"


def readings(texts: Sequence[str]) -> list[Reading]:
    """Return *texts* with their simplified readings."""
    return [Reading(text, simplified(text)) for text in texts]


def summarize(source: SummarizeInput) -> str:
    """Return a summary of *source* in its own script."""
    reading = Reading(source.text, simplified(source.text))
    told = hans_summary(msgspec.structs.replace(source, text=reading.hans), _HANS)
    return retold(told, [reading], flavour(source.text), extract=True)


def replies(source: ReplyInput) -> tuple[str, str, str]:
    """Return three answers to *source*, in the words of the place that it was written in."""
    said = readings([message.text for message in source.thread])
    thread = tuple(
        msgspec.structs.replace(message, text=reading.hans, sender=simplified(message.sender))
        for message, reading in zip(source.thread, said, strict=True)
    )
    given = ReplyInput(thread=thread, me=simplified(source.me))
    whose = flavour("\n".join(message.text for message in source.thread))
    first, second, third = (retold(each, said, whose) for each in hans_replies(given, _HANS))
    return first, second, third


def priority(source: PriorityInput) -> Priority:
    """Return whether *source* is urgent at its `now`, and the reason."""
    item = msgspec.structs.replace(
        source.item, title=worded(source.item.title), body=worded(source.item.body)
    )
    contacts = tuple(worded(name) for name in source.contacts)
    return hans_priority(msgspec.structs.replace(source, item=item, contacts=contacts), _HANS)


def rewrite(source: RewriteInput) -> str:
    """Return *source* in another tone, in its own script."""
    text = proofread_hant.proofread(source.text)
    reading = Reading(text, simplified(text))
    given = msgspec.structs.replace(source, text=reading.hans)
    told = hans_rewrite(given, _HANS, proofread=False)
    if told == reading.hans:
        return text
    return retold(told, [reading], flavour(text))


def keypoints(source: KeypointsInput) -> tuple[str, ...]:
    """Return the points of *source* in its own script."""
    reading = Reading(source.text, simplified(source.text))
    found = hans_keypoints(msgspec.structs.replace(source, text=reading.hans), _HANS)
    whose = flavour(source.text)
    return tuple(dict.fromkeys(retold(point, [reading], whose, extract=True) for point in found))


def line(source: StackInput) -> Line:
    """Return the line for *source* in its own script; silence by the words of the place, too."""
    said = [text for item in source.items for text in (item.title, item.body)]
    everything = "\n".join(said)
    if source.app_category != "games" and sensitive(everything, "zh-Hant") is not None:
        return Line(line="", covers=(), suppressed=True)
    items = tuple(
        msgspec.structs.replace(item, title=simplified(item.title), body=simplified(item.body))
        for item in source.items
    )
    found = hans_line(msgspec.structs.replace(source, items=items), _HANS)
    told = retold(found.line, readings(said), flavour(everything), extract=True)
    return msgspec.structs.replace(found, line=told)


def worded(text: str) -> str:
    """Return *text* in simplified letters and in the words that those rules know."""
    for here, mainland in _words():
        if here in text:
            text = text.replace(here, mainland)
    return converted(text, "tw2sp")


@cache
def _words() -> tuple[tuple[str, str], ...]:
    """Return words of Taiwan and Hong Kong with what the simplified lists call the same."""
    found = [(here, mainland) for here, mainland in words.rows("zh-Hant", "reading.tsv")]
    return tuple(sorted(found, key=lambda pair: (-len(pair[0]), pair[0])))
