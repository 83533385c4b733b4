"""Rewriting: the same said in another tone, by lists of phrases; no fact is touched."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, partial

from pratique.partners.rules import proofread_en, proofread_zh, words
from pratique.partners.rules.records import RewriteInput, Span
from pratique.partners.rules.sentences import has
from pratique.partners.rules.shields import SHIELD, restored, shielded
from pratique.partners.rules.tidying import tidied

SHORT = 0.8
"""Share of the code points that a concise text may keep."""

_READ = 20_000
_TONES = {"default": "d", "friendly": "f", "professional": "p", "concise": "c"}
_QUOTED = re.compile(
    r"\"[^\"\n]{1,200}\"|“[^”\n]{1,200}”|「[^」\n]{1,200}」|{\w{1,40}}|《[^》\n]{1,80}》"
)
_FACT = {
    "en": re.compile(
        r"\d|[?:]|n['’]t\b|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozen|half"
        r"|first|second|third|twenty|thirty|hundred|thousand|i['’]?ll|we['’]?ll|will|if|unless|until)\b|"
        + SHIELD,
        re.IGNORECASE,
    ),
    "zh-Hans": re.compile(
        r"\d|[？?：]|[一二两三四五六七八九十百千万半几零]|如果|只|才|我[会来去]|" + SHIELD
    ),
}
_TALKS = 2
"""Lines of `Name: words` from which a text is a talk of others: only mistakes are put right."""

_TALK = re.compile(r"^[^\s:：][^:：\n]{0,20}[:：]\s?\S", re.MULTILINE)
_NAME = re.compile(r"(?<![.!?]\s)(?<!^)(?<!\n)\b[A-Z][a-z]+")
_SENTENCE = {
    "en": re.compile(r"[^.!?\n]*(?:\.(?=\S)[^.!?\n]*)*[.!?…]*\s*|\n"),
    "zh-Hans": re.compile(r"[^。！？!?…\n]*[。！？!?…]*\n*"),
}
_LEADING = re.compile(
    r"^((?:If|When|After|Before|Because|Since|Once|Unless|Although|Until|While)\s[^,.!?\n]{3,120}),\s"
    r"([^.!?\n]{3,200})([.!])$"
)
_FIRST_WORDS = frozenset(
    (
        "a",
        "all",
        "an",
        "bring",
        "call",
        "do",
        "don't",
        "he",
        "her",
        "his",
        "i",
        "it",
        "let",
        "my",
        "no",
        "our",
        "please",
        "send",
        "she",
        "take",
        "that",
        "the",
        "their",
        "there",
        "these",
        "they",
        "this",
        "those",
        "use",
        "we",
        "you",
        "your",
    )
)
_BEGINS, _ENDS = r"(?:(?<![\w'’])|(?=\W))", r"(?:(?<=\W)|(?![\w'’]))"
_SHORT_FORMS = frozenset(
    ("asap", "btw", "fyi", "imo", "lol", "msg", "ok", "pls", "tbh", "thx", "omg")
)
"""Words in capitals that are no names and no shouts."""

_SLOT = re.compile(r"\\(l?)(\d)")


@dataclass(frozen=True, slots=True)
class _Row:
    """One phrase with what it becomes."""

    tones: str
    """First letters of the tones that it is for."""

    pattern: re.Pattern[str]
    """What is said."""

    replacement: str
    """What is said instead; `\\1` stands for what the first group found,
    `\\l1` for the same in lower case."""


def rewrite(source: RewriteInput, locale: str, *, proofread: bool = True) -> str:
    """Return *source*'s text in the tone that is asked for.

    Numbers, names, negations, links, quotations and placeholders stay; where nothing can be
    said otherwise, so does the text. Of a text above 20,000 characters the beginning is worked on.
    Mistakes are put right first, unless *proofread* says that this was done.
    """
    head, tail = source.text[:_READ], source.text[_READ:]
    bare, kept = _protected(_proofread(head, locale) if proofread else head)
    tone = _TONES[source.tone]
    if len(_TALK.findall(bare)) >= _TALKS:
        better = bare
    elif source.tone == "concise":
        better = _concise(bare, locale, len(head))
    else:
        better = _replaced(bare, _rows(locale, "rewrite.tsv"), tone)
    better = tidied(better, locale, formal=tone == "p")
    if restored(better, kept).strip() == head.strip() and len(_TALK.findall(bare)) < _TALKS:
        better = _otherwise(better, locale, tone)
    told = restored(better, kept) if better.count(SHIELD) == len(kept) else head
    return (told + tail) if told.strip() else source.text


def _proofread(text: str, locale: str) -> str:
    """Return *text* without its mistakes: every tone is better without them."""
    bare, kept = _protected(text)
    language = proofread_en if locale == "en" else proofread_zh
    better = language.proofread(bare)
    return restored(better, kept) if better.count(SHIELD) == len(kept) else text


def _protected(text: str) -> tuple[str, list[str]]:
    """Return *text* with links, codes, quotations and placeholders shielded."""
    spans = [Span(start=match.start(), end=match.end()) for match in _QUOTED.finditer(text)]
    return shielded(text, spans)


def _replaced(text: str, rows: Sequence[_Row], tone: str) -> str:
    """Return *text* with the phrases of *rows* that are for *tone* replaced, in their order."""
    for row in rows:
        if tone in row.tones:
            text = row.pattern.sub(partial(_cased, row), text)
    return text


def _cased(row: _Row, match: re.Match[str]) -> str:
    """Return the replacement for *match*, with a capital where the match had one."""
    new = _SLOT.sub(partial(_found, match), row.replacement)
    old = match.group()
    if len(old) > 1 and old.isupper() and old.lower() not in _SHORT_FORMS:
        return old
    if old[:1].isupper() and new[:1].islower():
        return new[0].upper() + new[1:]
    return new


def _found(match: re.Match[str], slot: re.Match[str]) -> str:
    """Return what *match* found for *slot* of a replacement; with an l before it, in lower case."""
    found = match[int(slot[2])] or ""
    return found.lower() if slot[1] else found


def _concise(text: str, locale: str, size: int) -> str:
    """Return *text* without what says nothing, then without what says least, until short enough."""
    limit = SHORT * size
    for table in ("rewrite.tsv", "shorter.tsv"):
        text = tidied(_replaced(text, _rows(locale, table), "c"), locale)
        if len(text) <= limit:
            return text
    return _fewer(text, locale, limit)


def _fewer(text: str, locale: str, limit: float) -> str:
    """Return *text* without sentences of mere courtesy, until it fits *limit*."""
    parts = [part for part in _SENTENCE[locale].findall(text) if part]
    idle = [
        at
        for at, part in enumerate(parts)
        if has(part, locale, "soft") and not _tells(part, locale)
    ]
    for at in sorted(idle, key=lambda at: (-len(parts[at]), at)):
        left = sum(bool(part.strip()) for part in parts)
        if len("".join(parts)) <= limit or left <= 1:
            break
        parts[at] = "\n" if "\n" in parts[at] else ""
    return tidied("".join(parts), locale)


def _tells(part: str, locale: str) -> bool:
    """Whether *part* says something that would be missed: a fact, a no, a doubt, a duty."""
    if _FACT[locale].search(part) or (locale == "en" and _NAME.search(part.strip())):
        return True
    return any(has(part, locale, name) for name in ("negation", "hedge", "time", "duty"))


def _otherwise(text: str, locale: str, tone: str) -> str:
    """Return *text* with the first safe change that any list knows, or as it is."""
    for row in _rows(locale, "otherwise.tsv"):
        if tone not in row.tones:
            continue
        other = row.pattern.sub(partial(_cased, row), text, count=1)
        if other != text:
            return tidied(other, locale)
    return _turned(text) if locale == "en" else text


def _turned(text: str) -> str:
    """Return *text* with the clauses of its first `If x, y.` the other way round."""
    parts = [part for part in _SENTENCE["en"].findall(text) if part]
    for at, part in enumerate(parts):
        found = _LEADING.match(part.strip())
        if found is None:
            continue
        condition, main, end = found.groups()
        if main.split()[0].lower() not in _FIRST_WORDS:
            continue
        first = condition[0].lower() + condition[1:]
        blank = part[len(part.rstrip()) :]
        parts[at] = f"{main[0].upper()}{main[1:]} {first}{end}{blank}"
        return "".join(parts)
    return text


@cache
def _rows(locale: str, table: str) -> tuple[_Row, ...]:
    """Return the rows of a list: tones, pattern and replacement, parted by tabs."""
    flags = (re.IGNORECASE if locale == "en" else re.NOFLAG) | re.MULTILINE
    found = []
    for tones, pattern, *rest in words.rows(locale, table):
        whole = rf"{_BEGINS}(?:{pattern}){_ENDS}" if locale == "en" else pattern
        found.append(_Row(tones, re.compile(whole, flags), rest[0] if rest else ""))
    return tuple(found)
