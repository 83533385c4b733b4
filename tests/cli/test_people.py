"""`pratique people`, `backup` and `restore`, as people type them."""

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pratique.cli.main import program
from pratique.errors import PratiqueError
from pratique.people.device_tokens import read_token
from pratique.people.sessions import log_in
from pratique.settings.workspace import open_workspace
from pratique.workspace import sign_offs
from pratique.workspace.init import init
from pratique.workspace.opened import Opened, login

PASSPHRASE = "blue tram over seven hills"


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A workspace in which approvals take two people."""
    return init(tmp_path / "shop", rehearsal=False).folder


def run(shop: Path, *words: str, typed: str = "") -> Result:
    """Run a command in the workspace."""
    return CliRunner().invoke(program, [*words, "--workspace", str(shop)], input=typed)


def answer(shop: Path, *words: str, typed: str = "") -> dict[str, object]:
    """Run a command and return the document that it prints."""
    done = run(shop, *words, "--json", typed=typed)
    assert done.exit_code == 0, done.output
    found: dict[str, object] = json.loads(done.stdout)
    return found


def test_an_account_from_its_first_day_to_its_last(shop: Path) -> None:
    """Each step is a decision, in the ledger with who took it."""
    assert answer(shop, "people", "add", "ana", "--role", "viewer")["roles"] == ["viewer"]
    assert answer(shop, "people", "roles", "ana", "--role", "operator")["roles"] == ["operator"]
    answer(shop, "people", "password", "ana", "--stdin", typed=PASSPHRASE + "\n")
    opened = Opened(open_workspace(shop))
    log_in(opened.database, "ana", PASSPHRASE, opened.clock())
    assert answer(shop, "people", "disable", "ana")["sessions_ended"] == 1
    assert answer(shop, "people", "enable", "ana")["disabled"] is None
    with opened.database.connect() as connection:
        rows = connection.exec_driver_sql(
            "SELECT kind, who FROM ledger_entries WHERE subject = 'ana' ORDER BY seq"
        ).all()
    opened.close()
    assert [kind for kind, _ in rows] == [
        "account.added",
        "account.roles_changed",
        "account.password_set",
        "account.disabled",
        "account.enabled",
    ]
    assert {who for _, who in rows} == {login()}


def test_a_password_is_typed_never_an_argument(shop: Path) -> None:
    """An argument is seen by every process of the machine, and kept by the shell."""
    answer(shop, "people", "add", "ana", "--role", "viewer")
    assert run(shop, "people", "password", "ana", PASSPHRASE).exit_code == 2
    without = run(shop, "people", "password", "ana")
    assert without.exit_code == 2 and "--stdin" in without.output
    assert run(shop, "people", "password", "ana", "--stdin").exit_code == 2
    for path in shop.rglob("*"):
        assert not path.is_file() or PASSPHRASE.encode() not in path.read_bytes()


def test_a_key_is_issued_once_and_revoked(shop: Path) -> None:
    """The token is shown this once, and is nowhere in the workspace."""
    issued = answer(shop, "people", "api-keys", "issue", "phones", "--scope", "device")
    token, key = str(issued["token"]), issued["key"]
    assert isinstance(key, dict)
    secret = token.split("_", 2)[2].encode()
    assert not any(secret in path.read_bytes() for path in shop.rglob("*") if path.is_file())
    assert answer(shop, "people", "api-keys", "revoke", str(key["id"]))["revoked"]
    assert "phones" in run(shop, "people", "api-keys").output


def test_two_people_sign_and_what_they_sign_is_shown(shop: Path) -> None:
    """From the proposal to the step, over a rotation of the workspace's key."""
    answer(shop, "people", "add", "bo", "--role", "approver")
    for name in (login(), "bo"):
        answer(shop, "people", "keys", "make", "--account", name, "--stdin", typed=PASSPHRASE)
    opened = Opened(open_workspace(shop))
    name = sign_offs.propose(opened, "approval", "CN-1", {"number": "X\u202e1"}).id
    waiting = run(shop, "people", "pending").output
    assert name in waiting and "0 of 2" in waiting
    done = run(shop, "people", "sign", name, "--stdin", typed=PASSPHRASE)
    assert done.exit_code == 0 and r'{"number":"X\u202e1"}' in done.stderr
    signed = answer(
        shop, "people", "sign", name, "--account", "bo", "--stdin", typed=PASSPHRASE + "\n"
    )
    assert signed["signed_by"] == [login(), "bo"] and signed["needed"] == 2
    rotated = answer(shop, "people", "keys", "rotate")
    with opened.database.connect() as connection:
        assert sign_offs.signed(opened, connection, "approval", "CN-1", {"number": "X\u202e1"})
    listed = answer(shop, "people", "keys")["signing_keys"]
    assert isinstance(listed, list) and len(listed) == 4
    assert [one["key_id"] for one in listed if one["retired"]] != [rotated["key_id"]]
    verified = run(shop, "verify")
    assert verified.exit_code == 0 and "retired (rotated)" in verified.output
    assert answer(shop, "people", "withdraw", name)["state"] == "withdrawn"
    opened.close()


def test_a_device_token_is_believed_by_the_service(shop: Path) -> None:
    """As one of the maker's back end."""
    words = ("--device-region", "CN", "--account-region", "CN", "--minutes", "5")
    issued = answer(shop, "people", "device-token", "d1", *words)
    opened = Opened(open_workspace(shop))
    assert read_token(str(issued["token"]), opened.verifies, opened.clock()).targeting_key == "d1"
    opened.close()


def test_a_backup_is_restored_and_verified(shop: Path, tmp_path: Path) -> None:
    """The two commands in a row, with the fingerprint that the first one printed."""
    path, folder = tmp_path / "shop.zip", tmp_path / "again"
    kept = answer(shop, "backup", str(path), "--with-keys", "--stdin", typed=PASSPHRASE)
    words = ["restore", str(path), str(folder), "--with-keys", "--stdin", "--json"]
    done = CliRunner().invoke(
        program, [*words, "--fingerprint", str(kept["fingerprint"])], input=PASSPHRASE
    )
    assert done.exit_code == 0, done.output
    made = json.loads(done.stdout)
    assert made["fingerprint_was_checked"] and made["private_keys"] == 1
    assert run(folder, "verify").exit_code == 0
    answer(folder, "people", "add", "ana", "--role", "viewer")
    again = CliRunner().invoke(program, words, input=PASSPHRASE)
    assert isinstance(again.exception, PratiqueError) and "not empty" in str(again.exception)


def test_a_passphrase_is_asked_for_twice_and_not_shown(shop: Path) -> None:
    """At a real terminal."""
    leader, follower = pty.openpty()
    command = [sys.executable, "-m", "pratique", "people", "keys", "make", "--workspace", str(shop)]
    process = subprocess.Popen(command, stdin=follower, stdout=follower, stderr=follower)
    os.close(follower)
    shown = b""
    for prompt in (b"Passphrase: ", b"Repeat for confirmation: "):
        while prompt not in shown:
            shown += os.read(leader, 1000)
        os.write(leader, PASSPHRASE.encode() + b"\n")
    try:
        while data := os.read(leader, 1000):
            shown += data
    except OSError:
        pass  # the other end was closed: the program is done
    assert process.wait(60) == 0
    os.close(leader)
    assert b"fingerprint" in shown and PASSPHRASE.encode() not in shown
