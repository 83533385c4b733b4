"""Patterns of written values: numerals, what may stand after them, and values spelt in words.

All are for text in lower case with half-width digits, and compiled when first used.
"""

import re
from functools import cache

from pratique.text import numerals

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan",
            "february feb",
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sept sep",
            "october oct",
            "november nov",
            "december dec",
        ),
        start=1,
    )
    for name in names.split()
}
"""Month names and their usual abbreviations."""

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
"""In the order of the Chinese numbering, 周一 first."""

CURRENCIES = {
    **dict.fromkeys(
        ["¥", "￥", "元", "块", "塊", "圆", "rmb", "cny", "人民币", "人民幣", "yuan"], "CNY"
    ),
    **dict.fromkeys(
        ["$", "us$", "usd", "美元", "美金", "dollar", "dollars", "buck", "bucks"], "USD"
    ),
    **dict.fromkeys(["hk$", "hkd", "港元", "港币", "港幣"], "HKD"),
    **dict.fromkeys(["nt$", "ntd", "twd", "新台币", "新台幣", "新臺幣", "台币", "台幣"], "TWD"),
    **dict.fromkeys(["€", "eur", "euro", "euros", "欧元", "歐元"], "EUR"),
    **dict.fromkeys(["£", "gbp", "pound", "pounds", "英镑", "英鎊"], "GBP"),
    **dict.fromkeys(["jpy", "yen", "日元", "日圆", "日圓"], "JPY"),
}
"""Signs and words of money."""

DURATIONS = {
    **dict.fromkeys(["小时", "小時", "钟头", "鐘頭", "hour", "hours", "hr", "hrs"], "hour"),
    **dict.fromkeys(["分钟", "分鐘", "minute", "minutes", "min", "mins"], "minute"),
    **dict.fromkeys(["天", "day", "days"], "day"),
    **dict.fromkeys(["周", "週", "星期", "礼拜", "禮拜", "week", "weeks"], "week"),
    **dict.fromkeys(["月", "month", "months"], "month"),
    **dict.fromkeys(["年", "year", "years"], "year"),
}
"""Units of time that paraphrases convert: 90 minutes, an hour and a half."""

PARTS_OF_DAY = {
    word: half
    for half, words_ in (
        ("am", "上午 凌晨 清晨 早上 早晨 今早 明早 一早 早间 早間 晨 早"),
        ("noon", "中午 正午"),
        ("pm", "下午 午后 午後 傍晚 黄昏 黃昏"),
        ("night", "晚上 晚间 晚間 今晚 明晚 当晚 當晚 夜里 夜裡 夜間 夜间 半夜 深夜 午夜 晚"),
    )
    for word in words_.split()
}
"""Chinese words before a clock time that say which part of the day it is in."""

MEASURES = "[磅打斤两兩杯瓶碗勺匙盒袋包箱升米吨噸张張片块塊只隻价價数數份]|公斤|千克|公里|英里"
"""What may be halved, besides units of time."""

CLASSIFIERS = frozenset(
    "个個位名人天岁歲次件份块塊元分小秒周週楼樓层層页頁章张張本台臺辆輛斤公米克升度倍杯瓶箱包袋条條只隻"
    "匹套间間家场場届屆期班趟路站步种種类類项項句封篇题題遍顿頓笔筆盒片粒颗顆根把棵座栋棟室组組"
    "批局级級门門款集段节節课課餐晚夜口床架艘首部支枝株朵排列格寸尺英亩畝吨噸毫厘毛刻股票年月日号號点點"
    "磅桌席码碼碗盘盤串串幅代幢盏盞胎例"
)
"""What may follow a single Chinese digit that counts something: 三位, but not 三明治."""

_DIGITS = r"(?:[0-9]{1,3}(?:,[0-9]{3}(?![0-9]))+|[0-9]+)(?:\.[0-9]+)?"
_HAN = f"[{numerals.HAN}]"
_MYRIADS = r"(?:[ ]?(?:百|千(?![克瓦米卡兆])|[万萬亿億]+)(?:[0-9]{1,4}(?=[百千万萬亿億元块塊]))?)*"
_WEEKDAY = "[一二三四五六日天](?![次个個节節趟顿頓回遍堂]|小[时時]|天(?![气氣])|月|年|[一二三四五六七八九十]天)"
_MOON = "(?:[正冬腊臘]|十?[一二三四五六七八九十])"
_UNIT = "|".join(
    name
    + {"周": "(?![转末期边围密])", "天": "(?![气氣空使花])", "月": "(?![饼餅台])"}.get(name, "")
    for name in sorted(DURATIONS, key=len, reverse=True)
)
_MONEY = "|".join(
    name
    for name in sorted(CURRENCIES, key=len, reverse=True)
    if name not in ("$", "块", "塊", "圆")
)
_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_SMALL = "|".join(sorted(numerals.ENGLISH, key=len, reverse=True))
_HOURS = "|".join(name for name, number in reversed(numerals.ENGLISH.items()) if 0 < number < 13)
_ORDINALS = "|".join(each for each in numerals.ENGLISH_ORDINALS if each not in ("first", "second"))

_UNIT_FIRSTS = "".join({name[0] for name in DURATIONS})
_MONEY_FIRSTS = "".join({name[0] for name in CURRENCIES})
_FOLLOWERS = (
    (
        "%％p个個",
        r"""(?P<percent>[%％]|percent(?![a-z])|per[ ]cent(?![a-z])|pct(?![a-z])
     |个百分点|個百分點|percentage[ ]points?)""",
    ),
    (
        "成",
        r"""(?P<tenths>成(?![为為就功员員本年人绩績果立都品分语語交长長效群对對双雙名家堆天套型片])半?)""",
    ),
    (
        "折",
        r"""(?P<rebate>折(?![叠疊线線扣腾騰磨]))""",
    ),
    (
        "点點",
        r"""(?P<decimal>[点點][零〇一二三四五六七八九]++(?![分刻十百千万楼樓层層号號室组組班排栋棟])(?!(?<=一)[起些下样樣直定块塊同个個]))""",
    ),
    (
        "点點时時",
        r"""(?P<points>(?:[点點]|(?<!小)[时時](?![候间間代期刻段常而]))
     (?:(?P<frac>半|[一三]刻)
     |(?P<minutes>[0-5]?[0-9]|[二三四五]?十[一二三四五六七八九]?|[零〇][一二三四五六七八九]
     |[一二三四五六七八九](?=分))(?:分(?![钟鐘之])|(?![0-9.]))
     |[钟鐘整])?)""",
    ),
    (
        ".apo",
        r"""(?P<oclock>(?:\.(?P<past>[0-5][0-9]))?[ ]?(?:(?P<half>[ap])\.?m(?![a-z])\.?|o['’]clock))""",
    ),
    (
        "个個半斤公" + _UNIT_FIRSTS,
        rf"""(?P<and_half>(?:个|個)?(?P<and_unit>{_UNIT}|斤|公斤)?半(?P<then>{_UNIT})?)""",
    ),
    (
        "月",
        r"""(?P<month>月(?:份)?(?:(?P<day>[0-9]{1,2}|[一二三十廿][一二三四五六七八九十]*|[四五六七八九])
     [日号號])?)""",
    ),
    (
        "年",
        r"""(?P<year>年(?:(?P<of>[0-9]{1,2}|十[一二]|[一二三四五六七八九十])月(?:份)?
     (?:(?P<dayof>[0-9]{1,2}|[一二三十廿][一二三四五六七八九十]*|[四五六七八九])[日号號])?)?)""",
    ),
    (
        "日号號",
        r"""(?P<date>[日号號](?![楼樓线線院馆館店码碼台]))""",
    ),
    (
        "个個半" + _UNIT_FIRSTS,
        rf"""(?P<span>(?:个|個)?(?:半)?(?P<unit>{_UNIT})(?![a-z]))""",
    ),
    (
        "snrt",
        r"""(?P<th>(?:st|nd|rd|th)(?![a-z]))""",
    ),
    (
        "htmbdk",
        rf"""(?P<multiple>(?P<scale>hundred|thousand|million|billion|trillion|dozen|mn|bn|[km])(?![a-z0-9'’])
     (?:[ ]?(?P<scaled>{_MONEY}))?)""",
    ),
    (
        _MONEY_FIRSTS,
        rf"""(?P<money>(?:{_MONEY}|[块塊](?![蛋肉糖饼餅面布石木田地砖磚表冰])|圆(?![形桌圈]))(?![a-z]))""",
    ),
    (
        "斤",
        r"""(?P<catty>斤)""",
    ),
    (
        "公千k",
        r"""(?P<kilo>公斤|千克|kg(?![a-z])|kilos?(?![a-z]))""",
    ),
)
"""What may follow a numeral and says what it counts: the characters it begins with, and the pattern."""


@cache
def start() -> re.Pattern[str]:
    """Return the pattern of a character that a value may begin with, seen with the one after it.

    One class of characters comes first, so that the scan for it is fast. The group `plain` is a
    whole number in digits with which nothing goes on, `single` one Chinese digit.
    """
    follows = {*"".join(firsts for firsts, _ in _FOLLOWERS), *CLASSIFIERS}
    after = re.escape("".join(follows | set(f" ()（）{numerals.HAN}")))
    alone = re.escape("".join(follows - set(f"月分{numerals.HAN}")))
    return re.compile(
        rf"[0-9{numerals.HAN}第周週星礼禮正冬腊臘初除半](?:"
        r"(?<=[0-9])(?:(?P<plain>[0-9]*+(?! ?[百千万萬亿億]|[,./:：-][0-9]|分之))"
        r"|(?P<clock>[0-9]?[:：][0-5][0-9](?![0-9:：])))"
        rf"|(?<=[两兩二三四五六七八九])(?P<single>(?=[{alone}]))|(?<=[0-9第〇零廿卅])"
        rf"|(?<=[两兩二三四五六七八九十])(?=[{after}])"
        rf"|(?<=一)(?=[{numerals.HAN}点點月半刻时時成)）]|[个個]半)|(?<=[周週])(?P<weekday>{_WEEKDAY})"
        r"|(?<=[百千])(?=分)|(?<=[星礼禮])(?=[期拜])|(?<=[正冬腊臘])(?=月)|(?<=除)(?=夕)|(?<=初)(?=[一二三四五六七八九十])"
        r"|(?<=半)(?=[个個小年月公千钟鐘分磅打斤两兩杯瓶碗勺匙盒袋包箱升米吨噸英张張片块塊只隻价價数數份天周週]))"
    )


@cache
def numeral() -> re.Pattern[str]:
    """Return the pattern of what begins with a digit or with a Chinese sign of a value."""
    return re.compile(
        rf"""
        (?=[0-9]+[-/.:：])(?:
            (?P<iso>[12][0-9]{{3}}(?P<sep>[-/.])[0-9]{{1,2}}(?P=sep)[0-9]{{1,2}}(?![0-9]))
            |(?P<version>[0-9]+(?:\.[0-9]+){{2,}})
            |(?P<slash>[0-9]{{1,2}}/[0-9]{{1,2}}(?:/[0-9]{{2,4}})?(?![0-9/]))
            |(?P<clock>[0-9]{{1,2}}[:：][0-5][0-9](?:[:：][0-5][0-9])?(?![0-9])))
        |(?P<weekday>(?:星期|礼拜|禮拜){_WEEKDAY})
        |(?P<lunar>(?:{_MOON}月)?初[一二三四五六七八九十](?![日号號中高级級年班步次])
            |{_MOON}月(?:十[一二三四五六七八九]|(?:二十|廿)[一二三四五六七八九]?+|三十)(?![日号號一])
            |除夕)
        |(?P<share>(?:百|千)分之(?:{_DIGITS}|{_HAN}+(?:点{_HAN}+)?)|百分百)
        |(?P<fraction>(?:{_DIGITS}|{_HAN}+)分之(?:{_DIGITS}|{_HAN}+))
        |(?P<half>半(?:个|個)?(?P<halved>{_UNIT}|{MEASURES})(?!会|會|八[两兩]|车|車|[导導]|空|死|身|天空))
        |(?P<written>第?(?:{_DIGITS}{_MYRIADS}|{_HAN}+))
        """,
        re.VERBOSE,
    )


@cache
def after(first: str, second: str) -> re.Pattern[str] | None:
    """Return the pattern of what may follow a numeral and says what it counts, if any may.

    *first* is the character after the numeral, *second* the one after a space: only what begins
    with these is tried.
    """
    beyond_a_space = first == " "
    start = second if beyond_a_space else first
    likely = [pattern for firsts, pattern in _FOLLOWERS if start == " " or start in firsts]
    if not start or not likely:
        return None
    return re.compile(f"{'[ ]' if beyond_a_space else ''}(?:{'|'.join(likely)})", re.VERBOSE)


@cache
def range_end() -> re.Pattern[str]:
    """Return the pattern of the end of a range whose scale is the beginning's too: 8 `to 10k`."""
    return re.compile(
        rf"[ ]?(?:to|or|and|[-–—~～至到或])[ ]?(?:{_DIGITS}|{_HAN}+?)[ ]?"
        r"(?:(?P<percent>[%％]|percent|per[ ]cent|pct|成)"
        r"|(?P<scale>hundred|thousand|million|billion|trillion|mn|bn|[km](?![a-z0-9])|(?:百|千(?![克瓦米卡兆])|[万萬亿億]))"
        r")"
    )


@cache
def letter() -> re.Pattern[str]:
    """Return the pattern of `am` and `pm` after a time."""
    return re.compile(r"[ ]?(?P<half>[ap])\.?m(?![a-z])\.?")


@cache
def words() -> re.Pattern[str]:
    """Return the pattern of values that English spells: months, weekdays, numbers, noon."""
    number = rf"(?:{_SMALL})(?:[ -](?:and[ ])?(?:{_SMALL}|hundred|thousand|million|billion))*"
    return re.compile(
        rf"""(?<![a-z])(?:
        (?P<dated>(?P<month>{_MONTH})(?![a-z])\.?
            (?:[ ]?(?P<day>[0-3]?[0-9])(?:st|nd|rd|th)?(?![0-9:a-z%]|[.,][0-9]|[ ]?[ap]\.?m))?
            (?:,?[ ](?P<year>[12][0-9]{{3}})(?![0-9]))?)
        |(?P<weekday>(?:mon|tues|wednes|thurs|fri|satur|sun)day)s?(?![a-z])
        |(?P<abbreviated>mon|tues?|weds?|thu(?:rs?)?|fri|sat|sun)(?![a-z'’])
        |(?P<noon>noon|midday)(?![a-z])
        |(?P<midnight>midnight)(?![a-z])
        |(?P<told>(?:a[ ])?(?P<relative>half|quarter|five|ten|twenty)[ ](?P<side>past|to)[ ]
            (?P<hour>{_HOURS}|1[0-2]|[1-9])(?![a-z0-9])(?:[ ]?(?P<ap>[ap])\.?m(?![a-z]))?)
        |(?P<half>half[ ](?:off|of|an?|the|past|price)|half-(?:hour|day|year|price))(?![a-z])
        |(?P<fraction>(?P<over>an?|one|two|three|four)[ -]
            (?P<under>thirds?|quarters?|fourths?|fifths?|tenths?))(?![a-z]|-part|[ ]part(?:y|ies))
        |(?P<ordinal>(?:(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)[ -])?
            (?:{_ORDINALS}|(?<=y.)(?:first|second)|(?<=the[ ])second(?![ ]i[ ])))
            (?![a-z]|-part|[ ]part(?:y|ies))
        |(?P<dozen>(?:an?[ ]|half[ ]a[ ])?dozen)(?![a-z])
        |(?P<number>(?:an?[ ](?:hundred|thousand|million|billion)
            (?![ ](?:thanks|times|apologies|reasons))(?:[ ](?:and[ ])?{number})?|{number}))
            (?![a-z])
        )""",
        re.VERBOSE,
    )


@cache
def part_of_day() -> re.Pattern[str]:
    """Return the pattern of the part of the day that is named before the first time of a range."""
    groups = "|".join(
        f"(?P<{half}>{'|'.join(word for word, its in PARTS_OF_DAY.items() if its == half)})"
        for half in ("am", "noon", "pm", "night")
    )
    return re.compile(rf"(?:{groups})[ ]?(?:[0-9]{{1,2}}[点點:：][0-9]{{0,2}}[ ]?[-–~至到][ ]?)?$")
