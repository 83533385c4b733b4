"""API keys: how a device's back end and an operator's tools prove who they are."""

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import Literal, get_args

import msgspec
from sqlalchemy import Column, Connection, RowMapping, Table, Text, insert, select, update

from pratique.errors import Malformed, NotFound
from pratique.store.moments import stamp
from pratique.store.schema import metadata

Scope = Literal["device", "operator"]
"""What a key opens: features for users, or the service's own controls."""

api_keys = Table(
    "api_keys",
    metadata,
    Column("id", Text, primary_key=True),
    Column("label", Text, nullable=False),
    Column("scopes", Text, nullable=False),
    Column("secret_hash", Text, nullable=False),
    Column("created", Text, nullable=False),
    Column("revoked", Text, nullable=True),
)

_PREFIX = "pq"


class ApiKey(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One key, without its secret: safe to print."""

    id: str
    """The part of the token that is no secret."""

    label: str
    """What it is for, in the words of who issued it."""

    scopes: tuple[Scope, ...]
    """At least one, sorted."""

    created: str
    """When it was issued: ISO 8601 in UTC."""

    revoked: str | None
    """Since when it opens nothing, if it was revoked."""


def issue(
    connection: Connection, label: str, scopes: Iterable[str], now: datetime
) -> tuple[ApiKey, str]:
    """Issue a key and return it with its token, `pq_<id>_<secret>`.

    The token can be shown this once only: what is stored is the SHA-256 of its secret. The
    secret is 32 random bytes, which nobody can guess, so a slow hash, made for passwords that
    people choose, would only cost time at each request.

    Raises:
        Malformed: *label* is empty or too long, or *scopes* has none or an unknown one.
    """
    if not label.isprintable() or not 1 <= len(label) <= 100:
        raise Malformed(
            "a key's label must be a line of 1 to 100 characters", hint="say what the key is for"
        )
    key = ApiKey(
        id=secrets.token_hex(6),
        label=label,
        scopes=_scopes(scopes),
        created=stamp(now),
        revoked=None,
    )
    secret = secrets.token_urlsafe(32)
    row = msgspec.structs.asdict(key)
    row |= {"scopes": " ".join(key.scopes), "secret_hash": _hash(secret)}
    connection.execute(insert(api_keys).values(row))
    return key, f"{_PREFIX}_{key.id}_{secret}"


def authenticate(connection: Connection, token: str) -> ApiKey | None:
    """Return the key that *token* belongs to, or None if it opens nothing.

    Secrets are compared in a time that does not tell how much of one was right.
    """
    prefix, _, rest = token.partition("_")
    key_id, _, secret = rest.partition("_")
    row = _row(connection, key_id)
    known = _hash("") if row is None else row["secret_hash"]
    is_right = hmac.compare_digest(_hash(secret), known)
    if row is None or not is_right or prefix != _PREFIX or row["revoked"] is not None:
        return None
    return _key(row)


def revoke(connection: Connection, key_id: str, now: datetime) -> ApiKey:
    """Make a key open nothing from now on, and return it; an earlier revocation stays.

    Raises:
        NotFound: there is no such key.
    """
    row = _row(connection, key_id)
    if row is None:
        raise NotFound(
            f"there is no API key `{key_id}`", hint="`pratique people api-keys` shows them all"
        )
    key = _key(row)
    if key.revoked is not None:
        return key
    key = msgspec.structs.replace(key, revoked=stamp(now))
    connection.execute(update(api_keys).where(api_keys.c.id == key_id).values(revoked=key.revoked))
    return key


def list_keys(connection: Connection) -> list[ApiKey]:
    """Return all keys, revoked ones too, oldest first."""
    query = select(api_keys).order_by(api_keys.c.created, api_keys.c.id)
    return [_key(row) for row in connection.execute(query).mappings()]


def _row(connection: Connection, key_id: str) -> RowMapping | None:
    if not key_id.isalnum() or not key_id.isascii():
        return None
    query = select(api_keys).where(api_keys.c.id == key_id)
    return connection.execute(query).mappings().one_or_none()


def _key(row: RowMapping) -> ApiKey:
    return ApiKey(
        id=row["id"],
        label=row["label"],
        scopes=_scopes(row["scopes"].split()),
        created=row["created"],
        revoked=row["revoked"],
    )


def _hash(secret: str) -> str:
    # What came from outside may hold a lone surrogate, which is wrong but must not raise.
    return hashlib.sha256(secret.encode(errors="surrogatepass")).hexdigest()


def _scopes(words: Iterable[str]) -> tuple[Scope, ...]:
    wanted = set(words)
    known: tuple[Scope, ...] = get_args(Scope)
    unknown = sorted(wanted.difference(known))
    if unknown or not wanted:
        message = f"`{unknown[0]}` is not a scope" if unknown else "an API key needs a scope"
        raise Malformed(message, hint=f"the scopes are {', '.join(known)}")
    return tuple(scope for scope in sorted(known) if scope in wanted)
