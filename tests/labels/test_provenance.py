"""Signed manifests: made with the operator's key, verified, and broken by any change."""

from pathlib import Path

import msgspec
import pytest

from pratique.errors import Malformed, NotAllowed, NotFound
from pratique.labels.files import label_bytes, read_bytes
from pratique.labels.implicit import first_write
from pratique.labels.kinds import Kind
from pratique.labels.provenance import Credentials, has_manifest, read_provenance, sign_picture
from tests.labels.certificates import write_credentials
from tests.labels.varied import varied

LABEL = first_write("001191110102MAD55U9H0F10002", "a-1")


@pytest.fixture(scope="module")
def credentials(tmp_path_factory: pytest.TempPathFactory) -> Credentials:
    """A made-up signer's certificate and key."""
    return write_credentials(tmp_path_factory.mktemp("keys"))


def _signed(kind: Kind, credentials: Credentials, data: bytes) -> bytes:
    return sign_picture(data, kind, credentials, source_type="trainedAlgorithmicMedia", title="t")


@pytest.mark.parametrize("kind", ["png", "jpeg", "webp"])
def test_both_markets_labels_live_in_one_picture(kind: Kind, credentials: Credentials) -> None:
    """The field first, then the signature over it; both read back."""
    both = _signed(kind, credentials, label_bytes(varied(kind, 1), Path(f"a.{kind}"), LABEL))
    found = read_provenance(both, kind)
    assert found is not None
    assert (found.state, found.generated, found.signer) == ("Valid", True, "Made-up Phones")
    assert read_bytes(both, Path(f"a.{kind}")).fields == [LABEL.aigc]


@pytest.mark.parametrize("kind", ["png", "jpeg", "webp"])
def test_a_change_after_signing_is_seen_and_ours_is_refused(
    kind: Kind, credentials: Credentials
) -> None:
    """A byte of the pixels, or a label written afterwards."""
    signed = _signed(kind, credentials, varied(kind, 1))
    with pytest.raises(NotAllowed, match="signed manifest"):
        label_bytes(signed, Path(f"a.{kind}"), LABEL)
    with pytest.raises(NotAllowed, match="already"):
        _signed(kind, credentials, signed)
    place = signed.index({"png": b"IDAT", "jpeg": b"\xff\xda", "webp": b"VP8"}[kind]) + 14
    changed = signed[:place] + bytes([signed[place] ^ 1]) + signed[place + 1 :]
    found = read_provenance(changed, kind)
    assert found is not None and found.state == "Invalid"
    assert "assertion.dataHash.mismatch" in found.faults


def test_credentials_that_do_not_fit_are_refused(credentials: Credentials, tmp_path: Path) -> None:
    """A key of another certificate, another algorithm, a file that is not there."""
    data = varied("png", 1)
    other = write_credentials(tmp_path)
    mixed = msgspec.structs.replace(credentials, key=other.key)
    wrong = msgspec.structs.replace(credentials, algorithm="es512")
    for one in (mixed, wrong):
        with pytest.raises(Malformed, match="manifest"):
            _signed("png", one, data)
    with pytest.raises(NotFound, match="no file"):
        _signed("png", msgspec.structs.replace(credentials, key=tmp_path / "none"), data)


def test_a_picture_without_a_manifest_has_no_provenance() -> None:
    """And a document carries none that we write."""
    assert read_provenance(varied("png", 1), "png") is None
    assert not has_manifest(varied("pdf", 1), "pdf")
