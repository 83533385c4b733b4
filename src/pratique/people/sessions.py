"""Sessions: a person at the console, from the password to the logout."""

import base64
import hashlib
import hmac
import secrets
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import Column, Connection, ForeignKey, Table, Text, delete, insert, select, update

from pratique.errors import NotAllowed
from pratique.people.accounts import Account, get
from pratique.people.passwords import check_password
from pratique.store.database import Database
from pratique.store.moments import stamp
from pratique.store.schema import metadata

LONGEST = timedelta(hours=12)
"""A session ends after this time, however busy it is."""

IDLE = timedelta(minutes=30)
"""A session ends when nothing was asked for this long."""

_TOUCH = timedelta(minutes=1)

console_sessions = Table(
    "console_sessions",
    metadata,
    Column("token_hash", Text, primary_key=True),
    Column("account", Text, ForeignKey("accounts.name"), nullable=False),
    Column("began", Text, nullable=False),
    Column("seen", Text, nullable=False),
)


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """Who is there, for one request."""

    account: Account
    """Whose session it is, with the roles that the account has now."""

    csrf: str
    """What each form must send back (see `require_csrf`)."""

    ends: str
    """When it ends at the latest: ISO 8601 in UTC."""


def log_in(database: Database, name: str, password: str, now: datetime) -> tuple[Session, str]:
    """Begin a session and return it with its token: for a cookie, and nowhere else.

    The token is 32 random bytes; what is stored is its SHA-256. Sessions that ended are removed.

    Raises:
        NotAllowed: as `check_password`.
    """
    check_password(database, name, password, now)
    token = secrets.token_urlsafe(32)
    at = stamp(now)
    with database.begin() as connection:
        ended = (console_sessions.c.began <= stamp(now - LONGEST)) | (
            console_sessions.c.seen <= stamp(now - IDLE)
        )
        connection.execute(delete(console_sessions).where(ended))
        row = {"token_hash": _hash(token), "account": name, "began": at, "seen": at}
        connection.execute(insert(console_sessions).values(row))
        account = get(connection, name)
    return Session(account=account, csrf=_csrf(token), ends=stamp(now + LONGEST)), token


def resume(database: Database, token: str, now: datetime) -> Session | None:
    """Return the session of *token*; None if there is none, it ended, or its account is disabled."""
    name = _hash(token)
    with database.connect() as connection:
        query = select(console_sessions).where(console_sessions.c.token_hash == name)
        row = connection.execute(query).one_or_none()
        if row is None or row.began <= stamp(now - LONGEST) or row.seen <= stamp(now - IDLE):
            return None
        account = get(connection, row.account)
    if account.disabled is not None:
        return None
    if row.seen <= stamp(now - _TOUCH):
        # Not at each request: a page of many parts would write as often as it reads.
        with database.begin() as connection:
            mine = update(console_sessions).where(console_sessions.c.token_hash == name)
            connection.execute(mine.values(seen=stamp(now)))
    ends = datetime.fromisoformat(row.began) + LONGEST
    return Session(account=account, csrf=_csrf(token), ends=stamp(ends))


def log_out(connection: Connection, token: str) -> None:
    """End the session of *token*, if there is one."""
    connection.execute(
        delete(console_sessions).where(console_sessions.c.token_hash == _hash(token))
    )


def end_sessions(connection: Connection, name: str) -> int:
    """End all sessions of the account *name*, and return how many there were."""
    gone = connection.execute(delete(console_sessions).where(console_sessions.c.account == name))
    return gone.rowcount


def require_csrf(session: Session, given: str) -> None:
    """Refuse a form that was not made in this very session.

    Raises:
        NotAllowed: *given* is not what the session's forms carry.
    """
    if not hmac.compare_digest(session.csrf.encode(), given.encode(errors="replace")):
        raise NotAllowed("this form is not of your session", hint="load the page again")


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode(errors="surrogatepass")).hexdigest()


def _csrf(token: str) -> str:
    # Made of the token, which no page can read: nothing has to be stored beside the session.
    key = token.encode(errors="surrogatepass")
    made = hmac.new(key, b"pratique-csrf-1", hashlib.sha256).digest()
    return base64.urlsafe_b64encode(made).rstrip(b"=").decode()
