"""The Chinese particles 的, 地 and 得: which one a place between two words asks for."""

import re
import tomllib
from functools import cache

from pratique.partners.rules import words

_END = r"(?=[，。！？；、…,.!?;~～\s”』」）)]|了|吧|啊|呢|吗|呀|哦|啦|$)"
_VERB_GOES_ON = r"(?=[着了过出进上下向来去起到回，。！？,.!?]|$)"

_TWICE = "唱跳说写画打踢弹做开游跑吃看学读练拍骑切洗包炒"

Rule = tuple[re.Pattern[str], str]


def particled(text: str) -> str:
    """Return *text* with 的, 地 and 得 put right where their neighbours leave no doubt."""
    for pattern, replacement in _rules():
        text = pattern.sub(replacement, text)
    return text


@cache
def _rules() -> tuple[Rule, ...]:
    """Return the patterns with what they become, in the order in which they are tried."""
    table: dict[str, dict[str, str]] = tomllib.loads(words.text("zh-Hans", "particles.toml"))
    extreme, adverbs, things = table["extreme"], table["adverbs"], table["attributes"]
    tail, verb_only = _any(extreme["tail"]), _any(adverbs["verb_only"])
    verb = rf"(?:{verb_only}|{_any(adverbs['verb_short'])}{_VERB_GOES_ON})"
    degree = _any(table["manner"]["degree"])
    pronoun = _any("我 你 他 她 我们 你们 他们 她们")
    return (
        *_manner(table["manner"]),
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


def _manner(table: dict[str, str]) -> list[Rule]:
    """Return the rules for a verb, a particle and how it went: `跑的很快` becomes `跑得很快`."""
    degree = _any(table["degree"])
    rules: list[Rule] = []
    for verbs, adjectives in table.items():
        if verbs == "degree":
            continue
        how = rf"(?:(?:{degree})(?:{_any(adjectives)}){_END}|怎么样{_END})"
        if "怎么样" not in adjectives:
            how = rf"(?:{degree})(?:{_any(adjectives)}){_END}"
        rules.append((re.compile(rf"(?<![同大小数科])({_any(verbs)})[的地](?={how})"), r"\1得"))
    return rules


def _any(written: str) -> str:
    """Return a group of the words in *written*, longest first."""
    longest = sorted(written.split(), key=lambda word: (-len(word), word))
    return "(?:" + "|".join(map(re.escape, longest)) + ")"
