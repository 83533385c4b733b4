"""Signing keys that are replaced: what they signed holds, what somebody signs with them later does not."""

import base64
import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import text

from pratique.errors import Malformed, NotAllowed, NotFound
from pratique.ledger.chain import Head
from pratique.ledger.checkpoints import CheckpointFile
from pratique.people import accounts
from pratique.people.device_tokens import Claims, issue_token, read_token
from pratique.people.keys import SigningKey
from pratique.people.retirements import read_retirement
from pratique.settings.workspace import open_workspace
from pratique.store.canonical import canonical, digest
from pratique.workspace import rotation
from pratique.workspace.opened import Opened, checkpoints_path, key_path
from pratique.workspace.proof import key_notes, people_faults

PASSPHRASE = "blue tram over seven hills"


@pytest.fixture
def stolen(opened: Opened) -> SigningKey:
    """The private key as somebody copied it before it was retired."""
    return SigningKey.load(key_path(opened.workspace))


def record(opened: Opened, message: bytes) -> tuple[str, bytes, bytes]:
    """Sign *message* as a room does: its hash is in the ledger with the decision."""
    with opened.ledger.decision(
        who="ada", kind="thing.signed", subject="thing", body={"record": digest(message)}
    ):
        return opened.key.key_id, message, opened.key.sign(message)


def test_what_a_retired_key_signed_and_the_ledger_recorded_still_holds(opened: Opened) -> None:
    """Over two rotations: evidence of the first key is still evidence."""
    first = record(opened, b"first")
    rotation.rotate(opened, lost=False)
    second = record(opened, b"second")
    rotation.rotate(opened, lost=False)
    third = record(opened, b"third")
    assert len({first[0], second[0], third[0]}) == 3
    assert all(opened.verifies(*one) for one in (first, second, third))
    assert opened.audit().faults == () and people_faults(opened) == []
    assert [note.split("`")[2].split()[0] for note in key_notes(opened)].count("retired") == 2


def test_a_retired_key_signs_nothing_new(opened: Opened, stolen: SigningKey) -> None:
    """Neither what is new, nor what is dated back, nor what is recorded after."""
    rotation.rotate(opened, lost=False)
    assert not opened.verifies(stolen.key_id, b"dated back", stolen.sign(b"dated back"))
    with opened.ledger.decision(
        who="eve", kind="thing.signed", subject="thing", body={"record": digest(b"later")}
    ):
        pass
    assert not opened.verifies(stolen.key_id, b"later", stolen.sign(b"later"))


def test_tokens_of_a_retired_key_have_ended(opened: Opened) -> None:
    """A device asks the maker's back end for another one."""
    claims = Claims(
        device_region="CN",
        account_region="CN",
        targeting_key="d1",
        expires=opened.clock() + timedelta(minutes=5),
    )
    token = issue_token(opened.key, claims)
    assert read_token(token, opened.verifies, opened.clock()) == claims
    rotation.rotate(opened, lost=False)
    with pytest.raises(NotAllowed, match="not one that this maker signed"):
        read_token(token, opened.verifies, opened.clock())
    assert read_token(issue_token(opened.key, claims), opened.verifies, opened.clock()) == claims


def test_a_checkpoint_by_a_retired_key_is_named(opened: Opened, stolen: SigningKey) -> None:
    """Somebody adds an entry and seals it with the old key."""
    rotation.rotate(opened, lost=False)
    assert opened.audit().faults == ()
    with opened.database.begin() as connection:
        entry = opened.ledger.record(
            connection, who="eve", kind="release.started", subject="r1", body={}
        )
    CheckpointFile(checkpoints_path(opened.workspace)).append(
        Head(count=entry.seq, hash=entry.hash), opened.clock(), stolen
    )
    (fault,) = opened.audit().faults
    assert fault.record == "checkpoint" and "which was retired after checkpoint" in fault.sentence


def test_a_history_written_anew_up_to_the_retirement_is_seen(
    opened: Opened, stolen: SigningKey
) -> None:
    """With the old key, checkpoints and chain can be made anew; the retirement names the old head."""
    kept = record(opened, b"first")
    rotation.rotate(opened, lost=False)
    with opened.database.begin() as connection:
        for verb in ("update", "delete"):
            connection.exec_driver_sql(f"DROP TRIGGER ledger_entries_no_{verb}")
        connection.execute(text("DELETE FROM ledger_entries WHERE seq > 1"))
        forged = opened.ledger.record(
            connection,
            who="eve",
            kind="thing.signed",
            subject="thing",
            body={"record": digest(b"forged")},
        )
    path = checkpoints_path(opened.workspace)
    path.unlink()
    file = CheckpointFile(path)
    for count, hash_ in ((0, "0" * 64), (1, forged.previous), (2, forged.hash)):
        file.append(Head(count=count, hash=hash_), opened.clock(), stolen)
    again = Opened(open_workspace(opened.workspace.folder), who="ada", clock=opened.clock)
    assert any("replaced" in fault.sentence for fault in again.audit().faults)
    assert not again.verifies(stolen.key_id, b"forged", stolen.sign(b"forged"))
    # A ledger written anew is no witness for the true one either: nothing by that key holds.
    assert not again.verifies(*kept)
    again.close()


def test_a_service_that_runs_on_signs_with_the_new_key(opened: Opened) -> None:
    """It was started before the key was rotated, by somebody else."""
    service = Opened(open_workspace(opened.workspace.folder), who="service", clock=opened.clock)
    old = service.key.key_id
    rotation.rotate(opened, lost=False)
    signed = record(service, b"from the service")
    assert signed[0] == opened.key.key_id != old
    assert opened.verifies(*signed) and service.verifies(*signed)
    assert opened.audit().faults == ()
    service.close()


def test_a_lost_key_is_replaced_without_it(opened: Opened) -> None:
    """What it signed before still holds; it does not vouch for its successor."""
    kept = record(opened, b"first")
    key_path(opened.workspace).unlink()
    with pytest.raises(NotFound, match="no signing key"):
        rotation.rotate(opened, lost=False)
    (made,) = rotation.rotate(opened, lost=True)
    assert (made.reason, made.own_signature) == ("lost", "")
    assert opened.verifies(*kept) and people_faults(opened) == []


def test_a_crash_between_the_files_leaves_a_workspace_that_says_what_to_do(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The old key is retired, and the new one not in place."""
    kept = record(opened, b"first")

    def killed(self: Path, target: Path) -> Path:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", killed)
        with pytest.raises(KeyboardInterrupt):
            rotation.rotate(opened, lost=False)
    with pytest.raises(NotAllowed, match="is retired") as caught:
        opened.key.sign(b"x")
    assert "rotate --lost" in caught.value.hint
    rotation.rotate(opened, lost=True)
    later = record(opened, b"later")
    assert opened.verifies(*kept) and opened.verifies(*later)
    assert opened.audit().faults == () and people_faults(opened) == []
    assert len(opened.public_keys) == 1


@pytest.mark.parametrize(
    "change",
    [
        lambda one: msgspec.structs.replace(one, entries=99),
        lambda one: msgspec.structs.replace(one, checkpoints=99),
        lambda one: msgspec.structs.replace(one, signature=base64.b64encode(b"x" * 64).decode()),
        lambda one: msgspec.structs.replace(one, signature="no base64"),
    ],
)
def test_a_changed_record_of_a_retirement_vouches_for_nothing(
    opened: Opened, change: Callable[[object], object]
) -> None:
    """It fails closed, and is named."""
    kept = record(opened, b"first")
    rotation.rotate(opened, lost=False)
    path = opened.keyring.folder / f"{kept[0]}.retired"
    path.write_bytes(canonical(change(read_retirement(path))) + b"\n")
    again = Opened(open_workspace(opened.workspace.folder), who="ada", clock=opened.clock)
    assert not again.verifies(*kept)
    assert any("carries no valid signature" in fault for fault in people_faults(again))
    again.close()


def test_a_record_of_a_retirement_that_is_gone_is_missed(opened: Opened) -> None:
    """Without it the key would sign again; the ledger knows better."""
    old = opened.key.key_id
    rotation.rotate(opened, lost=False)
    (opened.keyring.folder / f"{old}.retired").unlink()
    (fault,) = [one for one in people_faults(opened) if "is gone" in one]
    assert old in fault


def test_a_persons_key_signs_for_that_person_only(opened: Opened) -> None:
    """Not for the workspace, and not for another person."""
    with opened.ledger.decision(who="ada", kind="test.set_up", subject="x", body={}) as connection:
        for name in ("ana", "bo"):
            accounts.add(connection, name, ["approver"], opened.clock())
    rotation.make_person_key(opened, "ana", PASSPHRASE)
    key = rotation.open_person_key(opened, "ana", PASSPHRASE)
    signed = (key.key_id, b"m", key.sign(b"m"))
    assert opened.keyring.signed_by("ana", *signed)
    assert not opened.keyring.signed_by("bo", *signed)
    assert not opened.verifies(*signed)
    with pytest.raises(NotAllowed, match="does not open"):
        rotation.open_person_key(opened, "ana", PASSPHRASE.upper())
    with pytest.raises(NotFound, match="`bo` has no signing key"):
        rotation.open_person_key(opened, "bo", PASSPHRASE)


def test_a_private_key_of_a_person_is_sealed_wherever_it_lies(
    opened: Opened, tmp_path: Path
) -> None:
    """In the workspace's state, or on a stick."""
    with opened.ledger.decision(who="ada", kind="test.set_up", subject="x", body={}) as connection:
        accounts.add(connection, "ana", ["approver"], opened.clock())
    stick = tmp_path / "ana.key"
    rotation.make_person_key(opened, "ana", PASSPHRASE, path=stick)
    assert stick.stat().st_mode & 0o077 == 0 and b"pratique-sealed-1" in stick.read_bytes()
    assert os.listdir(opened.workspace.state / "people") == []  # noqa: PTH208
    with pytest.raises(NotFound, match="private half of `ana`'s key") as error:
        rotation.open_person_key(opened, "ana", PASSPHRASE)
    assert "--key FILE" in error.value.hint
    with pytest.raises(NotFound):
        rotation.open_person_key(opened, "ana", PASSPHRASE)
    assert rotation.open_person_key(opened, "ana", PASSPHRASE, path=stick)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("0000000000000000.pub", b"\xff\xfe"),
        ("0000000000000000.pub", b"AAAA"),
        ("0000000000000000.pub", base64.b64encode(b"k" * 32)),
        ("people/0000000000000000.json", b"{}"),
        ("people/0000000000000000.json", b"\xff"),
        ("people/0000000000000000.retired", b"{}"),
        ("0000000000000000.retired", b"["),
    ],
)
def test_a_broken_file_among_the_keys_is_named(opened: Opened, name: str, data: bytes) -> None:
    """It is not passed over: it may have been a retirement."""
    path = opened.keyring.folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data)
    with pytest.raises(Malformed, match=path.name.replace(".", r"\.")):
        opened.verifies("x", b"m", b"s")
