"""What a question lets one choose between, in its own words."""

import re
from dataclasses import dataclass

_SLOTS = re.compile(
    r"\b(today|tonight|tomorrow|(?:on )?(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b[^.?!]{0,20}\bor\b[^.?!]{0,8}?"
    r"\b(today|tonight|tomorrow|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b",
    re.IGNORECASE,
)
_TIMES = re.compile(
    r"\b(\d{1,2}[:.]\d\d|\d{1,2}\s?[ap]m)\b[^?]{0,30}\bor\b[^?]{0,12}\b(\d{1,2}[:.]\d\d|\d{1,2}\s?[ap]m)\b",
    re.IGNORECASE,
)
_LIST = re.compile(
    r"(?::|\bbetween|\bhave|\bstock|\blike|\bwant|\bprefer|^)\s*([A-Za-z][\w'-]{1,25}(?: [\w'-]+){0,2}), ([A-Za-z][\w'-]{1,25}(?: [\w'-]+){0,2}),?"  # noqa: E501
    r" (?:or|and) [A-Za-z][\w'-]{1,30}(?: [\w'-]+){0,3}[.?!]"
)
_EITHER = re.compile(
    r"(?:^|[.!?\n;:,]\s*)([^.!?\n;:,]*\S),? or ([^.!?\n;,]*\S?)\s*[?？]", re.IGNORECASE
)
_FRAME = re.compile(
    r"^(?:(?:so|and|but|hey|hi|ok|okay|btw|then|also|just|pls|please|dear)\s)*"
    r"(?:(?:would|do|did|are|will|can|could|have) (?:you|u|they|we|i)(?: guys| all| both)?"
    r"|(?:should|shall) (?:i|we)|is it|is the \w+|is that|was it|is|are|was|you|u|we)\s"
    r"(?:(?:rather|prefer|like|want|need|take|take it|going|gonna|be|still|have|having|getting|get|fancy)\s)?"
    r"(?:(?:me|us) )?(?:to\s)?(?:go for\s)?",
    re.IGNORECASE,
)
_BARE = re.compile(r"^(?:want(?: me)?|wanna|fancy|prefer|which[^:]*:)\s(?:to\s)?", re.IGNORECASE)
_TAIL = re.compile(
    r"\s(?:is |be |are )?(?:(?:better|best|good|okay|ok|fine|easier|suits?)(?: for)?(?: you)?|for (?:you|me|us)"
    r"|then|instead|tonight|tomorrow|today|please|pls|later|work for you|works? better)$",
    re.IGNORECASE,
)
_MINE = re.compile(
    r"^(?:should|shall|can|must|do) (?:i|we) (?:need to |have to )?(?=\w+ \w)"
    r"|^(?:do |would )?(?:you )?(?:want|like|need) me to ",
    re.IGNORECASE,
)
_WISH = re.compile(r"^(?:\w+ )?(?:would|do) (?:you|u) (?:like|prefer|want|rather)\b", re.IGNORECASE)
_DETERMINERS = frozenset(
    ("the", "a", "an", "my", "your", "in", "on", "at", "by", "with", "to", "from")
)
_NO_CHOICE = frozenset(
    (
        "one",
        "not",
        "no",
        "nah",
        "nope",
        "so",
        "else",
        "maybe",
        "what",
        "something",
        "anything",
        "someone",
        "anyone",
        "whatever",
        "later",
        "two",
        "i",
        "you",
        "u",
        "we",
        "he",
        "she",
        "they",
        "is",
        "are",
        "do",
        "does",
        "did",
        "should",
        "shall",
        "can",
        "will",
        "would",
        "am",
        "it",
        "there",
        "good",
        "ok",
        "okay",
        "fine",
        "if",
        "more",
        "less",
    )
)
_TURNED = {
    "you": "me",
    "u": "me",
    "your": "my",
    "ur": "my",
    "me": "you",
    "my": "your",
    "i": "you",
    "yours": "mine",
    "mine": "yours",
    "we": "we",
}
_LONGEST = 6
"""Words of one option."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Two options, ready to be sent."""

    first: str
    """The first, with a capital."""

    second: str
    """The second, with a capital; without one when *offer*."""

    plain: bool
    """Whether both are things, days or times: not things to do."""

    offer: bool = False
    """Whether only the second is an option: what the sender would do otherwise."""


def choice(message: str) -> Choice | None:
    """Return the two things that the English *message* lets one choose between, if it does."""
    slots = _SLOTS.search(message)
    if slots is not None:
        return _choice(slots[1].removeprefix("on "), slots[2], plain=True)
    offered: re.Match[str] | None = _TIMES.search(message)
    if offered is None and ("which" in message.casefold() or "?" in message):
        offered = _LIST.search(message)
    if offered is not None:
        return _choice(offered[1], offered[2], plain=True)
    found = None
    for found in _EITHER.finditer(message):  # the last one counts  # noqa: B007
        pass
    return None if found is None else _parallel(found[1].strip(), found[2].strip())


def turned(phrase: str) -> str:
    """Return *phrase* as the other side would say it: your becomes my."""
    return " ".join(_TURNED.get(word.casefold(), word) for word in phrase.split())


def _parallel(left: str, right: str) -> Choice | None:
    """Return the options left and right of `or`, cut to what is alike in both."""
    mine = _MINE.match(right)
    if mine is not None and _MINE.match(left) is None and _WISH.match(left) is None:
        task = turned(right[mine.end() :])
        ends = len(task.split()) > _LONGEST or not task
        return None if ends else Choice(first="", second=task, plain=False, offer=True)
    first, framed = _bare(left)
    second, _ = _bare(right)
    second = _TAIL.sub("", second)
    first = _TAIL.sub("", first)
    begins = second.split()[:1]
    if not begins or begins[0].casefold() in _NO_CHOICE:
        return None
    said = first.split()
    if begins[0].casefold() in _DETERMINERS:
        starts = [at for at, word in enumerate(said) if word.casefold() in _DETERMINERS]
        same = [at for at in starts if said[at].casefold() == begins[0].casefold()]
        if starts:
            said = said[(same or starts)[-1] :]
    elif len(second.split()) == 1 and (not framed or len(said) > 3):
        said = said[-1:]
    if not said or said[0].casefold() in _NO_CHOICE or len(said) > _LONGEST:
        return None
    if len(second.split()) > _LONGEST:
        return None
    doing = framed and (len(said) > 1 or said[0].casefold().endswith("ing"))
    plain = begins[0].casefold() in {"the", "a", "an", "my", "your"} or not doing
    return _choice(turned(" ".join(said)), turned(second), plain=plain)


def _bare(option: str) -> tuple[str, bool]:
    """Return *option* without the question that frames it, and whether one did."""
    shorter = _BARE.sub("", _FRAME.sub("", option, count=1), count=1)
    return shorter, shorter != option


def _choice(first: str, second: str, *, plain: bool) -> Choice | None:
    if first.casefold() == second.casefold():
        return None
    return Choice(
        first=first[0].upper() + first[1:], second=second[0].upper() + second[1:], plain=plain
    )
