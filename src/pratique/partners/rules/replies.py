"""Smart replies: what kind of message waits for an answer, and three answers to that kind."""

import re
import tomllib
from collections.abc import Sequence
from functools import cache

import msgspec

from pratique.partners.rules import above, choices, pairs, words
from pratique.partners.rules.records import Message, ReplyInput

_RECENT = 2_000
"""Characters of the last message that are read: what it asks stands at its end."""

_PLAIN_KINDS = frozenset(("statement", "question", "laugh", "agreement", "update"))
"""Kinds that say nothing of what a message is about: then what was said just before counts, too."""

_START = r"(?:^|[.!?:;,\n]\s*|\b(?:please|pls|plz|and|then|just|so|hey|ok|also|kindly)\s)"
"""What comes before the first word of an English order."""

_LONG = 60
"""Characters above which only the end of a Chinese message says what it is about."""

_TO_ME = frozenset(("glad", "sad", "fond"))
"""Moods that answer what I said, not news of theirs."""

_SERIOUS = frozenset(("crisis", "secret", "death", "suspicious"))
"""Kinds that no other reading of a message may hide."""

_NEWS = frozenset(("good news", "bad news", "sick", "make up"))
"""Kinds that still want an answer when something slight is said after them."""

_FEW = 3
"""Words of a question that lives on the sentence before it: `ok?`"""

_TOGETHER = 3
"""Messages of one sender that are read as one."""

_ENGLISH_ASKS = re.compile(
    r"(?:^|[.!,\n]\s?|\b(?:and|but|or)\s)(?:(?:so|hey|hi|ok|okay|btw|yo|bro|lol|wait|also|"
    r"dude|man|mate|mum|mom|dad|babe|hun|honey|guys|sis)\s)?(?:"
    r"(?:who|what|where|why|how|which one|which ones)\s(?:the|i|you|u|we|they|he|she|it|there|your|my|this|that|"
    r"much|many|about|time|long|far|soon|old|come|are|is|was|were|do|does|did|can|could|should|shall|will|r|s)\b"
    r"|when\s(?:are|is|was|do|does|did|can|could|should|shall|will|r)\b"
    r"|(?:can|could|would|will|does|did|are|is|was|were|has|should|shall|isnt|arent|isn't|aren't|don't|didn't|"
    r"won't)\s(?:i|you|u|we|they|he|she|it|there|the|your|my|this|that|anyone|anybody|someone|somebody)\b"
    r"|(?:do|have|r|may)\s(?:i|you|u|we|they|he|she)\b"
    r"|(?:whos|who's|whats|what's|wheres|where's|hows|how's|whens|when's|wyd|wya)\b"
    r"|which\s(?:one|of|bus|train|size|color|colour|room|way|day)\b"
    r"|any\s(?:chance|idea|ideas|news|luck|plans|thoughts|suggestions|update)\b"
    r"|(?:you|u)\s(?:coming|free|up|home|there|ok|okay|around|busy|in|awake|mad|ready|done|hungry)\b"
    r"|(?:wanna|need anything|still on|fancy)\b)"
    r"|(?:^|[.!\n]\s?)(?:so |and )?(?:who|which|where|how much|how many)\s\w",
    re.IGNORECASE,
)
_ENGLISH_OPENS = re.compile(
    r"(?:^|[,:;\n-]\s?|\b(?:and|so|but)\s)(?:(?:so|and|hey|hi|ok|okay|btw|wait|oh|\w+,)\s)*"
    r"(?:who|whos|who's|whose|what|whats|what's|when|whens|when's|where|wheres|where's|which|why|how|hows|how's)\b"
    r"|\b(?:who|what|when|where|which|why|how)\s*\?+\s*$",
    re.IGNORECASE,
)
_INDIRECT = re.compile(
    r"\b(?:do (?:you|u) (?:know|remember)|(?:can|could) (?:you|u) (?:please )?(?:tell me|remind me)|any idea|remind me|tell me|"  # noqa: E501
    r"(?:i was )?wondering|what i wanted to ask is),?\s(?=(?:who|what|when|where|which|why|how)\b)",
    re.IGNORECASE,
)
_CHINESE_SENTENCE = re.compile(r"[^.!?。！？\n]*[.!?。！？\n]*")
_SENTENCE = re.compile(r"(?<!\bMr\.)(?<!\bMs\.)(?<!\bDr\.)(?<!\bMrs\.)(?<=[.!?…])\s+|\n+")
_CHINESE_ASKS = re.compile(
    r"[吗么](?:$|[，。！~～\s])|(.)[不没]\1|有没有|什么时候|几点|怎么样$|哪[里儿]|[在到去]哪|多少|为什么"
)
_CHINESE_CHOICE = re.compile(
    r"([^\s，。！？、,?!]{1,12})还是([^\s，。！？、,?!]{1,5}?)(?:呢|啊|呀)?[？?]"
)
_ASKING_MARK = re.compile(r"[?？❓❔]")
_DONE = re.compile(r"([\u4e00-\u9fff]{1,6})(?:了(?:吗|没|么)|没[？?])")
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

    also: tuple[str, ...] = ()
    """When there are any, one of them must occur, too."""

    wh: bool | None = None
    """Whether the question must begin with who, what, when…; None for either."""

    starts: bool = False
    """Whether a cue must open a sentence: orders do."""

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

    ways: _Answers | None = None
    """To `do this or do that?`, where that is worded otherwise."""

    offer: _Answers | None = None
    """To `will you, or should I …?`; the sender's task is `{task}`."""

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
    kind = _chosen(source.thread, last, locale, asks)
    clause = above.answer(source.thread, locale) if asks else None
    if clause is not None and kind.name != "crisis":
        return _filled(book.above.replies, clause=clause, you=you)
    if kind.name in _SERIOUS:
        return _filled(kind.replies, you=you)
    if not any(character.isalpha() for character in last):
        mine = len(source.thread) > 1 and source.thread[-2].sender == source.me
        return _filled(_wordless(book, last, mine), you=you)
    between = _between(book, last, locale, you)
    if between is not None:
        return between
    both = pairs.replies(source.thread[-1].text) if locale == "en" and asks else None
    if both is not None:
        return both
    verb = _verb(last) if kind.name == "did you" else ""
    if verb and book.done is not None:
        return _filled(book.done.replies, verb=verb, you=you)
    return _filled(_with_second(kind, last, locale), you=you)


def _chosen(thread: Sequence[Message], last: str, locale: str, asks: bool) -> _Kind:
    """Return the kind of what was said last: of its point first, then of more and more of it."""
    final = thread[-1].text[-_RECENT:].strip()
    if locale != "en":
        kind = _kind(_point(final, locale), locale, asks)
        before = _kind(last, locale, asks) if kind.name in _PLAIN_KINDS else kind
        return kind if before.name in _PLAIN_KINDS else before
    grave = _kind(last, locale, asks)
    if grave.name in _SERIOUS:
        return grave
    point = _point(final, locale)
    asks = _asks(point, locale)
    kind = _kind(point, locale, asks)
    if not asks and last != final and kind.name not in _NEWS:
        news = _kind(last.removesuffix(final).strip(), locale, False)
        kind = news if news.name in _NEWS else kind
    if kind.name not in _PLAIN_KINDS:
        return kind
    for wider in (" ".join(_sentences(final, locale)[-3:]), last):
        other = _kind(wider, locale, asks)
        if other.name not in _PLAIN_KINDS:
            return other
    return kind


def _sentences(message: str, locale: str) -> list[str]:
    parts = _SENTENCE.split(message) if locale == "en" else _CHINESE_SENTENCE.findall(message)
    return [each for each in parts if each.strip()]


def _point(message: str, locale: str) -> str:
    """Return what *message* comes to: its last question, else its last sentences."""
    said = _sentences(message, locale)
    if locale != "en":
        return message if len(message) <= _LONG else "".join(said[-2:]).strip() or message
    for place in range(len(said) - 1, -1, -1):
        if not _asks(said[place], "en"):
            continue
        few = len(said[place].split()) < _FEW and place > 0
        asked = f"{said[place - 1]} {said[place]}" if few else said[place]
        return _INDIRECT.sub("", asked)
    return " ".join(said[-2:])


def _with_second(kind: _Kind, message: str, locale: str) -> tuple[str, str, str]:
    """Return the answers of *kind*; where two things are asked, the third answers the second."""
    asked = [part for part in _sentences(message, locale) if _ASKING_MARK.search(part)]
    if len(asked) < 2:
        return kind.replies
    first, second = (_kind(part.strip(), locale, True) for part in asked[-2:])
    extra = second.replies[0]
    if second.name in _PLAIN_KINDS or first.name == second.name or extra in first.replies[:2]:
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
    opens = locale == "en" and _ENGLISH_OPENS.search(folded) is not None
    for kind, cues, also, unless in _compiled(locale):
        if (kind.asks is not None and kind.asks is not asks) or (kind.short and long > kind.short):
            continue
        if kind.wh is not None and kind.wh is not opens:
            continue
        if unless is not None and unless.search(folded):
            continue
        if all(each is None or each.search(folded) for each in (cues, also)):
            return kind
    return _book(locale).kinds[-1]


def _asks(message: str, locale: str) -> bool:
    """Whether *message* asks something, with or without its mark."""
    if "?" in message or "？" in message:
        return True
    pattern = _ENGLISH_ASKS if locale == "en" else _CHINESE_ASKS
    return pattern.search(message) is not None


def _between(book: _Book, message: str, locale: str, you: str) -> tuple[str, str, str] | None:
    """Return the answers to what lets one choose, in its own words."""
    if locale != "en":
        pair = _chinese_choice(message)
        found = None if pair is None else choices.Choice(first=pair[0], second=pair[1], plain=True)
    else:
        found = choices.choice(message)
    if found is None:
        return None
    if found.offer:
        offer = None if book.offer is None else book.offer.replies
        return None if offer is None else _filled(offer, task=found.second)
    answers = book.choice if found.plain or book.ways is None else book.ways
    return _filled(answers.replies, first=found.first, second=found.second, you=you)


def _chinese_choice(message: str) -> tuple[str, str] | None:
    """Return the two things that a Chinese *message* lets one choose between."""
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
) -> tuple[
    tuple[_Kind, re.Pattern[str] | None, re.Pattern[str] | None, re.Pattern[str] | None], ...
]:
    """Return each kind with patterns of its cues, of what else it needs and what rules it out."""
    return tuple(
        (
            kind,
            _pattern(kind.cues, locale, starts=kind.starts),
            _pattern(kind.also, locale),
            _pattern(kind.unless, locale),
        )
        for kind in _book(locale).kinds
    )


def _pattern(cues: tuple[str, ...], locale: str, *, starts: bool = False) -> re.Pattern[str] | None:
    """Return a pattern that finds any of *cues*, in English as whole words."""
    if not cues:
        return None
    either = "|".join(re.escape(cue.replace("{you}", "你").casefold()) for cue in cues)
    if locale != "en":
        return re.compile(either)
    before = _START if starts else r"(?<![\w'])"
    return re.compile(rf"{before}(?:{either})(?!\w|'t\b)")
