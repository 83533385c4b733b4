"""The kit: runs every check of one model against our stand-in of its partner, or against itself."""

import asyncio
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

import msgspec

from pratique.errors import NotFound
from pratique.partners.catalogue import Candidate, Partner, packaged, read_partners
from pratique.partners.conformance import (
    completions,
    entry,
    limits,
    messages,
    pictures,
    plain,
    safety,
    sampling,
    streams,
    structure,
    thoughts,
    tools,
)
from pratique.partners.conformance.checks import ONLY_STAND_IN, Check, Failed, Unsupported
from pratique.partners.conformance.report import (
    STAND_IN,
    CheckResult,
    CheckStatus,
    Measured,
    Report,
)
from pratique.partners.conformance.scenarios import scenario_checks
from pratique.partners.conformance.subject import Subject
from pratique.partners.dialect import Clocks, Region
from pratique.partners.remote.place import Place, region_for, require_offered
from pratique.partners.standins.manners import MANNERS
from pratique.partners.standins.server import StandIn
from pratique.settings.workspace import Access

Progress = Callable[[CheckResult], None]
"""Is told of each check as it ends."""

BEHAVIOUR: tuple[Check, ...] = (
    *entry.STATIC,
    *plain.CHECKS,
    *entry.CHECKS,
    *messages.CHECKS,
    *streams.CHECKS,
    *sampling.CHECKS,
    *thoughts.CHECKS,
    *structure.CHECKS,
    *tools.CHECKS,
    *pictures.CHECKS,
    *completions.CHECKS,
    *limits.CHECKS,
)
"""Checks of what any partner does, in the order in which they run."""

_CLOCKS = Clocks(first_token_seconds=10.0, between_tokens_seconds=10.0)
"""Of a stand-in, which is silent only where a check says so."""


def all_checks(dialect: str | None) -> tuple[Check, ...]:
    """Return every check, with those of the tables of *dialect*; what was seen is judged last."""
    tables = scenario_checks(dialect) if dialect else ()
    return (*BEHAVIOUR, *tables, *safety.CHECKS)


def dialect_of(partner: Partner) -> str | None:
    """Return the name of the dialect that *partner* speaks, or None where no stand-in speaks it.

    A partner of the workspace may be a copy of one of ours, under a name of its own.
    """
    if partner.id in MANNERS:
        return partner.id
    ours = read_partners([packaged()])
    return next(
        (one for one in MANNERS if one in ours and ours[one].dialect == partner.dialect), None
    )


async def check_stand_in(candidate: Candidate, progress: Progress) -> Report:
    """Check our wire, and what the catalogue says of *candidate*, against our stand-in.

    Nothing that this reports is a measurement of the partner.

    Raises:
        NotFound: no stand-in speaks the partner's dialect.
    """
    dialect = dialect_of(candidate.partner)
    if dialect is None or not candidate.partner.wire:
        raise NotFound(
            f"no stand-in speaks the dialect of `{candidate.partner.id}`",
            hint=f"`--live` checks the partner itself, with your key; stand-ins: {', '.join(MANNERS)}",
        )
    async with StandIn(dialect, models=candidate.partner.models) as stand_in:
        return await check_against(stand_in, candidate, all_checks(dialect), progress)


async def check_against(
    stand_in: StandIn, candidate: Candidate, checks: Sequence[Check], progress: Progress
) -> Report:
    """Run *checks* of *candidate* against *stand_in*, which runs already."""
    model = msgspec.structs.replace(candidate.model, clocks=_CLOCKS)
    short = msgspec.structs.replace(candidate, model=model)
    region = _first_region(candidate)
    with TemporaryDirectory() as folder:
        file = Path(folder) / "key"
        file.write_text(stand_in.key, encoding="utf-8")
        access = Access(base_url=stand_in.base_url, key_file=file.name)
        place = Place(candidate.partner, region, access, file.parent)
        subject = Subject(short, place, market=region.market, sleep=_at_once, stand_in=stand_in)
        return await _report(subject, STAND_IN, checks, progress)


async def check_live(
    candidate: Candidate,
    market: str,
    access: Access,
    folder: Path,
    progress: Progress,
    *,
    wrong_key: bool = False,
) -> Report:
    """Check the partner itself, with the key and the address that *access* names.

    It makes about 60 calls, most of them of a few tokens. A *wrong_key* is tried only when asked,
    since partners may lock an account for it. *folder* is the workspace's, for `access.key_file`.

    Raises:
        NotAllowed: the partner has no region for *market*, or does not offer the model there.
        Malformed: the address is none.
    """
    region = region_for(candidate.partner, market, access)
    require_offered(candidate, region)
    place = Place(candidate.partner, region, access, folder)
    subject = Subject(candidate, place, market=market, sleep=asyncio.sleep, wrong_key=wrong_key)
    checks = all_checks(dialect_of(candidate.partner))
    against = urlsplit(place.base_url).netloc.rpartition("@")[2]
    return await _report(subject, against, checks, progress)


async def _report(
    subject: Subject, against: str, checks: Sequence[Check], progress: Progress
) -> Report:
    made = datetime.now(UTC)
    results: list[CheckResult] = []
    try:
        for check in checks:
            result = await _run(check, subject)
            results.append(result)
            progress(result)
    finally:
        await subject.hearing.close()
    first, total = subject.times()
    ended = [one.status for one in results]
    return Report(
        partner=subject.candidate.partner.id,
        model=subject.entry.id,
        against=against,
        made=made,
        passed=ended.count("passed"),
        failed=ended.count("failed"),
        unsupported=ended.count("unsupported"),
        calls=subject.calls,
        input_tokens=sum(one.reply.usage.input_tokens for one in subject.made),
        output_tokens=sum(one.reply.usage.output_tokens for one in subject.made),
        checks=tuple(results),
        capabilities=Measured(
            against=against,
            made=made,
            first_token_seconds=first,
            total_seconds=total,
            **subject.found,  # type: ignore[arg-type]
        ),
    )


async def _run(check: Check, subject: Subject) -> CheckResult:
    """Run *check*. What it raises beyond its own two words is a failure too: a model never raises."""
    began = time.perf_counter()
    status: CheckStatus = "passed"
    detail = ""
    try:
        if check.stand_in_only and subject.stand_in is None:
            raise Unsupported(ONLY_STAND_IN)
        if subject.hopeless:
            raise Unsupported(subject.hopeless)
        subject.forget_failures()
        await check.ask(subject)
    except Unsupported as reason:
        status, detail = "unsupported", str(reason)
    except Failed as reason:
        status, detail = "failed", str(reason)
    except Exception as error:  # noqa: BLE001  (its words may hold content: the kind must do)
        status, detail = "failed", f"the call raised `{type(error).__name__}`"
    seconds = round(time.perf_counter() - began, 4)
    return CheckResult(id=check.id, status=status, detail=detail, seconds=seconds)


def _first_region(candidate: Candidate) -> Region:
    offered = candidate.model.regions
    fitting = [one for one in candidate.partner.regions if not offered or one.id in offered]
    return fitting[0]


async def _at_once(_: float) -> None:
    """Wait for nothing, since a stand-in gets no better by it."""
    await asyncio.sleep(0)
