"""Copies of a pack, outside the workspace: only of one that is as it was written."""

import shutil
from pathlib import Path

import msgspec

from pratique.errors import NotAllowed, Tampered, Unavailable
from pratique.filing.duties import State
from pratique.filing.filings import Filing
from pratique.filing.manifest import MANIFEST, Manifest, verify_pack
from pratique.filing.pack import read_duties
from pratique.workspace.opened import Opened


class PackFile(msgspec.Struct, frozen=True, kw_only=True):
    """One file of a pack."""

    path: str
    """Where it is in the pack."""
    sha256: str
    """Hash of its bytes, 64 hexadecimal digits."""


class Missing(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is due and open."""

    duty: str
    """The duty."""
    title: str
    """What it is called."""
    asks: str
    """What it wants."""
    who: str
    """Who can answer it."""


class PackSummary(msgspec.Struct, frozen=True, kw_only=True):
    """What a pack holds."""

    filing: str
    """The filing."""
    state: str
    """Whether it is complete."""
    simulated: bool
    """Whether it is for practice."""
    pack: str
    """Folder of the pack."""
    manifest_sha256: str
    """Hash of its manifest."""
    files: tuple[PackFile, ...]
    """Its files."""
    findings: dict[State, int]
    """Items of the report, by their conclusion."""
    missing: tuple[Missing, ...]
    """What is due and open."""


def pack_summary(opened: Opened, filing: Filing, out: Path | None = None) -> PackSummary:
    """Return what the pack of *filing* holds; it is copied to *out*, a folder that must not exist.

    Raises:
        Tampered: the pack is not what was written.
        NotAllowed: there is something at *out*.
        Unavailable: it cannot be written.
    """
    folder = opened.workspace.folder / filing.pack
    faults = verify_pack(folder, opened.verifies)
    if faults:
        raise Tampered(
            f"the pack of filing `{filing.id}` was changed: {faults[0]}",
            hint="restore it from a backup, or file anew",
        )
    if out is not None:
        _copy(folder, out)
    manifest = msgspec.json.decode((folder / MANIFEST).read_bytes(), type=Manifest)
    duties = read_duties(folder)
    findings: dict[State, int] = {"met": 0, "not_met": 0, "not_applicable": 0, "open": 0}
    for duty in duties:
        if duty.kind == "report":
            findings[duty.state] += 1
    return PackSummary(
        filing=filing.id,
        state=filing.state,
        simulated=filing.simulated,
        pack=str(out.absolute() if out else folder),
        manifest_sha256=filing.manifest_sha256,
        files=tuple(PackFile(path=one.path, sha256=one.sha256) for one in manifest.files),
        findings=findings,
        missing=tuple(
            Missing(duty=one.id, title=one.title.en, asks=one.asks.en, who=one.who)
            for one in duties
            if one.blocks
        ),
    )


def _copy(folder: Path, out: Path) -> None:
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise NotAllowed(
            f"there is something at `{out}` already", hint="name a folder that is new or empty"
        )
    try:
        shutil.copytree(folder, out, dirs_exist_ok=True)
    except OSError as error:
        raise Unavailable(
            f"cannot write `{out}`: {error.strerror or error}", hint="name another folder"
        ) from None
