"""Dates said in words: which days are meant, counted back for photos and ahead for posters."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pratique.text import calendar, lunar
from pratique.text.dates import Language, counted_from, dated

TODAY = date(2026, 5, 20)
"""A Wednesday."""

BACK_ENGLISH = """
today | 2026-05-20
yesterday | 2026-05-19
the day before yesterday | 2026-05-18
last night | 2026-05-19
tonight | 2026-05-20
three days ago | 2026-05-17
this week | 2026-05-18 2026-05-24
last week | 2026-05-11 2026-05-17
the week before last | 2026-05-04 2026-05-10
two weeks ago | 2026-05-04 2026-05-10
last weekend | 2026-05-16 2026-05-17
the weekend before last | 2026-05-09 2026-05-10
two weekends ago | 2026-05-09 2026-05-10
at the weekend | 2026-05-16 2026-05-17
on Monday | 2026-05-18
Wednesday | 2026-05-20
Friday | 2026-05-15
last Friday | 2026-05-15
last Wednesday | 2026-05-13
this Monday | 2026-05-18
Tuesday last week | 2026-05-12
this month | 2026-05-01 2026-05-31
last month | 2026-04-01 2026-04-30
the month before last | 2026-03-01 2026-03-31
two months ago | 2026-03-01 2026-03-31
early last month | 2026-04-01 2026-04-10
the end of last month | 2026-04-21 2026-04-30
in March | 2026-03-01 2026-03-31
in June | 2025-06-01 2025-06-30
last May | 2025-05-01 2025-05-31
May last year | 2025-05-01 2025-05-31
mid-April | 2026-04-11 2026-04-20
early June | 2025-06-01 2025-06-10
late February | 2026-02-21 2026-02-28
the end of February 2024 | 2024-02-21 2024-02-29
the first week of March | 2026-03-01 2026-03-07
the first week of 2025 | 2025-01-01 2025-01-07
the first week of last year | 2025-01-01 2025-01-07
from March to today | 2026-03-01 2026-05-20
the weekend of 9 May | 2026-05-09 2026-05-10
the first half of 2025 | 2025-01-01 2025-06-30
the second half of last year | 2025-07-01 2025-12-31
12 Feb | 2026-02-12
June 3 | 2025-06-03
3 June 2024 | 2024-06-03
21st of May | 2025-05-21
20 May | 2026-05-20
the third of April | 2026-04-03
2024-02-29 | 2024-02-29
13/4 | 2026-04-13
4/13/2025 | 2025-04-13
the 14th | 2026-05-14
the 25th | 2026-04-25
May 3-5 | 2026-05-03 2026-05-05
last year | 2025-01-01 2025-12-31
two years ago | 2024-01-01 2024-12-31
the year before last | 2024-01-01 2024-12-31
in 2019 | 2019-01-01 2019-12-31
this year | 2026-01-01 2026-12-31
last summer | 2025-06-01 2025-08-31
this summer | 2026-06-01 2026-08-31
summer | 2025-06-01 2025-08-31
winter | 2025-12-01 2026-02-28
last winter | 2025-12-01 2026-02-28
spring | 2026-03-01 2026-05-31
last spring | 2025-03-01 2025-05-31
autumn 2023 | 2023-09-01 2023-11-30
summer of '19 | 2019-06-01 2019-08-31
fall 2022 | 2022-09-01 2022-11-30
winter 2023 | 2023-12-01 2024-02-29
Christmas | 2025-12-24 2025-12-26
Christmas Eve | 2025-12-24
last Christmas | 2025-12-24 2025-12-26
Christmas two years ago | 2024-12-24 2024-12-26
Boxing Day 2022 | 2022-12-26
New Year's Eve | 2025-12-31
Halloween | 2025-10-31
the Fourth of July | 2025-07-04
Easter 2025 | 2025-04-18 2025-04-21
Easter | 2026-04-03 2026-04-06
Thanksgiving | 2025-11-27
Chinese New Year | 2026-02-16 2026-02-23
Lunar New Year 2024 | 2024-02-09 2024-02-16
Mid-Autumn Festival | 2025-10-06
since September | 2025-09-01 2026-05-20
from Christmas until now | 2025-12-24 2026-05-20
the last two weeks | 2026-05-07 2026-05-20
the past 10 days | 2026-05-11 2026-05-20
the last 3 days | 2026-05-18 2026-05-20
between May and July | 2026-05-01 2026-07-31
from November to January | 2025-11-01 2026-01-31
the nineties | 1990-01-01 1999-12-31
the 1980s | 1980-01-01 1989-12-31
"""

BACK_CHINESE = """
今天 | 2026-05-20
昨天 | 2026-05-19
前天 | 2026-05-18
大前天 | 2026-05-17
昨晚 | 2026-05-19
今晚 | 2026-05-20
三天前 | 2026-05-17
尋日 | 2026-05-19
琴晚 | 2026-05-19
这周 | 2026-05-18 2026-05-24
本周 | 2026-05-18 2026-05-24
上周 | 2026-05-11 2026-05-17
上上周 | 2026-05-04 2026-05-10
两周前 | 2026-05-04 2026-05-10
上个星期 | 2026-05-11 2026-05-17
上周末 | 2026-05-16 2026-05-17
上上个周末 | 2026-05-09 2026-05-10
周末 | 2026-05-16 2026-05-17
上周三 | 2026-05-13
这周二 | 2026-05-19
周五 | 2026-05-15
星期三 | 2026-05-20
上週日 | 2026-05-17
上禮拜六 | 2026-05-16
这个月 | 2026-05-01 2026-05-31
上个月 | 2026-04-01 2026-04-30
上上个月 | 2026-03-01 2026-03-31
两个月前 | 2026-03-01 2026-03-31
月初 | 2026-05-01 2026-05-10
月底 | 2026-04-21 2026-04-30
上个月底 | 2026-04-21 2026-04-30
三月 | 2026-03-01 2026-03-31
六月 | 2025-06-01 2025-06-30
去年五月 | 2025-05-01 2025-05-31
六月初 | 2025-06-01 2025-06-10
四月中旬 | 2026-04-11 2026-04-20
2024年2月下旬 | 2024-02-21 2024-02-29
三月的第一周 | 2026-03-01 2026-03-07
上半年 | 2026-01-01 2026-06-30
去年下半年 | 2025-07-01 2025-12-31
三月八号 | 2026-03-08
6月3日 | 2025-06-03
2024年6月3日 | 2024-06-03
25.3.8 | 2025-03-08
10.1 | 2025-10-01
9/3 | 2025-09-03
14号 | 2026-05-14
25号 | 2026-04-25
去年 | 2025-01-01 2025-12-31
前年 | 2024-01-01 2024-12-31
大前年 | 2023-01-01 2023-12-31
三年前 | 2023-01-01 2023-12-31
舊年 | 2025-01-01 2025-12-31
2019年 | 2019-01-01 2019-12-31
二〇二一年 | 2021-01-01 2021-12-31
民國112年 | 2023-01-01 2023-12-31
民國七十幾年 | 1981-01-01 1990-12-31
九几年 | 1990-01-01 1999-12-31
夏天 | 2025-06-01 2025-08-31
去年夏天 | 2025-06-01 2025-08-31
今年夏天 | 2026-06-01 2026-08-31
去年冬天 | 2025-12-01 2026-02-28
前年秋天 | 2024-09-01 2024-11-30
春天 | 2026-03-01 2026-05-31
民國112年秋天 | 2023-09-01 2023-11-30
暑假 | 2025-07-01 2025-08-31
国庆 | 2025-10-01 2025-10-07
五一 | 2026-05-01 2026-05-05
元旦 | 2026-01-01
春节 | 2026-02-16 2026-02-23
去年过年 | 2025-01-28 2025-02-04
除夕 | 2026-02-16
前年除夕 | 2024-02-09
2024年除夕 | 2024-02-09
大年三十 | 2026-02-16
大年初一 | 2026-02-17
今年初五 | 2026-02-21
正月初三 | 2026-02-19
去年正月初三 | 2025-01-31
元宵 | 2026-03-03
清明 | 2026-04-05
去年清明 | 2025-04-04
端午 | 2025-05-31
七夕 | 2025-08-29
中秋 | 2025-10-06
去年八月十五 | 2025-10-06
八月十五日 | 2025-08-15
重陽節 | 2025-10-29
冬至 | 2025-12-21
圣诞节 | 2025-12-24 2025-12-26
平安夜 | 2025-12-24
去年臘月 | 2026-01-19 2026-02-16
2023年腊月 | 2024-01-11 2024-02-09
腊月廿三 | 2026-02-10
闰六月 | 2025-07-25 2025-08-22
去年农历六月 | 2025-06-25 2025-07-24
农历五月 | 2025-05-27 2025-06-24
从九月到现在 | 2025-09-01 2026-05-20
最近七天 | 2026-05-14 2026-05-20
过去两周 | 2026-05-07 2026-05-20
从去年五月到七月 | 2025-05-01 2025-07-31
5月3号到5号 | 2026-05-03 2026-05-05
去年五月到今年一月 | 2025-05-01 2026-01-31
去年我们在湖边的夏天 | 2025-06-01 2025-08-31
"""

AHEAD_ENGLISH = """
Wednesday | 2026-05-20
Tuesday | 2026-05-26
this Friday | 2026-05-22
next Friday | 2026-05-29
the 28th | 2026-05-28
the 19th | 2026-06-19
every Tuesday | 2026-05-26
first Sunday of every month | 2026-06-07
the last Saturday of the month | 2026-05-30
in three weeks | 2026-06-10
14 June | 2026-06-14
20 May | 2026-05-20
1 May | 2027-05-01
12 Dec 2024 | 2024-12-12
28 Dec – 2 Jan | 2026-12-28 2027-01-02
Sat 6 – Sun 7 June | 2026-06-06 2026-06-07
21-23 August 2026 | 2026-08-21 2026-08-23
Thu 08/10/2026 | 2026-10-08
Mon 08/10/2026 | 2026-08-10
Saturday 3rd July 2027 | 2027-07-03
tomorrow | 2026-05-21
"""

AHEAD_CHINESE = """
本周五 | 2026-05-22
下周五 | 2026-05-29
下週五 | 2026-05-29
這禮拜六 | 2026-05-23
周六 | 2026-05-23
14号 | 2026-06-14
本月最后一个星期六 | 2026-05-30
5月最后一天 | 2026-05-31
农历五月初五 | 2026-06-19
正月十三至十六 | 2027-02-18 2027-02-21
6月19日（农历五月初五） | 2026-06-19
5月1日 | 2027-05-01
民國115年11月7日 | 2026-11-07
6月6日至8日 | 2026-06-06 2026-06-08
12月28日—1月2日 | 2026-12-28 2027-01-02
2026年5月16日（周六） | 2026-05-16
9/17（四） | 2026-09-17
明天 | 2026-05-21
后天 | 2026-05-22
聽日 | 2026-05-21
冬至 | 2026-12-22
重阳 | 2026-10-18
"""


def table(rows: str, language: Language, *, ahead: bool) -> list[tuple[str, Language, bool, str]]:
    """Return one case for each row."""
    return [(row, language, ahead, row.split(" | ")[0]) for row in rows.strip().splitlines()]


CASES = [
    *table(BACK_ENGLISH, "en", ahead=False),
    *table(BACK_CHINESE, "zh", ahead=False),
    *table(AHEAD_ENGLISH, "en", ahead=True),
    *table(AHEAD_CHINESE, "zh", ahead=True),
]


def meant(text: str, language: Language, today: date, *, ahead: bool) -> list[str]:
    """Return the first and last days of the first date that *text* says; empty for none."""
    found = dated(text, language, counted_from(today, ahead=ahead))
    return [found[0].days.first.isoformat(), found[0].days.last.isoformat()] if found else []


@pytest.mark.parametrize(("row", "language", "ahead", "said"), CASES, ids=[c[0] for c in CASES])
def test_words_mean_these_days(row: str, language: Language, ahead: bool, said: str) -> None:
    """Without a year, a photo's date is the latest begun and a poster's the next to come."""
    first, *last = row.split(" | ")[1].split()
    assert meant(said, language, TODAY, ahead=ahead) == [first, last[0] if last else first]


@pytest.mark.parametrize(
    ("said", "language"),
    [
        ("ages ago", "en"),
        ("3/4", "en"),
        ("31 February", "en"),
        ("you may laugh", "en"),
        ("小时候", "zh"),
        ("那年", "zh"),
        ("五一路", "zh"),
        ("卫国庆", "zh"),
        ("腊八粥", "zh"),
        ("2月30日", "zh"),
        ("正月卅一", "zh"),
    ],
)
def test_what_cannot_be_told_is_no_date(said: str, language: Language) -> None:
    """Nothing is guessed: names, impossible days and figures that read both ways give none."""
    found = dated(said, language, counted_from(TODAY, ahead=False))
    assert [each for each in found if each.kind == "day"] == []
    if said not in ("2月30日", "31 February", "正月卅一"):
        assert found == []


def test_a_weekday_or_words_tell_which_figure_is_the_month() -> None:
    """8/10 is August where Monday stands beside it, October where Thursday does."""
    assert meant("Mon 8/10", "en", TODAY, ahead=True)[0] == "2026-08-10"
    assert meant("Thu 8/10", "en", TODAY, ahead=True)[0] == "2026-10-08"
    day_first = counted_from(TODAY, ahead=False, month_first=False)
    assert dated("3/4", "en", day_first)[0].days.first == date(2026, 4, 3)


def test_a_festival_of_today_has_begun() -> None:
    """On the day itself the latest one is today's."""
    assert meant("中秋", "zh", date(2026, 9, 25), ahead=False) == ["2026-09-25", "2026-09-25"]
    assert meant("中秋", "zh", date(2026, 9, 24), ahead=False) == ["2025-10-06", "2025-10-06"]


def test_last_weekend_on_a_monday_is_the_day_before() -> None:
    """A week ends on Sunday; on a Sunday, last weekend is a week back."""
    monday = ["2026-05-16", "2026-05-17"]
    assert meant("last weekend", "en", date(2026, 5, 18), ahead=False) == monday
    assert meant("上周末", "zh", date(2026, 5, 24), ahead=False) == monday


@pytest.mark.parametrize(
    ("year", "first", "leap"),
    [
        (2023, date(2023, 1, 22), 2),
        (2024, date(2024, 2, 10), None),
        (2025, date(2025, 1, 29), 6),
        (2026, date(2026, 2, 17), None),
        (2027, date(2027, 2, 6), None),
    ],
)
def test_lunar_years_begin_where_the_almanac_says(year: int, first: date, leap: int | None) -> None:
    """The first day and the leap month of each year."""
    assert lunar.new_year(year) == first
    assert [m.number for m in lunar.months(year) if m.leap] == ([] if leap is None else [leap])


@pytest.mark.parametrize("year", [1950, 2000, 2024, 2033, 2050, 2099])
def test_lunar_months_follow_each_other_without_a_gap(year: int) -> None:
    """A year runs to the eve of the next, in months of 29 or 30 days."""
    months = lunar.months(year)
    for month, following in pairwise(months):
        assert month.last + timedelta(days=1) == following.first
        assert month.length in (29, 30)
    assert months[-1].last + timedelta(days=1) == lunar.new_year(year + 1)


def test_years_that_the_lunar_calendar_lacks_give_nothing() -> None:
    """Outside the known years, no date is made up."""
    assert lunar.new_year(1500) is None
    assert lunar.solar_term(2500, "清明") is None
    assert lunar.lunar_day(2025, 2, 30) is None


@pytest.mark.parametrize(
    ("year", "sunday"),
    [
        (2000, date(2000, 4, 23)),
        (2008, date(2008, 3, 23)),
        (2011, date(2011, 4, 24)),
        (2019, date(2019, 4, 21)),
        (2024, date(2024, 3, 31)),
        (2025, date(2025, 4, 20)),
        (2026, date(2026, 4, 5)),
        (2027, date(2027, 3, 28)),
        (2038, date(2038, 4, 25)),
        (2049, date(2049, 4, 18)),
    ],
)
def test_easter_falls_on_its_sunday(year: int, sunday: date) -> None:
    """The first Sunday after the first full moon of spring, by the church's reckoning."""
    found = calendar.easter(year, 0, 0)
    assert found is not None
    assert found.first == sunday


WORDS = st.sampled_from(
    [
        *("last", "next", "this", "May", "Sunday", "12", "week", "weekend", "ago", "two", "year"),
        *("2024", "3/4", "the", "of", "since", "to", "and", "去年", "正月", "初三", "腊月", "五月"),
        *(
            "周三",
            "上",
            "下",
            "月底",
            "到",
            "从",
            "2024年",
            "3月",
            "5号",
            "民国",
            "99",
            "年",
            "夏天",
            "-",
        ),
    ]
)


@given(
    words=st.lists(WORDS | st.text(max_size=5), max_size=9),
    today=st.dates(),
    ahead=st.booleans(),
    glue=st.sampled_from(["", " "]),
    language=st.sampled_from(["en", "zh"]),
)
@settings(max_examples=400, deadline=None)
def test_any_words_on_any_day_give_sound_dates(
    words: list[str], today: date, ahead: bool, glue: str, language: Language
) -> None:
    """Nothing crashes at the calendar's ends, and no stretch ends before it begins."""
    text = glue.join(words)
    for each in dated(text, language, counted_from(today, ahead=ahead)):
        assert each.days.first <= each.days.last
        assert 0 <= each.start < each.end <= len(text)
