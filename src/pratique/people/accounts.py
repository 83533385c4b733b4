"""Accounts: the people who decide, and their roles."""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Literal, get_args

import msgspec
from sqlalchemy import Column, Connection, RowMapping, Table, Text, insert, select, update

from pratique.errors import Malformed, NotAllowed, NotFound
from pratique.store.moments import stamp
from pratique.store.schema import metadata

Role = Literal["viewer", "reviewer", "operator", "approver"]
"""What a person may do: look, rate and review, run the service, sign off."""

accounts = Table(
    "accounts",
    metadata,
    Column("name", Text, primary_key=True),
    Column("roles", Text, nullable=False),
    Column("added", Text, nullable=False),
    Column("disabled", Text, nullable=True),
)

_NAME = re.compile(r"[\w.@+-]{1,64}")


class Account(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One person."""

    name: str
    """Short and stable: the ledger names it."""

    roles: tuple[Role, ...]
    """At least one, sorted."""

    added: str
    """When it was added: ISO 8601 in UTC."""

    disabled: str | None = None
    """Since when it may do nothing, if it was disabled. Its name stays taken: the ledger says it."""

    def may(self, role: Role) -> bool:
        """Say whether this person may act in *role*; everybody who may do something may look."""
        return self.disabled is None and (role in self.roles or role == "viewer")


def add(connection: Connection, name: str, roles: Iterable[str], now: datetime) -> Account:
    """Add an account and return it.

    Raises:
        Malformed: *name* is no short word, or *roles* has none or an unknown one.
        NotAllowed: there is an account of this name.
    """
    if not _NAME.fullmatch(name):
        raise Malformed(
            f"`{name[:80]!a}` cannot name an account",
            hint="use up to 64 letters, digits, and `. @ + - _`",
        )
    account = Account(name=name, roles=_roles(roles), added=stamp(now))
    if _row(connection, name) is not None:
        raise NotAllowed(
            f"there is an account `{name}` already", hint="`pratique people list` shows them all"
        )
    row = {"name": name, "roles": " ".join(account.roles), "added": account.added}
    connection.execute(insert(accounts).values(row))
    return account


def get(connection: Connection, name: str) -> Account:
    """Return the account *name*.

    Raises:
        NotFound: there is none.
    """
    account = find(connection, name)
    if account is None:
        raise NotFound(
            f"there is no account `{name[:80]}`", hint="`pratique people list` shows them all"
        )
    return account


def find(connection: Connection, name: str) -> Account | None:
    """Return the account *name*, or None if there is none."""
    row = _row(connection, name)
    return None if row is None else _account(row)


def list_accounts(connection: Connection) -> list[Account]:
    """Return all accounts, by name."""
    rows = connection.execute(select(accounts).order_by(accounts.c.name)).mappings()
    return [_account(row) for row in rows]


def require(account: Account, role: Role) -> None:
    """Let *account* act in *role*, or refuse.

    Raises:
        NotAllowed: it has not the role, or is disabled.
    """
    if account.disabled is not None:
        raise NotAllowed(
            f"the account `{account.name}` is disabled since {account.disabled}",
            hint="`pratique people enable` lets it in again",
        )
    if not account.may(role):
        raise NotAllowed(
            f"`{account.name}` is no {role}",
            hint=f"roles of this account: {', '.join(account.roles)}; ask somebody who is",
        )


def set_roles(connection: Connection, name: str, roles: Iterable[str]) -> Account:
    """Give the account *name* other roles, and return it.

    Raises:
        NotFound: there is no such account.
        Malformed: *roles* has none or an unknown one.
    """
    account = msgspec.structs.replace(get(connection, name), roles=_roles(roles))
    changed = update(accounts).where(accounts.c.name == name)
    connection.execute(changed.values(roles=" ".join(account.roles)))
    return account


def disable(connection: Connection, name: str, now: datetime) -> Account:
    """Take everything from the account *name* and return it; an earlier disabling stays.

    Raises:
        NotFound: there is no such account.
    """
    account = get(connection, name)
    return account if account.disabled else _set_disabled(connection, account, stamp(now))


def enable(connection: Connection, name: str) -> Account:
    """Let the account *name* in again, and return it.

    Raises:
        NotFound: there is no such account.
    """
    return _set_disabled(connection, get(connection, name), None)


def _set_disabled(connection: Connection, account: Account, since: str | None) -> Account:
    changed = update(accounts).where(accounts.c.name == account.name)
    connection.execute(changed.values(disabled=since))
    return msgspec.structs.replace(account, disabled=since)


def _row(connection: Connection, name: str) -> RowMapping | None:
    if not _NAME.fullmatch(name):
        return None  # such as a lone surrogate, which no database takes
    query = select(accounts).where(accounts.c.name == name)
    return connection.execute(query).mappings().one_or_none()


def _account(row: RowMapping) -> Account:
    return Account(
        name=row["name"],
        roles=_roles(row["roles"].split()),
        added=row["added"],
        disabled=row["disabled"],
    )


def _roles(words: Iterable[str]) -> tuple[Role, ...]:
    wanted = set(words)
    known: tuple[Role, ...] = get_args(Role)
    unknown = sorted(wanted.difference(known))
    if unknown or not wanted:
        message = f"`{unknown[0]}` is not a role" if unknown else "an account needs a role"
        raise Malformed(message, hint=f"the roles are {', '.join(known)}")
    return tuple(role for role in sorted(known) if role in wanted)
