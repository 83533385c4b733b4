"""Passwords: how a person proves at the console who they are; wrong ones are counted."""

import base64
import hashlib
import hmac
import secrets
import unicodedata
from datetime import datetime, timedelta

from sqlalchemy import Column, Connection, ForeignKey, Integer, Table, Text, delete, insert, select

from pratique.errors import Malformed, NotAllowed
from pratique.people.accounts import find, get
from pratique.store.database import Database
from pratique.store.moments import stamp
from pratique.store.schema import metadata
from pratique.store.sealed import stretched

MIN_CHARACTERS, MAX_CHARACTERS = 12, 200
"""Length of a password. Nothing else is asked of it: rules of characters make people predictable."""

FREE_TRIES = 5
"""Wrong tries in a row that cost no waiting."""

FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=30), timedelta(minutes=15)
"""How long a name is closed after one wrong try more; each further one doubles it."""

passwords = Table(
    "passwords",
    metadata,
    Column("account", Text, ForeignKey("accounts.name"), primary_key=True),
    Column("salt", Text, nullable=False),
    Column("stretched", Text, nullable=False),
    Column("set_at", Text, nullable=False),
)

password_tries = Table(
    "password_tries",
    metadata,
    Column("bucket", Text, primary_key=True),
    Column("wrong", Integer, nullable=False),
    Column("closed_until", Text, nullable=False),
)

_REFUSED = "the name or the password is wrong"


def set_password(connection: Connection, name: str, password: str, now: datetime) -> None:
    """Give the account *name* a password; the one before opens nothing any more.

    Raises:
        NotFound: there is no such account.
        Malformed: the password is too short, too long, or the name itself.
    """
    get(connection, name)
    if not MIN_CHARACTERS <= len(password) <= MAX_CHARACTERS:
        raise Malformed(
            f"a password has {MIN_CHARACTERS} to {MAX_CHARACTERS} characters",
            hint="five words that nobody would put together are easy to keep in mind",
        )
    if name.casefold() in password.casefold() and len(password) < 2 * len(name) + MIN_CHARACTERS:
        raise Malformed("the password holds the account's name", hint="choose one without it")
    salt = secrets.token_bytes(16)
    connection.execute(delete(passwords).where(passwords.c.account == name))
    connection.execute(
        insert(passwords).values(
            account=name,
            salt=base64.b64encode(salt).decode(),
            stretched=_stretched(password, salt),
            set_at=stamp(now),
        )
    )
    connection.execute(delete(password_tries).where(password_tries.c.bucket == name))


def check_password(database: Database, name: str, password: str, now: datetime) -> None:
    """Let *password* pass for *name*, or refuse in words that do not tell which of them is wrong.

    A try is counted before it is judged, so that many at once get no more tries than one after
    the other. No transaction is open during the slow part.

    Raises:
        NotAllowed: wrong, no such account, disabled, or too many wrong tries.
    """
    with database.begin() as connection:
        account = find(connection, name)
        mine = select(passwords).where(passwords.c.account == (account.name if account else ""))
        row = connection.execute(mine).one_or_none()
        bucket = name if row is not None else _bucket(name)
        _count_try(connection, bucket, now)
    usable = account is not None and account.disabled is None
    salt = base64.b64decode(row.salt) if row is not None else b"\0" * 16
    known = row.stretched if row is not None else ""
    is_right = hmac.compare_digest(_stretched(password[: MAX_CHARACTERS + 1], salt), known)
    if not is_right or not usable:
        raise NotAllowed(_REFUSED, hint="`pratique people password NAME` sets a new one")
    with database.begin() as connection:
        connection.execute(delete(password_tries).where(password_tries.c.bucket == bucket))


def _count_try(connection: Connection, bucket: str, now: datetime) -> None:
    row = connection.execute(
        select(password_tries).where(password_tries.c.bucket == bucket)
    ).one_or_none()
    if row is not None and row.closed_until > stamp(now):
        raise NotAllowed(
            f"too many wrong passwords: closed until {row.closed_until}",
            hint="wait until then; no password is looked at before",
        )
    wrong = 1 if row is None else row.wrong + 1
    closed = now if wrong < FREE_TRIES else now + _wait(wrong - FREE_TRIES)
    connection.execute(delete(password_tries).where(password_tries.c.bucket == bucket))
    connection.execute(
        insert(password_tries).values(bucket=bucket, wrong=wrong, closed_until=stamp(closed))
    )


def _wait(further: int) -> timedelta:
    return min(FIRST_WAIT * (1 << min(further, 10)), LONGEST_WAIT)


def _bucket(name: str) -> str:
    """Return where tries for a name without a password are counted.

    They are counted too, or waiting would tell which names exist; in 4,096 places, or a stranger
    could fill the disk with names.
    """
    return "?" + hashlib.sha256(name.encode(errors="surrogatepass")).hexdigest()[:3]


def _stretched(password: str, salt: bytes) -> str:
    """Return what is stored of a password; two ways of typing one accent are the same."""
    return base64.b64encode(stretched(unicodedata.normalize("NFC", password), salt)).decode()
