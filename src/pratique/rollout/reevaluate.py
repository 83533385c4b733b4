"""Making evaluations again, and holding releases and their counts to what was decided on."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import Connection

from pratique.ledger.chain import Entry, entries
from pratique.rollout.evaluations import ADVANCED, Evaluated, Kept, evaluations_kept, name_of
from pratique.rollout.halt_rules import Judged, judge
from pratique.rollout.releases import Release, list_releases
from pratique.rollout.tally import Counts, counts_of
from pratique.store.figures import Remade

_STATES = {
    "release.started": "on",
    "release.switched": "on",
    "release.advanced": "on",
    "release.resumed": "on",
    "release.halted": "halted",
}
"""What each decision makes of a release."""


def reevaluate(connection: Connection, remade: Remade) -> int:
    """Make every kept evaluation again, and return how many there are."""
    kept = evaluations_kept(connection)
    decisions = [one for one in entries(connection) if one.kind in _STATES]
    named = {one.facts().get("evaluation"): one for one in decisions}
    missing = set(named) - {None, *(one.id for one in kept)}
    remade.faults += [
        f"`{name}` is in the ledger, and is not kept" for name in sorted(map(str, missing))
    ]
    for one in kept:
        entry = named.get(one.id)
        if name_of(one.body) != one.id or one.decided != (entry.kind if entry else ""):
            remade.faults.append(f"`{one.id}`: its record was changed")
        try:
            said = msgspec.json.decode(one.body, type=Evaluated)
        except msgspec.DecodeError as error:
            remade.faults.append(f"`{one.id}` cannot be read: {error}")
            continue
        _again(one, said, remade)
        _counted(connection, one, said, remade)
    releases = list_releases(connection)
    remade.faults += _moved(releases, decisions)
    for release in releases:
        answered = counts_of(connection, release.id).requests
        remade.tell(f"release {release.id}", release.id, "requests", answered)
    return len(kept)


def _again(kept: Kept, said: Evaluated, remade: Remade) -> None:
    """Judge each rule again on the counts that it saw."""
    about = f"{said.release} at `{said.stage}`"
    stayed = datetime.fromisoformat(said.at) - datetime.fromisoformat(said.entered)
    remade.tell(kept.id, about, "hours at the stage", round(stayed / timedelta(hours=1)))
    remade.tell(kept.id, about, "user fraction", said.user_fraction)
    remade.tell(kept.id, about, "requests", said.counts.requests)
    made = [judge(rule, said.counts, said.control, said.error) for rule in said.rules]
    if len(made) != len(said.judged):
        remade.faults.append(f"`{kept.id}`: {len(said.judged)} rules for {len(made)}")
    for given, found in zip(said.judged, made, strict=False):
        for figure in ("requests", "mean", "low", "high", "bound", "verdict"):
            name = f"{found.signal}, {figure}"
            remade.see(kept.id, about, name, getattr(given, figure), getattr(found, figure))
    fails = any(one.verdict == "fail" for one in made)
    passes = all(one.verdict == "pass" for one in made)
    if (kept.decided == ADVANCED and not passes) or (
        kept.decided and kept.decided != ADVANCED and not fails
    ):
        remade.faults.append(
            f"`{kept.id}`, {about}: `{kept.decided}` does not follow: {_said(made)}"
        )


def _said(made: Sequence[Judged]) -> str:
    return "; ".join(one.sentence for one in made) or "no rule"


def _counted(connection: Connection, kept: Kept, said: Evaluated, remade: Remade) -> None:
    """Hold the counts of a stay to what the rules saw: they only grow, and end when it was left."""
    now = counts_of(connection, said.release, said.entered)
    for figure in Counts.__struct_fields__:
        given, found = getattr(said.counts, figure), getattr(now, figure)
        allowed = max(1.0, abs(given)) * 1e-9
        left = kept.decided == ADVANCED
        if found < given - allowed or (left and found > given + allowed):
            remade.faults.append(
                f"`{kept.id}`, {said.release} at `{said.stage}`: {figure} was {given:g} when the"
                f" rules looked, the counts kept come to {found:g}"
            )


def _moved(releases: Sequence[Release], decisions: Sequence[Entry]) -> list[str]:
    """Return a sentence for each release that is not where the ledger's last decision left it."""
    last: Mapping[str, Entry] = {one.subject: one for one in decisions}
    newest = {(one.market, one.feature, one.locale): one.id for one in releases}
    faults = [
        f"release `{name}` is in the ledger, and is not kept"
        for name in sorted(set(last) - {one.id for one in releases})
    ]
    for one in releases:
        entry = last.get(one.id)
        if entry is None:
            faults.append(f"release `{one.id}` is not in the ledger")
            continue
        facts = entry.facts()
        followed = newest[one.market, one.feature, one.locale] != one.id
        said = (facts["digest"], facts["stage"], "ended" if followed else _STATES[entry.kind])
        here = (one.digest, one.stages[one.stage].name, one.state)
        faults += [
            f"release `{one.id}`: its {what} is {found}, by the ledger's last decision {given}"
            for what, given, found in zip(("digest", "stage", "state"), said, here, strict=True)
            if given != found
        ]
    return faults
