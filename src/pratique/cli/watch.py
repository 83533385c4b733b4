"""`pratique watch`."""

import sys
from pathlib import Path

import click

from pratique.cli.opening import named_workspace
from pratique.cli.output import as_json, emit, for_market, in_workspace


@click.command()
@in_workspace
@for_market
@click.option(
    "--once",
    is_flag=True,
    required=True,
    expose_value=False,
    help="Look once and end, for cron.",
)
@click.option(
    "--budget-calls",
    metavar="N",
    type=click.IntRange(min=0),
    default=None,
    help="Most calls of this look; else `[watch] calls`. What is left waits for the next look.",
)
@as_json
def watch(workspace: Path | None, market: str, budget_calls: int | None, json_: bool) -> None:
    """Look at what changes beneath the releases, and do what follows.

    Partners' models, canaries, filings, duties, milestones and notices. Evidence that another model
    answers turns a release off; drift freezes its ramp until a confirming run. Exit 1 where
    something was turned off, is overdue and blocks, or can no longer be replaced in time. A service
    looks by itself every `[watch] hours`.
    """
    from pratique.rollout.watch.watcher import once as look

    found = look(named_workspace(workspace), market, budget_calls)
    emit(json_, {"alarming": found.alarming, "report": found}, found.sentences)
    if found.alarming:
        sys.exit(1)
