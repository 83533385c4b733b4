"""The Chinese particles 的, 地 and 得: which one a place between two words asks for."""

import re
import tomllib
from collections.abc import Callable
from functools import cache

from pratique.partners.rules import words

_END = r"(?=[，。！？；、…,.!?;~～\s”』」）)]|了|吧|啊|呢|吗|呀|哦|啦|$)"
_VERB_GOES_ON = r"(?=[着了过出进上下向来去起到回，。！？,.!?]|$)"

_TWICE = "唱跳说写画打踢弹做开游跑吃看学读练拍骑切洗包炒"

_LEARNING = "同大小数科中文化医哲美法"

Rule = tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]]


def particled(text: str) -> str:
    """Return *text* with 的, 地 and 得 put right where their neighbours leave no doubt."""
    if not any(particle in text for particle in "的地得"):
        return text
    for pattern, replacement in _rules():
        text = pattern.sub(replacement, text)
    return text


@cache
def _rules() -> tuple[Rule, ...]:
    """Return the patterns with what they become, in the order in which they are tried."""
    table: dict[str, dict[str, str]] = tomllib.loads(words.text("zh-Hans", "particles.toml"))
    extreme, adverbs, things = table["extreme"], table["adverbs"], table["attributes"]
    tail, pair = _any(extreme["tail"]), _any(adverbs["verb_pair"])
    verb_only = rf"(?:{_any(adverbs['verb_only'])}|{pair}[着了过起])"
    verb = rf"(?:{verb_only}|{_any(adverbs['verb_short'])}{_VERB_GOES_ON})"
    degree = _any(table["manner"]["degree"])
    pronoun = _any("我 你 他 她 我们 你们 他们 她们")
    return (
        (_manner(table["manner"]), _how_it_went),
        (re.compile(rf"([{_TWICE}])([\u4e00-\u9fff]{{1,3}})\1[的地](?={degree})"), r"\1\2\1得"),
        (re.compile(rf"({_any(extreme['stem'])})的(?={tail})"), r"\1得"),
        (re.compile(rf"({_any(adverbs['only'])})[的得](?={verb})"), r"\1地"),
        (re.compile(rf"({_any(adverbs['plain'])})的(?={verb_only})"), r"\1地"),
        (
            re.compile(rf"({_any(things['adjective'])})[地得](?={_any(things['thing'])})"),
            r"\1的",
        ),
        (
            re.compile(rf"({_any(things['owner'])})地(?={_any(things['owned_after_di'])})"),
            r"\1的",
        ),
        (re.compile(rf"({pronoun})得(?={_any(things['owned_after_de'])})"), r"\1的"),
    )


def _manner(table: dict[str, str]) -> re.Pattern[str]:
    """Return a pattern of a verb and a particle before how it went: `跑的` before `很快`."""
    degree = _any(table["degree"])
    verbs: list[str] = []
    for written, adjectives in table.items():
        how = rf"(?:{degree}|比[\u4e00-\u9fff]{{1,4}}?)(?:{_any(adjectives)}){_END}"
        if "怎么样" in adjectives:
            how = rf"(?:{how}|怎么样{_END})"
        if written != "degree":
            verbs += [rf"{re.escape(verb)}(?=[的地]{how})" for verb in written.split()]
    return re.compile(rf"(?:{'|'.join(verbs)})[的地]")


def _how_it_went(match: re.Match[str]) -> str:
    """Return the verb of *match* with 得, unless it ends a noun such as 同学."""
    before = match.string[match.start() - 1 : match.start()]
    if match.group()[0] == "学" and before and before in _LEARNING:
        return match.group()
    return match.group()[:-1] + "得"


def _any(written: str) -> str:
    """Return a group of the words in *written*, longest first."""
    longest = sorted(written.split(), key=lambda word: (-len(word), word))
    return "(?:" + "|".join(map(re.escape, longest)) + ")"
