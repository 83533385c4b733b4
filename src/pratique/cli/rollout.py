"""`pratique rollout`: start, advance, halt, resume and status."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, ParamSpec, TypeVar

import click

from pratique.cli.opening import opened_workspace
from pratique.cli.output import as_json, emit, for_market, in_workspace, table

if TYPE_CHECKING:
    from pratique.rollout.releases import Release

P = ParamSpec("P")
T = TypeVar("T")


def _of_release(command: Callable[P, T]) -> Callable[P, T]:
    command = click.argument("feature")(command)
    command = click.option("--locale", required=True, help="Locale.")(command)
    return as_json(for_market(in_workspace(command)))


def _shown(release: "Release", json_: bool) -> None:
    stage = release.stages[release.stage]
    emit(
        json_,
        release,
        [
            f"release `{release.id}` is {release.state} at stage `{stage.name}`"
            + (f": {release.reason}" if release.reason else "")
        ],
    )


@click.group()
def rollout() -> None:
    """Let an approved feature through, stage by stage."""


@rollout.command()
@_of_release
@click.option(
    "--digest", default=None, help="Frozen variant to release; else the newest approved one."
)
def start(
    feature: str, locale: str, workspace: Path | None, market: str, json_: bool, digest: str | None
) -> None:
    """Start a release of FEATURE at its first stage. Refused without an approval in force."""
    from pratique.rollout import steps

    with opened_workspace(workspace) as opened:
        rules = steps.gate_rules(opened, market)
        chosen = digest or steps.approved_digest(opened, rules, feature, locale)
        _shown(steps.start(opened, rules, chosen), json_)


@rollout.command()
@_of_release
def advance(feature: str, locale: str, workspace: Path | None, market: str, json_: bool) -> None:
    """Move the release of FEATURE to its next stage."""
    from pratique.rollout import steps

    with opened_workspace(workspace) as opened:
        _shown(steps.advance(opened, market, feature, locale), json_)


@rollout.command()
@_of_release
@click.option("--reason", required=True, help="Why; the ledger keeps it.")
def halt(
    feature: str, locale: str, workspace: Path | None, market: str, json_: bool, reason: str
) -> None:
    """Stop the release of FEATURE at once."""
    from pratique.rollout import steps

    with opened_workspace(workspace) as opened:
        _shown(steps.halt(opened, market, feature, locale, reason), json_)


@rollout.command()
@_of_release
def resume(feature: str, locale: str, workspace: Path | None, market: str, json_: bool) -> None:
    """Let a halted release of FEATURE serve again."""
    from pratique.rollout import steps

    with opened_workspace(workspace) as opened:
        _shown(steps.resume(opened, market, feature, locale), json_)


@rollout.command("status")
@in_workspace
@for_market
@as_json
def rollout_status(workspace: Path | None, market: str, json_: bool) -> None:
    """List the releases, oldest first."""
    from pratique.rollout.releases import list_releases

    with opened_workspace(workspace) as opened, opened.database.connect() as connection:
        found = list_releases(connection, market)
    rows = [
        [one.id, one.state, one.stages[one.stage].name, one.digest[:19], one.reason]
        for one in found
    ]
    emit(
        json_,
        {"market": market, "releases": found},
        table(["release", "state", "stage", "digest", "reason"], rows),
    )
