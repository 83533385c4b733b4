"""Backups: a consistent copy of the database, and files in one archive that nothing hides in.

An archive is a plain ZIP without compression, so that anybody can look into it without us, and so
that it cannot hold more than its own size. Its manifest names each file with its hash and is signed.
"""

import base64
import hashlib
import shutil
import sqlite3
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from pathlib import Path, PurePosixPath
from typing import IO, Literal, Protocol, TypeVar

import msgspec

from pratique.errors import Malformed, NotAllowed, NotFound, Tampered, Unavailable
from pratique.store.canonical import canonical
from pratique.store.database import Database

MANIFEST = "manifest.json"
"""Name of the list of files in an archive."""

SIGNATURE = "manifest.sig"
"""Name of the signature over the bytes of that list."""

FILES = "files/"
"""What names of files begin with in an archive."""

MAX_FILES = 200_000
"""An archive with more files is refused."""

MAX_LIST_BYTES = 60_000_000
"""A list of files longer than this is refused."""

_CHUNK = 1_000_000

T = TypeVar("T")

Verifier = Callable[[str, bytes, bytes], bool]
"""Says whether the key of this id (first) signed this message (second) so (third)."""


_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    UnicodeDecodeError,
)
"""What the archive's reader raises for a broken, encrypted or unknown one."""


class Signer(Protocol):
    """Whoever signs the list of files."""

    @property
    def key_id(self) -> str:
        """Name of the key."""

    def sign(self, message: bytes) -> bytes:
        """Return the signature of *message*."""


class FileEntry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One file of a backup."""

    path: str
    """Where it belongs, below the workspace's folder, with `/` between names."""
    sha256: str
    """Hash of its bytes, 64 hexadecimal digits."""
    size: int
    """Bytes."""


class Manifest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a backup holds."""

    format: Literal["pratique-backup-1"] = "pratique-backup-1"
    """Version of this record."""
    product: str
    """Name and version of what wrote it."""
    workspace: str
    """What the workspace is called."""
    created: str
    """When it was made: ISO 8601 in UTC."""
    created_by: str
    """The account that made it."""
    files: tuple[FileEntry, ...]
    """Every file, sorted by path."""
    left_out: tuple[str, ...]
    """Paths that were left out on purpose: secrets and links."""


class Signed(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The file `manifest.sig`."""

    key_id: str
    """Key that signed."""
    signature: str
    """Ed25519 signature of the manifest's bytes, in base64."""


def copy_database(database: Database, to: Path) -> None:
    """Write a copy of *database* as it is at one moment to *to*, while others go on writing.

    Raises:
        NotAllowed: it is on a server, which has its own tool for this.
        NotFound, Unavailable: it is absent, or cannot be read or written.
    """
    if database.file is None:
        raise NotAllowed(
            f"`{database.name}` is a database on a server; this makes copies of SQLite files",
            hint="use `pg_dump --format=custom` and `pg_restore`, and copy the workspace's folder"
            " right after the dump",
        )
    if not database.file.is_file():
        raise NotFound(f"there is no database `{database.name}`")
    try:
        with (
            closing(sqlite3.connect(f"{database.file.absolute().as_uri()}?mode=ro", uri=True)) as a,
            closing(sqlite3.connect(to)) as b,
        ):
            a.backup(b)
            # One file, without a log beside it.
            b.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.Error as error:
        raise Unavailable(
            f"the database `{database.name}` cannot be copied ({type(error).__name__})",
            hint="check the space on the disk; `pratique verify` tells whether it is damaged",
        ) from None


def check_database(path: Path) -> None:
    """Make sure that the SQLite file at *path* is whole.

    Raises:
        Malformed: it is none, or is damaged.
    """
    try:
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA trusted_schema=OFF")
            found = connection.execute("PRAGMA integrity_check(1)").fetchone()
    except sqlite3.Error:
        found = ("unreadable",)
    if found != ("ok",):
        raise Malformed("the database in the backup is damaged", hint="take another backup")


def write_archive(
    path: Path, files: Mapping[str, Path], describe: Callable[..., Manifest], signer: Signer
) -> Manifest:
    """Write *files*, by their paths in the workspace, to a new archive at *path*.

    *describe* makes the manifest of `files=`. A failure leaves no archive behind.

    Raises:
        NotAllowed: there is something at *path*.
        Unavailable: a file cannot be read, or the archive not written.
    """
    if path.exists():
        raise NotAllowed(f"there is a file `{path}` already", hint="a backup is never written over")
    draft = path.with_name(f".{path.name}.new")
    try:
        with zipfile.ZipFile(draft, "w", zipfile.ZIP_STORED) as archive:
            entries = tuple(_add(archive, name, files[name]) for name in sorted(files))
            manifest = describe(files=entries)
            listed = canonical(manifest)
            signed = Signed(
                key_id=signer.key_id, signature=base64.b64encode(signer.sign(listed)).decode()
            )
            archive.writestr(_info(MANIFEST), listed)
            archive.writestr(_info(SIGNATURE), canonical(signed))
        draft.replace(path)
    except OSError as error:
        raise Unavailable(
            f"the backup `{path}` cannot be written: {error.strerror}",
            hint="check the space on the disk, and that the folder is there",
        ) from None
    finally:
        draft.unlink(missing_ok=True)
    return manifest


def extract(path: Path, folder: Path) -> tuple[Manifest, bytes, Signed]:
    """Write the files of the archive at *path* into *folder*, a new one, each as it is listed.

    Return the list, its very bytes, and its signature, which the caller checks by a key: the
    keys may be among the files.

    Raises:
        NotFound, Unavailable: it is absent, or something cannot be read or written.
        Malformed: it is no archive of ours, or holds what could harm.
        Tampered: a file is not what the list says.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            names = _names(archive, path.stat().st_size)
            listed = _small(archive, names, MANIFEST, MAX_LIST_BYTES)
            manifest = _decoded(listed, Manifest, MANIFEST)
            signed = _decoded(_small(archive, names, SIGNATURE, 10_000), Signed, SIGNATURE)
            _require_listed(manifest, names)
            _require_space(manifest, folder)
            for entry in manifest.files:
                _write(archive, names[FILES + entry.path], entry, folder)
    except FileNotFoundError:
        raise NotFound(f"there is no file `{path}`") from None
    except _BROKEN as error:
        raise Malformed(
            f"`{path}` is no whole backup ({type(error).__name__})",
            hint="it may have been cut off while it was copied: copy it again",
        ) from None
    except OSError as error:
        raise Unavailable(
            f"`{path}` cannot be restored: {error.strerror}", hint="check the space on the disk"
        ) from None
    return manifest, listed, signed


def is_signed(listed: bytes, signed: Signed, verifies: Verifier) -> bool:
    """Say whether the signature over the list holds."""
    try:
        return verifies(signed.key_id, listed, base64.b64decode(signed.signature, validate=True))
    except ValueError:
        return False


def _add(archive: zipfile.ZipFile, name: str, source: Path) -> FileEntry:
    """Add one file, whose size and hash are those of the bytes that were really written."""
    found, size = hashlib.sha256(), 0
    with source.open("rb") as file, archive.open(_info(FILES + name), "w", force_zip64=True) as out:
        for chunk in _chunks(file):
            found.update(chunk)
            size += len(chunk)
            out.write(chunk)
    return FileEntry(path=name, sha256=found.hexdigest(), size=size)


def _info(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.external_attr = (stat.S_IFREG | 0o600) << 16
    return info


def _names(archive: zipfile.ZipFile, size: int) -> dict[str, zipfile.ZipInfo]:
    """Return what is in the archive by name, if nothing in it hides anything."""
    items = archive.infolist()
    if len(items) > MAX_FILES:
        raise Malformed(f"the archive holds {len(items)} files, more than {MAX_FILES}")
    found = {item.filename: item for item in items}
    if len(found) != len(items):
        raise Malformed("the archive holds two files of one name")
    if any(item.compress_type != zipfile.ZIP_STORED or item.flag_bits & 1 for item in items):
        raise Malformed("the archive is compressed or encrypted: no backup of ours is")
    if sum(item.file_size for item in items) > size:
        raise Malformed("the archive says that it holds more than its own size")
    return found


def _small(
    archive: zipfile.ZipFile, names: Mapping[str, zipfile.ZipInfo], name: str, most: int
) -> bytes:
    if name not in names or names[name].file_size > most:
        raise Malformed(f"the archive has no `{name}`, or one that is too large")
    return archive.read(names[name])


def _decoded(data: bytes, kind: type[T], name: str) -> T:
    try:
        return msgspec.json.decode(data, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Malformed(f"`{name}` of the backup cannot be read: {error}") from None


def _require_listed(manifest: Manifest, names: Mapping[str, zipfile.ZipInfo]) -> None:
    """Make sure that the list and the archive speak of the same files, all at plain places."""
    listed = {FILES + entry.path for entry in manifest.files}
    if len(listed) != len(manifest.files):
        raise Malformed(f"`{MANIFEST}` names a file twice")
    odd = sorted(listed.symmetric_difference(set(names) - {MANIFEST, SIGNATURE}))
    if odd:
        raise Tampered(
            f"`{_shown(odd[0])}` is only in the archive or only in its list",
            hint="take another backup",
        )
    for entry in manifest.files:
        if not _is_plain(entry.path):
            raise Malformed(f"`{_shown(entry.path)}` is no place inside a workspace")
        if entry.size != names[FILES + entry.path].file_size:
            raise Tampered(f"`{entry.path}` has not the size that the list says")


def _is_plain(path: str) -> bool:
    parts = path.split("/")
    return (
        len(path.encode(errors="replace")) <= 1_000
        and path.isprintable()
        and "\\" not in path
        and all(part not in ("", ".", "..") and len(part.encode()) <= 200 for part in parts)
        and len(parts) <= 20
    )


def _require_space(manifest: Manifest, folder: Path) -> None:
    total = sum(entry.size for entry in manifest.files)
    free = shutil.disk_usage(folder).free
    if total > free:
        raise Unavailable(
            f"the backup needs {total} bytes, and `{folder.parent}` has {free}",
            hint="name a folder on another disk",
        )


def _write(archive: zipfile.ZipFile, info: zipfile.ZipInfo, entry: FileEntry, folder: Path) -> None:
    target = folder / PurePosixPath(entry.path)
    found = hashlib.sha256()
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with archive.open(info) as source, target.open("xb") as out:
            for chunk in _chunks(source):
                found.update(chunk)
                out.write(chunk)
    except (FileExistsError, NotADirectoryError, IsADirectoryError):
        raise Malformed(f"`{entry.path}` is a file and a folder at once") from None
    if found.hexdigest() != entry.sha256:
        raise Tampered(
            f"`{entry.path}` was changed: its bytes do not match the list",
            hint="take another backup",
        )


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    while chunk := file.read(_CHUNK):
        yield chunk


def _shown(name: str) -> str:
    return "".join(one if one.isprintable() else f"\\u{ord(one):x}" for one in name[:200])
