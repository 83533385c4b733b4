"""Dates said in Chinese, read in simplified characters."""

# ruff: noqa: E501 - a pattern is read whole, on one line.

import re
from collections.abc import Callable, Iterator
from functools import cache

from pratique.text import numerals
from pratique.text.calendar import (
    FESTIVALS,
    Days,
    Yearly,
    coming_day,
    date_of,
    days,
    each_month,
    from_to,
    latest_day,
    long_ago,
    lunar_date,
    lunar_month,
    lunar_stretch,
    month_away,
    months_back,
    nth_weekday,
    one_day,
    part_of,
    season,
    shifted,
    term,
    week_of,
    weekday_in,
    weekend_of,
    whole_year,
)
from pratique.text.dates_said import Counted, Said

_N = r"(?:[0-9]{1,2}|[一二三四五六七八九十两廿卅]{1,4})"
_WEEK = r"(?:周|星期|礼拜)"
_WEEKDAYS = {"一": 0, "二": 1, "三": 2, "四": 3, "五": 4, "六": 5, "日": 6, "天": 6}
_SURNAMES = "张王李赵刘陈杨黄吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾萧田董袁潘蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严武戴莫孔向汤卫"
_YEAR_WORDS = {
    "今年": 0, "本年": 0, "去年": -1, "旧年": -1, "上年": -1, "昨年": -1, "前年": -2,
    "大前年": -3, "明年": 1, "后年": 2,
}  # fmt: skip
_DAY_WORDS = {
    "今天": 0, "今日": 0, "今晚": 0, "今早": 0, "今晨": 0, "今夜": 0, "今朝": 0, "当晚今日": 0,
    "昨天": -1, "昨日": -1, "昨晚": -1, "昨夜": -1, "昨早": -1, "寻日": -1, "琴日": -1, "噚日": -1,
    "寻晚": -1, "琴晚": -1, "噚晚": -1, "前天": -2, "前日": -2, "前晚": -2, "大前天": -3,
    "大前日": -3, "明天": 1, "明日": 1, "明早": 1, "明晚": 1, "明晨": 1, "听日": 1, "听晚": 1,
    "听朝": 1, "后天": 2, "后日": 2, "大后天": 3,
}  # fmt: skip
_FESTIVALS = {
    "国庆": "national_day", "十一黄金周": "national_day", "十一假期": "national_day",
    "五一": "may_day", "劳动节": "may_day", "元旦": "new_years_day", "跨年夜": "new_years_eve",
    "跨年": "new_years_eve", "春节": "spring_festival", "过年": "spring_festival",
    "农历新年": "spring_festival", "新春": "spring_festival", "除夕": "new_year_eve",
    "大年三十": "new_year_eve", "年三十": "new_year_eve", "年卅": "new_year_eve",
    "大年夜": "new_year_eve", "年三十晚": "new_year_eve", "年卅晚": "new_year_eve",
    "年夜饭": "new_year_eve", "元宵": "lantern", "正月半": "lantern", "上元": "lantern",
    "端午": "dragon_boat", "端阳": "dragon_boat", "七夕": "seventh_evening",
    "中秋": "mid_autumn", "八月半": "mid_autumn", "八月十五": "mid_autumn",
    "重阳": "double_ninth", "腊八": "laba", "平安夜": "christmas_eve", "圣诞夜": "christmas_eve",
    "圣诞前夕": "christmas_eve", "圣诞": "christmas", "万圣": "halloween",
    "情人节": "valentine", "母亲节": "mothers_day", "妇女节": "womens_day",
    "儿童节": "childrens_day", "六一": "childrens_day", "双十节": "double_ten",
    "双十": "double_ten", "国庆日": "double_ten", "感恩节": "thanksgiving", "复活节": "easter",
    "暑假": "summer_holidays",
}  # fmt: skip
_NAMES = ("五一", "国庆", "重阳", "中秋", "端午", "元旦", "六一", "七夕", "春节", "元宵")
"""Festivals that are given names, too: 卫国庆."""

_TERMS = [
    "立春",
    "雨水",
    "惊蛰",
    "春分",
    "清明",
    "谷雨",
    "立夏",
    "芒种",
    "夏至",
    "立秋",
    "处暑",
    "白露",
    "秋分",
    "寒露",
    "霜降",
    "立冬",
    "冬至",
]
_NOT_BEHIND = r"(?!路|街|大道|广场|村|镇|桥|巷|公园|小学|中学|粥|蒜|厂|店|书店|雨衣|靴|上河图)"
_SEASONS = {"春": "spring", "夏": "summer", "秋": "autumn", "冬": "winter"}
_PARTS = {
    "初": "early", "上旬": "early", "中": "mid", "中旬": "mid", "底": "late", "末": "late",
    "下旬": "late", "头": "early", "尾": "late",
}  # fmt: skip
_PART = r"(?:上旬|中旬|下旬|月?初(?![一二三四五六七八九十])|月?中(?![午间学秋])|月?[底末尾])"

Builder = Callable[[re.Match[str], Counted], Said | None]


def found(text: str, counted: Counted) -> Iterator[Said]:
    """Yield what *text*, in simplified characters, says of dates; sayings may overlap."""
    for pattern, builder in _patterns():
        for match in pattern.finditer(text):
            said = builder(match, counted)
            if said is not None:
                yield said


def number(text: str) -> int | None:
    """Return the whole number that *text* writes in digits or Chinese characters."""
    if text.isdecimal() and text.isascii():
        return int(text)
    if all(letter in numerals.HAN_DIGITS for letter in text):
        return int("".join(str(numerals.HAN_DIGITS[letter]) for letter in text)) if text else None
    value = numerals.han(text)
    return value if isinstance(value, int) else None


def _said(match: re.Match[str], kind: str, yearly: Yearly | None) -> Said | None:
    if yearly is None:
        return None
    return Said(match.start(), match.end(), kind, yearly=yearly)


def _fixed(match: re.Match[str], kind: str, meant: Days | None) -> Said | None:
    if meant is None:
        return None
    return Said(match.start(), match.end(), kind, days=meant)


def _year(match: re.Match[str], year: int) -> Said:
    return Said(match.start(), match.end(), "year", year=year, days=whole_year(year))


def _year_word(match: re.Match[str], counted: Counted) -> Said | None:
    return _year(match, counted.today.year + _YEAR_WORDS[match[1]])


def _year_number(match: re.Match[str], _: Counted) -> Said | None:
    year = number(match[1].replace("零", "〇"))
    if year is None:
        return None
    return _year(match, year + 2000 if year < 100 else year)


def _year_back(match: re.Match[str], counted: Counted) -> Said | None:
    count = number(match[1])
    return None if count is None else _year(match, counted.today.year - count)


def _year_roc(match: re.Match[str], _: Counted) -> Said | None:
    count = number(match[1])
    return None if count is None else _year(match, count + 1911)


def _tens(match: re.Match[str], _: Counted) -> Said | None:
    """民國七十幾年."""
    tens = number(match[1])
    if tens is None or tens % 10:
        return None
    return _decade(match, tens + 1911)


def _nineties(match: re.Match[str], _: Counted) -> Said | None:
    tens = number(match[1].rstrip("十零〇0"))
    if tens is None or not 0 < tens < 10:
        return None
    return _decade(match, 1900 + tens * 10)


def _decade(match: re.Match[str], first: int) -> Said | None:
    return _fixed(match, "decade", days(date_of(first, 1, 1), date_of(first + 9, 12, 31)))


def _day(match: re.Match[str], _: Counted) -> Said | None:
    month, day = number(match[1]), number(match[2])
    if month is None or day is None or not (1 <= month <= 12 and 1 <= day <= 31):
        return None
    return _said(match, "day", one_day(month, day))


def _day_range(match: re.Match[str], _: Counted) -> Said | None:
    month, first, last = number(match[1]), number(match[2]), number(match[3])
    if month is None or first is None or last is None or not first < last <= 31:
        return None
    return _said(match, "range", from_to((month, first), (month, last)))


def _ymd(match: re.Match[str], _: Counted) -> Said | None:
    year, month, day = (int(part) for part in match.groups())
    whole = date_of(year + 2000 if year < 100 else year, month, day)
    return _fixed(match, "day", days(whole))


def _roc_ymd(match: re.Match[str], _: Counted) -> Said | None:
    year, month, day = (int(part) for part in match.groups())
    return _fixed(match, "day", days(date_of(year + 1911, month, day)))


def _mdy(match: re.Match[str], counted: Counted) -> Said | None:
    one, other, year = (int(part) for part in match.groups())
    first_is_month = other > 12 or (one <= 12 and counted.month_first is True)
    month, day = (one, other) if first_is_month else (other, one)
    return _fixed(match, "day", days(date_of(year, month, day)))


def _lunar(match: re.Match[str], _: Counted) -> Said | None:
    """正月初三, 农历五月, 闰六月十五, 腊月."""
    mark, leap, name, day = match.group("mark", "leap", "month", "day")
    month = {"正": 1, "冬": 11, "腊": 12, "元": 1}.get(name) or number(name)
    if month is None or not 1 <= month <= 12:
        return None
    if not (mark or leap or name in ("正", "冬", "腊") or (day or "").startswith("初")):
        return None
    if not day:
        return _said(match, "lunar", lunar_month(month, leap=bool(leap)))
    which = number(day.removeprefix("初"))
    if which is None or not 1 <= which <= 30:
        return None
    return _said(match, "lunar", lunar_date(month, which, leap=bool(leap)))


def _lunar_range(match: re.Match[str], _: Counted) -> Said | None:
    name = match[1]
    month = {"正": 1, "冬": 11, "腊": 12}.get(name) or number(name)
    first, last = (number(match[each].removeprefix("初")) for each in (2, 3))
    if month is None or first is None or last is None or not 1 <= month <= 12:
        return None
    return _said(match, "range", lunar_stretch(month, first, last))


def _new_year_day(match: re.Match[str], _: Counted) -> Said | None:
    day = number(match[1])
    if day is None or not 1 <= day <= 10:
        return None
    return _said(match, "lunar", lunar_date(1, day))


def _month(match: re.Match[str], _: Counted) -> Said | None:
    month = number(match[1])
    if month is None or not 1 <= month <= 12:
        return None
    return _said(match, "month", each_month(month, _part(match[2])))


def _part(word: str | None) -> str:
    if not word:
        return ""
    if "周" in word or "星期" in word or "礼拜" in word:
        return "first_week"
    if "最后一" in word:
        return "last_day"
    return _PARTS[word if word in _PARTS else word.removeprefix("月")]


def _month_away(match: re.Match[str], counted: Counted) -> Said | None:
    word = match[1]
    away = {"这": 0, "本": 0, "今": 0, "当": 0, "下": 1}.get(word[0], 0)
    away -= word.count("上")
    whole = part_of(month_away(counted.today, away), _part(match[2]))
    return _fixed(match, "month" if not match[2] else "part", whole)


def _months_ago(match: re.Match[str], counted: Counted) -> Said | None:
    count = number(match[1])
    return None if count is None else _fixed(match, "month", month_away(counted.today, -count))


def _month_part_bare(match: re.Match[str], counted: Counted) -> Said | None:
    part = _part(match[1])
    for away in (0, 1, -1) if counted.ahead else (0, -1):
        whole = part_of(month_away(counted.today, away), part)
        begun = whole is not None and whole.first <= counted.today
        if begun or counted.ahead:
            return _fixed(match, "part", whole)
    return None


def _last_weekday(match: re.Match[str], counted: Counted) -> Said | None:
    """本月最后一个星期六, 6月第一个周日."""
    name, which, weekday = match[1], match[2], _WEEKDAYS[match[3]]
    nth = -1 if which == "最后" else number(which.removeprefix("第")) or 1
    month = number(name.rstrip("月份"))
    if month is not None and 1 <= month <= 12:
        return _said(match, "day", nth_weekday(month, weekday, nth))
    away = 1 if name.startswith("下") else -name.count("上")
    whole = month_away(counted.today, away)
    if whole is None:
        return None
    meant = weekday_in(whole, weekday, nth)
    if name.startswith("每") and (meant is None or meant < counted.today) and counted.ahead:
        after = month_away(counted.today, 1)
        meant = None if after is None else weekday_in(after, weekday, nth)
    return _fixed(match, "day", days(meant))


def _week(match: re.Match[str], counted: Counted) -> Said | None:
    """上周, 这周三, 上上个周末, 下星期天."""
    word, day = match[1], match[2]
    weeks = -word.count("上") + word.count("下")
    week = week_of(counted.today, weeks)
    if not day:
        return _fixed(match, "week", week)
    if day == "末":
        return _fixed(match, "weekend", weekend_of(counted.today, weeks))
    return _fixed(match, "day", days(shifted(week.first, _WEEKDAYS[day])))


def _weeks_ago(match: re.Match[str], counted: Counted) -> Said | None:
    count = number(match[1])
    return None if count is None else _fixed(match, "week", week_of(counted.today, -count))


def _weekday(match: re.Match[str], counted: Counted) -> Said | None:
    day = _WEEKDAYS[match[1]]
    away = (day - counted.today.weekday()) % 7
    meant = shifted(counted.today, away if counted.ahead or not away else away - 7)
    return Said(match.start(), match.end(), "weekday", days=days(meant), weekday=day)


def _weekend(match: re.Match[str], counted: Counted) -> Said | None:
    this = weekend_of(counted.today)
    begun = this.first <= counted.today or counted.ahead
    return _fixed(match, "weekend", this if begun else weekend_of(counted.today, -1))


def _day_word(match: re.Match[str], counted: Counted) -> Said | None:
    return _fixed(match, "today", days(shifted(counted.today, _DAY_WORDS[match[0]])))


def _days_ago(match: re.Match[str], counted: Counted) -> Said | None:
    count = number(match[1])
    if count is None or count > 36_000:
        return None
    return _fixed(match, "today", days(shifted(counted.today, -count)))


def _days_later(match: re.Match[str], counted: Counted) -> Said | None:
    count = number(match[1])
    if count is None or count > 36_000:
        return None
    by = count * (7 if match[2] != "天" else 1)
    return _fixed(match, "today", days(shifted(counted.today, by)))


def _recent(match: re.Match[str], counted: Counted) -> Said | None:
    """最近七天, 过去两周, 近三个月."""
    count, unit = number(match[1]), match[2]
    if count is None or not 1 <= count <= 1_000:
        return None
    if unit in ("天", "日"):
        first = long_ago(counted.today, count)
    elif unit in ("周", "星期", "礼拜"):
        first = long_ago(counted.today, 7 * count)
    else:
        first = months_back(counted.today, count * (12 if unit == "年" else 1))
    return _fixed(match, "open", Days(first, counted.today))


def _half(match: re.Match[str], _: Counted) -> Said | None:
    ends = ((1, 1), (6, 30)) if match[1] == "上" else ((7, 1), (12, 31))
    return _said(match, "part", from_to(*ends))


def _year_part(match: re.Match[str], _: Counted) -> Said | None:
    return _said(match, "part", each_month(1 if match[1] == "初" else 12))


def _year_week(match: re.Match[str], _: Counted) -> Said | None:
    return _said(match, "part", each_month(1, "first_week"))


def _season(match: re.Match[str], _: Counted) -> Said | None:
    return _said(match, "season", season(_SEASONS[match[1]]))


def _year_season(match: re.Match[str], counted: Counted) -> Said | None:
    """去年冬, 今夏, 去冬."""
    year = counted.today.year + (0 if match[1][0] == "今" else -1)
    meant = season(_SEASONS[match[2]])
    return Said(match.start(), match.end(), "season", yearly=meant, year=year)


def _festival(match: re.Match[str], _: Counted) -> Said | None:
    return _said(match, "festival", FESTIVALS[_FESTIVALS[match[1]]])


def _term(match: re.Match[str], _: Counted) -> Said | None:
    return _said(match, "festival", term(match[1]))


def _dom(match: re.Match[str], counted: Counted) -> Said | None:
    day = number(match[1])
    if day is None or not 1 <= day <= 31:
        return None
    meant = (coming_day if counted.ahead else latest_day)(day, counted.today)
    return Said(match.start(), match.end(), "dom", days=days(meant), number=day)


def _away_day(match: re.Match[str], counted: Counted) -> Said | None:
    """上个月三号."""
    word, day = match[1], number(match[2])
    away = 1 if word.startswith("下") else -word.count("上")
    whole = month_away(counted.today, away)
    if whole is None or day is None:
        return None
    return _fixed(match, "day", days(date_of(whole.first.year, whole.first.month, day)))


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], Builder], ...]:
    festivals = "|".join(sorted(set(_FESTIVALS) - set(_NAMES), key=len, reverse=True))
    year_words = "|".join(sorted(_YEAR_WORDS, key=len, reverse=True))
    day_words = "|".join(sorted(_DAY_WORDS, key=len, reverse=True))
    month = r"(?<![0-9一二三四五六七八九十])(1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])\s*月份?"
    lunar_months = r"(?:正|冬|腊|十[一二]?|[一二三四五六七八九]|1[0-2]|[1-9])"
    away = r"(上上个?|上个?|这个?|本|下个?|当)"
    week = rf"((?:上+|这|本|下+|今)个?){_WEEK}"
    table: tuple[tuple[str, Builder], ...] = (
        (rf"({year_words})(?:那年)?", _year_word),
        (r"(?<![0-9])((?:19|20)[0-9]{2})\s*年(?!级|前)", _year_number),
        (r"(?<![0-9])([0-9]{2})\s*年(?!级|前|代|后)", _year_number),
        (r"([一二][〇零一二三四五六七八九]{3})\s*年", _year_number),
        (r"(?<![0-9])((?:19|20)[0-9]{2})(?![0-9年./\-:元])", _year_number),
        (r"(?<![0-9第])([0-9]{1,2}|[一二两三四五六七八九十]{1,3})\s*年(?:之?前)", _year_back),
        (r"民国\s*([0-9]{1,3}|[一二三四五六七八九十百零〇]{1,6})\s*年", _year_roc),
        (r"民国\s*([0-9]0|[一二三四五六七八九]十)[几多]年", _tens),
        (r"(?<![十百])([二三四五六七八九])[几]年(?!级|前)", _nineties),
        (r"(?:19|一九|上世纪|二十世纪)?([2-9]0|[二三四五六七八九][十零〇])年代", _nineties),
        (rf"{month}\s*({_N})\s*[日号](?![楼店线院])", _day),
        (r"(?<![0-9])(1[0-2]|0?[1-9])月([0-3]?[0-9])(?![0-9日号:月])", _day),
        (r"(?<![〇零一二三四五六七八九十])(?!八月十五(?![日号]))([一二三四五六七八九]|十[一二]?)月(二?十[一二三四五六七八九]?|三十一?)(?!五?年|[日号天月])", _day),
        (rf"{month}\s*({_N})\s*[日号]?\s*[(（]?(?:{_WEEK}?[一二三四五六日天])?[)）]?\s*(?:[-–—~～－]{{1,2}}|至|到)\s*({_N})\s*[日号](?![楼店线])", _day_range),
        (r"(?<![0-9./])(1[0-2]|0?[1-9])[./]([0-3]?[0-9])\s*[-–—~～－至到]+\s*([0-3]?[0-9])(?![0-9./:元])", _day_range),
        (r"(?<![0-9./:$¥￥])(1[0-2]|0?[1-9])/(3[01]|[12][0-9]|0?[1-9])(?![0-9/:])", _day),
        (r"(?<![0-9./\-:$¥￥])(1[0-2]|0?[1-9])\.(3[01]|[12][0-9]|0?[1-9])(?![0-9.:元块米分折%版寸号折万折亿])", _day),
        (r"(?<![0-9])((?:19|20)[0-9]{2})\s*[-./年]\s*(1[0-2]|0?[1-9])\s*[-./月]\s*(3[01]|[12][0-9]|0?[1-9])(?![0-9])日?", _ymd),
        (r"(?<![0-9./])([0-9]{2})[./](1[0-2]|0?[1-9])[./](3[01]|[12][0-9]|0?[1-9])(?![0-9./])", _ymd),
        (r"(?<![0-9./])(1[01][0-9])[./](1[0-2]|0?[1-9])[./](3[01]|[12][0-9]|0?[1-9])(?![0-9./])", _roc_ymd),
        (r"(?<![0-9./])([0-3]?[0-9])[./]([0-3]?[0-9])[./]((?:19|20)[0-9]{2})(?![0-9./])", _mdy),
        (rf"(?:(?P<mark>农历|阴历|旧历)\s*)?(?P<leap>闰)?(?P<month>{lunar_months})月(?P<day>初[一二三四五六七八九十]|[二廿]?十[一二三四五六七八九]?(?![日号])|廿[一二三四五六七八九]?|三十|卅|[12][0-9](?![0-9日号]))?", _lunar),
        (rf"(?:农历|阴历)?({lunar_months})月((?:初|[二廿]?十|廿)[一二三四五六七八九十]?)\s*(?:至|到|[-–—~～]+)\s*((?:初|[二廿]?十|廿)[一二三四五六七八九十]?)", _lunar_range),
        (r"(?:大年|新年|过年|春节|农历新年|(?<![今去前明旧上0-9])年)?初([一二三四五六七八九十])(?![中小高月])", _new_year_day),
        (rf"{month}({_PART}|的?第一(?:周|个?星期|个?礼拜)|的?最后一[天日])?", _month),
        (rf"{away}月({_PART}|的?第一(?:周|个?星期|个?礼拜)|的?最后一[天日])?", _month_away),
        (rf"{away}月({_N})\s*[日号]", _away_day),
        (r"([0-9]{1,2}|[一二两三四五六七八九十]{1,3})\s*个月(?:之?前)", _months_ago),
        (r"(?<![个这本上下0-9一二三四五六七八九十正腊])(月初|月中|月底|月末)", _month_part_bare),
        (rf"((?:上上|上|这|本|下|每)个?月|{_N}月)的?(最后|第[一二三四五])一?个?{_WEEK}([一二三四五六日天])", _last_weekday),
        (rf"{week}([一二三四五六日天末])?(?!期)", _week),
        (rf"([0-9]{{1,2}}|[一二两三四五六七八九十])\s*个?{_WEEK}(?:之?前)", _weeks_ago),
        (rf"(?<![上下这本今第]){_WEEK}([一二三四五六日天])(?!期|年|岁)", _weekday),
        (r"[(（]([一二三四五六日天])[)）]", _weekday),
        (rf"{_WEEK}末", _weekend),
        (rf"(?:{day_words})", _day_word),
        (r"(?<![第0-9])([0-9]{1,3}|[一二两三四五六七八九十]{1,3})\s*[天日](?:之?前)", _days_ago),
        (r"([0-9]{1,3}|[一二两三四五六七八九十]{1,3})\s*(天|个?星期|周|个?礼拜)(?:之?后)", _days_later),
        (r"(?:最近|过去|近|这|前)\s*([0-9]{1,3}|[一二两三四五六七八九十]{1,3})\s*个?(天|日|周|星期|礼拜|月|年)(?:(?:之?内)|以来|来)?", _recent),
        (r"(上|下)半年", _half),
        (r"(?<=年)(初|底|末)(?![一二三四五六七八九十])", _year_part),
        (r"年?的?第一(?:周|个?星期|个?礼拜)", _year_week),
        (r"(春|夏|秋|冬)(?:天|季|日(?![本报]))", _season),
        (r"(?<=年)(?:的)?(春|夏|秋|冬)(?![装衣至分眠游奥令])", _season),
        (r"(今|去)(春|夏|秋|冬)(?![装衣至分])", _year_season),
        (rf"(?<![{_SURNAMES}])({'|'.join(_NAMES)}){_NOT_BEHIND}(?:节|假期|长假|黄金周|小长假|期间|那天|当天){{0,2}}", _festival),
        (rf"({festivals}){_NOT_BEHIND}(?:节|假期|长假|期间|那天|当天){{0,2}}", _festival),
        (rf"({'|'.join(_TERMS)}){_NOT_BEHIND}(?:节|假期|那天|当天|当日)?", _term),
        (r"(?<![0-9月第./:])([0-3]?[0-9])\s*(?:号|日)(?![0-9楼店厅线院馆台门车机桌座本教影会场展出入码仓库])", _dom),
        (r"(?<![月第周期拜十二三])([二三]?十[一二三四五六七八九]?|[一二三四五六七八九])号(?![楼店厅线院馆台门车机桌座教影会场展出入码仓库])", _dom),
    )  # fmt: skip
    return tuple((re.compile(pattern), builder) for pattern, builder in table)
