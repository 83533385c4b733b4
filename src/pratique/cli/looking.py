"""`pratique assess --suite`: figures on one suite or data set, without a bar."""

import gc
from pathlib import Path
from typing import TYPE_CHECKING

from pratique.cli.opening import opened_workspace
from pratique.cli.output import emit, say, table

if TYPE_CHECKING:
    from pratique.serving.guard import Guard
    from pratique.settings.workspace import Market
    from pratique.workspace.opened import Opened


def guard_now(opened: "Opened", market: "Market") -> "Guard":
    """Return what screens *market* now: the starter pack, where no other may."""
    from pratique.rollout.gate import Refusal
    from pratique.rollout.guarding import guard_in_force
    from pratique.serving.guard import starter_guard

    found = guard_in_force(opened, market)
    if isinstance(found, Refusal):
        say(f"screened by the starter pack: {found.detail}")
        return starter_guard()
    return found


def look(
    workspace: Path | None,
    market: str,
    seed: int,
    suite: str,
    data: Path | None,
    samples: int,
    json_: bool,
) -> None:
    """Measure the market's candidates on one suite or data set and print what came of it."""
    import uvloop

    from pratique.assessment.candidates import offer
    from pratique.assessment.measuring import measure, suite_named
    from pratique.cli.progress import counted

    with opened_workspace(workspace) as opened:
        offered = offer(opened.workspace, market)
        for line in offered.left_out:
            say(line)
        suites = suite_named(opened, suite, data)
        guard = guard_now(opened, offered.market)
        # Suites and packs stay as long as the process: nobody need look for garbage among them.
        gc.freeze()
        with counted() as progress:
            found = uvloop.run(measure(opened, offered, suites, samples, seed, progress, guard))
    rows = [
        [
            one.feature,
            one.locale,
            one.candidate,
            f"{one.passed:.0%}",
            f"{one.low:.1%} – {one.high:.1%}",
            f"{one.samples} of {one.of}" + (f" in {one.clusters} clusters" if one.clusters else ""),
            str(one.calls),
            ", ".join(f"{trend.name} {trend.figure.value:.3g}" for trend in one.trends),
        ]
        for one in found
    ]
    columns = ["feature", "locale", "candidate", "passed", "95 %", "samples", "calls", "trends"]
    emit(json_, {"suite": suite, "seed": seed, "measured": found}, table(columns, rows))
