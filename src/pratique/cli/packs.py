"""`pratique screen activate`, `rollback`, `sign-off` and `list`: the life of a pack."""

from pathlib import Path

import click

from pratique.cli.opening import opened_workspace
from pratique.cli.output import as_json, emit, for_market, in_workspace, say, table


@click.command("activate")
@click.argument("pack", type=click.Path(path_type=Path, dir_okay=False))
@in_workspace
@for_market
@as_json
def activate(pack: Path, workspace: Path | None, market: str, json_: bool) -> None:
    """Put the signed PACK into force, once ordinary text passes through it."""
    from pratique.rollout import pack_steps
    from pratique.screening.signed import bytes_of

    data = bytes_of(pack)
    with opened_workspace(workspace) as opened:
        settings = opened.workspace.market(market)
        found = pack_steps.activate(opened, settings, data)
    act, change = found.act, found.comparison
    told = [f"`{act.pack}` {act.version} screens `{market}`"]
    told.append(
        f"{len(change.added)} entries came, {len(change.removed)} went or changed"
        + (f", signed off by `{act.signed_off}`" if act.signed_off else "")
    )
    told += [
        f"refused {one.refused} of {one.lines} ordinary texts of `{one.text}` (at most {one.bar:.0%})"
        for one in found.trials
    ]
    emit(json_, found, told)


@click.command("rollback")
@click.option("--reason", required=True, help="Why; the ledger keeps it.")
@in_workspace
@for_market
@as_json
def rollback(reason: str, workspace: Path | None, market: str, json_: bool) -> None:
    """Put the version before the one in force back at once; it is signed off after."""
    from pratique.rollout import pack_steps

    with opened_workspace(workspace) as opened:
        act = pack_steps.rollback(opened, opened.workspace.market(market), reason)
    emit(json_, act, [f"`{act.pack}` {act.version} screens `{market}` again"])
    if act.owed:
        say("people sign it off after: `pratique screen sign-off`")


@click.command("sign-off")
@in_workspace
@for_market
@as_json
def sign_off(workspace: Path | None, market: str, json_: bool) -> None:
    """Enter that enough people agree with the last rollback; the first time it asks them."""
    from pratique.rollout import pack_steps

    with opened_workspace(workspace) as opened:
        act = pack_steps.sign_off(opened, opened.workspace.market(market))
    emit(
        json_,
        act,
        [f"the rollback to `{act.pack}` {act.version} is signed off by {act.signed_off}"],
    )


@click.command("list")
@in_workspace
@for_market
@as_json
def list_(workspace: Path | None, market: str, json_: bool) -> None:
    """List the versions that were in force, the newest last, and what is due."""
    from pratique.rollout import packs

    with opened_workspace(workspace) as opened, opened.database.connect() as connection:
        settings = opened.workspace.market(market)
        found = packs.acts(connection, market)
        now = opened.clock()
        standing = packs.in_force(
            connection, market, packs.policy_of(settings), opened.verifies, now
        )
        due = packs.duties(connection, settings, opened.verifies, now)
    held = standing if isinstance(standing, packs.InForce) else None
    rows = [
        [
            "in force" if held and held.act == act else "",
            act.pack,
            act.version,
            act.kind.replace("_", " "),
            act.at[:19],
            act.who,
            act.signed_off or ("waits" if act.owed else ""),
        ]
        for act in found
    ]
    document = {
        "market": market,
        "in_force": held.act.number if held else None,
        "last_day": held.last_day if held else None,
        "due": held.due if held else None,
        "acts": found,
        "duties": due,
    }
    emit(
        json_,
        document,
        table(["", "pack", "version", "how", "at", "who", "signed off"], rows),
    )
    for one in due:
        say(f"due: {one}")
