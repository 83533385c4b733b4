"""Releases: a feature in a market on a frozen variant, at a stage of its rollout."""

from datetime import datetime
from typing import Literal

import msgspec
from sqlalchemy import (
    Column,
    Connection,
    ForeignKey,
    Integer,
    RowMapping,
    Table,
    Text,
    insert,
    select,
    update,
)

from pratique.errors import Malformed, NotAllowed, NotFound
from pratique.settings.workspace import Stage
from pratique.store.canonical import canonical
from pratique.store.moments import stamp
from pratique.store.schema import metadata

ReleaseState = Literal["on", "halted", "ended"]

releases = Table(
    "releases",
    metadata,
    Column("id", Text, primary_key=True),
    Column("market", Text, nullable=False),
    Column("feature", Text, nullable=False),
    Column("locale", Text, nullable=False),
    Column("digest", Text, ForeignKey("snapshots.digest"), nullable=False),
    Column("stages", Text, nullable=False),
    Column("stage", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("started", Text, nullable=False),
    Column("entered", Text, nullable=False),
)


class Release(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One release."""

    id: str
    """Name; each answer carries it."""
    market: str
    """Market."""
    feature: str
    """Feature."""
    locale: str
    """Locale."""
    digest: str
    """Digest of the frozen variant."""
    stages: tuple[Stage, ...]
    """The steps of its rollout, as they stood when it started."""
    stage: int
    """The step it is at, from 0."""
    state: ReleaseState
    """Whether it serves."""
    reason: str
    """Why it was halted."""
    started: str
    """When it started."""
    entered: str
    """When it came to this stage, or was resumed at it: time and counts begin there."""

    @property
    def user_fraction(self) -> float:
        """Share of eligible devices that it serves at this stage."""
        return self.stages[self.stage].user_fraction


def start(
    connection: Connection,
    *,
    market: str,
    feature: str,
    locale: str,
    digest: str,
    stages: tuple[Stage, ...],
    stage: int = 0,
    now: datetime,
) -> Release:
    """Start a release at *stage*; an earlier one of the same feature and locale ends.

    The caller has asked the gate whether *digest* is approved; the gate asks again at each request.
    """
    before = [
        one
        for one in list_releases(connection, market)
        if (one.feature, one.locale) == (feature, locale)
    ]
    release = Release(
        id=f"{market}-{feature}-{locale}-{len(before) + 1}",
        market=market,
        feature=feature,
        locale=locale,
        digest=digest,
        stages=stages,
        stage=stage,
        state="on",
        reason="",
        started=stamp(now),
        entered=stamp(now),
    )
    for one in before:
        if one.state != "ended":
            _set(
                connection,
                msgspec.structs.replace(one, state="ended", reason=f"followed by {release.id}"),
            )
    row = msgspec.structs.asdict(release) | {"stages": canonical(stages).decode()}
    connection.execute(insert(releases).values(row))
    return release


def advance(connection: Connection, release: Release, now: datetime) -> Release:
    """Move *release* to its next stage. Stages are never skipped.

    Raises:
        NotAllowed: it is halted, ended or at its last stage.
    """
    _require(release, "on", "only a release that is on may advance")
    if release.stage + 1 == len(release.stages):
        raise NotAllowed(
            f"release `{release.id}` is already at its last stage: `{release.stages[-1].name}`"
        )
    return _set(
        connection,
        msgspec.structs.replace(release, stage=release.stage + 1, entered=stamp(now)),
    )


def halt(connection: Connection, release: Release, reason: str) -> Release:
    """Stop *release* at once.

    Raises:
        NotAllowed: it is not on, or no reason is given.
    """
    _require(release, "on", "only a release that is on can be halted")
    if not reason.strip():
        raise NotAllowed("a halt needs a reason", hint="say it in a line: the ledger keeps it")
    return _set(connection, msgspec.structs.replace(release, state="halted", reason=reason))


def resume(connection: Connection, release: Release, now: datetime) -> Release:
    """Let a halted *release* serve again, at the stage it was at, which begins anew.

    Raises:
        NotAllowed: it is not halted.
    """
    _require(release, "halted", "only a halted release can be resumed")
    return _set(
        connection,
        msgspec.structs.replace(release, state="on", reason="", entered=stamp(now)),
    )


def current(connection: Connection, market: str, feature: str, locale: str) -> Release:
    """Return the release of *feature* in *locale* that has not ended.

    Raises:
        NotFound: there is none.
    """
    for one in list_releases(connection, market):
        if (one.feature, one.locale) == (feature, locale) and one.state != "ended":
            return one
    raise NotFound(
        f"no release of `{feature}` in `{locale}` for `{market}`",
        hint=f"`pratique rollout start {feature} --locale {locale} --market {market}` starts one",
    )


def list_releases(connection: Connection, market: str | None = None) -> list[Release]:
    """Return the releases, oldest first, ended ones too."""
    query = select(releases).order_by(releases.c.started, releases.c.id)
    if market is not None:
        query = query.where(releases.c.market == market)
    return [_release(row) for row in connection.execute(query).mappings()]


def _release(row: RowMapping) -> Release:
    """Return the release in *row*, whatever somebody may have written into the file."""
    try:
        stages = msgspec.json.decode(row["stages"])
        fields = {name: row[name] for name in Release.__struct_fields__} | {"stages": stages}
        release = msgspec.convert(fields, Release)
    except (msgspec.DecodeError, msgspec.ValidationError):
        release = None
    if release is None or not 0 <= release.stage < len(release.stages):
        raise Malformed(
            f"the record of release `{row['id']}` cannot be read",
            hint="restore the database from the last good backup",
        )
    return release


def _set(connection: Connection, release: Release) -> Release:
    changes = {name: getattr(release, name) for name in ("stage", "state", "reason", "entered")}
    connection.execute(update(releases).where(releases.c.id == release.id).values(changes))
    return release


def _require(release: Release, state: ReleaseState, why: str) -> None:
    if release.state != state:
        raise NotAllowed(f"release `{release.id}` is {release.state}: {why}")
