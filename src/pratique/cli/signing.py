"""`pratique people keys`, `pending`, `sign` and `withdraw`."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from pratique.cli.opening import opened_workspace
from pratique.cli.output import as_json, emit, in_workspace, say, table
from pratique.cli.secrets import typed

if TYPE_CHECKING:
    from pratique.people.signoffs import SignOff

_PASSPHRASE = click.option(
    "--stdin", is_flag=True, help="Read the passphrase from the standard input."
)


@click.group(invoke_without_command=True)
@in_workspace
@as_json
@click.pass_context
def keys(context: click.Context, workspace: Path | None, json_: bool) -> None:
    """List the signing keys, the workspace's and people's; make, rotate or retire one."""
    from pratique.people.keys import fingerprint

    if context.invoked_subcommand is not None:
        return
    with opened_workspace(workspace) as opened:
        ring = opened.keyring
        everyone = [(key_id, "workspace", public) for key_id, public in ring.keys.items()]
        everyone += [(key_id, one.account, one.public_key) for key_id, one in ring.people.items()]
        found = [
            {
                "key_id": key_id,
                "owner": owner,
                "public_key": public,
                "fingerprint": fingerprint(public),
                "retired": ring.retired[key_id].at if key_id in ring.retired else None,
                "reason": ring.retired[key_id].reason if key_id in ring.retired else None,
                "entries": ring.retired[key_id].entries if key_id in ring.retired else None,
            }
            for key_id, owner, public in everyone
        ]
    rows = [
        [
            str(one["key_id"]),
            str(one["owner"]),
            f"{one['reason']} since {one['retired']}" if one["retired"] else "in force",
            str(one["fingerprint"]),
        ]
        for one in found
    ]
    emit(json_, {"signing_keys": found}, table(["id", "owner", "state", "fingerprint"], rows))


@keys.command()
@click.option("--account", default=None, help="Whose key; else the account of your login.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    default=None,
    help="File for the private half, such as on a stick; else `state/people/`.",
)
@_PASSPHRASE
@in_workspace
@as_json
def make(
    account: str | None, out: Path | None, stdin: bool, workspace: Path | None, json_: bool
) -> None:
    """Make a signing key for a person, sealed by a passphrase that only this person knows."""
    from pratique.people.keys import fingerprint
    from pratique.workspace.rotation import make_person_key

    with opened_workspace(workspace) as opened:
        who = account or opened.who
        made = make_person_key(opened, who, typed("passphrase", stdin=stdin, new=True), path=out)
    shown = fingerprint(made.public_key)
    emit(
        json_,
        {"key": made, "fingerprint": shown},
        [
            f"key `{made.key_id}` of `{who}`; fingerprint:",
            shown,
            f"keep `keys/people/{made.key_id}.json` in git; the passphrase opens the other half",
        ],
    )


@keys.command()
@click.option("--lost", is_flag=True, help="The private key is gone, or somebody else may have it.")
@in_workspace
@as_json
def rotate(lost: bool, workspace: Path | None, json_: bool) -> None:
    """Replace the workspace's signing key. What it signed and the ledger recorded still holds."""
    from pratique.people.keys import fingerprint
    from pratique.workspace.rotation import rotate as replace

    with opened_workspace(workspace) as opened:
        retired = replace(opened, lost=lost)
        new = opened.key.key_id
        shown = fingerprint(opened.key.public_key)
    emit(
        json_,
        {"key_id": new, "fingerprint": shown, "retired": retired},
        [
            *(f"key `{one.key_id}` signs nothing any more ({one.reason})" for one in retired),
            f"key `{new}` is in force; fingerprint:",
            shown,
            "keep `keys/` in git; device tokens and consents that the old key signed have ended",
        ],
    )


@keys.command()
@click.argument("key_id")
@click.option("--lost", is_flag=True, help="The private key is gone, or somebody else may have it.")
@in_workspace
@as_json
def retire(key_id: str, lost: bool, workspace: Path | None, json_: bool) -> None:
    """Retire a person's key. Sign-offs that it signed before still hold."""
    from pratique.workspace.rotation import retire_person_key

    with opened_workspace(workspace) as opened:
        retired = retire_person_key(opened, key_id, "lost" if lost else "left")
    emit(json_, retired, [f"key `{key_id}` signs nothing any more ({retired.reason})"])


@click.command()
@in_workspace
@as_json
def pending(workspace: Path | None, json_: bool) -> None:
    """Show what waits for a signature, or is ready to be done."""
    from pratique.workspace import sign_offs

    with opened_workspace(workspace) as opened:
        found = sign_offs.pending(opened)
        with opened.database.connect() as connection:
            people = [sign_offs.signers(opened, connection, one) for one in found]
        policy = opened.workspace.configuration.sign_off
    shown = [
        {"sign_off": one, "signed_by": by, "needed": policy.needed(one.kind)}
        for one, by in zip(found, people, strict=True)
    ]
    rows = [
        [
            one.id,
            one.kind,
            one.subject,
            one.proposed_by,
            f"{len(by)} of {policy.needed(one.kind)}" + (f": {', '.join(by)}" if by else ""),
            f"{one.expires[:16]}Z",
        ]
        for one, by in zip(found, people, strict=True)
    ]
    columns = ["id", "kind", "subject", "proposed by", "signed", "runs out"]
    lines = [
        *table(columns, rows),
        "",
        *(line for one in found for line in _asked(one)),
        "",
        "`pratique people sign ID` shows one whole and signs it; once enough have, its command is run again",
    ]
    emit(json_, {"pending": shown}, lines if rows else ["nothing waits"])


@click.command()
@click.argument("sign_off")
@click.option("--account", default=None, help="Who signs; else the account of your login.")
@click.option(
    "--key",
    type=click.Path(path_type=Path, dir_okay=False),
    default=None,
    help="File of the private key; else the one in `state/people/`.",
)
@_PASSPHRASE
@in_workspace
@as_json
def sign(
    sign_off: str,
    account: str | None,
    key: Path | None,
    stdin: bool,
    workspace: Path | None,
    json_: bool,
) -> None:
    """Sign the step SIGN_OFF by your own key. It is shown before the passphrase is asked for."""
    from pratique.people.signoffs import require_open
    from pratique.workspace import sign_offs
    from pratique.workspace.rotation import open_person_key

    with opened_workspace(workspace) as opened:
        who = account or opened.who
        with opened.database.connect() as connection:
            found = require_open(connection, sign_off, opened.clock())
        for line in _shown(found):
            say(line)
        passphrase = typed("passphrase", stdin=stdin, new=False)
        made = sign_offs.sign(
            opened, sign_off, who, open_person_key(opened, who, passphrase, path=key)
        )
        needed = opened.workspace.configuration.sign_off.needed(found.kind)
    people = (*(one.account for one in found.signatures), who)
    emit(
        json_,
        {"sign_off": found.id, "signature": made, "signed_by": people, "needed": needed},
        [f"signed by {', '.join(f'`{one}`' for one in people)}; {needed} people are needed"],
    )


@click.command()
@click.argument("sign_off")
@click.option("--account", default=None, help="Who withdraws it; else the account of your login.")
@in_workspace
@as_json
def withdraw(sign_off: str, account: str | None, workspace: Path | None, json_: bool) -> None:
    """Take back a step that waits for signatures, or is ready."""
    from pratique.workspace import sign_offs

    with opened_workspace(workspace) as opened:
        found = sign_offs.withdraw(opened, sign_off, account)
    emit(json_, found, [f"sign-off `{found.id}` is withdrawn"])


def _shown(found: "SignOff") -> list[str]:
    return _plain(
        [
            f"{found.kind} of {found.subject}",
            f"proposed by {found.proposed_by} at {found.proposed}, runs out {found.expires}",
            "exactly this is signed:",
            found.body,
        ]
    )


def _asked(found: "SignOff") -> list[str]:
    """Return what *found* asks for, its beginning where it is long."""
    said = found.body if len(found.body) <= _MOST_SHOWN else f"{found.body[:_MOST_SHOWN]} …"
    return _plain([f"{found.id}: {said}"])


_MOST_SHOWN = 300
"""Characters of a step that the list shows."""


def _plain(lines: list[str]) -> list[str]:
    # A sign that turns the direction of writing could show another text than is signed.
    return [
        "".join(one if one.isprintable() else f"\\u{ord(one):04x}" for one in line)
        for line in lines
    ]
