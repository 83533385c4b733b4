"""Scoring answers of the two picture features against targets: exact slots, exact times."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import cast


def folded(text: str) -> str:
    """Return *text* as phrases are compared: NFKC, case folded."""
    return unicodedata.normalize("NFKC", text).casefold()


def texts(value: object) -> list[str]:
    """Return every text in an answer."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, Mapping):
        return [text for each in value.values() for text in texts(each)]
    return [text for each in value for text in texts(each)] if isinstance(value, list) else []


def phrases_missed(answer: Mapping[str, object], target: Mapping[str, object]) -> list[str]:
    """Return what is wrong with the words of *answer*: phrases that lack, phrases that must not."""
    whole = folded("\n".join(texts(answer)))
    groups = cast(Sequence[Sequence[str]], target.get("must", ()))
    held = [any(folded(phrase) in whole for phrase in group) for group in groups]
    wrong = []
    if sum(held) < cast(int, target.get("need", len(groups))):
        lacking = [list(group) for group, ok in zip(groups, held, strict=True) if not ok]
        wrong.append(f"lacks {lacking}")
    never = cast(Sequence[str], target.get("never", ()))
    return wrong + [f"has `{phrase}`" for phrase in never if folded(phrase) in whole]


def query_faults(answer: Mapping[str, object], target: Mapping[str, object]) -> list[str]:
    """Return what is wrong with a photo search."""
    wrong = phrases_missed(answer, target)
    slots = cast(Mapping[str, object], target["slots"])
    for key in ("who", "where"):
        if sorted(cast(list[str], answer[key])) != sorted(cast(list[str], slots[key])):
            wrong.append(f"{key}: {answer[key]}, not {slots[key]}")
    said, wanted = set(cast(list[str], answer["what"])), set(cast(list[str], slots["what"]))
    more = said - wanted - set(cast(list[str], target.get("may_what", ())))
    if more or wanted - said:
        wrong.append(f"what: {sorted(said)}, not {sorted(wanted)}")
    if answer["when"] != slots["when"]:
        wrong.append(f"when: {answer['when']}, not {slots['when']}")
    return wrong


def event_faults(answer: Mapping[str, object], target: Mapping[str, object]) -> list[str]:
    """Return what is wrong with extracted events."""
    wrong = phrases_missed(answer, target)
    if "category" in target and answer["category"] not in cast(list[str], target["category"]):
        wrong.append(f"category: {answer['category']}, not {target['category']}")
    found = cast(Sequence[Mapping[str, str | None]], answer["events"])
    wanted = cast(Sequence[Mapping[str, Sequence[str] | None]], target["events"])
    if len(found) != len(wanted):
        return [*wrong, f"events: {len(found)}, not {len(wanted)}"]
    for event, right in zip(found, wanted, strict=True):
        for key in ("title", "start", "end", "place"):
            if not _fits(key, event[key], right[key]):
                wrong.append(f"{key}: {event[key]!r}, not {right[key]}")
    return wrong


def _fits(key: str, said: str | None, right: Sequence[str] | None) -> bool:
    if right is None or said is None:
        return said is None and not right
    if key == "title":
        return any(folded(each) in folded(said) for each in right)
    if key == "place":
        return any(folded(e) in folded(said) or folded(said) in folded(e) for e in right)
    cut = re.sub(r"(T\d\d:\d\d):\d\d$", r"\1", said)
    return cut in right
