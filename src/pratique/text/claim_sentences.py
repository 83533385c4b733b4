"""Sentences of a text, in words (English) or characters (Chinese), with what each shows at once."""

import re
from collections.abc import Iterable, Iterator
from functools import cached_property

import msgspec

_ENGLISH = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*|\d+(?:[.,:]\d+)*|[^\w\s]|\n")
_NO_CHINESE = re.compile(r"([A-Za-z\d\s](?:(?<=[A-Za-z])[A-Za-z]*|(?<=\d)\d*(?:[.:]\d+)?)?)")
_PLAIN_ENGLISH = re.compile(r"[A-Za-z]+(?:'[A-Za-z]+)*|[0-9]+(?:[.,:][0-9]+)*|[^\w\s]|\n")
"""The same for a text in ASCII, which most are, but faster."""
_SURE_STOPS = "!?;。！？；\n…"
_STOPS = frozenset(_SURE_STOPS + ".")
"""What ends a sentence, a full stop not everywhere."""
_STOP = re.compile(f"[{_SURE_STOPS}.]")
_PIECE = re.compile(f"[^{_SURE_STOPS}]+[{_SURE_STOPS}]?|[{_SURE_STOPS}]")
_TITLES = frozenset(["mr", "mrs", "ms", "dr", "st", "no", "vs", "jr", "prof"])
_ARTICLES = frozenset(["a", "an", "the", "its", "his", "her", "their"])
_QUOTES = frozenset(":\"'“‘(")
# One class of characters comes first, so that the scan for it is fast.
_DAY = re.compile(
    r"[\d周星今明后下](?:(?<=\d)[月点时号日]|(?<=周)[一二三四五六日末]|(?<=星)期[一二三四五六日]"
    r"|(?<=今)晚|(?<=明)[天日年]|(?<=后)天|(?<=下)[月周])"
)
_MONTHS = frozenset(
    [
        "january",
        "february",
        "march",
        "april",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ]
)
_DAYS = _MONTHS | frozenset(
    [
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "tomorrow",
        "tonight",
        "summer",
        "winter",
        "spring",
        "autumn",
    ]
)
_YEAR = re.compile(r"1(?:(?<=\bin 1)|(?<=\bof 1)|(?<=\bsince 1)|(?<=\bfrom 1))[5-9]\d\d\b")
_BEFORE_MONTH = frozenset(
    [
        "in",
        "by",
        "since",
        "until",
        "till",
        "from",
        "next",
        "last",
        "this",
        "of",
        "on",
        "early",
        "late",
        "mid",
    ]
)


class Sentence(msgspec.Struct, dict=True):
    """A sentence, not yet read."""

    item: int
    """Line of the text that it stands in."""
    words: list[str]
    """Its words in lower case; in Chinese its characters."""
    written: list[str]
    """The same as written."""
    first: str
    """The first of its words that is no sign."""
    english: bool
    """Whether its words are English."""
    asks: bool = False
    """Whether it is a question."""
    month: bool = False
    """Whether May is a month in it."""
    text: str = ""
    """Its words in one piece, if Chinese: one character for each, `\\0` for one of several."""

    @property
    def last(self) -> str:
        """The last of its words that is no sign."""
        return _first(reversed(self.words))

    @cached_property
    def dated(self) -> bool:
        """Whether it names a day."""
        if not self.english:
            return _DAY.search("".join(self.words)) is not None
        return self.month or _names_a_day(self.words)

    @property
    def long_ago(self) -> bool:
        """Whether it names a year long gone."""
        return self.english and _YEAR.search(" ".join(self.words)) is not None

    @cached_property
    def titled(self) -> bool:
        """Whether it writes every word like a name, as some headlines do."""
        letters = [one for one in self.written if one[0].isalpha()]
        capitals = [one for one in letters if one[0].isupper()]
        return 5 * len(capitals) > 4 * len(letters)

    @property
    def told(self) -> bool:
        """Whether it is written in full, not as a headline."""
        return self.english and self.words[-1] in ".;" and not _ARTICLES.isdisjoint(self.words)

    def named(self, at: int) -> bool:
        """Say whether the word at *at* is written like a name."""
        if not self.english or not self.written[at][0].isupper():
            return False
        after = self.written[1] if len(self.written) > 1 else ""
        return at > 0 or after[:1].isupper() or after == ":"

    def names(self) -> list[str]:
        """Return the words that are written like names, in lower case."""
        if not self.english:
            return []
        named = [word.lower() for word in self.written[1:] if word[0].isupper()]
        return [*named, self.words[0]] if self.written[1:2] == [":"] else named

    def proper(self, at: int) -> bool:
        """Say whether the word at *at*, written like a name, is one: Rose, Mark."""
        if at == 0:
            return self.written[1:2] == [":"]
        return not (self.titled or self.written[at].isupper() or self.written[at - 1] in _QUOTES)

    def key(self) -> str:
        """Return what the sentence says, for telling whether two are the same."""
        if self.text and "\0" not in self.text:
            said = " ".join(filter(str.isalnum, self.text))
        else:
            said = " ".join([one for one in self.words if one[0].isalnum()])
        return said + " ?" if self.asks else said


def sentences(text: str, *, english: bool) -> list[Sentence]:
    """Return the sentences of *text* in order."""
    text = text.replace("’", "'")
    found: list[Sentence] = []
    item = 0
    if english:
        tokens = (_PLAIN_ENGLISH if text.isascii() else _ENGLISH).findall(text)
        for item, written in _parted(tokens):
            _keep_english(found, item, written)
        return found
    mixed = _NO_CHINESE.search(text) is not None
    for piece in _PIECE.findall(text):
        breaks = piece[-1] == "\n"
        line = piece[:-1] if breaks else piece
        written = _characters(line) if mixed else list(line)
        if "." in written:
            for _, part in _parted(written):
                _keep_chinese(found, item, part, "".join(part))
        elif line:
            _keep_chinese(found, item, written, line)
        item += breaks
    return found


def stands_whole(line: str, text: str) -> bool:
    """Say whether *line*, which has no stop, is a sentence of *text*, told by the stops beside it.

    Where it says no, it may be one all the same: behind a full stop, or written a little otherwise.
    """
    line = line.strip()
    at = text.find(line)
    if at < 0 or _STOP.search(line):
        return False
    before, after = text[:at].rstrip(" ")[-1:], text[at + len(line) :].lstrip(" ")[:1]
    return before in _SURE_STOPS and after in _SURE_STOPS and after != "?" and after != "？"


def _parted(tokens: list[str]) -> Iterator[tuple[int, list[str]]]:
    """Yield the tokens of each sentence, with the number of its line."""
    item = start = 0
    for at in [at for at, word in enumerate(tokens) if word in _STOPS]:
        if tokens[at] == "." and not _ends(tokens, at):
            continue
        breaks = tokens[at] == "\n"
        yield item, tokens[start : at if breaks else at + 1]
        start, item = at + 1, item + breaks
    yield item, tokens[start:]


def _characters(text: str) -> list[str]:
    """Return what a Chinese text is made of: characters, words in Latin letters, and numbers."""
    if _NO_CHINESE.search(text) is None:
        return list(text)
    found: list[str] = []
    for at, piece in enumerate(_NO_CHINESE.split(text)):
        if at % 2 == 0:
            found.extend(piece)
        elif not piece.isspace():
            found.append(piece)
    return found


def _ends(tokens: list[str], number: int) -> bool:
    """Say whether the full stop at *number* ends a sentence."""
    before = tokens[number - 1] if number else ""
    after = tokens[number + 1] if number + 1 < len(tokens) else "\n"
    return len(before) > 1 and before.lower() not in _TITLES and not after[0].islower()


def _keep_chinese(found: list[Sentence], item: int, written: list[str], text: str) -> None:
    """Add the sentence of the words *written*, which are *text* but for its blanks, to *found*."""
    first = _first(written)
    if not first:
        return
    words = written
    if text.lower() != text or len(text) != len(words):
        words = [one.lower() for one in written]
        text = "".join([one if len(one) == 1 else "\0" for one in words])
    asks = words[-1] in "?？"
    found.append(Sentence(item, words, written, first.lower(), False, asks, False, text))


def _keep_english(found: list[Sentence], item: int, written: list[str]) -> None:
    first = _first(written)
    if not first:
        return
    words = [one.lower() for one in written]
    one = Sentence(item, words, written, first.lower(), True, words[-1] in "?？")
    found.append(one)
    one.month = "May" in written and _month(written, words)


def _first(words: Iterable[str]) -> str:
    """Return the first of *words* that is no sign, empty if all are."""
    for word in words:
        if word[0].isalnum():
            return word
    return ""


def _names_a_day(words: list[str]) -> bool:
    return not _DAYS.isdisjoint(words) and any(
        word in _DAYS and (word not in _MONTHS or _beside_a_date(words, at))
        for at, word in enumerate(words)
    )


def _beside_a_date(words: list[str], at: int) -> bool:
    """Say whether the month at *at* stands beside a day or behind a preposition."""
    beside = (words[at - 1] if at else "", words[at + 1] if at + 1 < len(words) else "")
    return beside[0] in _BEFORE_MONTH or any(one[:1].isdigit() for one in beside)


def _month(written: list[str], words: list[str]) -> bool:
    """Say whether May is a month here, and mark it as one, not as the verb."""
    found = False
    for at, word in enumerate(written):
        if word != "May" or not at:
            continue
        beside = (words[at - 1], words[at + 1] if at + 1 < len(words) else "")
        if beside[0] in _BEFORE_MONTH or any(one[:1].isdigit() for one in beside):
            words[at], found = "may_", True
    return found
