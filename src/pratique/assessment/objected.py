"""Objections of a selection, held to the verdicts that they rest on."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress

import msgspec
from sqlalchemy import Connection

from pratique.assessment.forecasts import Forecasted, forecasts_kept
from pratique.assessment.selection import Selection
from pratique.assessment.support.capacity import Capacity
from pratique.assessment.support.table import all_of


def unfounded(connection: Connection, selections: Sequence[Selection]) -> Iterator[str]:
    """Yield a sentence for each objection whose verdict is not kept, or says something else."""
    said = _said(connection)
    for selection in selections:
        for one in selection.objections:
            if one.record and said.get(one.record) != (one.ground, one.evidence):
                about = f"`{one.ground}` against {one.subject}"
                yield f"selection `{selection.id}`: {about} is not what `{one.record}` says"


def _said(connection: Connection) -> Mapping[str, tuple[str, tuple[str, ...]]]:
    """Return the verdict and its reasons of everything that may be objected, by record."""
    found: dict[str, tuple[str, tuple[str, ...]]] = {}
    # What cannot be read is named where it is made again; here it says nothing.
    for name, body in forecasts_kept(connection):
        with suppress(msgspec.DecodeError):
            progress = msgspec.json.decode(body, type=Forecasted).progress
            found[name] = (str(progress.verdict), (progress.why,))
    for kept in all_of(connection, "verdict"):
        with suppress(msgspec.DecodeError):
            one = kept.read(Capacity)
            word = "SUPPORT_UNKNOWN" if one.verdict == "UNKNOWN" else one.verdict
            found[one.id] = (word, one.reasons)
    return found
