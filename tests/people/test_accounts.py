"""Accounts and their roles."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection

from pratique.errors import Malformed, NotAllowed, NotFound
from pratique.people import accounts

NOW = datetime(2026, 11, 2, tzinfo=UTC)


def test_an_account_is_found_with_its_roles(connection: Connection) -> None:
    """Roles are a set: their order and repetition mean nothing."""
    added = accounts.add(connection, "ana", ["operator", "approver", "operator"], NOW)
    other = accounts.add(connection, "李雷@example.com", ["viewer"], NOW)
    assert added.roles == ("approver", "operator")
    assert accounts.get(connection, "ana") == added
    assert accounts.list_accounts(connection) == [added, other]


def test_a_name_belongs_to_one_person(connection: Connection) -> None:
    """The ledger names people; a name taken twice would blur who decided."""
    accounts.add(connection, "ana", ["viewer"], NOW)
    with pytest.raises(NotAllowed, match="`ana`"):
        accounts.add(connection, "ana", ["approver"], NOW)
    assert accounts.get(connection, "ana").roles == ("viewer",)


def test_a_stranger_is_not_found(connection: Connection) -> None:
    """The hint says where to look."""
    with pytest.raises(NotFound, match="`eve`") as caught:
        accounts.get(connection, "eve")
    assert "people list" in caught.value.hint


@pytest.mark.parametrize(
    ("name", "roles"),
    [("", ["viewer"]), ("a b", ["viewer"]), ("ana\n", ["viewer"]), ("ana", []), ("ana", ["root"])],
)
def test_a_name_or_role_that_means_nothing_is_refused(
    connection: Connection, name: str, roles: list[str]
) -> None:
    """An account without a known role could do nothing, or everything."""
    with pytest.raises(Malformed) as caught:
        accounts.add(connection, name, roles, NOW)
    assert caught.value.hint


def test_a_disabled_account_may_nothing_and_keeps_its_name(connection: Connection) -> None:
    """The ledger goes on naming it; nobody else may take the name over."""
    accounts.add(connection, "ana", ["approver"], NOW)
    gone = accounts.disable(connection, "ana", NOW)
    assert gone.disabled and accounts.disable(connection, "ana", datetime.now(UTC)) == gone
    assert not gone.may("approver") and not gone.may("viewer")
    with pytest.raises(NotAllowed, match="is disabled since 2026-11-02"):
        accounts.require(gone, "viewer")
    with pytest.raises(NotAllowed, match="already"):
        accounts.add(connection, "ana", ["viewer"], NOW)
    assert accounts.enable(connection, "ana").may("approver")


def test_everybody_may_look_and_only_who_has_a_role_may_act_in_it(connection: Connection) -> None:
    """Roles do not include each other: an operator does not sign off."""
    account = accounts.add(connection, "ana", ["operator"], NOW)
    accounts.require(account, "viewer")
    accounts.require(account, "operator")
    for role in ("approver", "reviewer"):
        with pytest.raises(NotAllowed, match=f"`ana` is no {role}"):
            accounts.require(account, role)
    changed = accounts.set_roles(connection, "ana", ["reviewer"])
    assert changed == accounts.get(connection, "ana") and changed.roles == ("reviewer",)
