"""Whether a line makes all of a part, lasting what is brief, or at least of at most."""

import re

_ALL = {
    True: re.compile(
        r"\b(?:all|every|everyone|everybody|each|entire|entirely|whole|completely|fully|total|totally"
        r"|across the board|both|none|no one|nobody)\b"
    ),
    False: re.compile(
        r"全部|所有|全班|全体|全員|全员|全城|全市|全国|全校|全县|全镇|全村|全省|全线|全系列|整个|整栋|整条"
        r"|一律|每个|每位|每一|人人|悉数|统统|无一例外|全都|全军|全数|均|都"
    ),
}
_PART = {
    True: re.compile(
        r"\b(?:some|part of|partly|partial|partially|parts of|several of|one of|two of|three of"
        r"|four of|five of|half|most|a few|few of|only|except|apart from|other than|the others?"
        r"|the rest|remaining|a third|a quarter|a tenth|percent|per cent|in \d+ (?:of|are|is|have|has)"
        r"|\d+ (?:of|out of) (?:the |its |our |their )?\w+|\w+ out of \w+|\w+ of the \w+ \w+)\b"
        r"|%"
    ),
    False: re.compile(
        r"部分|有些|一些|一部份|个别|多数|大半|过半|半数|一半|其余|其他|其它|剩下|除外|除了|除\w{1,8}外|仅|只有"
        r"|只是|只限|限于|之一|当中|\d+[%％]|百分之|[一二三四五六七八九两]成|分之|中[有的已]|里[有的]"
        r"|有[一两二三四五六七八九十百千\d]+[个名位家户只台条辆]"
    ),
}
_LASTING = {
    True: re.compile(
        r"\b(?:for good|for ever|forever|permanent|permanently|from now on|always|every (?:night|day"
        r"|week|weekend|friday|saturday|sunday|monday|year|summer|month)|daily|weekly|never again"
        r"|in future|for life|lifelong|indefinitely|all year|year-round)\b"
    ),
    False: re.compile(
        r"永久|永远|今后|往后|以后都|长期|每[天日晚周月年]|常年|终身|从此|再也不|无限期|倒闭|终年|一直"
    ),
}
_BRIEF = {
    True: re.compile(
        r"\b(?:temporar\w+|one night|one day|one week|one weekend|this once|just once|only once|one-off"
        r"|for (?:a|an|one|two|three|four|five|six|seven|ten|\d+) (?:hours?|days?|nights?|weeks?"
        r"|weekends?|months?|minutes?)|until|till|for now|for the time being|this (?:friday|saturday"
        r"|sunday|weekend|week|monday|evening|year) only|only (?:on|this|for|today|tonight)"
        r"|today only|tonight only|a break|a pause|short-term|interim|while)\b"
    ),
    False: re.compile(
        r"暂时|临时|暂停|一晚|一夜|一天|当晚|仅限|只限|限时|为期|[一二三四五六七八九十两\d]+[天周晚]|本周[一二三四五六日]"
        r"|直到|截至|恢复|照常|短期|期间|这一次|首次|破例|仅此一"
    ),
}
_MOST = {
    True: re.compile(
        r"\b(?:up to|at most|no more than|not more than|a maximum of|fewer than|less than|under|below"
        r"|almost|nearly|just under)\s+(?:[$€£]\s?)?(\d[\d.,]*)"
    ),
    False: re.compile(
        r"(?:最多|至多|不超过|上限|不到|少于|低于|近|将近|不足|顶多)[^\d，。]{0,2}(\d[\d.]*)"
    ),
}
_LEAST = {
    True: re.compile(
        r"\b(?:at least|more than|over|no fewer than|no less than|not less than|a minimum of|above"
        r"|upwards of)\s+(?:[$€£]\s?)?(\d[\d.,]*)"
    ),
    False: re.compile(
        r"(?:至少|最少|起码|不少于|不低于|超过|超|逾|高于|多于|突破)[^\d，。]{0,2}(\d[\d.]*)"
    ),
}
_NEITHER = {
    True: re.compile(r"\bneither confirm\w*\W+nor den|\bneither den\w+\W+nor confirm"),
    False: re.compile(r"既[不未]\w{1,4}也[不未]\w{1,4}|不置可否|未置可否|不予置评"),
}
_EITHER = {
    True: re.compile(r"\b(?:den(?:y|ies|ied)|confirm(?:s|ed)|admit\w*)\b"),
    False: re.compile(r"否认|承认|证实|确认"),
}
_DENIED = {
    True: re.compile(
        r"\b(?:not|instead of|rather than)\s+(?:in |on |at |by |for |to |from |the |room |gate |[$€£])*(\d[\d:.,]*)"
    ),
    False: re.compile(r"(?:不是|并非|不再是|而非|而不是)[^\d，。]{0,4}(\d[\d:.]*)"),
}
_DENIES = {
    True: re.compile(r"\b(?:not|no|instead|rather|from)\b|n't"),
    False: re.compile(r"不|非|由|从|原|改"),
}


_NOT = re.compile(r"\bn(?:eithe|o)r?\b|不|未")
_NUMBER = re.compile(r"\d[\d:.,]*")


def amounts_changed(source: str, line: str, *, english: bool) -> str:
    """Return what *line* makes of the amounts of *source*, both in lower case; empty if nothing."""
    if _ALL[english].search(line) and _part_only(source, line, english=english):
        return "part_as_all"
    lasting = _LASTING[english].search(line)
    if (
        lasting
        and not _LASTING[english].search(source)
        and _BRIEF[english].search(source)
        and not _BRIEF[english].search(line)
    ):
        return "brief_as_lasting"
    left_open = _EITHER[english].search(line) and _NEITHER[english].search(source)
    told = {one.rstrip(".,:") for one in _NUMBER.findall(line)}
    if told and _bound_turned(source, line, english=english):
        return "bound_turned"
    if left_open and not _NOT.search(line):
        return "left_open"
    if told and not _DENIES[english].search(line):
        denied = {one.rstrip(".,:") for one in _DENIED[english].findall(source)}
        if any(source.count(one) == 1 for one in told & denied):
            return "denied_number"
    return ""


def _bound_turned(source: str, line: str, *, english: bool) -> bool:
    """Say whether *line* makes at least of at most, or the other way round."""
    most, least = _MOST[english].findall(line), _LEAST[english].findall(line)
    return bool(
        (most and set(most) & set(_LEAST[english].findall(source)))
        or (least and set(least) & set(_MOST[english].findall(source)))
    )


def _part_only(source: str, line: str, *, english: bool) -> bool:
    """Say whether *source* speaks of a part and never of all, and *line* of all and never of a part."""
    return (
        bool(_PART[english].search(source))
        and not _ALL[english].search(source)
        and not _PART[english].search(line)
    )
