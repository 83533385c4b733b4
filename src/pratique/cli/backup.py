"""`pratique backup` and `restore`."""

from collections.abc import Callable
from pathlib import Path

import click

from pratique.cli.opening import opened_workspace
from pratique.cli.output import as_json, emit, in_workspace
from pratique.cli.secrets import typed

_WITH_KEYS = "Private keys too, sealed by a passphrase."
_STDIN = click.option("--stdin", is_flag=True, help="Read the passphrase from the standard input.")


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--with-keys", is_flag=True, help=_WITH_KEYS)
@_STDIN
@in_workspace
@as_json
def backup(file: Path, with_keys: bool, stdin: bool, workspace: Path | None, json_: bool) -> None:
    """Write database, filings, settings, checkpoints and public keys to one signed archive, FILE."""
    from pratique.people.keys import fingerprint
    from pratique.workspace.backup import backup as write

    with opened_workspace(workspace) as opened:
        passphrase = typed("passphrase", stdin=stdin, new=True) if with_keys else None
        manifest = write(opened, file, passphrase=passphrase)
        shown = fingerprint(opened.key.public_key)
        key_id = opened.key.key_id
    size = sum(one.size for one in manifest.files)
    emit(
        json_,
        {"file": str(file), "manifest": manifest, "signed_by": key_id, "fingerprint": shown},
        [
            f"`{file}`: {len(manifest.files)} files, {size:,} bytes"
            + (", private keys sealed" if with_keys else ", without private keys"),
            *(f"left out: {name}" for name in manifest.left_out),
            f"signed by key `{key_id}`; keep its fingerprint elsewhere:",
            shown,
        ],
    )


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--with-keys", is_flag=True, help=_WITH_KEYS)
@click.option(
    "--fingerprint",
    "wanted",
    default=None,
    help="Fingerprint that the signing key must have, as you noted it.",
)
@_STDIN
@as_json
def restore(
    file: Path, folder: Path, with_keys: bool, wanted: str | None, stdin: bool, json_: bool
) -> None:
    """Make the workspace of the backup FILE anew in FOLDER, and verify all of it."""
    from pratique.people.keys import fingerprint
    from pratique.rollout.verify import verify
    from pratique.workspace.backup import restore as make

    ask: Callable[[], str] = lambda: typed("passphrase", stdin=stdin, new=False)  # noqa: E731
    made = make(
        file,
        folder,
        check=lambda opened: verify(opened).faults,
        fingerprint=wanted,
        passphrase=ask if with_keys else None,
    )
    shown = fingerprint(made.public_key)
    emit(
        json_,
        {
            "workspace": str(made.folder),
            "manifest": made.manifest,
            "signed_by": made.signed_by,
            "fingerprint": shown,
            "fingerprint_was_checked": wanted is not None,
            "private_keys": made.private_keys,
        },
        [
            f"restored `{made.folder}` of {made.manifest.created}:"
            f" {len(made.manifest.files)} files; everything verifies",
            f"signed by key `{made.signed_by}`; "
            + ("with the fingerprint you named:" if wanted else "compare with what you noted:"),
            shown,
            f"private keys: {made.private_keys}"
            if made.private_keys
            else "without private keys: `pratique people keys rotate --lost` makes a new one",
        ],
    )
