"""Finding denials: clear ones, faint ones and words that may stand in for one."""

import re
from functools import cache

from pratique.text import negation_words as words
from pratique.text.alternatives import any_of
from pratique.text.scripts import converted, letter_by_letter

Span = tuple[int, int]


def clear(text: str) -> list[Span]:
    """Return where the clear denials of *text* are, Chinese ones first."""
    return [span for span, certain in _denials(text) if certain]


def denials(text: str) -> int:
    """Return how many denials *text* holds, clear and faint ones."""
    return len(_denials(text))


def stands_in(text: str, denied: str) -> bool:
    """Say whether *text* has a word that may stand in for a denial of *denied*.

    None that is what is denied does: not broken, broken.
    """
    low = lowered(text)
    if _latin().search(low):
        its_low = denied.lower()
        if any(_may_stand(match[0][1:], its_low) for match in _stand_ins("en").finditer(low)):
            return True
    if text.isascii():
        return False
    return any(_may_stand(match[0], denied) for match in _stand_ins("zh").finditer(text))


def forceful(text: str, found: list[Span], other: str) -> list[Span]:
    """Return those denials of *found* that are meant: `don't forget` and 不见不散 affirm."""
    low = lowered(text)
    soft = [] if text.isascii() else [match.span() for match in _soft_zh().finditer(text)]
    soft += [(match.start() - 1, match.end() - 1) for match in _soft_en().finditer(low)]
    soft += [
        (match.start() - 1, match.end() - 1)
        for match in _up_to().finditer(low)
        if match[1] not in other.lower()
    ]
    return [each for each in found if not any(a < each[1] and each[0] < b for a, b in soft)]


def gradable(text: str, span: Span) -> bool:
    """Say whether what is denied at *span* has an opposite that another language may use."""
    start, end = span
    if text[start] == "不":
        return letter_by_letter(text[end : end + 1], "zh-Hans") in words.GRADABLE_ZH
    match = _opposable().search(lowered(text[start : end + 60]))
    return match is not None and match.start() <= end - start


def lowered(text: str) -> str:
    """Return *text* in lower case after a line break: something is before every word."""
    low = text.lower()
    return "\n" + (low.replace("’", "'") if "’" in low else low)


def _denials(text: str) -> list[tuple[Span, bool]]:
    """Return where the denials of *text* are, and whether each is clear."""
    found = []
    if not text.isascii():
        found = [
            (match.span(), match.lastgroup[0] == "c")
            for match in _zh().finditer(text)
            if match.lastgroup is not None and not _asks(text, match.start())
        ]
    low = lowered(text)
    if _latin().search(low):
        # What is before the word is in the match, and the text has one character more.
        found += [((match.start(), match.end() - 1), True) for match in _en().finditer(low)]
    return found


def _may_stand(word: str, denied: str) -> bool:
    return word in words.ALWAYS_STAND_IN or word not in denied


def _asks(text: str, at: int) -> bool:
    """Say whether the denial at *at* only asks: 是不是, 有没有, 吃了没？."""
    if text[at] not in "不没沒唔":
        return False
    after = text[at + 1 : at + 3]
    return (
        after[:1] in ("？", "?")
        or after in ("有？", "有?")
        or text[max(0, at - 1) : at] == after[:1] != ""
    )


def _written(words_: str) -> list[str]:
    """Return the words in Simplified and in Traditional writing."""
    both = words_.split()
    both += [letter_by_letter(word, "zh-Hant") for word in words_.split()]
    both += converted(words_, "zh-Hant").split()
    return list(dict.fromkeys(both))


def _any_of(words_: str) -> str:
    return "|".join(_written(words_))


@cache
def _zh() -> re.Pattern[str]:
    """Return the pattern whose groups `c…` tell clear denials and `f…` faint ones."""
    after = "|".join(f"(?<={word[0]}不){word[1:]}" for word in _written(words.NOT_FAINT_AFTER))
    return re.compile(
        r"[不没沒未无無别別勿毋莫否非唔冇甭辟闢](?:"
        rf"(?<=不)(?:{_any_of(words.NOT_EMPTY)}|(?<=\A要不)|(?<=[，。！？；,\s]要不)"
        rf"|(?:{_any_of(words.NOT_FAINT)}|{after}|(?<=毫不))(?P<f1>)|(?P<c1>))"
        rf"|(?<=[没沒])(?:(?<=[淹埋沉出吞隐隱覆辱湮][没沒])"
        rf"|(?:{_any_of(words.HAVE_NOT_FAINT)})(?P<f2>)|(?P<c2>))"
        rf"|(?<=未)(?:{_any_of(words.NOT_YET_EMPTY)}|(?P<c3>))"
        rf"|(?<=[无無])(?:{_any_of(words.WITHOUT_EMPTY)}"
        rf"|(?:{_any_of(words.WITHOUT_CLEAR)})(?![紧緊])(?P<c4>)|(?P<f4>))"
        rf"|(?<=[别別])(?:(?<=[{words.DONT_AFTER}][别別])|{_any_of(words.DONT_EMPTY)}|(?P<c5>))"
        r"|(?<=勿)(?:念|(?P<c6>))|(?<=毋)(?:庸(?P<f7>)|(?P<c7>))"
        r"|(?<=莫)(?:[名非不如]|(?:(?<=[切请請]莫)|(?=[要再得走去来來]))(?P<c8>)|(?P<f8>))"
        r"|(?<=否)(?:则|則|(?<=[是能可与與会會]否)|[认認决決定](?P<c9>)|(?P<f9>))"
        r"|(?<=非)(?:[常洲得但凡遗遺]|(?<=[莫无無]非)|(?<=[并並绝絕决決皆均]非)(?P<c10>)|(?P<f10>))"
        r"|(?<=唔)(?:该|該|好意思|(?P<c11>))|(?<=冇)(?P<c12>)|(?<=甭)(?P<c13>)|(?<=[辟闢])[谣謠](?P<c14>)"
        r")"
    )


@cache
def _en() -> re.Pattern[str]:
    """Return the pattern of an English denial with the character before it.

    That character comes first, so that only beginnings of words are tried.
    """
    verbs = [
        rf"{verb}n'?t(?! wait\b)(?! (?:i|you|he|she|it|we|they)\?)"
        for verb in sorted(words.AUXILIARIES)
    ]
    return re.compile(rf"[\x00-`{{-\u2fff](?:{any_of([*verbs, *words.DENIALS_EN])})(?![a-z])")


@cache
def _soft_zh() -> re.Pattern[str]:
    return re.compile(_any_of(words.FIGURES_ZH))


@cache
def _soft_en() -> re.Pattern[str]:
    return re.compile(rf"(?<![a-z])(?:{words.FIGURES_EN})")


@cache
def _opposable() -> re.Pattern[str]:
    return re.compile(words.GRADABLE_EN)


@cache
def _up_to() -> re.Pattern[str]:
    return re.compile(words.UNLESS_SAID)


@cache
def _stand_ins(language: str) -> re.Pattern[str]:
    if language == "zh":
        return re.compile(any_of(_written(words.STAND_INS_ZH)))
    each = any_of(word.replace(".", " ") for word in words.STAND_INS_EN.split())
    return re.compile(rf"[\x00-`{{-\u2fff](?:{each})")


@cache
def _latin() -> re.Pattern[str]:
    return re.compile("[a-z]")
