"""Dates said in English."""

# ruff: noqa: E501 - a pattern is read whole, on one line.

import re
from collections.abc import Callable, Iterator
from functools import cache

from pratique.text import numerals
from pratique.text.calendar import (
    FESTIVALS,
    Days,
    Yearly,
    coming,
    coming_day,
    date_of,
    days,
    each_month,
    from_to,
    latest,
    latest_day,
    latest_ended,
    long_ago,
    month_away,
    months_back,
    nth_weekday,
    one_day,
    part_of,
    season,
    shifted,
    week_of,
    weekday_in,
    weekend_of,
    whole_year,
)
from pratique.text.dates_said import Counted, Said

_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    r"sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEKDAY = (
    r"(?P<weekday>mon(?:day)?|tue(?:s(?:day)?)?|wed(?:s|nesday)?|thu(?:r(?:s(?:day)?)?)?|"
    r"fri(?:day)?|sat(?:urday)?|sun(?:day)?)\b\.?"
)
_FULL_WEEKDAY = r"(?P<weekday>monday|tuesday|wednesday|thursday|friday|saturday|sunday)\b"
_DAY = r"(?P<day>3[01]|[12][0-9]|0?[1-9])(?:st|nd|rd|th)?"
_YEAR = r"(?:[\s,]+(?:of\s+)?(?P<year>(?:19|20)[0-9]{2}|['’][0-9]{2})\b(?!:))"
_COUNT = r"(?P<count>[0-9]{1,3}|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:a\s+)?couple(?:\s+of)?)"
_FEW = {"a": 1, "an": 1}
_FESTIVALS = {
    r"christmas\s+eve|xmas\s+eve": "christmas_eve",
    r"christmas\s+day|xmas\s+day": "christmas_day",
    r"christmas(?:\s*time)?|xmas": "christmas",
    r"boxing\s+day": "boxing_day",
    r"(?:new\s+year['’]?s\s+eve|nye)": "new_years_eve",
    r"new\s+year(?:['’]?s)?(?:\s+day)?": "new_years_day",
    r"(?:chinese|lunar)\s+new\s+year['’]?s\s+eve": "new_year_eve",
    r"(?:chinese|lunar)\s+new\s+year(?:['’]s)?\s+day": "lunar_new_year",
    r"(?:chinese|lunar)\s+new\s+year|spring\s+festival": "spring_festival",
    r"valentine['’]?s(?:\s+day)?": "valentine",
    r"hallowe['’]?en": "halloween",
    r"(?:the\s+)?(?:fourth\s+of\s+july|4th\s+of\s+july)|independence\s+day": "fourth_of_july",
    r"easter\s+sunday": "easter_sunday",
    r"easter\s+monday": "easter_monday",
    r"good\s+friday": "good_friday",
    r"easter(?:\s+(?:weekend|holidays?))?": "easter",
    r"thanksgiving(?:\s+day)?": "thanksgiving",
    r"mother['’]?s['’]?\s+day": "mothers_day",
    r"father['’]?s['’]?\s+day": "fathers_day",
    r"may\s+day": "may_day",
    r"(?:the\s+)?mid[-\s]?autumn(?:\s+festival)?": "mid_autumn",
    r"(?:the\s+)?moon\s+festival": "mid_autumn",
    r"(?:the\s+)?dragon\s+boat\s+festival": "dragon_boat",
    r"(?:the\s+)?lantern\s+festival": "lantern",
    r"(?:the\s+)?double\s+ninth(?:\s+festival)?": "double_ninth",
    r"national\s+day(?:\s+(?:holiday|week)s?)?|golden\s+week": "national_day",
}
_PARTS = (
    (r"(?:the\s+)?(?:first\s+week)\s+(?:of|in)", "first_week"),
    (r"(?:the\s+)?last\s+day\s+(?:of|in)", "last_day"),
    (r"(?:the\s+)?(?:beginning|start)\s+of|(?:in\s+)?early(?:\s+in)?", "early"),
    (r"(?:the\s+)?middle\s+of|mid[-\s]?", "mid"),
    (r"(?:(?:at\s+)?the\s+)?(?:very\s+)?end\s+of|(?:in\s+)?late(?:\s+in)?", "late"),
)
_PART = "(?P<part>" + "|".join(pattern for pattern, _ in _PARTS) + r")[\s-]*"
_AWAY = {"this": 0, "last": -1, "previous": -1, "next": 1}

Builder = Callable[[re.Match[str], Counted], Said | None]


def found(text: str, counted: Counted) -> Iterator[Said]:
    """Yield what *text* says of dates; sayings may overlap."""
    for pattern, builder in _patterns():
        for match in pattern.finditer(text):
            said = builder(match, counted)
            if said is not None:
                yield said


def _said(match: re.Match[str], kind: str, yearly: Yearly) -> Said:
    return Said(match.start(), match.end(), kind, yearly=yearly)


def _fixed(match: re.Match[str], kind: str, meant: Days | None) -> Said | None:
    if meant is None:
        return None
    return Said(match.start(), match.end(), kind, days=meant)


def _count(word: str) -> int:
    word = word.lower()
    if word.isdecimal():
        return int(word)
    if "couple" in word:
        return 2
    return _FEW.get(word) or numerals.ENGLISH.get(word, 1)


def _number_of(month: str) -> int:
    return next(
        index for index, name in enumerate(_MONTHS, 1) if name.startswith(month.lower()[:3])
    )


def _weekday_of(word: str) -> int:
    return _WEEKDAYS.index(word.lower()[:3])


def _part_of(word: str | None) -> str:
    if not word:
        return ""
    return next((part for pattern, part in _PARTS if re.fullmatch(pattern, word.strip(), re.I)), "")


def _spoken_year(word: str | None) -> int | None:
    if word is None:
        return None
    return int(word) if word.isdecimal() else 2000 + int(word[1:])


def _year(match: re.Match[str], year: int) -> Said:
    return Said(match.start(), match.end(), "year", year=year, days=whole_year(year))


def _year_number(match: re.Match[str], _: Counted) -> Said | None:
    year = _spoken_year(match[1])
    return None if year is None else _year(match, year)


def _year_away(match: re.Match[str], counted: Counted) -> Said | None:
    return _year(match, counted.today.year + _AWAY[match[1].lower()])


def _years_ago(match: re.Match[str], counted: Counted) -> Said | None:
    return _year(match, counted.today.year - _count(match["count"]))


def _year_before_last(match: re.Match[str], counted: Counted) -> Said | None:
    return _year(match, counted.today.year - 2)


def _decade(match: re.Match[str], _: Counted) -> Said | None:
    word = match["decade"].lower()
    tens = int(word[-2:]) if word[-1].isdecimal() else _DECADES.get(word, 0)
    century = 2000 if (word.startswith("20") and len(word) == 4) or tens in (0, 10) else 1900
    if not word[-1].isdecimal() and tens == 20:
        century = 1900
    first = century + tens
    return _fixed(match, "decade", days(date_of(first, 1, 1), date_of(first + 9, 12, 31)))


_DECADES = {
    "twenties": 20, "thirties": 30, "forties": 40, "fifties": 50, "sixties": 60,
    "seventies": 70, "eighties": 80, "nineties": 90, "noughties": 0,
}  # fmt: skip


def _day_month(match: re.Match[str], _: Counted) -> Said | None:
    month, day = _number_of(match["month"]), int(match["day"])
    yearly, year = one_day(month, day), _spoken_year(match["year"])
    if yearly(2024) is None or (year is not None and yearly(year) is None):
        return None
    return Said(match.start(), match.end(), "day", yearly=yearly, year=year)


def _day_words(match: re.Match[str], _: Counted) -> Said | None:
    """The third of May, in words."""
    day = numerals.ENGLISH_ORDINALS[match["ordinal"].lower()]
    month, year = _number_of(match["month"]), _spoken_year(match["year"])
    return Said(match.start(), match.end(), "day", yearly=one_day(month, day), year=year)


def _day_range(match: re.Match[str], _: Counted) -> Said | None:
    month, first, last = _number_of(match["month"]), int(match["first"]), int(match["last"])
    if not 1 <= first < last <= 31:
        return None
    yearly, year = from_to((month, first), (month, last)), _spoken_year(match["year"])
    return Said(match.start(), match.end(), "range", yearly=yearly, year=year)


def _month(match: re.Match[str], counted: Counted) -> Said | None:
    word = match["month"].lower().rstrip(".")
    part, away = _part_of(match["part"]), (match["away"] or "").lower()
    year = _spoken_year(match["year"])
    # `may`, `march` and `mar` are words of their own; so are names, which begin with a capital.
    vague = word in ("may", "march", "mar", "sep", "dec", "jan", "nov", "oct")
    certain = part or away or year or match["led"]
    if vague and word in ("may", "march", "mar") and not certain and match["month"][0].islower():
        return None
    yearly = each_month(_number_of(word), part)
    if away == "last":
        meant = latest_ended(yearly, counted.today)
        return _fixed(match, "month" if not part else "part", meant)
    if away == "this":
        year = counted.today.year
    if away == "next":
        year = counted.today.year + (yearly(counted.today.year) is None)
    kind = "part" if part else "month"
    return Said(match.start(), match.end(), kind, yearly=yearly, year=year)


def _part_month_away(match: re.Match[str], counted: Counted) -> Said | None:
    whole = part_of(
        month_away(counted.today, _AWAY[match["away"].lower()]), _part_of(match["part"])
    )
    return _fixed(match, "part" if match["part"] else "month", whole)


def _month_before_last(match: re.Match[str], counted: Counted) -> Said | None:
    return _fixed(match, "month", month_away(counted.today, -2))


def _months_ago(match: re.Match[str], counted: Counted) -> Said | None:
    return _fixed(match, "month", month_away(counted.today, -_count(match["count"])))


def _season(match: re.Match[str], counted: Counted) -> Said | None:
    word, away = match["season"].lower(), (match["away"] or "").lower()
    year = _spoken_year(match["year"])
    if word == "fall" and not (away or year or match["led"]):
        return None
    yearly = season("autumn" if word == "fall" else word)
    if away == "last":
        return _fixed(match, "season", latest_ended(yearly, counted.today))
    if away == "this" and word != "winter":
        year = counted.today.year
    return Said(match.start(), match.end(), "season", yearly=yearly, year=year)


def _festival(name: str) -> Builder:
    def build(match: re.Match[str], counted: Counted) -> Said | None:
        away, year = (match["away"] or "").lower(), _spoken_year(match["year"])
        if away == "last":
            return _fixed(match, "festival", latest_ended(FESTIVALS[name], counted.today))
        if away == "this":
            year = counted.today.year
        kind = "festival"
        return Said(match.start(), match.end(), kind, yearly=FESTIVALS[name], year=year)

    return build


def _half(match: re.Match[str], _: Counted) -> Said | None:
    first = match[1].lower() == "first"
    return _said(match, "part", from_to((1, 1), (6, 30)) if first else from_to((7, 1), (12, 31)))


def _year_week(match: re.Match[str], _: Counted) -> Said | None:
    """The first week of a year that is said next."""
    return _said(match, "part", each_month(1, "first_week"))


def _week_away(match: re.Match[str], counted: Counted) -> Said | None:
    away = _AWAY[match[1].lower()]
    if match[2].lower() == "week":
        return _fixed(match, "week", week_of(counted.today, away))
    return _fixed(match, "weekend", weekend_of(counted.today, away))


def _before_last(match: re.Match[str], counted: Counted) -> Said | None:
    if match[1].lower() == "week":
        return _fixed(match, "week", week_of(counted.today, -2))
    return _fixed(match, "weekend", weekend_of(counted.today, -2))


def _weeks_ago(match: re.Match[str], counted: Counted) -> Said | None:
    count, unit = _count(match["count"]), match["unit"].lower()
    if unit.startswith("weekend"):
        return _fixed(match, "weekend", weekend_of(counted.today, -count))
    weeks = 2 * count if unit.startswith("fortnight") else count
    return _fixed(match, "week", week_of(counted.today, -weeks))


def _weekend(match: re.Match[str], counted: Counted) -> Said | None:
    this = weekend_of(counted.today)
    begun = this.first <= counted.today or counted.ahead
    return _fixed(match, "weekend", this if begun else weekend_of(counted.today, -1))


def _weekday(match: re.Match[str], counted: Counted) -> Said | None:
    """Friday, last Friday, this Friday, next Friday, Friday week."""
    weekday, away = _weekday_of(match["weekday"]), (match["away"] or "").lower()
    ahead, today = (weekday - counted.today.weekday()) % 7, counted.today
    if away == "last":
        meant = shifted(today, ahead - 7)
    elif away == "this":
        meant = shifted(week_of(today).first, weekday)
    elif away == "next":
        meant = shifted(week_of(today, 1).first, weekday)
    else:
        meant = shifted(today, ahead if counted.ahead or not ahead else ahead - 7)
        return Said(match.start(), match.end(), "weekday", days=days(meant), weekday=weekday)
    return _fixed(match, "day", days(meant))


def _weekday_before_last(match: re.Match[str], counted: Counted) -> Said | None:
    back = (_weekday_of(match["weekday"]) - counted.today.weekday()) % 7 - 14
    return _fixed(match, "day", days(shifted(counted.today, back)))


def _in_weeks(match: re.Match[str], counted: Counted) -> Said | None:
    unit = match["unit"].lower()
    by = _count(match["count"]) * {"d": 1, "w": 7, "f": 14}[unit[0]]
    return _fixed(match, "today", days(shifted(counted.today, by)))


def _nth_weekday(match: re.Match[str], counted: Counted) -> Said | None:
    """The last Saturday of May, the first Sunday of the month, of every month."""
    word = match["nth"].lower()
    nth = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": -1}.get(word)
    nth = int(word[0]) if nth is None else nth
    weekday, month = _weekday_of(match["weekday"]), match["month"]
    if month is not None:
        yearly, year = nth_weekday(_number_of(month), weekday, nth), _spoken_year(match["year"])
        return Said(match.start(), match.end(), "day", yearly=yearly, year=year)
    back = -1 if "last month" in match[0].lower() else 0
    tries = [back] if not counted.ahead or back else [0, 1]
    for away in tries:
        whole = month_away(counted.today, away)
        meant = None if whole is None else weekday_in(whole, weekday, nth)
        if meant is not None and (meant >= counted.today or not counted.ahead or back):
            return _fixed(match, "day", days(meant))
    return None


def _day_word(match: re.Match[str], counted: Counted) -> Said | None:
    word = re.sub(r"\s+", " ", match[0].lower())
    if "before yesterday" in word:
        away = -2
    elif "after tomorrow" in word:
        away = 2
    elif "yesterday" in word or word == "last night":
        away = -1
    else:
        away = 1 if "tomorrow" in word else 0
    return _fixed(match, "today", days(shifted(counted.today, away)))


def _days_ago(match: re.Match[str], counted: Counted) -> Said | None:
    return _fixed(match, "today", days(shifted(counted.today, -_count(match["count"]))))


def _recent(match: re.Match[str], counted: Counted) -> Said | None:
    count, unit = _count(match["count"] or "1"), match["unit"].lower()
    if not 1 <= count <= 1_000:
        return None
    if unit.startswith(("month", "year")):
        first = months_back(counted.today, count * (12 if unit.startswith("year") else 1))
    else:
        each = {"d": 1, "n": 1, "w": 7, "f": 14}[unit[0]]
        first = long_ago(counted.today, count * each)
    return _fixed(match, "open", Days(first, counted.today))


def _iso(match: re.Match[str], _: Counted) -> Said | None:
    year, month, day = (int(part) for part in match.groups())
    return _fixed(match, "day", days(date_of(year + 2000 if year < 100 else year, month, day)))


def _figures(match: re.Match[str], counted: Counted) -> Said | None:
    """3/4/2026 and 3/4: a figure above twelve decides, then a weekday beside it, then words."""
    one, other = int(match["one"]), int(match["other"])
    year = match["year"] or None
    whole = None if year is None else int(year) + (2000 if len(year) == 2 else 0)
    readings = [
        (month, day)
        for month, day in dict.fromkeys(((one, other), (other, one)))
        if 1 <= month <= 12 and one_day(month, day)(whole or 2024) is not None
    ]
    if len(readings) > 1 and (weekday := match["before"] or match["behind"]) is not None:
        fitting = [each for each in readings if _falls(each, whole, weekday, counted)]
        readings = fitting if len(fitting) == 1 else readings
    if len(readings) > 1:
        month_first = counted.month_first
        if month_first is None and "." in match["between"]:
            month_first = False
        if month_first is None:
            if not counted.ahead:
                return None
            month_first = False
        readings = [readings[0] if month_first else readings[1]]
    if not readings:
        return None
    kind = "day"
    return Said(match.start(), match.end(), kind, yearly=one_day(*readings[0]), year=whole)


def _falls(reading: tuple[int, int], year: int | None, word: str, counted: Counted) -> bool:
    yearly = one_day(*reading)
    pick = coming if counted.ahead else latest
    meant = yearly(year) if year is not None else pick(yearly, counted.today)
    return meant is not None and meant.first.weekday() == _weekday_of(word)


def _dom(match: re.Match[str], counted: Counted) -> Said | None:
    day = int(match["day"])
    meant = (coming_day if counted.ahead else latest_day)(day, counted.today)
    return Said(match.start(), match.end(), "dom", days=days(meant), number=day)


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], Builder], ...]:
    away = r"(?:(?:of\s+)?(?P<away>this|last|next)\s+)?"
    led = r"(?P<led>\b(?:in|since|during|from|until|till|between|of|by|through|every|around)\s+)?"
    weekday_before = rf"(?:\b{_WEEKDAY.replace('weekday', 'before')},?\s*)?"
    weekday_behind = rf"(?:[\s,(]*{_WEEKDAY.replace('weekday', 'behind')})?"
    led_month = r"(?P<led>(?<=\bin\s)|(?<=\bsince\s)|(?<=\buntil\s)|(?<=\band\s)|(?<=\bfrom\s)|(?<=\bbetween\s)|(?<=\bto\s)|(?<=\bof\s)|(?<=\btill\s))?"
    dash = r"\s*(?:[-–—~]|to|until|till|and|&)\s*"
    first_last = rf"(?P<first>[0-3]?[0-9])(?:st|nd|rd|th)?{dash}(?:{_WEEKDAY}\s*)?(?P<last>[0-3]?[0-9])(?:st|nd|rd|th)?"
    table: list[tuple[str, Builder]] = [
        (r"(?<![\w£$€./:-])((?:19|20)[0-9]{2})\b(?![-:./]\d)", _year_number),
        (r"(?<!\w)(['’][0-9]{2})\b(?!s)", _year_number),
        (r"\b(last|this|next)\s+year\b(?!['’]?s\s+eve)", _year_away),
        (r"\bthe\s+year\s+before\s+last\b", _year_before_last),
        (rf"\b{_COUNT}\s+years?\s+(?:ago|back)\b", _years_ago),
        (r"\b(?:the\s+)?(?:(?:early|mid|late)[\s-]+)?(?P<decade>(?:19|20)?[0-9]0(?=['’]?s\b)|twenties|thirties|forties|fifties|sixties|seventies|eighties|nineties|noughties)(?:['’]?s\b)?", _decade),
        (rf"\b(?:the\s+)?{_DAY}\s*(?:of\s+)?{_MONTH}{_YEAR}?(?!['’]s\s)", _day_month),
        (rf"\b{_MONTH}\s*(?:the\s+)?{_DAY}\b(?!:[0-9]|\s*(?:am|pm)\b){_YEAR}?", _day_month),
        (rf"\b(?:the\s+)?(?P<ordinal>{'|'.join(numerals.ENGLISH_ORDINALS)})\s+of\s+{_MONTH}{_YEAR}?", _day_words),
        (rf"\b{first_last}\s*(?:of\s+)?{_MONTH}{_YEAR}?", _day_range),
        (rf"\b{_MONTH}\s*{first_last}\b(?!:[0-9]|\s*(?:am|pm)\b){_YEAR}?", _day_range),
        (rf"\b(?:{_PART})?{away}{led_month}\b{_MONTH}(?!['’]s\b)(?:{_YEAR})?", _month),
        (r"\b(?:the\s+)?(?:" + _PART + r")?(?P<away>this|last|next)\s+month\b", _part_month_away),
        (r"\b(?:the\s+)?month\s+before\s+last\b", _month_before_last),
        (rf"\b{_COUNT}\s+months?\s+(?:ago|back)\b", _months_ago),
        (rf"\b(?:the\s+)?(?:(?:early|late|mid)[\s-]+)?{away}{led}(?:the\s+)?\b(?P<season>spring|summer|autumn|winter|fall)\b(?!['’]s\b)(?:\s*time)?(?:{_YEAR})?(?!\s+(?:roll|festival))", _season),
        (r"\b(?:the\s+)?(first|second)\s+half\b(?:\s+of(?:\s+the\s+year)?)?", _half),
        (r"\b(?:the\s+)?first\s+week\b(?=\s+(?:of|in)\s+(?:(?:19|20)[0-9]{2}|(?:last|this)\s+year|\w+\s+years?\s+ago)\b)", _year_week),
        (r"\b(last|this|next|previous)\s+(week|weekend)\b", _week_away),
        (r"\b(?:the\s+)?(week|weekend)\s+before\s+last\b", _before_last),
        (rf"\b{_COUNT}\s+(?P<unit>weeks?|weekends?|fortnights?)\s+(?:ago|back)\b", _weeks_ago),
        (r"\b(?:(?:at|on|over)\s+)?(?:the\s+)?weekend\b", _weekend),
        (rf"\b(?:(?P<away>this|last|next)\s+){_WEEKDAY}(?!['’]s)", _weekday),
        (rf"\b(?P<away>)(?:on\s+)?{_FULL_WEEKDAY}(?!['’]s\b)", _weekday),
        (r"\b(?P<away>)(?P<weekday>(?:Mon|Tues?|Wed|Thu(?:rs?)?|Fri|Sat|Sun|MON|TUES?|WED|THU(?:RS?)?|FRI|SAT|SUN))\b\.?", _weekday),
        (rf"\b(?:the\s+)?{_WEEKDAY}\s+before\s+last\b", _weekday_before_last),
        (rf"\bin\s+{_COUNT}\s+(?P<unit>days?|weeks?|fortnights?)(?:['’]s?\s+time)?\b", _in_weeks),
        (rf"\b(?:(?:on\s+)?the\s+|every\s+)?(?P<nth>first|second|third|fourth|last|1st|2nd|3rd|4th)\s+{_WEEKDAY}\s+(?:of|in)\s+(?:(?:the|this|every|each|last)\s+month|{_MONTH}{_YEAR}?)", _nth_weekday),
        (r"\b(?:the\s+)?day\s+before\s+yesterday\b|\b(?:the\s+)?day\s+after\s+tomorrow\b|\byesterday(?:\s+(?:morning|afternoon|evening))?\b|\btoday\b|\btonight\b|\blast\s+night\b|\bthis\s+(?:morning|afternoon|evening)\b|\btomorrow\b", _day_word),
        (rf"\b{_COUNT}\s+days?\s+(?:ago|back)\b", _days_ago),
        (r"\b(?:the\s+|in\s+the\s+)?(?:last|past)\s+(?P<count>[0-9]{1,3}|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|couple\s+of)\s+(?P<unit>days?|nights?|weeks?|fortnights?|months?|years?)\b", _recent),
        (r"\b(?:the\s+)past\s+(?P<count>)(?P<unit>week|fortnight|month|year)\b", _recent),
        (r"\bthe\s+last\s+(?P<count>)(?P<unit>fortnight)\b", _recent),
        (r"(?<![0-9])((?:19|20)[0-9]{2})[-./](1[0-2]|0?[1-9])[-./](3[01]|[12][0-9]|0?[1-9])(?![0-9])", _iso),
        (weekday_before + r"(?<![0-9./$£€:])(?P<one>[0-3]?[0-9])(?P<between>[/.-])(?P<other>[0-3]?[0-9])(?P=between)(?P<year>(?:19|20)?[0-9]{2})(?![0-9./])" + weekday_behind, _figures),
        (weekday_before + r"(?<![0-9./$£€:])(?P<one>[0-3]?[0-9])(?P<between>/)(?P<other>[0-3]?[0-9])(?P<year>)?(?![0-9/:])" + weekday_behind, _figures),
        (rf"\b(?:on\s+)?the\s+(?P<day>3[01]|[12][0-9]|[1-9])(?:st|nd|rd|th)\b(?!\s*(?:of\s+)?(?:{_MONTH.replace('month', 'behind')})|\s+(?:birthday|anniversary|floor|century|street|st\b|place|hole|grade|time|edition))", _dom),
        (rf"\b{_WEEKDAY.replace('weekday', 'named')}\s+(?:the\s+)?(?P<day>3[01]|[12][0-9]|[1-9])(?:(?:st|nd|rd|th)\b(?!\s*(?:of\s+)?{_MONTH.replace('month', 'behind')})|(?=\s*(?:[-–—]|to|until|&|and)\s*(?:{_WEEKDAY.replace('weekday', 'later')})\s*[0-9]))(?!:)", _dom),
    ]  # fmt: skip
    for pattern, name in _FESTIVALS.items():
        spelt = rf"\b(?:(?P<away>this|last)\s+)?(?:{pattern})(?![\w])(?:{_YEAR})?"
        table.append((spelt, _festival(name)))
    # Weekdays in short are told by their capital: `sat`, `sun` and `wed` are words.
    return tuple(
        (re.compile(pattern, 0 if "Mon|Tues" in pattern else re.IGNORECASE), builder)
        for pattern, builder in table
    )
