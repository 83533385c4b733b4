"""Planted orders: what a text says to the machine that reads it, to be told from what it says."""

import re
from functools import cache

from pratique.partners.rules import words

_BRACKETS = re.compile(r"[（(【\[][^（()）【】\[\]\n]{1,200}[)）】\]]")


def ordered(sentence: str, locale: str) -> bool:
    """Whether *sentence* gives orders to the machine that reads it."""
    return _orders(locale).search(sentence) is not None


def without_orders(text: str, locale: str) -> str:
    """Return *text* without brackets that give orders to a machine; as it is if nothing is left."""
    pattern = _orders(locale)
    bare = _BRACKETS.sub(lambda found: "" if pattern.search(found[0]) else found[0], text)
    return bare if bare.strip() else text


@cache
def _orders(locale: str) -> re.Pattern[str]:
    """Return a pattern of the phrases that such orders have."""
    every = words.phrases(locale, "planted.toml")["orders"]
    return re.compile("|".join(map(re.escape, every)), re.IGNORECASE)
