"""Sign-offs: several people, each by their own key, for these very bytes, once."""

from collections.abc import Callable

import msgspec
import pytest
from sqlalchemy import text

from pratique.errors import Malformed, NotAllowed, NotFound
from pratique.ledger.chain import entries
from pratique.people import accounts
from pratique.people.keys import SigningKey
from pratique.settings.workspace import SignOffPolicy
from pratique.workspace import rotation, sign_offs
from pratique.workspace.opened import Opened
from pratique.workspace.proof import people_faults
from tests.conftest import Clock

BODY = {"filing": "CN-1", "number": "REHEARSAL-1"}
PASSPHRASE = "blue tram over seven hills"
STEP = ("approval", "CN-1", BODY)


@pytest.fixture
def shop(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> Opened:
    """A workspace in which an approval takes two people, and some people."""
    configuration = msgspec.structs.replace(
        opened.workspace.configuration, sign_off=SignOffPolicy()
    )
    opened.workspace = msgspec.structs.replace(opened.workspace, configuration=configuration)
    with opened.ledger.decision(who="ada", kind="test.set_up", subject="x", body={}) as connection:
        for name, role in (("ada", "approver"), ("bo", "approver"), ("cy", "operator")):
            accounts.add(connection, name, [role], opened.clock())
    # Sealing is slow on purpose, and tested elsewhere.
    monkeypatch.setattr("pratique.store.sealed.stretched", lambda _, salt: salt * 2)
    return opened


@pytest.fixture
def key(shop: Opened) -> Callable[[str], SigningKey]:
    """Return somebody's key; it is made when first asked for."""

    def of(name: str) -> SigningKey:
        if name not in {one.account for one in shop.keyring.people.values()}:
            rotation.make_person_key(shop, name, PASSPHRASE)
        return rotation.open_person_key(shop, name, PASSPHRASE)

    return of


def is_signed(shop: Opened) -> bool:
    """Say whether the step may be taken."""
    with shop.database.connect() as connection:
        return sign_offs.signed(shop, connection, *STEP)  # type: ignore[arg-type]


def take(shop: Opened) -> tuple[str, ...]:
    """Take the step."""
    with shop.ledger.decision(who="ada", kind="thing.done", subject="CN-1", body={}) as connection:
        return sign_offs.take(shop, connection, "approval", "CN-1", BODY)


def test_a_step_takes_two_people_and_is_taken_once(
    shop: Opened, key: Callable[[str], SigningKey]
) -> None:
    """The second time it is asked for anew."""
    with pytest.raises(NotAllowed, match="takes 2 people; nobody signed") as caught:
        sign_offs.ask(shop, "approval", "CN-1", BODY)
    (waiting,) = sign_offs.pending(shop)
    assert f"people sign {waiting.id}" in caught.value.hint
    sign_offs.sign(shop, waiting.id, "ada", key("ada"))
    assert not is_signed(shop)
    with pytest.raises(NotAllowed, match="`ada` signed sign-off"):
        take(shop)
    sign_offs.sign(shop, waiting.id, "bo", key("bo"))
    assert is_signed(shop)
    sign_offs.ask(shop, "approval", "CN-1", BODY)
    assert take(shop) == ("ada", "bo")
    assert not is_signed(shop) and people_faults(shop) == []
    with pytest.raises(NotAllowed, match="nobody proposed this one"):
        take(shop)
    with shop.database.connect() as connection:
        kinds = [one.kind.split(".")[1] for one in entries(connection, subject=waiting.id)]
    assert kinds == ["proposed", "signed", "signed", "used"]


def test_asking_twice_proposes_once(shop: Opened) -> None:
    """A person who runs the command again does not start anew."""
    for _ in range(2):
        with pytest.raises(NotAllowed):
            sign_offs.ask(shop, "approval", "CN-1", BODY)
    (waiting,) = sign_offs.pending(shop)
    with pytest.raises(NotAllowed, match=f"waits as sign-off `{waiting.id}`"):
        sign_offs.propose(shop, "approval", "CN-1", BODY)


def test_a_sign_off_is_for_these_very_bytes(shop: Opened, key: Callable[[str], SigningKey]) -> None:
    """Another number, another filing, another kind: another step."""
    found = sign_offs.propose(shop, "approval", "CN-1", BODY)
    for name in ("ada", "bo"):
        sign_offs.sign(shop, found.id, name, key(name))
    with shop.database.connect() as connection:
        for kind, subject, body in (
            ("approval", "CN-1", BODY | {"number": "REHEARSAL-2"}),
            ("approval", "CN-2", BODY),
            ("carry_over", "CN-1", BODY),
            ("approval", "CN-1", {"filing": "CN-1"}),
        ):
            assert not sign_offs.signed(shop, connection, kind, subject, body)  # type: ignore[arg-type]
        assert sign_offs.signed(shop, connection, "approval", "CN-1", dict(reversed(BODY.items())))


def test_one_person_counts_once_and_only_in_a_role_that_may(
    shop: Opened, key: Callable[[str], SigningKey]
) -> None:
    """An operator runs the service; an approver signs off."""
    found = sign_offs.propose(shop, "approval", "CN-1", BODY, by="cy")
    sign_offs.sign(shop, found.id, "ada", key("ada"))
    with pytest.raises(NotAllowed, match=r"`ada` signed .* already"):
        sign_offs.sign(shop, found.id, "ada", key("ada"))
    with pytest.raises(NotAllowed, match="`cy` may not sign"):
        sign_offs.sign(shop, found.id, "cy", key("cy"))
    with pytest.raises(NotAllowed, match="no key in force of `bo`"):
        sign_offs.sign(shop, found.id, "bo", key("ada"))
    assert not is_signed(shop)


def test_a_signature_counts_no_more_when_its_person_leaves(
    shop: Opened, key: Callable[[str], SigningKey]
) -> None:
    """Before the step is taken; afterwards it stays proof of what was."""
    found = sign_offs.propose(shop, "approval", "CN-1", BODY)
    for name in ("ada", "bo"):
        sign_offs.sign(shop, found.id, name, key(name))
    with shop.database.begin() as connection:
        accounts.disable(connection, "bo", shop.clock())
    with pytest.raises(NotAllowed, match="`ada` signed sign-off"):
        take(shop)
    with shop.database.begin() as connection:
        accounts.enable(connection, "bo")
    assert take(shop) == ("ada", "bo")
    rotation.retire_person_key(shop, key("bo").key_id)
    assert people_faults(shop) == []


def test_a_retired_key_of_a_person_signs_nothing_new(
    shop: Opened, key: Callable[[str], SigningKey]
) -> None:
    """Even if somebody kept the private half."""
    kept = key("bo")
    rotation.retire_person_key(shop, kept.key_id, "lost")
    found = sign_offs.propose(shop, "approval", "CN-1", BODY)
    with pytest.raises(NotAllowed, match="no key in force of `bo`"):
        sign_offs.sign(shop, found.id, "bo", kept)


def test_a_sign_off_runs_out_and_can_be_withdrawn(
    shop: Opened, key: Callable[[str], SigningKey], clock: Clock
) -> None:
    """What was agreed last month may not be what is wanted today."""
    first = sign_offs.propose(shop, "approval", "CN-1", BODY)
    sign_offs.sign(shop, first.id, "ada", key("ada"))
    sign_offs.sign(shop, first.id, "bo", key("bo"))
    clock.go_on(hours=72)
    assert sign_offs.pending(shop) == [] and not is_signed(shop)
    with pytest.raises(NotAllowed, match="ran out"):
        sign_offs.sign(shop, first.id, "ada", key("ada"))
    second = sign_offs.propose(shop, "approval", "CN-1", BODY)
    assert second.id != first.id
    sign_offs.withdraw(shop, second.id, "cy")
    with pytest.raises(NotAllowed, match="was withdrawn"):
        sign_offs.sign(shop, second.id, "ada", key("ada"))
    with pytest.raises(NotAllowed, match="was withdrawn"):
        sign_offs.withdraw(shop, second.id)
    assert people_faults(shop) == []


def test_a_step_that_fails_does_not_spend_its_sign_off(
    shop: Opened, key: Callable[[str], SigningKey]
) -> None:
    """Both are one transaction."""
    found = sign_offs.propose(shop, "approval", "CN-1", BODY)
    for name in ("ada", "bo"):
        sign_offs.sign(shop, found.id, name, key(name))
    with (
        pytest.raises(NotFound),
        shop.ledger.decision(who="ada", kind="thing.done", subject="x", body={}) as connection,
    ):
        sign_offs.take(shop, connection, "approval", "CN-1", BODY)
        raise NotFound("the disk")
    assert is_signed(shop)


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("UPDATE sign_offs SET body = CAST('{\"a\":1}' AS BLOB)", "not what the ledger says"),
        ("UPDATE sign_offs SET proposed_by = 'bo'", "not what the ledger says"),
        ("UPDATE sign_offs SET expires = '2099'", "does not hold"),
        ("UPDATE sign_off_signatures SET account = 'cy' WHERE account = 'bo'", "does not hold"),
        ("UPDATE sign_off_signatures SET signature = 'x' WHERE account = 'bo'", "does not hold"),
        ("DELETE FROM sign_off_signatures WHERE account = 'bo'", "signature of `bo` that is gone"),
        ("UPDATE sign_offs SET state = 'open'", "is marked `open`"),
    ],
)
def test_a_sign_off_that_was_changed_in_the_database_is_named(
    shop: Opened, key: Callable[[str], SigningKey], statement: str, fault: str
) -> None:
    """By `verify`, from the signatures and the ledger."""
    found = sign_offs.propose(shop, "approval", "CN-1", BODY)
    for name in ("ada", "bo"):
        sign_offs.sign(shop, found.id, name, key(name))
    take(shop)
    assert people_faults(shop) == []
    with shop.database.begin() as connection:
        connection.execute(text(statement.replace(":", r"\:")))
    assert any(fault in one for one in people_faults(shop)), people_faults(shop)


def test_where_nobody_must_sign_nothing_is_asked(shop: Opened) -> None:
    """A stage is advanced by one person unless the workspace says otherwise."""
    sign_offs.ask(shop, "stage", "summarize en", {"to": "2 %"})
    with shop.ledger.decision(who="ada", kind="thing.done", subject="x", body={}) as connection:
        assert sign_offs.take(shop, connection, "stage", "summarize en", {"to": "2 %"}) == ()


def test_what_nobody_could_read_is_not_signed(shop: Opened) -> None:
    """People sign facts, not files."""
    with pytest.raises(Malformed, match="more than 8000"):
        sign_offs.propose(shop, "approval", "CN-1", {"x": "x" * 8000})
    with pytest.raises(NotFound, match="`eve`"):
        sign_offs.propose(shop, "approval", "CN-1", BODY, by="eve")
