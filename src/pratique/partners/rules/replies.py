"""Smart replies: what kind of message waits for an answer, and three answers to that kind."""

import re
import tomllib
from collections.abc import Sequence
from functools import cache

import msgspec

from pratique.partners.rules import above, words
from pratique.partners.rules.records import Message, ReplyInput

_RECENT = 2_000
"""Characters of the last message that are read: what it asks stands at its end."""

_ENGLISH_ASKS = re.compile(
    r"(?:^|[.!,\n]\s?)(?:so |and |hey |hi |ok |okay )?(?:who|what|when|where|why|how|which|can|could|would|will|"
    r"do|does|did|are|is|have|has|should|shall|may|any)\s(?:i|you|u|we|they|he|she|it|there|the|your|"
    r"my|this|that|much|many|about|time|long|are|is|do|did|does|s)\b",
    re.IGNORECASE,
)
_CHINESE_ASKS = re.compile(
    r"[吗么](?:$|[，。！~～\s])|(.)[不没]\1|有没有|什么时候|几点|怎么样$|哪[里儿]|多少|为什么|呢$"
)
_ENGLISH_CHOICE = re.compile(
    r"\b([A-Za-z0-9][\w':-]{0,20}) or ([A-Za-z0-9][\w':-]{0,20}(?: [A-Za-z][\w':-]{0,20})?)\s?[?？]"
)
_CHINESE_CHOICE = re.compile(
    r"([^\s，。！？、,?!]{1,12})还是([^\s，。！？、,?!]{1,5}?)(?:呢|啊|呀)?[？?]"
)
_ASKING_MARK = re.compile(r"[?？❓❔]")
_DONE = re.compile(r"([\u4e00-\u9fff])(?:完|好|到)?了(?:吗|没|么)")
_PARTS_OF_DAY = frozenset(("morning", "evening"))
_NO_CHOICE = frozenset(
    [
        "one",
        "not",
        "no",
        "so",
        "else",
        "maybe",
        "what",
        "something",
        "later",
        "two",
        "i",
        "you",
        "we",
        "he",
        "she",
        "they",
    ]
)
_CHINESE_PRONOUN = re.compile(r"[我你您他她不没是要]")


class _Kind(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One kind of message with its answers."""

    name: str
    """Short and stable."""

    cues: tuple[str, ...]
    """Any of them marks the kind; none at all fits every message."""

    replies: tuple[str, str, str]
    """Three answers."""

    unless: tuple[str, ...] = ()
    """Any of them rules the kind out."""

    asks: bool | None = None
    """Whether it must be a question; None for either."""

    short: int = 0
    """At most this many words (characters in Chinese), when above 0."""


class _Answers(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Three answers without a kind."""

    replies: tuple[str, str, str]
    """The answers."""


class _Book(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All answers of one language."""

    opening: _Answers
    """To an empty thread."""

    above: _Answers
    """To a question that the thread has answered; `{clause}` is the answer."""

    emoji_question: _Answers
    """To a question without words."""

    emoji: _Answers
    """To a message without words."""

    done: _Answers | None = None
    """To `have you …ed?`, where the language lets the verb be repeated as `{verb}`."""

    choice: _Answers
    """To `this or that?`."""

    kinds: tuple[_Kind, ...]
    """To the rest, in the order in which they are tried."""


def replies(source: ReplyInput, locale: str) -> tuple[str, str, str]:
    """Return three different answers that *source*'s owner may send to its last message."""
    book = _book(locale)
    you = "您" if locale != "en" and _formal(source.thread, source.me) else "你"
    if not source.thread:
        return _filled(book.opening.replies, you=you)
    last = source.thread[-1].text[-_RECENT:].strip()
    asks = _asks(last, locale)
    serious = {"crisis", "secret", "death", "suspicious"}
    kind = _kind(last, locale, asks)
    if kind.name in serious:
        return _filled(kind.replies, you=you)
    if not any(character.isalnum() for character in last):
        wordless = book.emoji_question if _ASKING_MARK.search(last) else book.emoji
        return _filled(wordless.replies, you=you)
    clause = above.answer(source.thread, locale) if asks else None
    if clause is not None:
        return _filled(book.above.replies, clause=clause, you=you)
    choice = _choice(last, locale)
    if choice is not None:
        first, second = choice
        return _filled(book.choice.replies, first=first, second=second, you=you)
    verb = _DONE.search(last)
    if verb is not None and book.done is not None and kind.name == "did you":
        return _filled(book.done.replies, verb=verb[1], you=you)
    return _filled(kind.replies, you=you)


def _kind(message: str, locale: str, asks: bool) -> _Kind:
    """Return the first kind that *message* is."""
    long = len(message.split()) if locale == "en" else len(message)
    folded = message.casefold().replace("’", "'")
    for kind, cues, unless in _compiled(locale):
        if (kind.asks is not None and kind.asks is not asks) or (kind.short and long > kind.short):
            continue
        if unless is not None and unless.search(folded):
            continue
        if cues is None or cues.search(folded):
            return kind
    return _book(locale).kinds[-1]


def _asks(message: str, locale: str) -> bool:
    """Whether *message* asks something, with or without its mark."""
    if "?" in message or "？" in message:
        return True
    pattern = _ENGLISH_ASKS if locale == "en" else _CHINESE_ASKS
    return pattern.search(message) is not None


def _choice(message: str, locale: str) -> tuple[str, str] | None:
    """Return the two things that *message* lets one choose between, in its own words."""
    if locale == "en":
        found = _ENGLISH_CHOICE.search(message)
        if found is None:
            return None
        first, second = found[1], found[2]
        plain = {first.lower(), *second.lower().split()}
        if not plain.isdisjoint(_NO_CHOICE) or any(
            each.endswith("ing") for each in plain - _PARTS_OF_DAY
        ):
            return None
        return first[0].upper() + first[1:], second[0].upper() + second[1:]
    found = _CHINESE_CHOICE.search(message)
    if found is None:
        return None
    second = found[2]
    first = found[1][-len(second) :]
    if len(first) < len(second) or _CHINESE_PRONOUN.search(first + second):
        return None
    return first, second


def _formal(thread: Sequence[Message], me: str) -> bool:
    """Whether the thread says 您: my own last words decide, else theirs."""
    mine = [message.text for message in thread if message.sender == me]
    said = [text for text in mine if "您" in text or "你" in text]
    if said:
        return "您" in said[-1]
    return any("您" in message.text for message in thread if message.sender != me)


def _filled(templates: tuple[str, str, str], **words_of: str) -> tuple[str, str, str]:
    """Return *templates* with the words that the thread gives."""
    first, second, third = (template.format(**words_of) for template in templates)
    return first, second, third


@cache
def _book(locale: str) -> _Book:
    """Return the answers of *locale*."""
    return msgspec.convert(tomllib.loads(words.text(locale, "replies.toml")), _Book)


@cache
def _compiled(
    locale: str,
) -> tuple[tuple[_Kind, re.Pattern[str] | None, re.Pattern[str] | None], ...]:
    """Return each kind with patterns of its cues and of what rules it out."""
    return tuple(
        (kind, _pattern(kind.cues, locale), _pattern(kind.unless, locale))
        for kind in _book(locale).kinds
    )


def _pattern(cues: tuple[str, ...], locale: str) -> re.Pattern[str] | None:
    """Return a pattern that finds any of *cues*, as whole words in English."""
    if not cues:
        return None
    either = "|".join(re.escape(cue.replace("{you}", "你").casefold()) for cue in cues)
    return re.compile(rf"(?<![\w'])(?:{either})(?!\w)" if locale == "en" else either)
