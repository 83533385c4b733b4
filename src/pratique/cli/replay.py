"""`pratique replay`: what decisions cost on a log of results by sample."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pratique.cli.output import as_json, emit, say, table

if TYPE_CHECKING:
    from pratique.evals.replay import Replay


@click.command()
@click.argument("decision", type=click.Choice(["pair", "gate", "choice"]))
@click.option(
    "--log",
    "path",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    help="CSV with a column `item` and one column a model; an empty cell was not run.",
)
@click.option("--scale", required=True, help="LOW:HIGH, what a score can be.")
@click.option("--lower-is-better", is_flag=True, help="The scores are penalties.")
@click.option("--skip", default="", help="Columns that are no models, with commas.")
@click.option(
    "--cluster",
    default="",
    metavar="COLUMN",
    help="Column that says which items share a source: they are drawn and counted together.",
)
@click.option(
    "--delta",
    default=0.05,
    show_default=True,
    help="Smallest gap that matters, as a share of the scale; for a gate, the band around its bar.",
)
@click.option("--alpha", default=0.05, show_default=True, help="Error allowed.")
@click.option("--runs", default=2000, show_default=True, help="How many runs.")
@click.option("--seed", default=1, show_default=True, help="Seed of decisions and orders.")
@click.option(
    "--bar",
    type=float,
    default=None,
    help="A gate's bar, in the log's unit; else bars around each model's mean.",
)
@click.option("--k", default=8, show_default=True, help="Candidates of a choice.")
@click.option(
    "--truth",
    type=click.Choice(["bank", "population"]),
    default="bank",
    show_default=True,
    help="Whether a verdict is about the log's items or about all that they stand for.",
)
@click.option("--concurrency", default=1, show_default=True, help="Calls in flight.")
@click.option("--top", default=0, help="Only among so many best models.")
@click.option("--history", is_flag=True, help="Let other models' results on an item help.")
@as_json
def replay(
    decision: str,
    path: Path,
    scale: str,
    lower_is_better: bool,
    skip: str,
    cluster: str,
    delta: float,
    alpha: float,
    runs: int,
    seed: int,
    bar: float | None,
    k: int,
    truth: str,
    concurrency: int,
    top: int,
    history: bool,
    json_: bool,
) -> None:
    """Count the calls until the verdict on logged results, and the verdicts that are wrong.

    The decisions are made by the code that `assess` uses.
    """
    from pratique.evals import replay as replays
    from pratique.evals.replay_logs import read_log, read_scale

    unit = read_scale(scale, lower_is_better)
    skipped = tuple(name.strip() for name in skip.split(",") if name.strip())
    log = read_log(path, unit, skipped, cluster)
    for name in skipped:
        if name not in log.columns:
            say(f"`{path}` has no column `{name}` to skip")
    settings = replays.Settings(
        delta=delta,
        alpha=alpha,
        runs=runs,
        seed=seed,
        truth="bank" if truth == "bank" else "population",
        concurrency=concurrency,
        top=top,
        history=history,
        bar=None if bar is None else unit.share(bar),
        k=k,
    )
    if decision == "choice" and k > len(log.models):
        say(f"`{path}` has {len(log.models)} models: a choice is among all of them, not {k}")
    found = replays.replay(
        "pair" if decision == "pair" else "gate" if decision == "gate" else "choice", log, settings
    )
    rows = [
        [name, str(one.runs), f"{one.mean_calls:.0f}", f"{one.ratio_full:.1f}×", f"{one.wrong:.2%}"]
        for name, one in found.by_gap.items()
    ]
    lines = [
        f"{found.mean_calls:.0f} calls to the verdict, {found.ratio_full:.1f}× fewer than full runs"
        f" ({found.full_calls:.0f}), {found.ratio_fixed:.1f}× fewer than planned"
        f" ({found.fixed_calls:.0f})",
        f"wrong {found.wrong:.2%} (at most {found.wrong_upper95:.2%}),"
        f" undecided {found.undecided:.1%}, {found.runs} runs",
        *_clusters(found),
        "",
        *table(["gap, points", "runs", "calls", "full", "wrong"], rows),
    ]
    emit(json_, found, lines)


def _clusters(found: "Replay") -> Iterator[str]:
    """Yield what clusters changed."""
    from pratique.evals.replay import Clustered

    one = found.clusters
    if isinstance(one, Clustered):
        apart = one.one_by_one
        yield (
            f"drawn by {one.clusters} clusters of {one.items} items (largest {one.largest}); the same"
            f" draws, items taken for independent: {apart.mean_calls:.0f} calls,"
            f" wrong {apart.wrong:.2%} (at most {apart.wrong_upper95:.2%})"
        )
