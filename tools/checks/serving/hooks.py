"""What the schema of an input cannot say, for schemathesis: such bodies are left out.

A schema knows neither a picture from other base64, nor an ISO date from other text, nor the sum of
all characters of an input.
"""

import re
from collections.abc import Iterator
from datetime import datetime

import schemathesis  # type: ignore[import-not-found]

MOST_CHARACTERS = 1_500
"""Fewer than the smallest limit of any feature."""

_MOMENTS = frozenset({"today", "now", "ts"})
_CLOCK = re.compile(r"[0-9]{2}:[0-9]{2}:[0-9]{2}")


@schemathesis.hook  # type: ignore[untyped-decorator]
def filter_case(_context: object, case: "schemathesis.Case") -> bool:
    """Say whether the case is one that the schema decides."""
    body = case.body if isinstance(case.body, dict) else {}
    given = body.get("input")
    if "messages" in body:
        return sum(len(text) for _, text in _texts(body["messages"])) <= MOST_CHARACTERS
    if not isinstance(given, dict):
        return True
    texts = list(_texts(given))
    return (
        "image" not in given
        and sum(len(text) for _, text in texts) <= MOST_CHARACTERS
        and all(_is_moment(text) for name, text in texts if name in _MOMENTS)
        and all(_is_span(one) for one in _objects(given) if {"start", "end"} <= set(one))
    )


def _texts(value: object, name: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield name, value
    elif isinstance(value, dict):
        for key, one in value.items():
            yield from _texts(one, key)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one, name)


def _objects(value: object) -> Iterator[dict[str, object]]:
    if isinstance(value, dict):
        yield value
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for one in inner:
        yield from _objects(one)


def _is_moment(text: str) -> bool:
    if _CLOCK.fullmatch(text):
        return True
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _is_span(found: dict[str, object]) -> bool:
    start, end = found["start"], found["end"]
    return isinstance(start, int) and isinstance(end, int) and 0 <= start < end
