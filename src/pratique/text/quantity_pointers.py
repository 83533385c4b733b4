"""Small numbers that only point at what is said beside them: three things, the two, last four."""

import re
from functools import cache

from pratique.text import quantity_patterns as patterns

_POINTS_AT = frozenset("这那這該该")
_LAST = frozenset("末后後尾前")
_TAKES_UP = ("the ", "these ", "those ", "other ")
BESIDE = _POINTS_AT | _LAST | {" ", "差"}
"""What is before a number that may only point."""
ANNOUNCES = frozenset(" 件方大点點个個条條项項种種")
"""First characters of what a list is announced with."""
_LISTS = frozenset("有下以如几说說讲講提")
"""Before 两点, which is a time too: 有两点, 以下两点."""
_GOES_ON = frozenset("小大事工面項项類类要建意請请")
"""Second characters of that; after a classifier there must be a colon."""


def only_points(low: str, start: int, end: int, *, exact: bool) -> bool:
    """Say whether the small number at [start, end) counts nothing that a rewording must keep.

    It announces a list (three things), takes up what was said (the two), says which end of a
    number is shown (last four digits), or is a word in disguise (4 me).
    """
    before, follows = low[start - 1 : start], low[end : end + 1]
    if before in BESIDE and (points := _beside(low, start, end, exact)) is not None:
        return points
    if follows not in ANNOUNCES:
        return False
    if follows in ("点", "點") and before not in _LISTS:
        return low[end + 1 : end + 2] in _GOES_ON and _announced().match(low, end) is not None
    if follows != " " and low[end + 1 : end + 2] not in _GOES_ON:
        rest = low[end : end + 12]
        if "：" not in rest and ":" not in rest:
            return False
    return _announced().match(low, end) is not None


def _beside(low: str, start: int, end: int, exact: bool) -> bool | None:
    """Say what the word before the number tells; None if it tells nothing."""
    before, follows = low[start - 1], low[end : end + 1]
    if before in _POINTS_AT:
        return not exact and low[start] in "两兩二三" and follows in patterns.CLASSIFIERS
    if before in _LAST:
        return follows in ("码", "碼") or (follows == "位" and before != "前")
    if before == "差":
        return follows in ("分", "刻")
    if low.startswith((" digits", " figures"), end):
        return True
    word = low[start:end]
    if word == "two" and low.endswith(_TAKES_UP, 0, start):
        return True
    return True if word in ("2", "4") and _for_me().match(low, end) else None


@cache
def _for_me() -> re.Pattern[str]:
    """Return the pattern of what 4 is `for` and 2 is `to` before."""
    return re.compile(
        r" (?:me|u|ur|you|us|it|my|your|now|everything|everyone|b|go|see|do|get)(?![a-z])"
    )


@cache
def _announced() -> re.Pattern[str]:
    """Return the pattern of what a list is announced with: two `things`, 三`件事`."""
    return re.compile(
        r"件(?:[小大]?事|工作)|大?方面|大[項项類类]| (?:[a-z]+ )?(?:things|matters)(?![a-z])"
        r"|[点點](?:要[說说講讲求]|建[议議]|意[见見]|[请請]求)"
        r"|(?:[个個条條项項点點种種]| (?:[a-z]+ )?(?:points|reasons|questions|issues|items|steps))"
        r"[^，。；,.;\n]{0,8}[：:]"
    )
