"""Derived fields: what is computed from a model's output before it is checked."""

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import msgspec

from pratique.errors import Malformed
from pratique.features.reading import Output, Unreadable
from pratique.text.edits import edits
from pratique.text.languages import ENOUGH_HAN, han_share
from pratique.text.scripts import script
from pratique.text.spans import folded

Derivation = Callable[[Mapping[str, object], Output], Output]


class DeriveUse(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A pack's use of a derivation."""

    id: str
    """Name of the derivation."""
    revision: int
    """Revision of its behaviour; part of the digest."""


def corrections(request: Mapping[str, object], output: Output) -> Output:
    """Add `corrections`: the edits from the request's `text` to `corrected`, each with its kind."""
    text, corrected = request.get("text"), output.get("corrected")
    if not isinstance(text, str) or not isinstance(corrected, str):
        raise Unreadable("there is no corrected text")
    found = [
        {
            "start": edit.start,
            "end": edit.end,
            "replacement": edit.replacement,
            "types": [_kind(text[edit.start : edit.end], edit.replacement)],
            "explanation": _explained(text[edit.start : edit.end], edit.replacement),
        }
        for edit in edits(text, corrected)
    ]
    return {**output, "corrections": found}


def _kind(before: str, after: str) -> str:
    if before.casefold() == after.casefold():
        return "capitalization"
    if not any(c.isalnum() for c in before + after):
        return "punctuation"
    if not before.strip():
        return "missing-words"
    if not after.strip():
        return "extra-words"
    return "spelling" if len(before.split()) == len(after.split()) == 1 else "grammar"


def _explained(before: str, after: str) -> str:
    if not before:
        return f"+ “{after}”"
    if not after:
        return f"− “{before}”"
    return f"“{before}” → “{after}”"


def covers(request: Mapping[str, object], output: Output) -> Output:
    """Add `covers` and `suppressed` where the model wrote a line alone; a lone dash suppresses.

    A notification is covered when the line shares a word of four letters, a number or two Chinese
    characters in a row with what it says, or names who sent it.
    """
    line, items = output.get("line"), request.get("items")
    if not isinstance(line, str) or not isinstance(items, list):
        raise Unreadable("there is no line")
    if "covers" in output:
        return output
    if not line.strip("-–— 。."):
        return {**output, "line": "", "covers": [], "suppressed": True}
    said = _marks(line)
    found = [one["id"] for one in items if said & _marks(f"{one['title']} {one['body']}")]
    return {**output, "covers": list(dict.fromkeys(found)), "suppressed": False}


_WORD = re.compile(r"[^\W\d_]{4,}|\d+")
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]{2,}")


def _marks(text: str) -> set[str]:
    """Return what a line and a notification may share: words, numbers, pairs of characters."""
    low = folded(text)
    runs = _HAN.findall(low)
    pairs = {run[at : at + 2] for run in runs for at in range(len(run) - 1)}
    return pairs | {word for word in _WORD.findall(low) if not _HAN.match(word)}


def detected(request: Mapping[str, object], output: Output) -> Output:
    """Add `detected`, the language of the text: as the request says it, else by its script."""
    if "detected" in output:
        return output
    text, source = request.get("text"), request.get("source")
    if not isinstance(text, str):
        raise Unreadable("there is no text")
    if not isinstance(source, str):
        chinese = (han_share(text) or 0.0) >= ENOUGH_HAN
        source = ("zh-Hant" if script(text) == "Hant" else "zh-Hans") if chinese else "en"
    return {**output, "detected": source}


DERIVATIONS: dict[str, tuple[int, Derivation]] = {
    "corrections": (1, corrections),
    "covers": (1, covers),
    "detected": (1, detected),
}
"""Each derivation with its revision, to be raised whenever its behaviour changes."""


def derived(uses: Sequence[DeriveUse], request: Mapping[str, object], output: Output) -> Output:
    """Return *output* with every derived field added.

    Raises:
        Unreadable: the output lacks what a derivation needs.
    """
    for use in uses:
        output = DERIVATIONS[use.id][1](request, output)
    return output


def require_known_derivations(uses: Sequence[DeriveUse], path: Path) -> None:
    """Refuse a pack that names a derivation or revision which this code does not have."""
    for use in uses:
        if use.id not in DERIVATIONS:
            raise Malformed(
                f"unknown derivation `{use.id}`", hint=f"known: {', '.join(DERIVATIONS)}", path=path
            )
        if use.revision != DERIVATIONS[use.id][0]:
            raise Malformed(
                f"derivation `{use.id}` has revision {DERIVATIONS[use.id][0]}, not {use.revision}",
                hint="a new revision makes a new candidate: assess it before it is filed",
                path=path,
            )
