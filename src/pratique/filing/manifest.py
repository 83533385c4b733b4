"""Manifests: what an evidence pack holds, signed, and whether it still holds that."""

import base64
import hashlib
import os
import re
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from pratique.store.canonical import canonical

MANIFEST = "manifest.json"
"""The list of a pack's files."""

SIGNATURE = "manifest.sig"
"""The signature over the bytes of that list."""

MAX_MANIFEST_BYTES = 1_000_000
MAX_SIGNATURE_BYTES = 4_000
MAX_FILE_BYTES = 50_000_000
MAX_FILES = 1_000

FORMAT = 1
"""Version of the record below."""

Verify = Callable[[str, bytes, bytes], bool]
"""Says whether the key of this id signed this message with this signature."""

_PATH = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}(?:/[A-Za-z0-9][A-Za-z0-9._-]{0,99}){0,7}")


class FileEntry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One file of a pack."""

    path: str
    """Where it is, below the pack's folder, with `/` between names."""
    sha256: str
    """Hash of its bytes, 64 hexadecimal digits."""
    size: int
    """Bytes."""


class Manifest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a pack holds."""

    version: int = FORMAT
    """Version of this record."""
    product: str
    """Name and version of what wrote it."""
    filing: str
    """Filing that the pack belongs to."""
    market: str
    """Market."""
    regime: str
    """Rules under which it was made."""
    regime_revision: int
    """Revision of their data."""
    editions: tuple[str, ...]
    """Documents that the rules come from."""
    verified_against_text: bool
    """Whether every number of the rules was checked against the official text."""
    created: str
    """When it was made."""
    draft: bool
    """Whether it has gaps."""
    simulated: bool
    """Whether it is for practice."""
    variants: tuple[str, ...]
    """Digests of the variants that it speaks of."""
    files: tuple[FileEntry, ...]
    """Every other file of the folder."""


class ManifestSignature(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The file `manifest.sig`."""

    key_id: str
    """Key that signed."""
    signature: str
    """Ed25519 signature of the manifest's bytes, in base64."""


def entry(path: str, data: bytes) -> FileEntry:
    """Return the entry of a file."""
    return FileEntry(path=path, sha256=hashlib.sha256(data).hexdigest(), size=len(data))


def signature_bytes(key_id: str, signature: bytes) -> bytes:
    """Return the content of `manifest.sig`: the one form in which it is taken for sound."""
    text = base64.b64encode(signature).decode()
    return canonical(ManifestSignature(key_id=key_id, signature=text)) + b"\n"


def manifest_sha256(folder: Path) -> str:
    """Return the hash of the manifest in *folder*, 64 hexadecimal digits; empty if there is none."""
    data = _bounded(folder / MANIFEST, MAX_MANIFEST_BYTES)
    return hashlib.sha256(data).hexdigest() if isinstance(data, bytes) else ""


def verify_pack(folder: Path, verify: Verify) -> list[str]:
    """Return what is wrong with the pack in *folder*, one sentence each; empty if nothing is.

    Nothing outside of *folder* is read, whatever the manifest says.
    """
    if not folder.is_dir():
        return [f"there is no folder `{folder}`"]
    data = _bounded(folder / MANIFEST, MAX_MANIFEST_BYTES)
    if isinstance(data, str):
        return [f"`{MANIFEST}` {data}"]
    faults = _signature_faults(folder, data, verify)
    try:
        manifest = msgspec.json.decode(data, type=Manifest)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        return [*faults, f"`{MANIFEST}` cannot be read: {error}"]
    if manifest.version != FORMAT:
        return [*faults, f"`{MANIFEST}` has version {manifest.version}, this code knows {FORMAT}"]
    return faults + _file_faults(folder, manifest)


def _signature_faults(folder: Path, manifest: bytes, verify: Verify) -> list[str]:
    data = _bounded(folder / SIGNATURE, MAX_SIGNATURE_BYTES)
    if isinstance(data, str):
        return [f"`{SIGNATURE}` {data}"]
    try:
        found = msgspec.json.decode(data, type=ManifestSignature)
        signature = base64.b64decode(found.signature, validate=True)
        # Base64 and JSON have several spellings of one value; only ours counts as unchanged.
        sound = data == signature_bytes(found.key_id, signature)
    except (msgspec.DecodeError, ValueError):
        sound = False
    if not sound:
        return [f"`{SIGNATURE}` is not in the form that it was written in"]
    if verify(found.key_id, manifest, signature):
        return []
    return [
        f"the signature in `{SIGNATURE}` by key `{_shown(found.key_id)}` does not hold:"
        f" `{MANIFEST}` or `{SIGNATURE}` was changed, or the key is not known here"
    ]


def _file_faults(folder: Path, manifest: Manifest) -> list[str]:
    if len(manifest.files) > MAX_FILES:
        return [f"`{MANIFEST}` names {len(manifest.files)} files, more than {MAX_FILES}"]
    named: dict[str, FileEntry] = {}
    faults: list[str] = []
    for one in manifest.files:
        fault = "stands twice" if one.path in named else _path_fault(one.path)
        if fault:
            faults.append(f"`{MANIFEST}` names `{_shown(one.path)}`, which {fault}")
        else:
            named[one.path] = one
    try:
        faults += _folder_faults(folder, named)
    except OSError as error:
        faults.append(f"the folder cannot be read: {error.strerror}")
    return faults


def _path_fault(path: str) -> str:
    if path.startswith(("/", "\\")) or re.match(r"[A-Za-z]:", path):
        return "is an absolute path"
    if ".." in path.replace("\\", "/").split("/"):
        return "leaves the folder"
    if path in (MANIFEST, SIGNATURE):
        return "is no file that a manifest may list"
    return "" if _PATH.fullmatch(path) else "is no plain path"


def _folder_faults(folder: Path, named: dict[str, FileEntry]) -> list[str]:
    faults: list[str] = []
    seen: set[str] = set()
    for count, (path, item) in enumerate(_walk(folder, _parents(named))):
        if count > 2 * MAX_FILES:
            return [*faults, f"the folder holds more than {2 * MAX_FILES} entries"]
        seen.add(path)
        if path not in named:
            faults.append(f"`{_shown(path)}` was added: the manifest does not name it")
        elif item.is_symlink():
            faults.append(f"`{path}` is a symbolic link, not a file")
        elif not item.is_file(follow_symlinks=False):
            faults.append(f"`{path}` is no regular file")
        else:
            faults += _content_faults(Path(item.path), named[path])
    return faults + [f"`{path}` is missing" for path in named if path not in seen]


def _parents(named: dict[str, FileEntry]) -> set[str]:
    return {path[: at.start()] for path in named for at in re.finditer("/", path)}


def _walk(folder: Path, parents: set[str]) -> Iterator[tuple[str, "os.DirEntry[str]"]]:
    """Yield what is below *folder*; only real folders that named files are in are entered."""
    waiting = [("", folder)]
    while waiting:
        prefix, here = waiting.pop()
        with os.scandir(here) as items:
            found = sorted(items, key=lambda item: item.name)
        for item in found:
            path = prefix + item.name
            if path in (MANIFEST, SIGNATURE):
                continue
            if path in parents and item.is_dir(follow_symlinks=False):
                waiting.append((path + "/", Path(item.path)))
            else:
                yield path, item


def _content_faults(path: Path, named: FileEntry) -> list[str]:
    if named.size > MAX_FILE_BYTES:
        return [f"`{named.path}` is larger than {MAX_FILE_BYTES} bytes by the manifest"]
    data = _bounded(path, MAX_FILE_BYTES)
    if isinstance(data, str):
        return [f"`{named.path}` {data}"]
    if len(data) != named.size:
        return [f"`{named.path}` was changed: it has {len(data)} bytes, not {named.size}"]
    if hashlib.sha256(data).hexdigest() != named.sha256:
        return [f"`{named.path}` was changed: its bytes do not match the manifest"]
    return []


def _bounded(path: Path, most: int) -> bytes | str:
    """Return the bytes of a regular file, or what is wrong with it, to follow its name."""
    try:
        mode = path.lstat().st_mode
        if stat.S_ISLNK(mode):
            return "is a symbolic link, not a file"
        if not stat.S_ISREG(mode):
            return "is no regular file"
        # Should it be exchanged in between: a link is not followed, a pipe not waited for.
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with os.fdopen(handle, "rb") as file:
            data = file.read(most + 1)
    except FileNotFoundError:
        return "is missing"
    except OSError as error:
        return f"cannot be read: {error.strerror}"
    return data if len(data) <= most else f"is larger than {most} bytes"


def _shown(name: str) -> str:
    """Return *name* so that it can stand in a sentence, whatever it holds."""
    shown = "".join(one if one.isprintable() else f"\\u{{{ord(one):x}}}" for one in name[:200])
    return shown or "(empty)"
