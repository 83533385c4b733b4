"""`pratique rollout`: stages, halts, fallbacks, and how releases stand."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, ParamSpec, TypeVar

import click

from pratique.cli.opening import opened_workspace
from pratique.cli.output import as_json, emit, for_market, in_workspace, say, table

if TYPE_CHECKING:
    from pratique.rollout.readiness import Standing
    from pratique.rollout.releases import Release
    from pratique.workspace.opened import Opened

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


def _unscreened(opened: "Opened", market: str) -> None:
    """Say that a release serves nobody where nothing screens the market."""
    from pratique.rollout.gate import Refusal
    from pratique.rollout.guarding import guard_in_force

    found = guard_in_force(opened, opened.workspace.market(market))
    if isinstance(found, Refusal):
        say(f"nobody is served yet: screening is off: {found.detail}; {found.hint}")


@click.group()
def rollout() -> None:
    """Let an approved feature through, stage by stage."""


@rollout.command()
@_of_release
@click.option(
    "--digest", default=None, help="Frozen variant to release; else the newest approved one."
)
@click.option(
    "--again",
    is_flag=True,
    help="Begin anew at the first stage, though this variant is on already.",
)
def start(
    feature: str,
    locale: str,
    workspace: Path | None,
    market: str,
    json_: bool,
    digest: str | None,
    again: bool,
) -> None:
    """Start a release of FEATURE at its first stage. Refused without an approval in force."""
    from pratique.rollout import steps

    with opened_workspace(workspace) as opened:
        rules = steps.gate_rules(opened, market)
        chosen = digest or steps.approved_digest(opened, rules, feature, locale)
        _shown(steps.start(opened, rules, chosen, again=again), json_)
        _unscreened(opened, market)


@rollout.command()
@_of_release
def advance(feature: str, locale: str, workspace: Path | None, market: str, json_: bool) -> None:
    """Move the release of FEATURE to its next stage."""
    from pratique.rollout import steps

    with opened_workspace(workspace) as opened:
        _shown(steps.advance(opened, market, feature, locale), json_)
        _unscreened(opened, market)


@rollout.command("sign-off")
@_of_release
def sign_off(feature: str, locale: str, workspace: Path | None, market: str, json_: bool) -> None:
    """Sign off that FEATURE leaves its stage.

    Somebody else then advances it.
    """
    from pratique.rollout import steps

    with opened_workspace(workspace) as opened:
        _shown(steps.sign_off(opened, market, feature, locale), json_)


def _scoped(command: Callable[P, T]) -> Callable[P, T]:
    """Give *command* the four names of what a halt stops."""
    command = click.option("--partner", help="Partner whose model answers.")(command)
    command = click.option("--app-category", help="Category of the app that asks.")(command)
    command = click.option("--locale", help="Locale.")(command)
    command = click.option("--feature", help="Feature.")(command)
    return as_json(for_market(in_workspace(command)))


@rollout.command()
@_scoped
@click.option("--reason", required=True, help="Why; the ledger keeps it.")
def halt(
    feature: str | None,
    locale: str | None,
    app_category: str | None,
    partner: str | None,
    workspace: Path | None,
    market: str,
    json_: bool,
    reason: str,
) -> None:
    """Stop what matches all names given.

    It counts on every replica within two seconds, for releases of today and tomorrow, until the
    same names are resumed.
    """
    from pratique.rollout import steps
    from pratique.rollout.halts import Scope

    scope = Scope(feature=feature, locale=locale, app_category=app_category, partner=partner)
    with opened_workspace(workspace) as opened:
        found = steps.order_halt(opened, market, scope, reason)
    emit(json_, found, [f"`{found.id}` stops {found.scope}: {found.reason}"])


@rollout.command()
@_scoped
def resume(
    feature: str | None,
    locale: str | None,
    app_category: str | None,
    partner: str | None,
    workspace: Path | None,
    market: str,
    json_: bool,
) -> None:
    """Lift the halt on exactly these names.

    With a feature and a locale and nothing else, a release that a rule halted goes on, too.
    """
    from pratique.rollout import steps
    from pratique.rollout.halts import Scope

    scope = Scope(feature=feature, locale=locale, app_category=app_category, partner=partner)
    with opened_workspace(workspace) as opened:
        release, halt = steps.resume_scope(opened, market, scope)
    lines = [f"`{halt.id}` no longer stops {halt.scope}"] if halt else []
    lines += [f"release `{release.id}` is on again"] if release else []
    emit(json_, {"release": release, "halt": halt}, lines)


@rollout.command()
@_of_release
@click.option("--digest", default=None, help="The fallback's frozen variant; else the first.")
@click.option("--reason", required=True, help="Why; the ledger keeps it.")
def switch(
    feature: str,
    locale: str,
    workspace: Path | None,
    market: str,
    json_: bool,
    digest: str | None,
    reason: str,
) -> None:
    """Serve FEATURE by an approved fallback.

    From now on, at the stage it is at: to the same devices.
    """
    from pratique.rollout import steps

    with opened_workspace(workspace) as opened:
        rules = steps.gate_rules(opened, market)
        _shown(
            steps.switch(opened, rules, feature, locale, reason=reason, digest=digest),
            json_,
        )


@rollout.command()
@in_workspace
@for_market
@as_json
def evaluate(workspace: Path | None, market: str, json_: bool) -> None:
    """Hold every release to the halt rules.

    What fails is halted, and exit is 1. A running service does so by itself, twice a minute.
    """
    from pratique.rollout.evaluation import evaluate as judged

    with opened_workspace(workspace) as opened:
        found = judged(opened, market)
    lines = [
        line
        for one in found
        for line in [
            f"release `{one.release.id}`: {'HALTED' if one.failed else 'goes on'}",
            *(f"  {judged.sentence}" for judged in one.judged),
        ]
    ]
    halted = [one.release.id for one in found if one.failed]
    emit(
        json_,
        {"market": market, "halted": halted, "standings": found},
        lines or ["no release is on"],
    )
    if halted:
        sys.exit(1)


@rollout.command("status")
@in_workspace
@for_market
@as_json
def rollout_status(workspace: Path | None, market: str, json_: bool) -> None:
    """Show releases with what the gate says of each now, their rules and halts."""
    from pratique.rollout import steps
    from pratique.rollout.gate import off
    from pratique.rollout.halts import list_halts
    from pratique.rollout.readiness import standing
    from pratique.rollout.releases import list_releases
    from pratique.rollout.state import read_state

    with opened_workspace(workspace) as opened, opened.database.connect() as connection:
        rules, now = steps.gate_rules(opened, market), opened.clock()
        found = list_releases(connection, market)
        halts = list_halts(connection, market)
        state = read_state(connection, rules, now)
        standings = [
            standing(connection, rules.market, one, opened.who, now)
            for one in found
            if one.state != "ended"
        ]
    refused = {
        one.id: off(state, one.feature, one.locale, now) for one in found if one.state != "ended"
    }
    rows = []
    for one in found:
        refusal = refused.get(one.id)
        word, why = ("off", refusal.detail) if refusal else (one.state, one.reason)
        rows.append([one.id, word, one.stages[one.stage].name, one.digest[:19], why])
    emit(
        json_,
        {
            "market": market,
            "releases": found,
            "off": {name: why for name, why in refused.items() if why},
            "halts": halts,
            "standings": standings,
        },
        [
            *table(["release", "state", "stage", "digest", "reason"], rows),
            *(line for one in standings for line in _standing_lines(one)),
            *(
                f"`{one.id}` stops {one.scope} since {one.ordered[:19]}Z, by {one.ordered_by}: {one.reason}"
                for one in halts
            ),
            *(f"hint: {why}" for why in dict.fromkeys(why.hint for why in refused.values() if why)),
        ],
    )


def _standing_lines(one: "Standing") -> list[str]:
    """Return each rule's interval against its bound, and what is missing for the next stage."""
    release = one.release
    stage = release.stages[release.stage].name
    lines = ["", f"release `{release.id}` at stage `{stage}`: {one.counts.requests} requests"]
    if one.judged:
        rows = [
            [
                rule.signal,
                "–" if rule.mean is None else f"{rule.mean:.4g}",
                f"{rule.low:.4g} – {rule.high:.4g}",
                f"{rule.bound:.4g}",
                rule.against,
                rule.verdict,
            ]
            for rule in one.judged
        ]
        lines += table(["rule", "mean", "interval", "bound", "against", "verdict"], rows)
    if release.stage + 1 == len(release.stages):
        return [*lines, "it is at its last stage"]
    if not one.missing:
        return [*lines, "it may advance"]
    return [*lines, "before the next stage it lacks:", *(f"  {what}" for what in one.missing)]


@rollout.command()
@as_json
@for_market
@in_workspace
@click.option(
    "--write",
    type=click.Path(path_type=Path, dir_okay=False),
    default=None,
    help="Where to write flagd's JSON.",
)
@click.option(
    "--flagd",
    type=click.Path(path_type=Path, dir_okay=False),
    default=None,
    help="A file of flagd's to compare with the gate; it turns nothing on.",
)
def flags(
    workspace: Path | None, market: str, json_: bool, write: Path | None, flagd: Path | None
) -> None:
    """Show the gate's answers as flags of flagd, write them, or compare a file with them.

    Exits with 1 where a file may say yes and the gate says no.
    """
    import msgspec

    from pratique.rollout import steps
    from pratique.rollout.flagd import compare, flags_of, read_flags
    from pratique.rollout.state import read_state

    with opened_workspace(workspace) as opened:
        rules = steps.gate_rules(opened, market)
        with opened.database.connect() as connection:
            state = read_state(connection, rules, opened.clock())
        ours = flags_of(state, opened.clock())
    if write is not None:
        write.write_bytes(msgspec.json.format(msgspec.json.encode(ours), indent=2) + b"\n")
    if flagd is not None:
        found = compare(read_flags(flagd), ours)
        lines = [
            f"{'OPENS' if one.opens else 'differs'}  {one.flag} {one.part}: {one.why}"
            for one in found
        ]
        emit(json_, {"differences": found}, lines or ["the file says what the gate says"])
        if any(one.opens for one in found):
            sys.exit(1)
        return
    rows = [
        [key, one.state, str(one.metadata.get("release", one.metadata.get("reason", "")))]
        for key, one in ours.flags.items()
    ]
    emit(json_, ours, table(["flag", "state", "why"], rows))
