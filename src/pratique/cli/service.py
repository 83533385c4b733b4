"""`pratique serve` and `people`."""

from pathlib import Path
from typing import BinaryIO

import click

from pratique.cli.opening import opened_workspace
from pratique.cli.output import as_json, emit, for_market, in_workspace, say, table


@click.command()
@in_workspace
@for_market
@click.option("--host", default=None, help="Address to listen on; else the workspace's.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=None, help="Port; 0 takes a free one."
)
def serve(workspace: Path | None, market: str, host: str | None, port: int | None) -> None:
    """Serve the HTTP API and the console until interrupted."""
    from pratique.web.serve import free_port, require_safe, run
    from pratique.web.service import Service

    with opened_workspace(workspace) as opened:
        service = Service(opened, market)
        settings = opened.workspace.configuration.serve
        address = host or settings.host
        require_safe(service, address)
        chosen = free_port(address, settings.port if port is None else port)
        folder = opened.workspace.folder
    say(f"serving `{market}` on http://{address}:{chosen}, console at /console; interrupt to stop")
    run(folder, market, address, chosen)


@click.group()
def people() -> None:
    """Accounts and keys."""


@people.command("list")
@in_workspace
@as_json
def people_list(workspace: Path | None, json_: bool) -> None:
    """List the accounts."""
    from pratique.people.accounts import list_accounts

    with opened_workspace(workspace) as opened, opened.database.connect() as connection:
        found = list_accounts(connection)
    emit(
        json_,
        {"accounts": found},
        table(
            ["name", "roles", "added"],
            [[one.name, ", ".join(one.roles), one.added] for one in found],
        ),
    )


@people.command("add")
@click.argument("name")
@click.option(
    "--role",
    "roles",
    multiple=True,
    required=True,
    help="viewer, reviewer, operator or approver; repeat for several.",
)
@in_workspace
@as_json
def people_add(name: str, roles: tuple[str, ...], workspace: Path | None, json_: bool) -> None:
    """Add an account."""
    from pratique.people.accounts import add

    with opened_workspace(workspace) as opened:
        facts = {"roles": list(roles)}
        with opened.ledger.decision(
            who=opened.who, kind="account.added", subject=name, body=facts
        ) as connection:
            account = add(connection, name, roles, opened.clock())
    emit(json_, account, [f"added `{account.name}`: {', '.join(account.roles)}"])


@people.command("keys")
@in_workspace
@as_json
def people_keys(workspace: Path | None, json_: bool) -> None:
    """List the API keys and the signing keys."""
    from pratique.people.api_keys import list_keys
    from pratique.people.keys import public_keys

    with opened_workspace(workspace) as opened, opened.database.connect() as connection:
        keys, signing = list_keys(connection), public_keys(connection)
    rows = [
        *(
            ["API", one.id, one.label, ", ".join(one.scopes), one.revoked or "in force"]
            for one in keys
        ),
        *(["signing", one.key_id, one.owner, "", one.retired or "in force"] for one in signing),
    ]
    emit(
        json_,
        {"api_keys": keys, "signing_keys": signing},
        table(["kind", "id", "label", "scopes", "state"], rows),
    )


@people.command("issue")
@click.argument("label")
@click.option(
    "--scope", "scopes", multiple=True, required=True, help="device or operator; repeat for both."
)
@in_workspace
@as_json
def people_issue(label: str, scopes: tuple[str, ...], workspace: Path | None, json_: bool) -> None:
    """Issue an API key. Its token is shown this once."""
    from pratique.people.api_keys import issue

    with opened_workspace(workspace) as opened:
        facts = {"scopes": list(scopes)}
        with opened.ledger.decision(
            who=opened.who, kind="key.issued", subject=label, body=facts
        ) as connection:
            key, token = issue(connection, label, scopes, opened.clock())
    emit(
        json_,
        {"key": key, "token": token},
        [f"key `{key.id}` for {', '.join(key.scopes)}; its token, shown this once:", token],
    )


@people.command("revoke")
@click.argument("key_id")
@in_workspace
@as_json
def people_revoke(key_id: str, workspace: Path | None, json_: bool) -> None:
    """Make an API key open nothing from now on."""
    from pratique.people.api_keys import revoke

    with (
        opened_workspace(workspace) as opened,
        opened.ledger.decision(
            who=opened.who, kind="key.revoked", subject=key_id, body={}
        ) as connection,
    ):
        key = revoke(connection, key_id, opened.clock())
    emit(json_, key, [f"key `{key.id}` opens nothing since {key.revoked}"])


@people.command("consent")
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
def people_consent(
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
        consent = Consent(
            feature=feature,
            targeting_key=device,
            content=content_of(request),
            expires=opened.clock() + timedelta(minutes=minutes),
        )
        token = issue_consent(opened.key, consent)
    emit(json_, {"consent": consent, "token": token}, [token])
