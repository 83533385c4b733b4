"""`pratique brief` and `progress`: what a partner must mend, and whether it will in time."""

import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pratique.cli.opening import opened_workspace
from pratique.cli.output import as_json, emit, for_market, in_workspace, say, table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pratique.assessment.trend import Progress
    from pratique.evals.outcomes import Result


@click.command()
@click.argument("partner")
@in_workspace
@for_market
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=None,
    help="Folder of the brief; else `briefs/MARKET/PARTNER` in the workspace.",
)
@click.option(
    "--ask",
    is_flag=True,
    help="Ask the partner's models the development samples first, so that only those that fail go in.",
)
@click.option(
    "--reveal",
    type=click.IntRange(min=0),
    default=0,
    show_default=True,
    help="Failed sealed samples of each suite to give away; they never count in a verdict again.",
)
@as_json
def brief(
    partner: str,
    workspace: Path | None,
    market: str,
    out: Path | None,
    ask: bool,
    reveal: int,
    json_: bool,
) -> None:
    """Write for PARTNER what its models must mend, with cases to run on its side.

    Nothing of another partner is in it. Sealed samples stay sealed unless you reveal some.
    """
    from pratique.assessment.asking import ask_development
    from pratique.assessment.brief import brief_of
    from pratique.assessment.brief_files import write_brief
    from pratique.assessment.summary import WORDS
    from pratique.cli.progress import counted

    with opened_workspace(workspace) as opened:
        asked: Mapping[tuple[str, str], Sequence[Result]] = {}
        if ask:
            with counted() as progress:
                asked = asyncio.run(ask_development(opened, market, partner, progress))
        found = brief_of(opened, market, partner, reveal=reveal, asked=asked)
        folder = out or opened.workspace.folder / "briefs" / market / partner
        paths = write_brief(folder.absolute(), found)
    shown = sum(one.origin == "revealed" for one in found.cases)
    if shown:
        say(f"{shown} sealed samples are in this brief; they no longer count in a verdict")
    rows = [
        [
            one.feature if one.feature == one.suite else f"{one.feature} ({one.suite})",
            one.locale,
            one.model,
            WORDS[one.finding],
            f"{one.gap[0]:.1%} ({one.gap[1]:.1%} – {one.gap[2]:.1%})",
            ", ".join(f"{cause.id} {cause.samples}" for cause in one.causes[:3]),
            str(len(one.cases)),
        ]
        for one in found.parts
    ]
    columns = ["feature", "locale", "model", "finding", "gap", "causes", "cases"]
    unasked = sum(one.known == "not_asked" for one in found.cases)
    lines = [*table(columns, rows), "", f"brief: {folder}"]
    if unasked:
        lines.append(
            f"{unasked} of {len(found.cases)} cases were never asked: `--ask` asks them, and leaves"
            " those that fail with what was answered"
        )
    emit(json_, {"brief": found, "files": [str(path) for path in paths]}, lines)


@click.command()
@click.argument("partner")
@in_workspace
@for_market
@click.option(
    "--samples",
    type=click.IntRange(min=0),
    default=0,
    show_default=True,
    help="Draw so many samples of each of the latest runs first: a trend takes more than a verdict.",
)
@as_json
def progress(partner: str, workspace: Path | None, market: str, samples: int, json_: bool) -> None:
    """Show how PARTNER's releases come along, and whether what was agreed will be met in time.

    A verdict stops calling as soon as it is certain, which tells little of how far off the bar is.
    With --samples the latest runs go on, each answer kept. What is said anew of a milestone is kept
    in the ledger. Exits with 1 where progress is below standard.
    """
    from pratique.assessment.asking import draw_further
    from pratique.assessment.candidates import offer
    from pratique.assessment.forecasts import judge_progress, said_of
    from pratique.assessment.identity import signs_in
    from pratique.assessment.plans import read_plan
    from pratique.cli.progress import counted
    from pratique.errors import NotFound
    from pratique.serving.variant import digest_of

    with opened_workspace(workspace) as opened:
        if samples:
            with counted() as told:
                left_out = asyncio.run(draw_further(opened, market, partner, samples, told))
            for line in left_out:
                say(line)
        variants = offer(opened.workspace, market).variants
        steady = {digest_of(one) for one in variants if one.prompt.decoding.temperature == 0}
        today = opened.clock().date()
        plan = read_plan(opened.workspace, market, partner)
        found = judge_progress(opened, market, partner)
        with opened.database.connect() as connection:
            signs = [sign for one in found for sign in signs_in(connection, one.series, steady)]
    if not found:
        raise NotFound(
            f"nothing was assessed of `{partner}` in `{market}`, and nothing agreed",
            hint=f"run `pratique assess --market {market}`, or write `plans/{market}/{partner}.toml`",
        )
    columns = [
        "feature",
        "locale",
        "models",
        "releases",
        "last",
        "a week",
        "bar",
        "reached",
        "verdict",
    ]
    rows = [_row(one) for one in found]
    records = [said_of(market, partner, one, today) for one in found]
    notes = [
        *(f"{_name(one)}: {one.why}" for one in found if one.verdict),
        *(f"{one.kind}: {one.says}" for one in signs),
    ]
    if plan is None:
        notes.append(
            f"nothing is agreed: `plans/{market}/{partner}.toml` takes bars and dates"
            " (docs/progress-and-briefs.md)"
        )
    emit(
        json_,
        {
            "partner": partner,
            "market": market,
            "progress": found,
            "records": [said.id if said else None for said in records],
            "signs": signs,
        },
        [*table(columns, rows), *([""] if notes else []), *notes],
    )
    if any(one.verdict == "PROGRESS_BELOW_STANDARD" for one in found):
        sys.exit(1)


def _name(one: "Progress") -> str:
    return one.milestone.id if one.milestone else f"{one.series.feature} {one.series.locale}"


def _row(one: "Progress") -> list[str]:
    last, outlook = one.last, one.outlook
    reached = "too few releases"
    pace = "–"
    if outlook is not None:
        pace = (
            f"{outlook.per_week:+.1%} ({outlook.per_week_low:+.1%} – {outlook.per_week_high:+.1%})"
        )
        ends = (outlook.crosses, outlook.earliest, outlook.latest)
        day, early, late = (str(end or f"after {outlook.horizon}") for end in ends)
        reached = f"{day} ({early} – {late})"
    return [
        one.series.feature,
        one.series.locale,
        ", ".join(one.series.models),
        str(len(one.series.by_day)),
        f"{last.estimate:.1%} ({last.low:.1%} – {last.high:.1%}, {last.samples})" if last else "–",
        pace,
        f"{one.bar:.1%}",
        reached,
        one.verdict or "no plan",
    ]
