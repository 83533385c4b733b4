"""Times in a notification: how far from now the moment is that it speaks of."""

import re
from datetime import datetime, timedelta

_CHINESE_FIGURES = {each: float(at) for at, each in enumerate("零一二三四五六七八九十")} | {
    "两": 2.0,
    "半": 0.5,
}
_IN_MINUTES = re.compile(
    r"(?:in|within|next|about)\s(?:about\s|the next\s)?"
    r"(\d{1,3}|an?|half an|ten|five|fifteen|twenty|thirty)\s?"
    r"(m|min|mins|minutes?|h|hr|hrs|hours?|days?)\b",
    re.IGNORECASE,
)
_AWAY = re.compile(r"(\d{1,3})\s?(min|mins|minutes?)\s(?:away|left|out|to go)\b", re.IGNORECASE)
_CHINESE_IN = re.compile(
    r"([零一二两三四五六七八九十]{1,3}|半|\d{1,3})\s?(?:个)?(分钟|小时|钟头|天)(?:后|内|之内|以内|左右|就|开始|到|起飞|发车)"
)
_CLOCK = re.compile(
    r"(?<![\d:.])(\d{1,2}):([0-5]\d)(?::[0-5]\d)?(?:\s?([ap])\.?m\b)?", re.IGNORECASE
)
_AMPM = re.compile(r"(?<![\d:.])(1[0-2]|[1-9])\s?([ap])\.?m\b", re.IGNORECASE)
_CHINESE_CLOCK = re.compile(
    r"(凌晨|早上|上午|中午|下午|傍晚|晚上|今晚|明早|明晚|早|晚)?\s?"
    r"([零一二两三四五六七八九十]{1,3}|\d{1,2})[点时](半|一刻|三刻|([零一二三四五六七八九十]{1,3}|\d{1,2})分?)?(?!钟)"
)
_OTHER_DAY = re.compile(
    r"\b(?:tomorrow|next|mon|tues?|wednes|thurs?|fri|satur|sun)(?:day)?\b"
    r"|明天|明早|明晚|后天|下周|周[一二三四五六日天]|星期|\d{1,2}月\d{1,2}日"
    r"|\b(?:jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)[a-z]{0,6}\.?\s\d",
    re.IGNORECASE,
)
_DATE = re.compile(r"(?<!\d)(\d{1,2})月(\d{1,2})[日号]")
_ENGLISH_DATE = re.compile(
    r"\b(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?\s(\d{1,2})\b", re.IGNORECASE
)
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_ENGLISH_FIGURES = {
    "a": 1.0,
    "an": 1.0,
    "half an": 0.5,
    "ten": 10.0,
    "five": 5.0,
    "fifteen": 15.0,
} | {
    "twenty": 20.0,
    "thirty": 30.0,
}


def minutes_ahead(text: str, sent: datetime, now: datetime) -> list[float]:
    """Return minutes from *now* to each moment that *text*, sent at *sent*, names for that day.

    Negative when it is past. Clock times of another day are left out.
    """
    local = sent.astimezone(now.tzinfo)
    found = [local + timedelta(minutes=each) for each in _spans(text)]
    if not _another_day(text, now):
        found += _clocks(text, local)
    return [(moment - now).total_seconds() / 60 for moment in found]


def another_day(text: str, now: datetime) -> bool:
    """Whether *text* speaks of a day that is not *now*'s."""
    return _another_day(text, now)


def _spans(text: str) -> list[float]:
    """Return the minutes of phrases such as `in 20 minutes` and `半小时后`."""
    found = []
    for match in _IN_MINUTES.finditer(text):
        figure = match[1].lower()
        amount = float(figure) if figure.isdigit() else _ENGLISH_FIGURES[figure]
        unit = match[2][0].lower()
        found.append(amount * {"m": 1, "h": 60, "d": 1440}[unit])
    found += [float(match[1]) for match in _AWAY.finditer(text)]
    for match in _CHINESE_IN.finditer(text):
        found.append(_figure(match[1]) * {"分": 1, "小": 60, "钟": 60, "天": 1440}[match[2][0]])
    return found


def _clocks(text: str, day: datetime) -> list[datetime]:
    """Return the clock times of *text* on *day*."""
    found = [(_hour(int(match[1]), match[3]), int(match[2])) for match in _CLOCK.finditer(text)]
    found += [(_hour(int(match[1]), match[2]), 0) for match in _AMPM.finditer(text)]
    for match in _CHINESE_CLOCK.finditer(text):
        hour = int(_figure(match[2]))
        later = match[1] in ("下午", "傍晚", "晚上", "今晚", "晚") and hour < 12
        found.append((hour + 12 * later, _minutes(match[3])))
    return [
        day.replace(hour=hour, minute=minute, second=0, microsecond=0)
        for hour, minute in found
        if hour < 24 and minute < 60
    ]


def _another_day(text: str, now: datetime) -> bool:
    """Whether *text* names a day that is not today."""
    for match in _DATE.finditer(text):
        if (int(match[1]), int(match[2])) == (now.month, now.day):
            return False
    for match in _ENGLISH_DATE.finditer(text):
        if (_MONTHS.index(match[1].lower()) + 1, int(match[2])) == (now.month, now.day):
            return False
    return _OTHER_DAY.search(text) is not None


def _hour(hour: int, half: str | None) -> int:
    """Return *hour* on a clock of 24 hours."""
    if half is None:
        return hour
    return hour % 12 + (12 if half.lower() == "p" else 0)


def _minutes(written: str | None) -> int:
    """Return the minutes of a Chinese clock time."""
    if not written:
        return 0
    known = {"半": 30, "一刻": 15, "三刻": 45}
    return known[written] if written in known else int(_figure(written.removesuffix("分")))


def _figure(written: str) -> float:
    """Return the value of figures or of a Chinese number up to 99."""
    if written.isdigit():
        return float(written)
    if "十" in written and len(written) > 1:
        tens, _, ones = written.partition("十")
        return 10 * (_CHINESE_FIGURES.get(tens, 1) if tens else 1) + _CHINESE_FIGURES.get(ones, 0)
    return float(sum(_CHINESE_FIGURES[each] for each in written))
