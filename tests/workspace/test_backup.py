"""Backups: one archive from which the same workspace is made, and nothing that could harm."""

import base64
import hashlib
import io
import json
import shutil
import threading
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from pratique.errors import Malformed, NotAllowed, NotFound, PratiqueError, Tampered
from pratique.people import accounts
from pratique.people.keys import SigningKey, fingerprint
from pratique.rollout.verify import verify
from pratique.settings.workspace import CONFIGURATION, open_workspace
from pratique.store import snapshots
from pratique.store.backup import Signed, copy_database
from pratique.store.canonical import canonical
from pratique.store.database import Database
from pratique.workspace import rotation
from pratique.workspace.backup import Restored, backup, restore
from pratique.workspace.opened import Opened, key_path

PASSPHRASE = "blue tram over seven hills"


def check(opened: Opened) -> tuple[str, ...]:
    """Verify as the command does."""
    return verify(opened).faults


@pytest.fixture
def shop(opened: Opened) -> Opened:
    """A workspace with something in every corner."""
    with opened.ledger.decision(
        who="ada", kind="test.set_up", subject="店铺", body={}
    ) as connection:
        accounts.add(connection, "ana", ["approver"], opened.clock())
        snapshots.put(connection, b"a variant", "variant")
    rotation.make_person_key(opened, "ana", PASSPHRASE)
    rotation.rotate(opened, lost=False)
    folder = opened.workspace.folder
    (folder / "standards" / "自家.toml").write_text("# 标准\n", encoding="utf-8")
    (folder / "partner.key").write_text("s3cret")
    (folder / "tls.pem").write_text("-----BEGIN PRIVATE KEY-----\ns3cret\n")
    (folder / ".env").write_text("s3cret")
    (folder / "markets" / "link.toml").symlink_to("/etc/passwd")
    with (folder / CONFIGURATION).open("a") as file:
        file.write('\n[partners.meridian]\nkey_file = "partner.key"\n')
    opened.workspace = open_workspace(folder)
    return opened


@pytest.fixture
def archive(shop: Opened, tmp_path: Path) -> Path:
    """A backup of it without private keys."""
    path = tmp_path / "backup.zip"
    backup(shop, path, passphrase=None)
    return path


def tables(opened: Opened) -> dict[str, list[tuple[object, ...]]]:
    """Return everything in the database."""
    with opened.database.connect() as connection:
        names = connection.exec_driver_sql(
            "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
        ).scalars()
        return {
            name: [tuple(row) for row in connection.exec_driver_sql(f"SELECT * FROM {name}")]  # noqa: S608
            for name in names.all()
        }


def made(path: Path, tmp_path: Path, **options: object) -> Restored:
    """Restore into a new folder."""
    return restore(path, tmp_path / "again", check=check, **options)  # type: ignore[arg-type]


def test_a_restored_workspace_verifies_and_holds_the_same(
    shop: Opened, archive: Path, tmp_path: Path
) -> None:
    """Every row of the database, every setting, every public key and checkpoint."""
    found = made(archive, tmp_path)
    again = Opened(open_workspace(found.folder), who="ada", clock=shop.clock)
    assert verify(again).ok
    assert tables(again) == tables(shop)
    assert again.workspace.configuration == shop.workspace.configuration
    assert again.keyring.keys == shop.keyring.keys and again.keyring.people == shop.keyring.people
    assert (found.folder / "standards" / "自家.toml").read_text(encoding="utf-8") == "# 标准\n"
    again.close()


def test_no_secret_is_in_it(shop: Opened, archive: Path) -> None:
    """Private keys, key files of partners, other keys, hidden files and links stay where they are."""
    with zipfile.ZipFile(archive) as found:
        everything = b"".join(found.read(name) for name in found.namelist())
        manifest = json.loads(found.read("manifest.json"))
    for secret in (b"s3cret", b"root:", key_path(shop.workspace).read_bytes().split(b"\n")[1]):
        assert secret not in everything
    assert manifest["left_out"] == ["markets/link.toml", "partner.key", "tls.pem"]


def test_private_keys_come_with_it_sealed(shop: Opened, tmp_path: Path) -> None:
    """And the restored workspace signs with them; without them it says what to do."""
    path = tmp_path / "keys.zip"
    backup(shop, path, passphrase=PASSPHRASE)
    assert b"PRIVATE KEY" not in path.read_bytes()
    with pytest.raises(NotAllowed, match="does not open"):
        made(path, tmp_path, passphrase=lambda: "another one altogether")
    assert not (tmp_path / "again").exists()
    found = made(path, tmp_path, passphrase=lambda: PASSPHRASE)
    again = Opened(open_workspace(found.folder), who="ada", clock=shop.clock)
    assert found.private_keys == 2 and again.key.key_id == shop.key.key_id
    assert rotation.open_person_key(again, "ana", PASSPHRASE)
    again.close()


def test_without_private_keys_a_new_one_is_made(
    shop: Opened, archive: Path, tmp_path: Path
) -> None:
    """The workspace goes on, and the old evidence holds."""
    with pytest.raises(NotAllowed, match="came without private keys"):
        made(archive, tmp_path, passphrase=lambda: PASSPHRASE)
    found = made(archive, tmp_path)
    again = Opened(open_workspace(found.folder), who="ada", clock=shop.clock)
    with pytest.raises(NotFound, match="no signing key") as caught:
        again.key.sign(b"x")
    assert "rotate --lost" in caught.value.hint
    rotation.rotate(again, lost=True)
    assert verify(again).ok
    again.close()


def test_the_fingerprint_that_was_noted_is_held_to(
    shop: Opened, archive: Path, tmp_path: Path
) -> None:
    """Anybody can sign an archive by a key of their own."""
    noted = fingerprint(shop.key.public_key)
    with pytest.raises(NotAllowed, match="not the one you named"):
        made(archive, tmp_path, fingerprint=noted.replace(noted[:4], "0000"))
    assert made(archive, tmp_path, fingerprint=noted.upper()).signed_by == shop.key.key_id


def test_a_copy_is_of_one_moment_while_others_write(shop: Opened, tmp_path: Path) -> None:
    """Eight backups under a writer that never rests: each verifies."""
    other = Opened(open_workspace(shop.workspace.folder), who="bo", clock=shop.clock)
    done = threading.Event()
    written = 0

    def write() -> None:
        nonlocal written
        while not done.is_set():
            with other.ledger.decision(who="bo", kind="test.written", subject="x", body={}) as c:
                snapshots.put(c, str(written).encode(), "variant")
            written += 1

    thread = threading.Thread(target=write)
    thread.start()
    try:
        for number in range(8):
            path = tmp_path / f"{number}.zip"
            backup(shop, path, passphrase=None)
            restore(path, tmp_path / f"shop-{number}", check=check)
    finally:
        done.set()
        thread.join()
    other.close()
    assert written > 8


def test_nothing_is_written_over(archive: Path, shop: Opened, tmp_path: Path) -> None:
    """Neither an archive nor a workspace."""
    before = archive.read_bytes()
    with pytest.raises(NotAllowed, match="already"):
        backup(shop, archive, passphrase=None)
    with pytest.raises(NotAllowed, match="is not empty"):
        restore(archive, shop.workspace.folder, check=check)
    assert archive.read_bytes() == before


def test_a_database_on_a_server_is_left_to_its_own_tool(tmp_path: Path) -> None:
    """The hint names it."""
    database = Database.open("postgresql+psycopg://ada:hunter2@db.example/shop")
    with pytest.raises(NotAllowed, match="database on a server") as caught:
        copy_database(database, tmp_path / "copy.db")
    assert "pg_dump" in caught.value.hint and "hunter2" not in caught.value.message


def test_a_workspace_that_does_not_verify_is_not_restored(shop: Opened, tmp_path: Path) -> None:
    """It was damaged before the backup was made; the archive is a plain ZIP to look into."""
    with shop.database.begin() as connection:
        connection.exec_driver_sql("UPDATE snapshots SET data = CAST('other' AS BLOB)")
    path = tmp_path / "backup.zip"
    backup(shop, path, passphrase=None)
    with pytest.raises(Tampered, match=r"does not verify: snapshot .* was changed"):
        made(path, tmp_path)
    assert not (tmp_path / "again").exists() and not list(tmp_path.glob(".*.new"))


Change = Callable[[dict[str, bytes]], None]


def rewritten(archive: Path, change: Change) -> Path:
    """Return another archive: that of *archive* after *change*, whose keys are its names."""
    with zipfile.ZipFile(archive) as found:
        members = {name: found.read(name) for name in found.namelist()}
    change(members)
    path = archive.with_name("changed.zip")
    with zipfile.ZipFile(path, "w") as out:
        for name, data in members.items():
            out.writestr(zipfile.ZipInfo(name), data)
    return path


def added(name: str) -> Change:
    """Add a file, and list it as if it belonged there."""

    def change(members: dict[str, bytes]) -> None:
        manifest = json.loads(members["manifest.json"])
        sha256 = hashlib.sha256(b"evil").hexdigest()
        manifest["files"].append({"path": name, "sha256": sha256, "size": 4})
        members["manifest.json"] = canonical(manifest)
        members["files/" + name] = b"evil"

    return change


def set_to(name: str, data: bytes) -> Change:
    """Put other bytes in a member's place."""

    def change(members: dict[str, bytes]) -> None:
        members[name] = data

    return change


def without(name: str) -> Change:
    """Take a member out."""

    def change(members: dict[str, bytes]) -> None:
        del members[name]

    return change


@pytest.mark.parametrize(
    ("change", "error"),
    [
        *(
            (added(name), "no place inside|a folder at once|not of your|a key that was in force")
            for name in (
                "../evil",
                "a/../../evil",
                "/tmp/evil",  # noqa: S108
                "a//b",
                "a/./b",
                "a\\..\\b",
                "x\u202ey",
                "a/" * 30 + "b",
                "x" * 300,
                "pratique.toml/x",
                "markets",
                "extra.toml",
            )
        ),
        (set_to("files/pratique.toml", b'name = "x"'), "size that the list says"),
        (set_to("files/stranger", b"evil"), "only in the archive"),
        (without("files/markets/CN.toml"), "only in the archive or only in its list"),
        (without("manifest.json"), "has no `manifest.json`"),
        (without("manifest.sig"), "has no `manifest.sig`"),
        (set_to("manifest.json", b"{}"), "cannot be read"),
        (set_to("manifest.json", b"[" * 100_000), "cannot be read"),
        (set_to("manifest.sig", b'{"key_id":"x","signature":"!"}'), "not signed by a key"),
    ],
)
def test_a_hostile_archive_is_refused_and_leaves_nothing(
    archive: Path, tmp_path: Path, change: Change, error: str
) -> None:
    """Nothing outside of the new folder is touched, and the folder is not there."""
    path = rewritten(archive, change)
    before = sorted(tmp_path.iterdir())
    with pytest.raises((Malformed, Tampered), match=error):
        made(path, tmp_path)
    assert sorted(tmp_path.iterdir()) == before


def test_a_changed_byte_of_any_file_is_named(archive: Path, tmp_path: Path) -> None:
    """Of the same length, with a right checksum of the ZIP."""

    def change(members: dict[str, bytes]) -> None:
        data = bytearray(members["files/state/pratique.db"])
        data[len(data) // 2] ^= 1
        members["files/state/pratique.db"] = bytes(data)

    with pytest.raises(Tampered, match=r"`state/pratique\.db` was changed"):
        made(rewritten(archive, change), tmp_path)


@pytest.mark.parametrize("share", [0, 0.1, 0.5, 0.9, 0.999])
def test_a_truncated_archive_is_refused(archive: Path, tmp_path: Path, share: float) -> None:
    """Wherever the copying stopped."""
    data = archive.read_bytes()
    archive.write_bytes(data[: int(len(data) * share)])
    with pytest.raises(Malformed, match="no whole backup"):
        made(archive, tmp_path)


def test_bombs_do_not_go_off(archive: Path, tmp_path: Path) -> None:
    """What is compressed could grow; what overlaps could be more than the archive itself."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr("files/big", b"\0" * 50_000_000)
    path = tmp_path / "bomb.zip"
    path.write_bytes(packed.getvalue())
    assert path.stat().st_size < 100_000
    with pytest.raises(Malformed, match="compressed"):
        made(path, tmp_path)
    with zipfile.ZipFile(path, "w") as out:
        for name in "ab":
            out.writestr(name, b"x" * 1000)
        for item in out.infolist():
            item.file_size = item.compress_size = 1_000_000
    with pytest.raises(Malformed, match="more than its own size"):
        made(path, tmp_path)


def test_an_archive_signed_by_a_retired_key_is_refused(shop: Opened, tmp_path: Path) -> None:
    """Somebody found the private half in an old backup, and signs one of today."""
    stolen = SigningKey.load(key_path(shop.workspace))
    rotation.rotate(shop, lost=False)
    path = tmp_path / "backup.zip"
    backup(shop, path, passphrase=None)

    def signed_by(key: SigningKey) -> Change:
        def change(members: dict[str, bytes]) -> None:
            listed = members["manifest.json"]
            text = base64.b64encode(key.sign(listed)).decode()
            members["manifest.sig"] = canonical(Signed(key_id=key.key_id, signature=text))

        return change

    with pytest.raises(Tampered, match="not signed by a key that was in force"):
        made(rewritten(path, signed_by(stolen)), tmp_path)
    in_force = SigningKey.load(key_path(shop.workspace))
    assert made(rewritten(path, signed_by(in_force)), tmp_path).signed_by == in_force.key_id


def test_any_changed_byte_of_an_archive_ends_in_an_error_of_ours_or_changes_nothing(
    archive: Path, tmp_path: Path
) -> None:
    """Two hundred places, spread over it: no traceback, no half workspace."""
    data = archive.read_bytes()
    path = tmp_path / "changed.zip"
    refused = 0
    for number in range(200):
        changed = bytearray(data)
        changed[number * len(data) // 200] ^= 0xFF
        path.write_bytes(changed)
        try:
            restore(path, tmp_path / "again", check=lambda _: ())
        except PratiqueError:
            refused += 1
            assert not (tmp_path / "again").exists()
        else:
            shutil.rmtree(tmp_path / "again")
    assert refused >= 190
