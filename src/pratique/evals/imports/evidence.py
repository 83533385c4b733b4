"""Evidence: imported logs as they are kept, always marked as imported and never a finding."""

import csv
import io
from collections.abc import Sequence
from datetime import datetime
from typing import Literal

import msgspec
from sqlalchemy import Column, Connection, Float, ForeignKey, Integer, Table, Text, insert, select

from pratique.errors import Malformed, NotAllowed
from pratique.evals.imports.records import Imported, Log
from pratique.store.moments import stamp
from pratique.store.schema import metadata

logs = Table(
    "imported_logs",
    metadata,
    Column("digest", Text, primary_key=True),
    Column("file", Text, nullable=False),
    Column("tool", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("task", Text, nullable=False),
    Column("metric", Text, nullable=False),
    Column("market", Text, nullable=False),
    Column("feature", Text, nullable=False),
    Column("locale", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("at", Text, nullable=False),
)

items = Table(
    "imported_items",
    metadata,
    Column("log", Text, ForeignKey("imported_logs.digest"), primary_key=True),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("item", Text, nullable=False),
    Column("model", Text, nullable=False),
    Column("repeat", Integer, nullable=False),
    Column("score", Float, nullable=False),
    Column("outcome", Text, nullable=False),
)
"""Scores and outcomes alone: what the models wrote stays in the log that was read."""


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """One log that was taken in, for a feature in a market and locale."""

    log: Log
    """The log."""
    market: str
    """Market."""
    feature: str
    """Feature."""
    locale: str
    """Locale."""
    who: str
    """Who took it in."""
    at: str
    """When."""
    origin: Literal["imported"] = "imported"
    """What it rests on: another tool's word, not a run of ours."""


def keep_evidence(connection: Connection, evidence: Evidence) -> None:
    """Keep *evidence*. The same bytes are taken in once.

    Raises:
        NotAllowed: the log was taken in before.
    """
    log = evidence.log
    if connection.scalar(select(logs.c.digest).where(logs.c.digest == log.digest)) is not None:
        raise NotAllowed(
            f"`{log.file}` was imported before", hint="`pratique evidence show` lists what there is"
        )
    connection.execute(
        insert(logs).values(
            digest=log.digest,
            file=log.file,
            tool=log.tool,
            version=log.version,
            task=log.task,
            metric=log.metric,
            market=evidence.market,
            feature=evidence.feature,
            locale=evidence.locale,
            who=evidence.who,
            at=evidence.at,
        )
    )
    rows = [
        {
            "log": log.digest,
            "place": place,
            "item": one.item,
            "model": one.model,
            "repeat": one.repeat,
            "score": one.score,
            "outcome": one.outcome,
        }
        for place, one in enumerate(log.items)
    ]
    connection.execute(insert(items), rows)


def all_evidence(connection: Connection) -> tuple[Evidence, ...]:
    """Return everything that was taken in, oldest first."""
    found = []
    for row in connection.execute(select(logs).order_by(logs.c.at, logs.c.digest)).mappings():
        query = select(items).where(items.c.log == row["digest"]).order_by(items.c.place)
        taken = tuple(
            Imported(
                item=one["item"],
                model=one["model"],
                repeat=one["repeat"],
                score=one["score"],
                outcome=one["outcome"],
                tool=row["tool"],
                version=row["version"],
                task=row["task"],
                metric=row["metric"],
                log=row["digest"],
            )
            for one in connection.execute(query).mappings()
        )
        log = Log(
            digest=row["digest"],
            file=row["file"],
            tool=row["tool"],
            version=row["version"],
            task=row["task"],
            metric=row["metric"],
            items=taken,
        )
        place = {name: row[name] for name in ("market", "feature", "locale", "who", "at")}
        found.append(Evidence(log=log, **place))
    return tuple(found)


def taken_in(
    log: Log, *, market: str, feature: str, locale: str, who: str, now: datetime
) -> Evidence:
    """Return *log* as evidence for a feature, taken in by *who* at *now*."""
    return Evidence(log=log, market=market, feature=feature, locale=locale, who=who, at=stamp(now))


def replay_log(taken: Sequence[Imported]) -> str:
    """Return *taken* as CSV: a column `item`, and one column a model; an empty field was not run.

    Whatever was not scored is in it with what it counts, so that nothing leaves the denominator.
    A sample asked several times stands with the mean of its scores.

    Raises:
        Malformed: two logs give another score of the same sample by the same model, or the
            samples are of several tasks or metrics.
    """
    kinds = {(one.tool, one.task, one.metric) for one in taken}
    if len({kind[2] for kind in kinds}) > 1 or len({kind[:2] for kind in kinds}) > 1:
        told = "; ".join(sorted(f"{tool} {task} {metric}" for tool, task, metric in kinds))
        raise Malformed(
            f"samples of several tasks do not compare: {told}",
            hint="choose one with `--task` or `--log`",
        )
    scores: dict[str, dict[str, dict[int, float]]] = {}
    for one in taken:
        asked = scores.setdefault(one.item, {}).setdefault(one.model, {})
        if one.repeat in asked:
            raise Malformed(
                f"`{one.item}` of `{one.model}` stands in two logs",
                hint="choose one with `--log`; `pratique evidence show` lists them",
            )
        asked[one.repeat] = one.score
    models = list(dict.fromkeys(one.model for one in taken))
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(["item", *models])
    for item, by_model in scores.items():
        writer.writerow([item, *(_mean(by_model.get(model)) for model in models)])
    return written.getvalue()


def _mean(asked: dict[int, float] | None) -> str:
    return "" if not asked else format(sum(asked.values()) / len(asked), ".12g")
