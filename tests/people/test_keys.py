"""Signing keys: the private half stays with its owner, the public half stays known."""

import pickle
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from sqlalchemy import Connection, text

from pratique.errors import Malformed, NotAllowed, NotFound, Unavailable
from pratique.people.keys import (
    SigningKey,
    add_public_key,
    key_id_of,
    public_keys,
    retire,
    verify_signature,
)

NOW = datetime(2026, 11, 2, tzinfo=UTC)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the key of a test is."""
    return tmp_path / "signing.pem"


def test_a_key_is_kept_for_its_owner_only_and_loads_again(path: Path) -> None:
    """Mode 0600 from the first byte on."""
    key = SigningKey.create(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert SigningKey.load(path).public_key == key.public_key
    assert path.read_text(encoding="ascii").startswith("-----BEGIN PRIVATE KEY-----")


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o666])
def test_a_key_open_to_others_is_refused(path: Path, mode: int) -> None:
    """Who else can read it can sign as its owner."""
    SigningKey.create(path)
    path.chmod(mode)
    with pytest.raises(NotAllowed, match=f"{mode:04o}") as caught:
        SigningKey.load(path)
    assert f"chmod 600 {path}" in caught.value.hint


def test_a_key_is_never_written_over(path: Path) -> None:
    """What it signed could not be signed again."""
    SigningKey.create(path)
    before = path.read_bytes()
    with pytest.raises(NotAllowed, match="already"):
        SigningKey.create(path)
    assert path.read_bytes() == before


def test_a_key_does_not_show_or_copy_itself(path: Path) -> None:
    """A log line or a pickle must not carry it away."""
    key = SigningKey.create(path)
    assert f"{key} {key!r}" == f"<signing key {key.key_id}> <signing key {key.key_id}>"
    with pytest.raises(TypeError, match="cannot be pickled"):
        pickle.dumps(key)


def write_private(path: Path, data: bytes) -> None:
    """Write a file with the mode of a key."""
    path.touch(mode=0o600)
    path.write_bytes(data)


def test_a_file_that_is_no_key_is_named_without_its_content(path: Path) -> None:
    """It may be another secret."""
    write_private(path, b"password: hunter2\n")
    with pytest.raises(Malformed, match=r"signing\.pem: this is not a PEM") as caught:
        SigningKey.load(path)
    assert "hunter2" not in str(caught.value) + caught.value.hint
    assert caught.value.__cause__ is None


def test_a_key_of_another_kind_is_refused(path: Path) -> None:
    """All of ours are Ed25519."""
    other = ec.generate_private_key(ec.SECP256R1())
    write_private(path, other.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    with pytest.raises(Malformed, match="not of Ed25519"):
        SigningKey.load(path)


def test_a_missing_key_or_folder_is_told(path: Path) -> None:
    """The path is in the message."""
    with pytest.raises(NotFound, match=r"signing\.pem"):
        SigningKey.load(path)
    with pytest.raises(Unavailable, match="cannot be used"):
        SigningKey.create(path / "deeper")
    path.mkdir()
    with pytest.raises(Unavailable, match="cannot be used"):
        SigningKey.load(path)


def test_a_signature_verifies_with_its_own_key_and_message_only(
    connection: Connection, path: Path
) -> None:
    """From the database, and from public keys kept elsewhere."""
    key = SigningKey.create(path)
    other = SigningKey.create(path.with_name("other.pem"))
    add_public_key(connection, key.public_key, "ana", NOW)
    signature = key.sign(b"message")
    for keys in (connection, {key.key_id: key.public_key}):
        assert verify_signature(keys, key.key_id, b"message", signature)
        assert not verify_signature(keys, key.key_id, b"messages", signature)
        assert not verify_signature(keys, key.key_id, b"message", other.sign(b"message"))
        assert not verify_signature(keys, key.key_id, b"message", b"")
        assert not verify_signature(keys, other.key_id, b"message", other.sign(b"message"))


def test_a_key_under_another_id_verifies_nothing(path: Path) -> None:
    """The id is computed from the key: a swapped row does not pass."""
    key = SigningKey.create(path)
    other = SigningKey.create(path.with_name("other.pem"))
    keys = {key.key_id: other.public_key, "odd": "no base64", "short": "AAAA"}
    assert not verify_signature(keys, key.key_id, b"m", other.sign(b"m"))
    assert not verify_signature(keys, "odd", b"m", other.sign(b"m"))
    assert not verify_signature(keys, "short", b"m", other.sign(b"m"))


def test_a_retired_key_still_verifies_what_it_signed(connection: Connection, path: Path) -> None:
    """Rotation must not make old evidence worthless."""
    key = SigningKey.create(path)
    added = add_public_key(connection, key.public_key, "ana", NOW)
    retired = retire(connection, key.key_id, NOW)
    assert (added.retired, retired.retired) == (None, "2026-11-02T00:00:00.000000Z")
    assert retire(connection, key.key_id, NOW) == retired
    assert public_keys(connection) == [retired]
    assert verify_signature(connection, key.key_id, b"m", key.sign(b"m"))


def test_a_public_key_is_added_once_and_must_be_one(connection: Connection, path: Path) -> None:
    """Nothing unreadable gets in, and no key has two owners."""
    key = SigningKey.create(path)
    add_public_key(connection, key.public_key, "ana", NOW)
    with pytest.raises(NotAllowed, match=key.key_id):
        add_public_key(connection, key.public_key, "eve", NOW)
    for wrong in ("", "AAAA", "no base64", "签"):
        with pytest.raises(Malformed, match="not an Ed25519 public key"):
            add_public_key(connection, wrong, "eve", NOW)
    with pytest.raises(NotFound, match="`0000`"):
        retire(connection, "0000", NOW)


def test_the_database_knows_no_private_key(connection: Connection, path: Path) -> None:
    """It is backed up and read by many."""
    key = SigningKey.create(path)
    add_public_key(connection, key.public_key, "ana", NOW)
    row = connection.execute(text("SELECT key_id, public_key FROM signing_keys")).one()
    assert tuple(row) == (key.key_id, key.public_key)
    assert key.key_id == key_id_of(key.public_key)
    assert len(key.key_id) == 16
