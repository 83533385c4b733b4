"""Revealed samples: what left the sealed suites in a brief, and so no longer counts."""

from collections.abc import Mapping, Set

import msgspec
from sqlalchemy import Connection

from pratique.errors import NotAllowed
from pratique.evals.suites import Suite
from pratique.ledger.chain import entries
from pratique.store.canonical import canonical, digest

KIND = "samples.revealed"
"""What the ledger calls it."""

MOST_AT_ONCE = 20
"""Samples of one suite and locale that one brief may reveal."""

MOST_SHARE = 0.1
"""Part of a suite that may ever be revealed: beyond it the suite no longer seals anything."""


def revealed(
    connection: Connection, partner: str | None = None
) -> Mapping[tuple[str, str], Set[str]]:
    """Return the ids of revealed samples by suite and locale: to *partner*, or to anyone."""
    found: dict[tuple[str, str], set[str]] = {}
    for entry in entries(connection, kind=KIND, subject=partner):
        facts = entry.facts()
        ids = facts["samples"]
        assert isinstance(ids, list)  # noqa: S101  (`revelation` wrote it, and the chain sealed it)
        found.setdefault((str(facts["suite"]), str(facts["locale"])), set()).update(map(str, ids))
    return found


def revelation(suite: Suite, ids: Set[str]) -> Mapping[str, object]:
    """Return the facts of revealing the samples *ids* of *suite*, for the ledger."""
    return {"suite": suite.id, "locale": suite.locale, "samples": sorted(ids)}


def room(suite: Suite, before: int, wanted: int) -> int:
    """Return how many of the *wanted* samples of *suite* may go, *before* of it having gone already.

    Raises:
        NotAllowed: more are wanted than one brief may reveal.
    """
    if wanted > MOST_AT_ONCE:
        raise NotAllowed(
            f"{wanted} sealed samples are more than a brief may reveal",
            hint=f"at most {MOST_AT_ONCE} a suite and locale: each one is lost to later verdicts",
        )
    return max(0, min(wanted, int(MOST_SHARE * len(suite.samples)) - before))


def lost_with(suite: Suite, ids: Set[str]) -> int:
    """Return how many samples of *suite* judge no more once *ids* are revealed: all of their sources."""
    known = {sample.source for sample in suite.samples if sample.id in ids}
    return sum(sample.source in known for sample in suite.samples)


def unrevealed(suite: Suite, gone: Mapping[tuple[str, str], Set[str]]) -> Suite:
    """Return *suite* without what of it has *gone*, under a digest of what is left.

    Untouched suites keep their digest, and with it every result so far. Samples that share a source
    with one that has gone have gone with it.
    """
    ids = gone.get((suite.id, suite.locale), frozenset())
    known = {sample.source for sample in suite.samples if sample.id in ids}
    left = tuple(sample for sample in suite.samples if sample.source not in known)
    if len(left) == len(suite.samples):
        return suite
    rest = [suite.digest, [sample.id for sample in left]]
    return msgspec.structs.replace(suite, samples=left, digest=digest(canonical(rest)))
