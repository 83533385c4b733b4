"""Samples: requests of the story's two features with what a good answer is, made by rule.

The same makes the sealed suites, what devices ask later on, and nothing else. Names and places are
invented, and a target is certain because the request was made from it.
"""

import random
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Literal

import msgspec

from pratique.evals.scorers import Target
from pratique.evals.suites import Sample

Feature = Literal["photo_query", "smart_reply"]
"""A feature of the story."""
Locale = Literal["zh-Hans", "en"]
"""A locale of the story."""

FEATURES: tuple[Feature, ...] = ("photo_query", "smart_reply")
LOCALES: tuple[Locale, ...] = ("zh-Hans", "en")
SCORERS: Mapping[Feature, str] = {"photo_query": "searched", "smart_reply": "mentions"}
"""What compares an answer with its target, by feature."""

SAMPLES = 240
"""Samples of each suite, but for the one that the plan with the primary partner speaks of."""
PLANNED = ("photo_query", "zh-Hans", 480)
"""That one, and its samples: a trend needs to be measured closely."""

_TODAY = "2027-03-12"
_PEOPLE = {
    "en": ("Mum", "Dad", "Rosa", "Theo", "Granny Bell", "Kofi"),
    "zh-Hans": ("妈妈", "爸爸", "小禾", "阿哲", "外婆", "林知夏"),
}
_PLACES = {
    "en": ("Marrow Bay", "Castle Brae", "Port Linnet", "Lake Ister", "Tolvane"),
    "zh-Hans": ("白鹭湾", "青屏山", "雁溪古镇", "澜州", "月牙湖"),
}
_QUERIES = {
    "en": (
        "{who} at {where} {when}",
        "{who} in {where}, {when}",
        "photos of {who} at {where} {when}",
    ),
    "zh-Hans": ("{when}{who}在{where}", "{when}和{who}在{where}拍的", "{who}{when}在{where}的照片"),
}
_WHEN = {
    "en": {
        "last summer": ("2026-06-01", "2026-08-31"),
        "yesterday": ("2027-03-11", "2027-03-11"),
        "last week": ("2027-03-01", "2027-03-07"),
        "in 2024": ("2024-01-01", "2024-12-31"),
        "in May 2025": ("2025-05-01", "2025-05-31"),
        "in October 2026": ("2026-10-01", "2026-10-31"),
        "in 2021": ("2021-01-01", "2021-12-31"),
    },
    "zh-Hans": {
        "去年夏天": ("2026-06-01", "2026-08-31"),
        "昨天": ("2027-03-11", "2027-03-11"),
        "上周": ("2027-03-01", "2027-03-07"),
        "2024年": ("2024-01-01", "2024-12-31"),
        "2025年5月": ("2025-05-01", "2025-05-31"),
        "2026年10月": ("2026-10-01", "2026-10-31"),
        "2021年": ("2021-01-01", "2021-12-31"),
    },
}
_ASKED = {
    "en": (
        "Can you come on {day} at {hour}?",
        "Will you be at home on {day} at {hour}?",
        "Shall we meet at {where} at {hour} on {day}?",
        "Could you bring the keys to {where} on {day} at {hour}?",
    ),
    "zh-Hans": (
        "{day}{hour}你能来吗？",
        "{day}{hour}你在家吗？",
        "{day}{hour}在{where}见可以吗？",
        "{day}{hour}能带上钥匙去{where}吗？",
    ),
}
_DAYS = {
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"),
    "zh-Hans": ("周一", "周二", "周三", "周四", "周五", "周六"),
}
_HOURS = {
    "en": ("8", "9", "10", "11", "3", "4", "5"),
    "zh-Hans": ("八点", "九点", "十点", "十一点", "三点", "四点", "五点"),
}
_REPLIES = {
    "en": (("yes", "sure", "count me in", "i will"), ("sorry", "can't", "won't", "no,")),
    "zh-Hans": (
        ("好", "可以", "在的", "没问题", "能"),
        ("不好意思", "抱歉", "不在", "去不了", "没有"),
    ),
}


def samples(feature: Feature, locale: Locale, seed: int, skip: int = 0) -> Iterator[Sample]:
    """Yield the samples of *feature* in *locale* in the order of *seed*, all different, after the first *skip*."""
    every = list(_photos(locale) if feature == "photo_query" else _messages(locale))
    random.Random(f"{seed}/{feature}/{locale}").shuffle(every)  # noqa: S311  (drawing, not secrecy)
    for number, (asked, target) in enumerate(every[skip:], skip):
        yield Sample(
            id=f"story-{feature}-{locale}-{number:04d}",
            input=asked,
            target=target,
            why="Made by rule, for the rehearsed story.",
            generated=True,
        )


def write_suites(folder: Path, seed: int) -> None:
    """Write the sealed suites of the story into *folder*, as an operator writes suites."""
    for feature in FEATURES:
        place = folder / feature
        place.mkdir(parents=True)
        (place / "suite.toml").write_text(
            f'feature = "{feature}"\nscorer = "{SCORERS[feature]}"\nrevision = 1\n'
            f'origin = "simulated: made by rule for the rehearsed story, seed {seed}"\n',
            encoding="utf-8",
        )
        for locale in LOCALES:
            drawn = samples(feature, locale, seed)
            lines = [msgspec.json.encode(next(drawn)) for _ in range(_size(feature, locale))]
            (place / f"{locale}.jsonl").write_bytes(b"\n".join(lines) + b"\n")


def _size(feature: Feature, locale: Locale) -> int:
    return PLANNED[2] if (feature, locale) == PLANNED[:2] else SAMPLES


def _photos(locale: Locale) -> Iterator[tuple[Mapping[str, object], Target]]:
    people, places = _PEOPLE[locale], _PLACES[locale]
    for query in _QUERIES[locale]:
        for who in people:
            for where in places:
                for when, (first, last) in _WHEN[locale].items():
                    asked = {
                        "query": query.format(who=who, where=where, when=when),
                        "today": _TODAY,
                        "people": list(people),
                        "places": list(places),
                    }
                    slots = {
                        "who": [who],
                        "what": [],
                        "where": [where],
                        "when": {"from": first, "to": last},
                    }
                    yield asked, msgspec.convert({"slots": slots}, Target)


def _messages(locale: Locale) -> Iterator[tuple[Mapping[str, object], Target]]:
    people, places = _PEOPLE[locale], _PLACES[locale]
    must = [list(words) for words in _REPLIES[locale]]
    for ask in _ASKED[locale]:
        for day in _DAYS[locale]:
            for hour in _HOURS[locale]:
                for number, where in enumerate(places):
                    text = ask.format(day=day, hour=hour, where=where)
                    thread = [{"from": people[number], "text": text}]
                    asked = {"thread": thread, "me": people[-1]}
                    yield asked, msgspec.convert({"must": must, "never": []}, Target)
