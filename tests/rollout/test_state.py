"""The gate over many states: what it lets through is exactly what may be on, and no other code can."""

import ast
import random
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

import pratique
from pratique.errors import Tampered
from pratique.people.keys import SigningKey
from pratique.rollout.gate import Admission, Context, Refusal, Rules, admit
from pratique.rollout.releases import Release
from pratique.rollout.state import Sealed, open_sealed, read_record, seal
from pratique.workspace.opened import Opened, database_path
from tests.rollout.conftest import FEATURE, LOCALE
from tests.rollout.states import draw, material, must_be_on, says_yes

LEASE = timedelta(minutes=5)


def sealed_now(opened: Opened, rules: Rules) -> Sealed:
    """Return the state as a replica would keep it."""
    with opened.database.connect() as connection:
        record, data = read_record(connection, rules, opened.clock(), LEASE)
    return seal(record, data, opened.key)


def test_yes_is_said_exactly_where_all_of_it_holds(opened: Opened, rules: Rules) -> None:
    """Over 2,000 states; 100,000 in the long checks."""
    of, chance = material(opened, rules), random.Random(1)
    yes = 0
    for number in range(2_000):
        drawn = draw(of, chance)
        expected = must_be_on(of, drawn)
        assert says_yes(of, drawn) is expected, f"state {number}: {drawn}"
        yes += expected
    assert 100 < yes < 1_900


def test_only_the_gate_makes_an_admission() -> None:
    """There is one function that says yes: nothing else in the product builds that word."""
    package = Path(str(pratique.__file__)).parent
    makers = [
        (path.relative_to(package).as_posix(), function.name)
        for path in package.rglob("*.py")
        if "Admission(" in path.read_text(encoding="utf-8")
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for call in ast.walk(function)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name | ast.Attribute)
        and (call.func.id if isinstance(call.func, ast.Name) else call.func.attr) == "Admission"
    ]
    assert makers == [("rollout/gate.py", "approved")]


@pytest.mark.usefixtures("release")
def test_any_byte_of_a_kept_state_changed_makes_it_count_for_nothing(
    opened: Opened, rules: Rules, device: Context
) -> None:
    """A later lease or a lifted halt written into the file is not believed."""
    sealed = sealed_now(opened, rules)
    found = admit(open_sealed(sealed, rules), FEATURE, LOCALE, device, opened.clock())
    assert isinstance(found, Admission)
    for place in range(0, len(sealed.body), 97):
        body = sealed.body[:place] + bytes([sealed.body[place] ^ 1]) + sealed.body[place + 1 :]
        with pytest.raises(Tampered, match="signature does not hold"):
            open_sealed(msgspec.structs.replace(sealed, body=body), rules)


@pytest.mark.usefixtures("release")
def test_a_state_of_a_stranger_or_of_another_workspace_is_refused(
    opened: Opened, rules: Rules
) -> None:
    """Only this workspace's keys, name and market count; practice counts in a rehearsal only."""
    stranger = SigningKey.create(database_path(opened.workspace).with_name("stranger.pem"))
    with opened.database.connect() as connection:
        record, data = read_record(connection, rules, opened.clock(), LEASE)
    with pytest.raises(Tampered, match="signature"):
        open_sealed(seal(record, data, stranger), rules)
    for changes in ({"workspace": "other"}, {"market": "EU"}, {"rehearsal": False}):
        other = msgspec.structs.replace(record, **changes)
        with pytest.raises(Tampered, match="is about"):
            open_sealed(seal(other, data, opened.key), rules)


def test_snapshot_bytes_beside_the_state_must_be_those_it_names(
    opened: Opened, rules: Rules, device: Context, release: Release
) -> None:
    """The signature covers the digests; the bytes are held to them."""
    sealed = sealed_now(opened, rules)
    for data in (sealed.snapshots[release.digest] + b" ", b"", None):
        kept = {} if data is None else {release.digest: data}
        state = open_sealed(msgspec.structs.replace(sealed, snapshots=kept), rules)
        found = admit(state, FEATURE, LOCALE, device, opened.clock())
        assert isinstance(found, Refusal) and found.reason == "not_approved"


@pytest.mark.usefixtures("release")
def test_an_ended_lease_is_off_and_says_so(opened: Opened, rules: Rules, device: Context) -> None:
    """To the second."""
    state = open_sealed(sealed_now(opened, rules), rules)
    before = admit(state, FEATURE, LOCALE, device, state.lease_ends - timedelta(seconds=1))
    after = admit(state, FEATURE, LOCALE, device, state.lease_ends)
    assert isinstance(before, Admission)
    assert isinstance(after, Refusal) and "lease ended" in after.detail
