"""A small scorer: whether an answer of the rules meets the target of a development sample."""

import json
import unicodedata
from collections.abc import Callable, Iterator
from functools import cache
from importlib.resources import files
from typing import TypeVar

import jsonschema_rs
import msgspec

Given = TypeVar("Given", bound=msgspec.Struct)
Answered = dict[str, object]
"""An answer, decoded."""

LOCALES = ("en", "zh-Hans", "zh-Hant")


def passed(
    feature: str, locale: str, shape: type[Given], answer: Callable[[Given, str], msgspec.Struct]
) -> tuple[int, int]:
    """Return how many development samples of *feature* pass, and how many there are."""
    path = files("pratique") / "content" / "suites" / feature / "dev" / f"{locale}.jsonl"
    samples = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    right = 0
    for sample in samples:
        given = msgspec.json.decode(json.dumps(sample["input"]).encode(), type=shape)
        found: Answered = json.loads(msgspec.json.encode(answer(given, locale)))
        right += fits(found, sample["target"])
    return right, len(samples)


def valid(feature: str, answer: msgspec.Struct) -> bool:
    """Whether *answer* fits the output schema of *feature*."""
    return _schema(feature).is_valid(json.loads(msgspec.json.encode(answer)))


@cache
def _schema(feature: str) -> jsonschema_rs.Validator:
    """Return the validator of what *feature* answers."""
    path = files("pratique") / "content" / "features" / feature / "output.schema.json"
    read: dict[str, object] = json.loads(path.read_text(encoding="utf-8"))
    return jsonschema_rs.validator_for(read)


def fits(found: Answered, target: dict[str, object]) -> bool:
    """Whether *found* meets everything that *target* asks for."""
    whole = "\n".join(_texts(found))
    groups = _groups(target.get("must", []))
    hits = sum(_hits(group, whole) for group in groups)
    needed = target.get("need", len(groups))
    checks = [
        isinstance(needed, int) and hits >= needed,
        not any(_folded(each) in _folded(whole) for each in _words(target.get("never", []))),
        "class" not in target or found.get("class") == target["class"],
        not target.get("null_text") or found.get("text") is None,
        all(_listed(found.get(key), target.get(key)) for key in ("items", "columns")),
        _rowed(found.get("rows"), target.get("rows")),
        _asked(found.get("questions"), target.get("questions")),
        _decided(found.get("decisions"), target.get("decisions")),
        _acted(found.get("actions"), target.get("actions")),
    ]
    return all(checks)


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, each in value.items():
            if key != "class":
                yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _words(value: object) -> list[str]:
    assert isinstance(value, list)
    return [str(each) for each in value]


def _groups(value: object) -> list[list[str]]:
    assert isinstance(value, list)
    return [_words(each) for each in value]


def _hits(group: list[str], text: str) -> bool:
    """Whether *text* has a phrase of *group*; an empty phrase wants an empty text."""
    return any(_folded(each) in _folded(text) if each else not text for each in group)


def _listed(found: object, wanted: object) -> bool:
    """Whether entries stand in the order wanted, none missing and none too many."""
    if wanted is None:
        return True
    entries, groups = _words(found or []), _groups(wanted)
    return len(entries) == len(groups) and all(map(_hits, groups, entries))


def _rowed(found: object, wanted: object) -> bool:
    if wanted is None:
        return True
    assert isinstance(wanted, list)
    rows = found if isinstance(found, list) else []
    return len(rows) == len(wanted) and all(map(_listed, rows, wanted))


def _asked(found: object, wanted: object) -> bool:
    if wanted is None:
        return True
    assert isinstance(found, list)
    return _decided([str(each["q"]) for each in found], wanted)


def _decided(found: object, wanted: object) -> bool:
    """Whether each group is met by some text, and there are as many texts as groups."""
    if wanted is None:
        return True
    texts, groups = _words(found or []), _groups(wanted)
    return len(texts) == len(groups) and all(
        any(_hits(group, text) for text in texts) for group in groups
    )


def _acted(found: object, wanted: object) -> bool:
    if wanted is None:
        return True
    assert isinstance(found, list)
    assert isinstance(wanted, list)
    left = list(found)
    for want in wanted:
        same = [
            each
            for each in left
            if each["who"] == want["who"]
            and each["due"] == want["due"]
            and _hits(_words(want["what"]), str(each["what"]))
        ]
        if not same:
            return False
        left.remove(same[0])
    return not left
