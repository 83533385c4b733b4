"""Signed provenance in pictures, by C2PA: for markets that ask for a manifest in place of a field."""

import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import msgspec

from pratique import __version__
from pratique.errors import Malformed, NotAllowed, NotFound
from pratique.labels.kinds import Kind

if TYPE_CHECKING:
    from c2pa import Context, Reader

Algorithm = Literal["es256", "es384", "es512", "ps256", "ps384", "ps512", "ed25519"]
"""How a manifest is signed; it must fit the key."""

TYPES: Mapping[Kind, str] = {"png": "image/png", "jpeg": "image/jpeg", "webp": "image/webp"}
"""Media types of the kinds that carry a manifest."""

_SETTINGS = {
    # A picture from outside must not make this machine call an address that it names.
    "verify": {"remote_manifest_fetch": False, "ocsp_fetch": False},
    "builder": {"thumbnail": {"enabled": False}},
}

_SOURCES = "http://cv.iptc.org/newscodes/digitalsourcetype/"


class Credentials(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the operator signs manifests with; we make none."""

    certificates: Path
    """PEM file: the signer's certificate, then those above it."""
    key: Path
    """PEM file: the private key, PKCS #8, without a password."""
    algorithm: Algorithm
    """How it signs."""


class Provenance(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a picture's manifest says."""

    state: str
    """`Invalid`, `Valid` (whole and signed), or `Trusted` (by a certificate that we know)."""
    generated: bool
    """Whether it says that a trained model made the content."""
    signer: str
    """Whom the certificate names; it is only as good as the certificate."""
    generator: str
    """Program that wrote it, in its own words."""
    faults: tuple[str, ...]
    """Codes of what failed when it was verified, such as `assertion.dataHash.mismatch`."""


def sign_picture(
    data: bytes, kind: Kind, credentials: Credentials, *, source_type: str, title: str
) -> bytes:
    """Return the picture *data* with a signed manifest that names *source_type*, once read back.

    Raises:
        NotAllowed: it carries a manifest already, which a second one would bury.
        NotFound: a file of the credentials is not there.
        Malformed: the credentials do not sign, or what was signed does not verify.
    """
    import c2pa

    media = _media(kind)
    if has_manifest(data, kind):
        raise NotAllowed(
            "the picture carries a signed manifest already", hint="`pratique label read` shows it"
        )
    manifest = {
        "claim_generator_info": [{"name": "pratique", "version": __version__}],
        "title": title,
        "format": media,
        "assertions": [
            {
                "label": "c2pa.actions.v2",
                "data": {
                    "actions": [
                        {"action": "c2pa.created", "digitalSourceType": _SOURCES + source_type}
                    ]
                },
            }
        ],
    }
    out = io.BytesIO()
    try:
        info = c2pa.C2paSignerInfo(
            credentials.algorithm,
            _pem(credentials.certificates),
            _pem(credentials.key),
            None,
        )
        with (
            c2pa.Signer.from_info(info) as signer,
            c2pa.Builder(json.dumps(manifest), _context()) as builder,
        ):
            builder.sign(signer, media, io.BytesIO(data), out)
    except (c2pa.C2paError, ValueError) as error:
        raise Malformed(
            f"the manifest could not be signed: {error}",
            hint="the key, its certificate and `--algorithm` must belong together",
        ) from error
    found = read_provenance(out.getvalue(), kind)
    if found is None or found.state == "Invalid" or not found.generated:
        codes = ", ".join(found.faults) if found else "no manifest"
        raise Malformed(f"the manifest did not verify: {codes}", hint="nothing was written")
    return out.getvalue()


def read_provenance(data: bytes, kind: Kind) -> Provenance | None:
    """Return what the manifest of the picture *data* says, verified; None where there is none.

    Raises:
        Malformed: the picture or its manifest cannot be read.
    """
    reader = _reader(data, kind)
    if reader is None:
        return None
    with reader:
        active = reader.get_active_manifest() or {}
        results = reader.get_validation_results() or {}
        state = str(reader.get_validation_state())
    failed = results.get("activeManifest", {}).get("failure", [])
    info = active.get("claim_generator_info") or [{}]
    return Provenance(
        state=state,
        generated="trainedAlgorithmicMedia" in json.dumps(active.get("assertions", [])),
        signer=str((active.get("signature_info") or {}).get("issuer", "")),
        generator=f"{info[0].get('name', '')} {info[0].get('version', '')}".strip(),
        faults=tuple(str(one.get("code")) for one in failed),
    )


def has_manifest(data: bytes, kind: Kind) -> bool:
    """Say whether the file *data* carries a manifest, sound or not."""
    if kind not in TYPES or b"c2pa" not in data:
        return False
    reader = _reader(data, kind)
    if reader is None:
        return False
    reader.close()
    return True


def _reader(data: bytes, kind: Kind) -> "Reader | None":
    import c2pa

    try:
        return c2pa.Reader.try_create(_media(kind), io.BytesIO(data), context=_context())
    except c2pa.C2paError as error:
        raise Malformed(
            f"its signed manifest cannot be read: {error}", hint="get the picture again"
        ) from error


def _context() -> "Context":
    import c2pa

    return c2pa.Context(c2pa.Settings.from_dict(_SETTINGS))


def _media(kind: Kind) -> str:
    if kind not in TYPES:
        raise NotAllowed(
            f"we write signed manifests into pictures, and this is `{kind}`",
            hint=f"kinds: {', '.join(TYPES)}",
        )
    return TYPES[kind]


def _pem(path: Path) -> bytes:
    if not path.is_file():
        raise NotFound(f"no file `{path}`", hint="`--cert` and `--key` name PEM files")
    return path.read_bytes()
