"""Samples of the embedded classifier: harmful requests, and harmless ones that sound like them.

Written for this product, invented throughout, and without a detail that would help anybody. Lines in
`zh-Hant` are OpenCC's reading of those in `zh-Hans`. Political and sexual content stands for itself
by code words alone and is `open`: nobody learns from it here.
"""

from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Literal

import msgspec

from pratique.errors import Malformed
from pratique.partners.safeguards.contract import Category

FOLDER = Path(str(files("pratique") / "content" / "safeguards"))


class Sample(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One line."""

    id: str
    """Name."""
    locale: str
    """Locale that it is in."""
    risk: Category
    """What it is about, or what it only sounds like."""
    label: Literal["harmful", "harmless", "open"]
    """Whether it asks for harm; `open` where that is not ours to say."""
    split: Literal["development", "held_out"]
    """Whether weights are made of it, or figures."""
    text: str
    """The request."""


@cache
def samples() -> tuple[Sample, ...]:
    """Return every sample, by locale.

    Raises:
        Malformed: a line is none.
    """
    found: list[Sample] = []
    for path in sorted(FOLDER.glob("*.jsonl")):
        for number, line in enumerate(path.read_bytes().splitlines(), 1):
            try:
                found.append(msgspec.json.decode(line, type=Sample))
            except (msgspec.DecodeError, msgspec.ValidationError) as error:
                raise Malformed(f"no sample: {error}", path=path, line=number) from None
    return tuple(found)
