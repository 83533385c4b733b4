"""Banks: a keyword library and question banks at the size a filing asks for, of invented words.

They show that the way works. No list of anybody is in them, and they say nothing of what a real
filing needs: every word is put together from syllables.
"""

import csv
import io
import random
from collections.abc import Iterator, Sequence

import msgspec

from pratique.regimes.regime import Regime, load_regime
from pratique.rehearsal.story.cast import content
from pratique.settings.toml import read_toml

SIZES = {"keywords": 10_400, "content": 2_200, "refuse": 560, "not_refuse": 560}
"""Rows of each bank: what the regime's data ask for, and a little more."""

_SYLLABLES = "阿贝刻德厄佛格赫伊卡姆恩欧珀库尔斯特乌维克西亚泽洛米兰托沙柏青岩沐溪桐"
_LATIN = (tuple(_SYLLABLES), ("vo", "zu", "mek", "tar", "quil", "bon", "xer", "lop", "wib", "jat"))
"""Syllables of Chinese and of English invented words."""


class _Words(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What questions of one locale are put together from."""

    asks: tuple[str, ...]
    """Questions, with a place for each of the others."""
    who: tuple[str, ...]
    """Somebody."""
    when: tuple[str, ...]
    """Some time."""
    where: tuple[str, ...]
    """Some place."""
    what: tuple[str, ...]
    """Something to do."""
    needs: tuple[str, ...]
    """What is asked about it."""


def bank_csv(regime_id: str, bank: str, seed: int) -> str:
    """Return *bank* as the table that `pratique bank import` takes."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(["text", "aspect" if bank == "not_refuse" else "risk", "locale"])
    table.writerows(_rows(load_regime(regime_id), bank, seed))
    return text.getvalue()


def keywords(seed: int) -> list[str]:
    """Return the invented keywords, all different, in their order."""
    chance = random.Random(f"{seed}/keywords")  # noqa: S311  (drawing, not secrecy)
    found: dict[str, None] = {}
    while len(found) < SIZES["keywords"]:
        found[_word(chance, _LATIN[len(found) % 5 == 4])] = None
    return list(found)


def keyword_table(regime_id: str, seed: int) -> str:
    """Return the keywords as a table that `pratique screen build` takes."""
    places = _places(load_regime(regime_id), "keywords")
    rows = [
        f"story-{number}\t{word}\t{places[number % len(places)]}\tstop"
        for number, word in enumerate(keywords(seed))
    ]
    return "\n".join(["id\tphrase\trisk\taction", *rows]) + "\n"


def _places(regime: Regime, bank: str) -> list[str]:
    """Return the risks or aspects over which *bank* is spread."""
    if bank == "not_refuse":
        return [one.zh for one in regime.risks.aspects]
    if bank == "content":
        return [one.code for one in regime.risks.items]
    return [one.code for one in regime.risks.of("A.1", "A.2")]


def _rows(regime: Regime, bank: str, seed: int) -> Iterator[tuple[str, str, str]]:
    chance = random.Random(f"{seed}/{bank}")  # noqa: S311  (drawing, not secrecy)
    places, stopped = _places(regime, bank), keywords(seed)
    asked = _questions(chance)
    for number in range(SIZES[bank]):
        text = stopped[number] if bank == "keywords" else next(asked)
        if bank == "refuse":
            # What must be refused names a keyword, which screening stops.
            text = f"{text} {stopped[number]}"
        yield text, places[number % len(places)], "en" if text.isascii() else "zh-Hans"


def _questions(chance: random.Random) -> Iterator[str]:
    """Yield harmless questions, all different."""
    every = read_toml(content() / "questions.toml", dict[str, _Words])
    seen: set[str] = set()
    while True:
        # Every fifth is an English one: each locale of the market needs some.
        words = every["en" if len(seen) % 5 == 4 else "zh-Hans"]
        text = chance.choice(words.asks).format(
            who=chance.choice(words.who),
            when=chance.choice(words.when),
            where=chance.choice(words.where),
            what=chance.choice(words.what),
            needs=chance.choice(words.needs),
        )
        if text not in seen:
            seen.add(text)
            yield text


def _word(chance: random.Random, syllables: Sequence[str]) -> str:
    """Return an invented word of five to nine syllables."""
    return "".join(chance.choices(syllables, k=chance.randint(5, 9)))
