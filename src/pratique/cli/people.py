"""`pratique people`: accounts, passwords and API keys, and tokens for devices."""

from pathlib import Path
from typing import BinaryIO

import click

from pratique.cli.opening import opened_workspace
from pratique.cli.output import as_json, emit, in_workspace, table
from pratique.cli.secrets import typed
from pratique.cli.signing import keys, pending, sign, withdraw


@click.group()
def people() -> None:
    """Accounts, keys and sign-offs."""


people.add_command(keys)
people.add_command(pending)
people.add_command(sign)
people.add_command(withdraw)

_ROLES = click.option(
    "--role",
    "roles",
    multiple=True,
    required=True,
    help="viewer, reviewer, operator or approver; repeat for several.",
)


@people.command("list")
@in_workspace
@as_json
def list_(workspace: Path | None, json_: bool) -> None:
    """List the accounts."""
    from pratique.people.accounts import list_accounts

    with opened_workspace(workspace) as opened, opened.database.connect() as connection:
        found = list_accounts(connection)
    rows = [[one.name, ", ".join(one.roles), one.added, one.disabled or ""] for one in found]
    emit(json_, {"accounts": found}, table(["name", "roles", "added", "disabled since"], rows))


@people.command()
@click.argument("name")
@_ROLES
@in_workspace
@as_json
def add(name: str, roles: tuple[str, ...], workspace: Path | None, json_: bool) -> None:
    """Add an account."""
    from pratique.people import accounts

    with opened_workspace(workspace) as opened:
        facts = {"roles": list(roles)}
        with opened.ledger.decision(
            who=opened.who, kind="account.added", subject=name, body=facts
        ) as connection:
            account = accounts.add(connection, name, roles, opened.clock())
    emit(json_, account, [f"added `{account.name}`: {', '.join(account.roles)}"])


@people.command()
@click.argument("name")
@_ROLES
@in_workspace
@as_json
def roles(name: str, roles: tuple[str, ...], workspace: Path | None, json_: bool) -> None:
    """Give an account other roles, in place of those it has."""
    from pratique.people import accounts

    with opened_workspace(workspace) as opened:
        facts = {"roles": list(roles)}
        with opened.ledger.decision(
            who=opened.who, kind="account.roles_changed", subject=name, body=facts
        ) as connection:
            account = accounts.set_roles(connection, name, roles)
    emit(json_, account, [f"`{account.name}` is now {', '.join(account.roles)}"])


@people.command()
@click.argument("name")
@in_workspace
@as_json
def disable(name: str, workspace: Path | None, json_: bool) -> None:
    """Let an account do nothing from now on, and end its sessions."""
    from pratique.people import accounts
    from pratique.people.sessions import end_sessions

    with (
        opened_workspace(workspace) as opened,
        opened.ledger.decision(
            who=opened.who, kind="account.disabled", subject=name, body={}
        ) as connection,
    ):
        account = accounts.disable(connection, name, opened.clock())
        ended = end_sessions(connection, name)
    emit(
        json_,
        {"account": account, "sessions_ended": ended},
        [f"`{account.name}` is disabled since {account.disabled}; sessions ended: {ended}"],
    )


@people.command()
@click.argument("name")
@in_workspace
@as_json
def enable(name: str, workspace: Path | None, json_: bool) -> None:
    """Let a disabled account in again."""
    from pratique.people import accounts

    with (
        opened_workspace(workspace) as opened,
        opened.ledger.decision(
            who=opened.who, kind="account.enabled", subject=name, body={}
        ) as connection,
    ):
        account = accounts.enable(connection, name)
    emit(json_, account, [f"`{account.name}` is let in again: {', '.join(account.roles)}"])


@people.command()
@click.argument("name")
@click.option("--stdin", is_flag=True, help="Read the password from the standard input.")
@in_workspace
@as_json
def password(name: str, stdin: bool, workspace: Path | None, json_: bool) -> None:
    """Set an account's password for the console, and end its sessions."""
    from pratique.people.accounts import get
    from pratique.people.passwords import set_password
    from pratique.people.sessions import end_sessions

    with opened_workspace(workspace) as opened:
        with opened.database.connect() as connection:
            get(connection, name)
        given = typed("password", stdin=stdin, new=True)
        with opened.ledger.decision(
            who=opened.who, kind="account.password_set", subject=name, body={}
        ) as connection:
            set_password(connection, name, given, opened.clock())
            ended = end_sessions(connection, name)
    emit(
        json_,
        {"account": name, "sessions_ended": ended},
        [f"password of `{name}` set; sessions ended: {ended}"],
    )


@people.group("api-keys", invoke_without_command=True)
@in_workspace
@as_json
@click.pass_context
def api_keys(context: click.Context, workspace: Path | None, json_: bool) -> None:
    """List the API keys; issue or revoke one."""
    from pratique.people.api_keys import list_keys

    if context.invoked_subcommand is not None:
        return
    with opened_workspace(workspace) as opened, opened.database.connect() as connection:
        found = list_keys(connection)
    rows = [
        [one.id, one.label, ", ".join(one.scopes), one.created, one.revoked or "in force"]
        for one in found
    ]
    emit(json_, {"api_keys": found}, table(["id", "label", "scopes", "issued", "state"], rows))


@api_keys.command()
@click.argument("label")
@click.option(
    "--scope", "scopes", multiple=True, required=True, help="device or operator; repeat for both."
)
@in_workspace
@as_json
def issue(label: str, scopes: tuple[str, ...], workspace: Path | None, json_: bool) -> None:
    """Issue an API key. Its token is shown this once."""
    from pratique.people.api_keys import issue as issue_key

    with opened_workspace(workspace) as opened:
        facts = {"scopes": list(scopes)}
        with opened.ledger.decision(
            who=opened.who, kind="key.issued", subject=label, body=facts
        ) as connection:
            key, token = issue_key(connection, label, scopes, opened.clock())
    emit(
        json_,
        {"key": key, "token": token},
        [f"key `{key.id}` for {', '.join(key.scopes)}; its token, shown this once:", token],
    )


@api_keys.command()
@click.argument("key_id")
@in_workspace
@as_json
def revoke(key_id: str, workspace: Path | None, json_: bool) -> None:
    """Make an API key open nothing from now on."""
    from pratique.people.api_keys import revoke as revoke_key

    with (
        opened_workspace(workspace) as opened,
        opened.ledger.decision(
            who=opened.who, kind="key.revoked", subject=key_id, body={}
        ) as connection,
    ):
        key = revoke_key(connection, key_id, opened.clock())
    emit(json_, key, [f"key `{key.id}` opens nothing since {key.revoked}"])


@people.command("device-token")
@click.argument("device")
@click.option("--device-region", required=True, help="Region in which the device was sold.")
@click.option("--account-region", required=True, help="Region of the user's account.")
@click.option(
    "--minutes",
    type=click.IntRange(1, 1440),
    default=60,
    show_default=True,
    help="How long it may be used.",
)
@in_workspace
@as_json
def device_token(
    device: str,
    device_region: str,
    account_region: str,
    minutes: int,
    workspace: Path | None,
    json_: bool,
) -> None:
    """Sign what is known of DEVICE, by its targeting key: what a maker's back end does."""
    from datetime import timedelta

    from pratique.people.device_tokens import Claims, issue_token

    with opened_workspace(workspace) as opened:
        claims = Claims(
            device_region=device_region,
            account_region=account_region,
            targeting_key=device,
            expires=opened.clock() + timedelta(minutes=minutes),
        )
        token = issue_token(opened.key, claims)
    emit(json_, {"claims": claims, "token": token}, [token])


@people.command()
@click.argument("feature")
@click.option("--device", required=True, help="The device's targeting key.")
@click.option(
    "--input",
    "given",
    type=click.File("rb"),
    required=True,
    help="The request's input as a JSON file; `-` reads it from the standard input.",
)
@click.option("--minutes", default=5, show_default=True, help="How long it may be used.")
@in_workspace
@as_json
def consent(
    feature: str, device: str, given: BinaryIO, minutes: int, workspace: Path | None, json_: bool
) -> None:
    """Sign that a user agreed to send this very input: what a maker's back end does at each request."""
    from datetime import timedelta

    import msgspec

    from pratique.people.consents import Consent, content_of, issue_consent

    try:
        request = msgspec.json.decode(given.read(), type=dict[str, object])
    except msgspec.DecodeError as error:
        raise click.BadParameter(f"--input is no JSON object: {error}") from None
    with opened_workspace(workspace) as opened:
        agreed = Consent(
            feature=feature,
            targeting_key=device,
            content=content_of(request),
            expires=opened.clock() + timedelta(minutes=minutes),
        )
        token = issue_consent(opened.key, agreed)
    emit(json_, {"consent": agreed, "token": token}, [token])
