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

_PLAIN_KINDS = frozenset(("statement", "question", "laugh", "agreement", "update"))
"""Kinds that say nothing of what a message is about: then what was said just before counts, too."""

_SENTENCE = re.compile(r"[^.!?。！？\n]*[.!?。！？\n]*")
_LONG = {"en": 35, "zh-Hans": 60}
"""Words or characters above which only the end of a message says what it is about."""

_TO_ME = frozenset(("glad", "sad", "fond"))
"""Moods that answer what I said, not news of theirs."""

_TOGETHER = 3
"""Messages of one sender that are read as one."""

_ENGLISH_ASKS = re.compile(
    r"(?:^|[.!,\n]\s?)(?:so |and |hey |hi |ok |okay )?(?:who|what|when|where|why|how|which|can|could|would|will|"
    r"do|does|did|are|is|have|has|should|shall|may|any)\s(?:i|you|u|we|they|he|she|it|there|the|your|"
    r"my|this|that|much|many|about|time|long|are|is|do|did|does|s)\b"
    r"|(?:^|[.!,\n]\s?)(?:so |and )?(?:who|which|where|how much|how many|hows|how's|whats|what's"
    r"|wheres|where's|whos|who's)\s\w",
    re.IGNORECASE,
)
_CHINESE_ASKS = re.compile(
    r"[吗么](?:$|[，。！~～\s])|(.)[不没]\1|有没有|什么时候|几点|怎么样$|哪[里儿]|[在到去]哪|多少|为什么"
)
_ENGLISH_CHOICE = re.compile(
    r"\b([A-Za-z0-9][\w':-]{0,20}) or ([A-Za-z0-9][\w':-]{0,20}(?: [A-Za-z][\w':-]{0,20})?)"
    r"(?: for you| then| instead| tonight| tomorrow)?\s?[?？]"
)
_ENGLISH_SLOTS = re.compile(
    r"\b(today|tonight|tomorrow|(?:on )?(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b[^.?!]{0,20}\bor\b[^.?!]{0,8}?"
    r"\b(today|tonight|tomorrow|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b",
    re.IGNORECASE,
)
_CHINESE_CHOICE = re.compile(
    r"([^\s，。！？、,?!]{1,12})还是([^\s，。！？、,?!]{1,5}?)(?:呢|啊|呀)?[？?]"
)
_ASKING_MARK = re.compile(r"[?？❓❔]")
_DONE = re.compile(r"([\u4e00-\u9fff]{1,6})(?:了(?:吗|没|么)|没[？?])")
_ENGLISH_TIMES = re.compile(
    r"\b(\d{1,2}[:.]\d\d|\d{1,2}\s?[ap]m)\b[^?]{0,30}\bor\b[^?]{0,12}\b(\d{1,2}[:.]\d\d|\d{1,2}\s?[ap]m)\b",
    re.IGNORECASE,
)
_ENGLISH_LIST = re.compile(
    r"(?::|\bbetween|\bhave|\bstock)\s+([A-Za-z][\w' -]{1,25}), ([A-Za-z][\w' -]{1,25}),?"
    r" (?:or|and) [A-Za-z][\w' -]{1,30}[.?!]"
)
_ENGLISH_DEEDS = re.compile(
    r"\b(?:to|i|we|you) ([a-z]{3,12})\b[^.?!]{0,40}\bor (?:shall|should|do|can) (?:we|i|you) ([a-z]{3,12})\b",
    re.IGNORECASE,
)
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

    moods: dict[str, tuple[str, str, str]]
    """To a message without words whose emoji say how somebody feels."""

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
    last = _last_said(source.thread)
    asks = _asks(last, locale)
    serious = {"crisis", "secret", "death", "suspicious"}
    kind = _kind(_point(source.thread[-1].text[-_RECENT:].strip(), locale), locale, asks)
    if kind.name in _PLAIN_KINDS:
        before = _kind(last, locale, asks)
        kind = kind if before.name in _PLAIN_KINDS else before
    clause = above.answer(source.thread, locale) if asks else None
    if clause is not None and kind.name != "crisis":
        return _filled(book.above.replies, clause=clause, you=you)
    if kind.name in serious:
        return _filled(kind.replies, you=you)
    if not any(character.isalpha() for character in last):
        mine = len(source.thread) > 1 and source.thread[-2].sender == source.me
        return _filled(_wordless(book, last, mine), you=you)
    choice = _choice(last, locale)
    if choice is not None:
        first, second = choice
        return _filled(book.choice.replies, first=first, second=second, you=you)
    verb = _verb(last) if kind.name == "did you" else ""
    if verb and book.done is not None:
        return _filled(book.done.replies, verb=verb, you=you)
    return _filled(_with_second(kind, last, locale), you=you)


def _point(message: str, locale: str) -> str:
    """Return what *message* comes to: of a long one its last two sentences."""
    size = len(message.split()) if locale == "en" else len(message)
    if size <= _LONG[locale]:
        return message
    parts = [part for part in _SENTENCE.findall(message) if part.strip()]
    return "".join(parts[-2:]).strip() or message


def _with_second(kind: _Kind, message: str, locale: str) -> tuple[str, str, str]:
    """Return the answers of *kind*; where two things are asked, the third answers the second."""
    asked = [part for part in _SENTENCE.findall(message) if _ASKING_MARK.search(part)]
    if len(asked) < 2:
        return kind.replies
    first, second = (_kind(part.strip(), locale, True) for part in asked[-2:])
    extra = second.replies[0]
    if first.name == second.name or extra in first.replies[:2]:
        return kind.replies
    return first.replies[0], first.replies[1], extra


def _last_said(thread: Sequence[Message]) -> str:
    """Return what was said last: the closing messages of one sender, as one text."""
    sender = thread[-1].sender
    said: list[str] = []
    for message in reversed(thread):
        if message.sender != sender or len(said) == _TOGETHER:
            break
        said.append(message.text.strip())
    return "\n".join(reversed(said))[-_RECENT:].strip()


def _wordless(book: _Book, message: str, mine: bool) -> tuple[str, str, str]:
    """Return the answers to emoji: a question, a mood, or a response to what *mine* said before."""
    if _ASKING_MARK.search(message):
        return book.emoji_question.replies
    marks = words.sets("en", "above.toml")
    for mood, replies in book.moods.items():
        if any(mark in message for mark in marks[mood]) and not (mine and mood in _TO_ME):
            return replies
    return book.emoji.replies


def _verb(message: str) -> str:
    """Return the verb of a Chinese `have you …ed?`, the one nearest to its end, or nothing."""
    found = _DONE.search(message)
    if found is None:
        return ""
    known = words.sets("zh-Hans", "above.toml")["verbs"]
    for place in range(len(found[1]) - 1, -1, -1):
        for size in (2, 1):
            if found[1][place : place + size] in known and place + size <= len(found[1]):
                return found[1][place : place + size]
    return ""


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
        slots = _ENGLISH_SLOTS.search(message)
        if slots is not None:
            return slots[1].removeprefix("on ").capitalize(), slots[2].capitalize()
        offered = _ENGLISH_TIMES.search(message) or _ENGLISH_DEEDS.search(message)
        if offered is None and "which" in message.casefold():
            offered = _ENGLISH_LIST.search(message)
        if offered is not None:
            return offered[1][0].upper() + offered[1][1:], offered[2][0].upper() + offered[2][1:]
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
    first = found[1][-max(len(second), 1) :]
    if _CHINESE_PRONOUN.search(first + second):
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
