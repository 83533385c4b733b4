"""Changes of a text that need no understanding: its marks, its letters' case, its lines."""

import re
from collections.abc import Callable, Mapping

from pratique.errors import NotFound
from pratique.partners.rules import hant, proofread_en, proofread_hant, proofread_zh
from pratique.partners.rules.letters import read
from pratique.partners.rules.persons import person
from pratique.partners.rules.pieces import lines, number, pieces, said
from pratique.partners.rules.records import Language, RewriteInput, TranslateInput
from pratique.partners.rules.records_text import StructureInput, Table
from pratique.partners.rules.rewrite import rewrite
from pratique.partners.rules.structure import structure
from pratique.partners.rules.translate import translate
from pratique.partners.rules.wishes import mark

Arguments = Mapping[str, str]
Change = Callable[[str, Arguments, str], str]
"""Takes a text, what the wish says about the change, and the locale."""

_EMOJI = re.compile(
    r"[ \t]?[\U0001F000-\U0001FAFF\u2600-\u27BF\u2B50\u2B55][\ufe0f\u200d\U0001F3FB-\U0001F3FF"
    r"\U0001F000-\U0001FAFF\u2600-\u27BF]*"
)
_LINE_START = re.compile(r"^(\W*)([a-z])|((?<=[.!?] ))([a-z])", re.MULTILINE)
_WORD = re.compile(r"[A-Za-z]+(?:['’][a-z]+)*")
_NAME = re.compile(r"\b[A-Z][\w’']*(?:[ -][A-Z][\w’']*)*")
_SMALL = frozenset(
    ("a", "an", "and", "as", "at", "but", "by", "for", "in", "of", "on", "or", "the", "to", "with")
)
_WHICH = {"first": 0, "second": 1, "third": 2, "第一": 0, "第二": 1, "第三": 2}
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_HAN_COUNT = "一二三四五六七八九十"
_LANGUAGES: dict[str, Language] = {
    "english": "en",
    "英文": "en",
    "英语": "en",
    "simplified chinese": "zh-Hans",
    "chinese": "zh-Hans",
    "简体": "zh-Hans",
    "简体中文": "zh-Hans",
    "traditional chinese": "zh-Hant",
    "繁体": "zh-Hant",
    "繁体中文": "zh-Hant",
}
_FULL = {"，": ",", "；": ";", "：": ":", "！": "!", "？": "?", "。": "."}
"""Full-width marks and the half-width ones that are called the same."""


def _replace(text: str, given: Arguments, locale: str) -> str:
    """Put one mark or word for another; a mark takes the width that the text has."""
    old, new = mark(given["old"], locale), mark(given["new"], locale)
    old = old if old in text else _FULL.get(old, old)
    if old in text:
        replaced = text.replace(old, new)
        return replaced.replace(f"{new} ", new) if new == "\n" else replaced
    return re.sub(rf"\b{re.escape(old)}\b", lambda _: new, text, flags=re.IGNORECASE)


def _without_emoji(text: str, _given: Arguments, _locale: str) -> str:
    """Take out emoji, with the blank before each."""
    return _EMOJI.sub("", text).strip()


def _without_mark(text: str, given: Arguments, locale: str) -> str:
    """Take out a mark; a full-width one leaves a blank, an exclamation mark becomes a full stop."""
    sign = mark(given["what"], locale)
    if sign in ("!", "！"):
        return re.sub(r"!+", ".", re.sub(r"！+", "。", text))
    if sign == "double spaces":
        return re.sub(" {2,}", " ", text)
    if sign == "\n":
        return _one_line(text, given, locale)
    if sign in ("，", "；"):
        return text.replace(sign, " ").replace(_FULL[sign], " ").replace("  ", " ")
    if sign in ("–", "-"):
        return re.sub(r"\s*[-–—]\s*", " ", text)
    return text.replace(sign, "")


def _without_sentence(text: str, given: Arguments, locale: str) -> str:
    """Take out one sentence."""
    told = said(text)
    which = _WHICH.get(read(given["which"], locale).casefold(), len(told) - 1)
    if len(told) < 2 or which >= len(told):
        return text
    return text.replace(told[which], "", 1).strip().replace("  ", " ")


def _without(text: str, given: Arguments, locale: str) -> str:
    """Take out a word or a phrase."""
    return text.replace(mark(given["what"], locale), "").replace("  ", " ").strip()


def _line_capitals(text: str, _given: Arguments, _locale: str) -> str:
    """Give each line and each sentence a capital letter."""
    return _LINE_START.sub(lambda found: found[0].upper(), text)


def _title(text: str, given: Arguments, locale: str) -> str:
    """Give each word a capital letter, small ones excepted."""
    del given, locale

    def capital(found: re.Match[str]) -> str:
        word = found[0]
        small = found.start() > 0 and word.lower() in _SMALL
        return word if small else word[0].upper() + word[1:]

    return _WORD.sub(capital, text)


def _upper(text: str, _given: Arguments, _locale: str) -> str:
    return text.upper()


def _lower(text: str, _given: Arguments, _locale: str) -> str:
    return text.lower()


def _sorted(text: str, _given: Arguments, _locale: str) -> str:
    """Put lines, else items between marks, in alphabetical order."""
    if len(lines(text)) > 1:
        return "\n".join(sorted(text.splitlines(), key=str.casefold))
    for glue in ("; ", ", "):
        parts = text.rstrip(".").split(glue)
        if len(parts) > 1:
            return glue.join(sorted(parts, key=str.casefold)) + ("." if text[-1:] == "." else "")
    return text


def _reversed(text: str, _given: Arguments, _locale: str) -> str:
    """Put the last line first."""
    return "\n".join(reversed(text.splitlines()))


def _numbered(text: str, given: Arguments, _locale: str) -> str:
    """Number the pieces, in the style that is asked for."""
    style = given.get("style", "1.")
    found = pieces(text)
    return "\n".join(f"{_numeral(style, at)}{each}" for at, each in enumerate(found))


def _numeral(style: str, at: int) -> str:
    """Return the number of piece *at* in *style*."""
    if style == "①":
        return _CIRCLED[min(at, len(_CIRCLED) - 1)]
    if "a" in style:
        return style.replace("a", chr(ord("a") + at % 26)) + " "
    if "一" in style:
        return style.replace("一", _HAN_COUNT[min(at, 9)])
    count = style.replace("1", str(at + 1))
    return count if style[0] in "（" or style == "1、" else f"{count} "


def _bullets(text: str, given: Arguments, _locale: str) -> str:
    """Set the pieces under one another, a dash before each."""
    return "\n".join(f"- {each}" for each in pieces(text, number(given.get("count") or "")))


def _lines(text: str, given: Arguments, _locale: str) -> str:
    """Set the pieces on lines of their own."""
    return "\n".join(pieces(text, number(given.get("count") or "")))


def _paragraphs(text: str, given: Arguments, _locale: str) -> str:
    """Set the pieces apart by a blank line."""
    return "\n\n".join(pieces(text, number(given.get("count") or "2")))


def _one_line(text: str, _given: Arguments, locale: str) -> str:
    """Join the lines."""
    return (" " if locale == "en" else "").join(line.strip() for line in text.splitlines())


def _first(text: str, given: Arguments, locale: str) -> str:
    """Keep the first sentences."""
    return _glue(locale).join(said(text)[: number(given.get("count") or "one") or 1])


def _last(text: str, given: Arguments, locale: str) -> str:
    """Keep the last sentences."""
    return _glue(locale).join(said(text)[-(number(given.get("count") or "one") or 1) :])


def _sentences(text: str, given: Arguments, locale: str) -> str:
    """Say it in so many sentences: the last ones are joined by semicolons."""
    told, many = said(text), number(given.get("count") or "")
    if not many or len(told) <= many:
        return text
    kept, rest = told[: many - 1], told[many - 1 :]
    ends = ".。!！"
    glue = "; " if locale == "en" else "；"
    joined = glue.join([*(each.rstrip(ends) for each in rest[:-1]), rest[-1]])
    return _glue(locale).join([*kept, joined])


def _glue(locale: str) -> str:
    return " " if locale == "en" else ""


def _before(text: str, given: Arguments, locale: str) -> str:
    """Put words before the text."""
    words = mark(given["what"], locale)
    if text.startswith(words):
        return text
    blank = "" if locale != "en" or words.endswith(("\n", " ")) else " "
    return f"{words}{blank}{text}"


def _after(text: str, given: Arguments, locale: str) -> str:
    """Put words after the text."""
    words = mark(given["what"], locale)
    if text.endswith(words):
        return text
    blank = "" if locale != "en" else " "
    return f"{text}{blank}{words}"


def _bold(text: str, given: Arguments, locale: str) -> str:
    """Mark words as bold, as Markdown does."""
    words = mark(given["what"], locale)
    if words.casefold() in ("first sentence", "last sentence", "title", "first line"):
        told = lines(text) if words.endswith("line") else said(text)
        words = told[-1 if words.startswith("last") else 0] if told else words
    return text.replace(words, f"**{words}**", 1) if words and words in text else text


def _quote_by(text: str, given: Arguments, locale: str) -> str:
    """Say whose words these are; nothing else is known about them."""
    if locale == "en":
        name = _NAME.search(given["who"])
        return text if name is None else f"“{text}” – {name[0]}"
    opens, closes = ("“", "”") if locale == "zh-Hans" else ("「", "」")
    who = given["who"].strip("「」“”：: ")
    return f"{who}：{opens}{text}{closes}" if who else text


def _signed(text: str, given: Arguments, locale: str) -> str:
    """Put a name under the text."""
    name = _NAME.search(given["who"]) if locale == "en" else None
    who = name[0] if name is not None else given["who"].strip("「」“”：: .。")
    return f"{text}\n{who}" if who and (name is not None or locale != "en") else text


def _correct(text: str, _given: Arguments, locale: str) -> str:
    """Correct mistakes of spelling and grammar."""
    of: dict[str, Callable[[str], str]] = {
        "en": proofread_en.proofread,
        "zh-Hans": proofread_zh.proofread,
        "zh-Hant": proofread_hant.proofread,
    }
    return of[locale](text)


def _quoted(text: str, _given: Arguments, locale: str) -> str:
    """Put the text between quotation marks."""
    return f"「{text}」" if locale == "zh-Hant" else f"“{text}”"


def _table(text: str, _given: Arguments, locale: str) -> str:
    """Bring the text into a table, as Markdown writes one."""
    found = structure(StructureInput(text=text, form="table"), locale)
    if not isinstance(found, Table):
        return text
    every = [found.columns, tuple("---" for _ in found.columns), *found.rows]
    return "\n".join("| " + " | ".join(row) + " |" for row in every)


def _translated(text: str, given: Arguments, locale: str) -> str:
    """Translate what the phrase book has."""
    target = _LANGUAGES.get(read(given["language"], locale).casefold())
    if target is None:
        return text
    try:
        return translate(TranslateInput(text=text, target=target), locale).text
    except NotFound:
        return text


def _concise(text: str, _given: Arguments, locale: str) -> str:
    return _toned(RewriteInput(text=text, tone="concise"), locale)


def _professional(text: str, _given: Arguments, locale: str) -> str:
    return _toned(RewriteInput(text=text, tone="professional"), locale)


def _friendly(text: str, _given: Arguments, locale: str) -> str:
    return _toned(RewriteInput(text=text, tone="friendly"), locale)


def _toned(given: RewriteInput, locale: str) -> str:
    return hant.rewrite(given) if locale == "zh-Hant" else rewrite(given, locale)


def _included(text: str, given: Arguments, locale: str) -> str:
    """Put a word after the text that lacks it."""
    words = mark(given["what"], locale)
    return text if words.casefold() in text.casefold() else _after(text, given, locale)


CHANGES: Mapping[str, Change] = {
    "instead": _replace,
    "replace": _replace,
    "replace word": _replace,
    "remove emoji": _without_emoji,
    "remove mark": _without_mark,
    "remove sentence": _without_sentence,
    "remove": _without,
    "line capitals": _line_capitals,
    "title": _title,
    "upper": _upper,
    "lower": _lower,
    "sort": _sorted,
    "reverse": _reversed,
    "number": _numbered,
    "bullets": _bullets,
    "paragraphs": _paragraphs,
    "lines": _lines,
    "one line": _one_line,
    "first": _first,
    "last": _last,
    "sentences": _sentences,
    "before": _before,
    "after": _after,
    "bold": _bold,
    "quote by": _quote_by,
    "signed": _signed,
    "correct": _correct,
    "quoted": _quoted,
    "table": _table,
    "we": lambda text, _given, locale: person(text, "we", locale),
    "i": lambda text, _given, locale: person(text, "i", locale),
    "you": lambda text, _given, locale: person(text, "you", locale),
    "polite you": lambda text, _given, _locale: text.replace("你", "您"),
    "translate": _translated,
    "concise": _concise,
    "professional": _professional,
    "friendly": _friendly,
    "include": _included,
}
"""Every change by the name that wishes have for it."""
