"""Backing up a workspace into one signed archive, and making it anew from there."""

import base64
import os
import shutil
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from pratique import __version__
from pratique.errors import Malformed, NotAllowed, Tampered, Unavailable
from pratique.people import keys
from pratique.settings.workspace import CONFIGURATION, Workspace, open_workspace
from pratique.store.backup import (
    Manifest,
    check_database,
    copy_database,
    extract,
    is_signed,
    write_archive,
)
from pratique.store.canonical import canonical
from pratique.store.moments import stamp
from pratique.store.sealed import seal, unseal
from pratique.workspace.opened import (
    Opened,
    checkpoints_path,
    database_path,
    key_path,
    person_keys_folder,
)

PRIVATE = "state/private.sealed"
"""Where the sealed private keys are in a backup."""

MAX_PRIVATE_KEYS = 1_000
"""More private keys than this are not backed up."""

_HIDDEN_KEPT = ".gitignore"
_PRIVATE_MARK = b"PRIVATE KEY-----"


class Restored(msgspec.Struct, frozen=True, kw_only=True):
    """What was made anew."""

    folder: Path
    """Where the workspace is now."""
    manifest: Manifest
    """What the backup says of itself."""
    signed_by: str
    """The key that signed it."""
    public_key: str
    """That key's public half, in base64: compare its fingerprint with a copy kept elsewhere."""
    private_keys: int
    """How many private keys came with it."""


def backup(opened: Opened, path: Path, *, passphrase: str | None) -> Manifest:
    """Write everything of the workspace to a new archive at *path*, and return its list.

    Others may go on writing meanwhile. Private keys come with it only if there is a
    *passphrase*, which seals them.

    Raises:
        NotAllowed: there is a file at *path*, the database is on a server, or the passphrase is
            too short.
        NotFound, Unavailable: something cannot be read or written.
    """
    folder = opened.workspace.folder
    with TemporaryDirectory(dir=opened.workspace.state) as scratch:
        # In this order: checkpoints never count entries that the copy of the database has not,
        # and every evidence pack that it knows was written before its entry.
        checkpoints = Path(scratch) / "checkpoints.jsonl"
        if checkpoints_path(opened.workspace).exists():
            shutil.copyfile(checkpoints_path(opened.workspace), checkpoints)
        database = Path(scratch) / "pratique.db"
        copy_database(opened.database, database)
        found, left_out = _files(opened.workspace)
        if checkpoints.exists():
            found[_place(folder, checkpoints_path(opened.workspace))] = checkpoints
        found[_place(folder, database_path(opened.workspace))] = database
        if passphrase is not None:
            sealed = Path(scratch) / "private"
            sealed.write_bytes(seal(_private(opened.workspace), passphrase))
            found[PRIVATE] = sealed
        describe = partial(
            Manifest,
            product=f"pratique {__version__}",
            workspace=opened.workspace.configuration.name,
            created=stamp(opened.clock()),
            created_by=opened.who,
            left_out=tuple(left_out),
        )
        return write_archive(path.absolute(), found, describe, opened.key)


def restore(
    path: Path,
    folder: Path,
    *,
    check: Callable[[Opened], tuple[str, ...]],
    fingerprint: str | None = None,
    passphrase: Callable[[], str] | None = None,
) -> Restored:
    """Make a workspace in *folder*, which must be new, from the archive at *path*.

    All of it is made beside *folder* first and verified there; *check* returns what is wrong with
    the opened workspace. *fingerprint* is the one that the signing key must have. *passphrase*
    opens the private keys, if they came with it and are wanted.

    Raises:
        NotAllowed: the folder is there, the key has another fingerprint, or the passphrase is wrong.
        Malformed, Tampered: it is no sound backup, or what it holds does not verify.
        NotFound, Unavailable: something cannot be read or written.
    """
    folder = folder.resolve()
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise NotAllowed(
            f"`{folder}` is not empty", hint="name a new folder; a workspace is never written over"
        )
    draft = folder.with_name(f".{folder.name}.new")
    try:
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(parents=True, mode=0o700)
        made = _made(path, draft, check, fingerprint, passphrase)
        if folder.exists():
            folder.rmdir()
        draft.rename(folder)
    except OSError as error:
        raise Unavailable(
            f"cannot write `{folder}`: {error.strerror}",
            hint="free some space, or name another folder",
        ) from None
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return msgspec.structs.replace(made, folder=folder)


def _made(
    path: Path,
    draft: Path,
    check: Callable[[Opened], tuple[str, ...]],
    fingerprint: str | None,
    passphrase: Callable[[], str] | None,
) -> Restored:
    manifest, listed, signed = extract(path, draft)
    if not (draft / CONFIGURATION).is_file():
        raise Malformed(f"the backup holds no `{CONFIGURATION}`: it is of no workspace")
    (draft / "state").mkdir(exist_ok=True)
    (draft / "state").chmod(0o700)
    workspace = open_workspace(draft)
    check_database(database_path(workspace))
    sealed = draft / PRIVATE
    private = sealed.read_bytes() if sealed.is_file() else None
    sealed.unlink(missing_ok=True)
    opened = Opened(workspace)
    try:
        public = opened.public_keys.get(signed.key_id, "")
        if not public or not is_signed(listed, signed, opened.keyring.verifies_checkpoint):
            raise Tampered(
                "the backup is not signed by a key that was in force in its workspace",
                hint="take another backup",
            )
        _require_fingerprint(public, fingerprint)
        private_keys = 0
        if passphrase is not None:
            if private is None:
                raise NotAllowed(
                    "this backup came without private keys",
                    hint="restore it without, then `pratique people keys rotate --lost`",
                )
            private_keys = _write_private(workspace, unseal(private, passphrase(), PRIVATE))
        faults = check(opened)
    finally:
        opened.close()
    if faults:
        raise Tampered(
            f"what the backup holds does not verify: {faults[0]}"
            + (f" (and {len(faults) - 1} more)" if faults[1:] else ""),
            hint="nothing was restored; the archive is a plain ZIP, if you want to look into it",
        )
    return Restored(
        folder=draft,
        manifest=manifest,
        signed_by=signed.key_id,
        public_key=public,
        private_keys=private_keys,
    )


def _require_fingerprint(public_key: str, wanted: str | None) -> None:
    found = keys.fingerprint(public_key)
    if wanted is not None and wanted.replace(" ", "").casefold() != found.replace(" ", ""):
        raise NotAllowed(
            f"the backup is signed by a key with the fingerprint {found}, not the one you named",
            hint="it is not of your workspace, or its key was replaced since you noted it",
        )


def _files(workspace: Workspace) -> tuple[dict[str, Path], list[str]]:
    """Return what is backed up of the folder, by path, and what is left out on purpose."""
    secret = {
        (workspace.folder / access.key_file).resolve()
        for access in workspace.configuration.partners.values()
        if access.key_file
    }
    found: dict[str, Path] = {}
    left_out: list[str] = []
    for path in _walk(workspace.folder, workspace.state):
        name = _place(workspace.folder, path)
        if path.is_symlink() or not path.is_file() or path.resolve() in secret or _is_key(path):
            left_out.append(name)
        else:
            found[name] = path
    return found, sorted(left_out)


def _walk(folder: Path, state: Path) -> Iterator[Path]:
    """Yield what is below *folder*, without its state and without hidden files: they are no settings."""
    for path in sorted(folder.iterdir()):
        if path == state or (path.name.startswith(".") and path.name != _HIDDEN_KEPT):
            continue
        if path.is_dir() and not path.is_symlink():
            yield from _walk(path, state)
        else:
            yield path


def _is_key(path: Path) -> bool:
    with path.open("rb") as file:
        return _PRIVATE_MARK in file.read(200)


def _place(folder: Path, path: Path) -> str:
    return path.relative_to(folder).as_posix()


def _private(workspace: Workspace) -> bytes:
    """Return the private keys by their places below `state/`."""
    paths = [
        key_path(workspace),
        *sorted(person_keys_folder(workspace).glob("*.key"))[:MAX_PRIVATE_KEYS],
    ]
    return canonical(
        {
            path.relative_to(workspace.state).as_posix(): base64.b64encode(
                path.read_bytes()
            ).decode()
            for path in paths
        }
    )


def _write_private(workspace: Workspace, data: bytes) -> int:
    found = msgspec.json.decode(data, type=dict[str, str])
    folder = person_keys_folder(workspace)
    folder.mkdir(mode=0o700, exist_ok=True)
    for name, text in found.items():
        target = (
            key_path(workspace) if name == key_path(workspace).name else folder / Path(name).name
        )
        handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(base64.b64decode(text))
    return len(found)
