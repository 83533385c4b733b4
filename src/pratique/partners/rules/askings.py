"""One question put to the user: short enough for a glance, with answers to choose from."""

import re
from collections.abc import Sequence

from pratique.partners.rules import words
from pratique.text.lengths import length

_LONGEST = {"en": (8, 4), "zh-Hans": (12, 8)}
"""Words (English) or characters (Chinese) of a question and of an option."""

_MARKS = " \t,;:.!?，；：。！？、-–—~～"
_QUOTES = "“”\"'"
_ENGLISH_BOTH = re.compile(
    r"(?:^|.*?[\s,:])((?:[\w’'-]+\s){0,2}[\w’'.:-]+),? or (?:an? |the )?((?:[\w’'.:-]+\s?){1,3}?)"
    r"(?:\s(?:suits?|works?|be|fits?|better|best|for you|is)\b.*)?$",
    re.IGNORECASE,
)
_CHINESE_BOTH = re.compile(
    r"^(?:.*?[，,：:])?(.{1,10}?)[，,]?还是(.{1,10}?)(?:更?(?:合适|方便|好|行))?(?:呢|啊|呀)?$"
)
_SEVERAL = re.compile(r"((?:[\w’'-]+, ){1,2}[\w’'-]+),? or ([\w’'-]+)$")
_OR_NOT = re.compile(r",? or not$", re.IGNORECASE)
_CHINESE_TOLD = re.compile(r"(?:能不能|能否|可以|能|请)?(?:告诉|跟)我(?:们)?(?:说)?")
_BOTH = {"en": _ENGLISH_BOTH, "zh-Hans": _CHINESE_BOTH}
"""Patterns of a question that lets one choose between two."""

_KINDS = {
    "en": (
        (
            "when",
            re.compile(r"\b(?:when|what time|which day|what day|what date|which date)\b", re.I),
        ),
        ("who", re.compile(r"\b(?:who|whose|whom)\b", re.I)),
        ("where", re.compile(r"\bwhere\b", re.I)),
        ("many", re.compile(r"\bhow (?:many|much)\b", re.I)),
        ("open", re.compile(r"\b(?:what|which|how|why)\b", re.I)),
    ),
    "zh-Hans": (
        ("when", re.compile(r"几点|几号|哪天|什么时候|何时|周几")),
        ("who", re.compile(r"谁")),
        ("where", re.compile(r"哪里|哪儿|在哪|什么地方")),
        ("many", re.compile(r"几[个人位把张条份只件瓶盒间辆斤]|多少")),
        ("open", re.compile(r"什么|怎么|哪|为什么|多[久大长]|如何")),
    ),
}
"""What a question wants to know."""

_CLAUSES = {"en": re.compile(r",\s+|\s[–-]\s|:\s"), "zh-Hans": re.compile(r"[，,：:、]")}
_ENGLISH_OPENS = re.compile(
    r"(?:and |so |but )?(?:who|what|when|where|which|how|why|can|could|will|would|do|does|did|is|are"
    r"|have|has|may|shall|should)\b",
    re.IGNORECASE,
)
_COURTESY = re.compile(
    r"^(?:(?:can|could|will|would) you (?:please |possibly |kindly )?|do you (?:want to |know )"
    r"|would it be possible to |is it possible to )",
    re.IGNORECASE,
)
_SLIGHT = re.compile(r"\b(?:the|a|an|please|really|already|still) ", re.IGNORECASE)
_LOOSE = re.compile(r"(?:\s+(?:the|an?|to|of|for|and|or|with|in|on|at|by|that|from))+$", re.I)
_CHINESE_COURTESY = re.compile(r"^(?:您|你|请|能不能|可不可以|能否|是否|方便)+(?=.)")
_CHINESE_REQUEST = re.compile(
    r"^(?:你|您|请)?把(.+?)(?:告诉我们?|发给我们?|给我们?|说一声|发我|告知.*)$"
)
_ENGLISH_LEAD = re.compile(
    r"^(?:and|do you (?:want|prefer|take)|would you (?:like|prefer)|is it|are you|by|the|an?|with"
    r"|you|want|prefer|in|on|at|to|would|will|does|should|shall we meet)\s+",
    re.IGNORECASE,
)
_CHINESE_LEAD = re.compile(r"^(?:[你您]看|你|您|要|想|是|那|请问|还)+(?=.)")
CHINESE_ASKS = re.compile(
    r"[吗么呢]$|(.)[不没]\1|有没有|什么|几[点号个人位天时]|怎么|哪[里儿个天家位种些]|多少"
    r"|多[久大长远]|为什么|是否|能否|可否|谁|还是|[来去到行好了要有在][没不]$|如何|何时"
)
"""Forms by which a Chinese clause asks, with or without its mark."""


def short(asked: str, locale: str) -> str:
    """Return *asked* short enough to be read at a glance; empty if nothing is left."""
    text = " ".join(asked.split()).strip(_MARKS + _QUOTES)
    lists = words.phrases(locale, "drafts.toml")
    for _ in range(3):
        text = _without(text, lists["polite"], locale)
        text = _without(text, lists["requests"], locale)
    if locale == "en":
        text = re.sub(r"^(?:if|whether) ", "", text, flags=re.IGNORECASE)
    else:
        text = _CHINESE_REQUEST.sub(r"\1", text)
        text = _CHINESE_TOLD.sub("", text) or text
        for each in lists["requests"]:
            text = text.removesuffix(each).strip(_MARKS) or text
    if length(text, locale) > _LONGEST[locale][0]:
        text = _core(text, _LONGEST[locale][0], locale)
    mark = "?" if locale == "en" else "？"
    return f"{text[:1].upper()}{text[1:]}{mark}" if text else ""


def options(asked: str, locale: str) -> tuple[str, ...]:
    """Return two to four answers that fit *asked*."""
    lists = words.phrases(locale, "drafts.toml")
    text = " ".join(asked.split()).strip(_MARKS)[-200:]
    several = _SEVERAL.search(text) if locale == "en" else None
    if several is not None:
        return tuple(_option(each, locale) for each in [*several[1].split(", "), several[2]])
    text = _OR_NOT.sub("", text)
    both = _BOTH[locale].match(text)
    if both is not None:
        pair = [_option(each, locale) for each in both.groups()]
        fits = all(0 < length(each, locale) <= _LONGEST[locale][1] for each in pair)
        if fits and pair[0].casefold() != pair[1].casefold():
            return (pair[0], pair[1], lists["either"][0])
    kind = next((name for name, pattern in _KINDS[locale] if pattern.search(text)), "")
    if kind:
        return lists[kind]
    if _bare(text, locale):
        return lists["open"]
    pairs = (each.split("=") for each in lists["verbs"])
    does = next(((yes, no) for no, yes in pairs if yes in text), None)
    return (
        lists["yes"] if does is None else (does[0].replace("有没", ""), does[1], lists["yes"][-1])
    )


def wants(asked: str, kind: str, locale: str) -> bool:
    """Whether *asked* wants to know a thing of that *kind*: `when`, `who`, ..."""
    return any(name == kind and pattern.search(asked) for name, pattern in _KINDS[locale])


def _bare(text: str, locale: str) -> bool:
    """Whether *text* is a mere word that asks: `Meal?`."""
    if locale != "en":
        return text.endswith("呢")
    said = text.casefold().split()
    opens = words.phrases(locale, "drafts.toml")["yes_starts"]
    return 0 < len(said) < 4 and said[0] not in opens


def _core(text: str, most: int, locale: str) -> str:
    """Return the clause of *text* that asks, within *most*."""
    clauses = [each for each in _CLAUSES[locale].split(text) if each.strip(_MARKS)] or [text]
    asks = _ENGLISH_OPENS.match if locale == "en" else CHINESE_ASKS.search
    best = next((each for each in reversed(clauses) if asks(each)), clauses[-1]).strip()
    if locale != "en":
        best = _CHINESE_COURTESY.sub("", best)
        return best[-most:].strip(_MARKS)
    kept = _SLIGHT.sub("", _COURTESY.sub("", best)).split()[:most]
    while len(kept) > 1 and length(" ".join(kept), locale) > most:
        kept.pop()
    return _LOOSE.sub("", " ".join(kept)).strip(_MARKS)


def _without(text: str, phrases: Sequence[str], locale: str) -> str:
    """Return *text* without one of *phrases* at its start, unless nothing is left."""
    lower = text.casefold()
    for each in sorted(phrases, key=lambda one: -len(one)):
        rest = text[len(each) :]
        ends = locale != "en" or not rest[:1].isalnum()
        if lower.startswith(each) and rest.strip(_MARKS) and ends:
            return rest.strip(_MARKS)
    return text


def _option(text: str, locale: str) -> str:
    """Return one of two things to choose between, as an answer."""
    bare = text.strip(_MARKS)
    if locale == "en":
        bare = _ENGLISH_LEAD.sub("", bare)
        return bare[:1].upper() + bare[1:]
    return _CHINESE_LEAD.sub("", bare)
