"""Evidence packs: the folder that shows what is submitted, what was measured and what is missing."""

import hashlib
import os
import secrets
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

import msgspec

from pratique import __version__
from pratique.errors import NotAllowed, Unavailable
from pratique.filing import pages
from pratique.filing.dossier import Dossier, require_consistent
from pratique.filing.duties import Duty, duties
from pratique.filing.manifest import MANIFEST, SIGNATURE, Manifest, entry, signature_bytes
from pratique.filing.pages import Contents
from pratique.regimes.citations import numbers_in
from pratique.regimes.regime import Regime, load_regime
from pratique.regimes.routes import Route, require_asked, route, together
from pratique.store.canonical import canonical

FILES = (
    "checklist.md",
    "duties.json",
    "report.en.md",
    "report.zh.md",
    "results.json",
    "results.md",
    "route.json",
    "selection.json",
    "variants.json",
)
"""What every pack holds for machines and as plain text; documents come beside them."""


class Signer(Protocol):
    """Whoever signs a pack."""

    @property
    def key_id(self) -> str: ...

    def sign(self, message: bytes) -> bytes: ...


class Pack(msgspec.Struct, frozen=True, kw_only=True):
    """A pack that was written."""

    folder: Path
    """Where it is."""
    manifest_sha256: str
    """Hash of its manifest, 64 hexadecimal digits."""
    route: Route
    """Procedure that it is for."""
    open_duties: tuple[str, ...]
    """What is due and still open; empty in a complete pack."""
    files: tuple[str, ...]
    """Its files, besides the manifest and the signature."""


def write_pack(folder: Path, dossier: Dossier, signer: Signer) -> Pack:
    """Write the pack of *dossier* to *folder*, which must not exist, and return it.

    It is written beside *folder* and renamed when whole. The same dossier and key give the same
    bytes.

    Raises:
        NotFound: there is no such regime.
        Malformed: the dossier contradicts itself or its regime.
        NotAllowed: *folder* exists; a variant has no finding that it meets its standard; or it is
            no draft, and something that is due is open.
        Unavailable: the folder cannot be written.
    """
    if os.path.lexists(folder):
        raise NotAllowed(
            f"there is something at `{folder}` already",
            hint="an evidence pack is never written over: name another folder",
        )
    contents, files, manifest = _made(dossier)
    files[MANIFEST] = manifest
    files[SIGNATURE] = signature_bytes(signer.key_id, signer.sign(manifest))
    _written(folder, files)
    return Pack(
        folder=folder,
        manifest_sha256=hashlib.sha256(manifest).hexdigest(),
        route=contents.route,
        open_duties=tuple(duty.id for duty in contents.duties if duty.blocks),
        files=tuple(sorted(files.keys() - {MANIFEST, SIGNATURE})),
    )


def read_duties(folder: Path) -> tuple[Duty, ...]:
    """Return the duties of the pack in *folder*, as it was written."""
    return msgspec.json.decode((folder / "duties.json").read_bytes(), type=_Duties).duties


class _Duties(msgspec.Struct, frozen=True, kw_only=True):
    duties: tuple[Duty, ...]


def manifest_bytes(dossier: Dossier) -> bytes:
    """Return the manifest that the pack of *dossier* has: the same bytes mean the same pack.

    Raises: as `write_pack`, but for what is about its folder.
    """
    return _made(dossier)[2]


def _made(dossier: Dossier) -> tuple[Contents, dict[str, bytes], bytes]:
    require_consistent(dossier)
    contents = _contents(dossier, load_regime(dossier.regime))
    files = _files(contents)
    return contents, files, canonical(_manifest(contents, files)) + b"\n"


def _contents(dossier: Dossier, regime: Regime) -> Contents:
    if dossier.market != regime.market:
        raise NotAllowed(
            f"regime `{regime.id}` holds in `{regime.market}`, the filing is for `{dossier.market}`",
            hint="the market's settings name its regime",
        )
    require_asked(regime, dossier.procedures)
    routes = tuple(
        (variant, route(regime, variant.route, dossier.procedures)) for variant in dossier.variants
    )
    whole = together([one for _, one in routes])
    found = duties(regime, whole.procedure, dossier.answers)
    blocking = [duty.id for duty in found if duty.blocks]
    if not dossier.draft and whole.procedure == "ask":
        raise NotAllowed(
            f"filing `{dossier.filing}`: which procedure is due is still to be asked",
            hint=f"{whole.reason.en} The office's answer goes into `answers/{dossier.market}.toml`, as"
            f' `[[procedures]]` with `rule = "{whole.rule}"` (docs/filing.md). Until then, `--draft`'
            " builds a pack with its gaps marked",
        )
    if not dossier.draft and blocking:
        shown = ", ".join(f"`{one}`" for one in blocking[:5]) + (" …" if blocking[5:] else "")
        raise NotAllowed(
            f"filing `{dossier.filing}` has duties that are due and open, {len(blocking)} of them: {shown}",
            hint=f"answer them in `answers/{dossier.market}.toml`, one table a duty (`checklist.md` of a"
            " draft has all of them), or build a draft with `--draft`: its gaps are marked",
        )
    return Contents(
        dossier=dossier,
        regime=regime,
        route=whole,
        routes=routes,
        duties=found,
        product=f"pratique {__version__}",
        files=(*FILES, MANIFEST, SIGNATURE),
    )


def _files(contents: Contents) -> dict[str, bytes]:
    # The service reads packs and writes none: it needs no writer of documents in its memory.
    from pratique.filing.documents.written import documents

    dossier = contents.dossier
    each = [
        {"feature": one.feature, "locale": one.locale, "facts": one.route, **_plain(its)}
        for one, its in contents.routes
    ]
    return {
        "checklist.md": pages.checklist(contents).encode(),
        "duties.json": _json(contents, {"duties": contents.duties}),
        "report.en.md": pages.report(contents, "en").encode(),
        "report.zh.md": pages.report(contents, "zh").encode(),
        "results.json": _json(contents, {"results": dossier.results}),
        "results.md": pages.results(contents).encode(),
        "route.json": _json(contents, {**_plain(contents.route), "variants": each}),
        "selection.json": _json(contents, {"selection": dossier.selection}),
        "variants.json": _json(contents, {"variants": dossier.variants}),
        **documents(contents),
        **dossier.enclosed,
    }


def _plain(record: Route) -> dict[str, object]:
    return {name: getattr(record, name) for name in record.__struct_fields__}


def _json(contents: Contents, body: Mapping[str, object]) -> bytes:
    """Return a file for machines that a person can read too, with the marks of the pack on it."""
    dossier, regime = contents.dossier, contents.regime
    about: dict[str, object] = {
        "version": 1,
        "filing": dossier.filing,
        "market": dossier.market,
        "regime": regime.id,
        "regime_revision": regime.revision,
        "created": dossier.created,
        "draft": dossier.draft,
        "simulated": dossier.simulated,
        "notes": dossier.notes,
    }
    return msgspec.json.format(canonical({**about, **body}), indent=2) + b"\n"


def _manifest(contents: Contents, files: Mapping[str, bytes]) -> Manifest:
    dossier, regime = contents.dossier, contents.regime
    return Manifest(
        product=contents.product,
        filing=dossier.filing,
        market=dossier.market,
        regime=regime.id,
        regime_revision=regime.revision,
        editions=tuple(edition.id for edition in regime.editions),
        verified_against_text=all(one.verified_against_text for _, one in numbers_in(regime)),
        created=dossier.created,
        draft=dossier.draft,
        simulated=dossier.simulated,
        variants=tuple(sorted({variant.digest for variant in dossier.variants})),
        files=tuple(entry(path, files[path]) for path in sorted(files)),
    )


def _written(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write *files* beside *folder*, then give them its name at once."""
    draft = folder.with_name(f".{folder.name}.{secrets.token_hex(8)}.new")
    try:
        draft.mkdir(parents=True)
        for name, data in files.items():
            _write(draft / name, data)
        draft.rename(folder)
        _sync(folder.parent)
    except OSError as error:
        raise Unavailable(
            f"cannot write `{folder}`: {error.strerror or error}",
            hint="free some space, or name another folder",
        ) from None
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(exist_ok=True)
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
