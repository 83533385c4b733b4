"""The page of the checks: what each one means, written out for `docs/conformance.md`."""

from pratique.partners.conformance import kit, safety
from pratique.partners.conformance.checks import Check
from pratique.partners.standins.manners import MANNERS
from pratique.partners.standins.scenarios import read_scenarios

_TOP = """# Conformance checks

`pratique partner check MODEL` runs these checks against our stand-in of the partner.
`pratique partner check MODEL --live` runs them against the partner itself, with your key: about 60 short calls.

A check ends in one of three words.
`passed` and `failed` say what they say.
`unsupported` is what the partner does not offer, what the catalogue knows nothing of, or what cannot be tried here; \
its detail says which.

What a run establishes is kept in the workspace under `state/capabilities/`.
A run against a stand-in tests our wire and our tables; it measures nothing of the partner, and is kept apart.

## Every partner
"""

_TABLES = """
## Each dialect's tables

Beside these, each thing that a dialect is known to answer is one check, `scenario-NAME`, which only a stand-in plays: \
the call must come to the status, the code, the delay, the number of tries and the text that \
`content/standins/DIALECT.jsonl` says, in one piece and in a stream.

| dialect | checks of its tables |
|---|---|
"""


def page() -> str:
    """Return the page, in Markdown."""
    rows = "".join(_row(check) for check in (*kit.BEHAVIOUR, *safety.CHECKS))
    tables = "".join(f"| {one} | {len(read_scenarios(one))} |\n" for one in sorted(MANNERS))
    return f"{_TOP}\n| check | what holds when it passes | against |\n|---|---|---|\n{rows}{_TABLES}{tables}"


def _row(check: Check) -> str:
    against = "stand-in" if check.stand_in_only else "both"
    return f"| `{check.id}` | {check.meaning} | {against} |\n"
