"""The brief: what one partner must mend, and the cases to see it by. Nothing of another partner's."""

from collections.abc import Mapping, Sequence, Set
from datetime import date
from pathlib import Path

import msgspec

from pratique.assessment.candidates import Offer, offer
from pratique.assessment.cases import RegressionCase, case_of
from pratique.assessment.causes import Cause, cause_of, causes_of, spread
from pratique.assessment.decisions import latest_assessment
from pratique.assessment.findings import Decision, Finding
from pratique.assessment.plans import read_plan
from pratique.assessment.promises import Kept, kept_promises
from pratique.assessment.releases import Release, releases_of
from pratique.assessment.revealed import KIND, lost_with, revealed, revelation, room
from pratique.assessment.trend import progress_of
from pratique.assessment.ways import Way, way_of
from pratique.errors import NotFound
from pratique.evals.outcomes import Result, results_of
from pratique.evals.suites import Suite, read_development, read_suite
from pratique.evals.suites import packaged as packaged_suites
from pratique.partners.catalogue import Partner
from pratique.serving.variant import digest_of
from pratique.store.canonical import canonical, digest
from pratique.workspace.opened import Opened


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """One model of the partner on one suite."""

    feature: str
    """Feature."""
    locale: str
    """Locale."""
    suite: str
    """Suite."""
    model: str
    """Model below the partner."""
    run_id: str
    """Run that every figure here is from."""
    finding: Decision
    """What was established."""
    estimate: float
    """Share that passed of all samples that the run has drawn by now."""
    low: float
    """Lower end of its interval."""
    high: float
    """Upper end."""
    bar: float
    """The bar."""
    samples: int
    """Samples drawn, all outcomes included."""
    of: int
    """Samples of the suite."""
    calls: int
    """Calls made."""
    causes: tuple[Cause, ...]
    """Why samples failed."""
    prompt_changed: bool
    """Whether our prompt has changed since the run: the cases then ask as we ask today."""
    cases: tuple[RegressionCase, ...]
    """What to run on the partner's side; none where the bar is met."""

    @property
    def gap(self) -> tuple[float, float, float]:
        """What is missing to the bar: by the estimate, at least, and at most; never below 0."""
        return (
            max(0.0, self.bar - self.estimate),
            max(0.0, self.bar - self.high),
            max(0.0, self.bar - self.low),
        )


class Brief(msgspec.Struct, frozen=True, kw_only=True):
    """What one partner gets."""

    market: str
    """Market."""
    partner: str
    """The partner's id."""
    name: str
    """What people call it."""
    simulated: bool
    """Whether it is invented."""
    made: date
    """Day on which it was made."""
    alpha: float
    """Chance of any wrong finding over everything that was assessed together."""
    parts: tuple[Part, ...]
    """Its models on each suite, what falls short first."""
    ways: tuple[Way, ...]
    """How its releases come along."""
    promises: tuple[Kept, ...]
    """What was promised, and what came."""

    @property
    def cases(self) -> tuple[RegressionCase, ...]:
        """Every regression case."""
        return tuple(case for part in self.parts for case in part.cases)


class Material(msgspec.Struct, frozen=True, kw_only=True):
    """What a part is made of."""

    finding: Finding
    """What was established."""
    suite: Suite
    """The sealed samples, as they stand today."""
    development: Suite | None
    """The development samples beside them."""


def material_of(opened: Opened, offered: Offer, partner: str) -> tuple[Material, ...]:
    """Return what the latest assessment found of *partner*, with the samples.

    Raises:
        NotFound: the market was not assessed, or has no finding of this partner.
    """
    with opened.database.connect() as connection:
        assessment = latest_assessment(connection, offered.market.id)
    findings = [one for one in assessment.findings if one.candidate.partition("/")[0] == partner]
    if not findings:
        raise NotFound(
            f"the latest assessment of `{offered.market.id}` has no model of `{partner}`",
            hint="`pratique partner list` shows the partners; `candidates` of the market names who is tested",
        )
    schemas = {pack.id: pack.input_schema for pack in offered.packs}
    folders = opened.workspace.content("suites", packaged_suites())
    found = []
    for one in findings:
        if one.feature not in schemas:
            raise NotFound(
                f"`{one.feature}` was assessed and is no longer a feature of the market",
                hint=f"run `pratique assess --market {offered.market.id}` anew",
            )
        suite = read_suite(folders, one.suite_id, one.locale, schemas[one.feature])
        place = next(folder for folder in folders if (folder / suite.id / "suite.toml").is_file())
        found.append(
            Material(
                finding=one,
                suite=suite,
                development=_development(place, suite, schemas[one.feature]),
            )
        )
    return tuple(found)


def brief_of(
    opened: Opened,
    market: str,
    partner: str,
    *,
    reveal: int = 0,
    asked: Mapping[tuple[str, str], Sequence[Result]] | None = None,
) -> Brief:
    """Return the brief for *partner*, and record which sealed samples it reveals.

    Up to *reveal* failed sealed samples of each suite are in it; they are in the ledger before the
    brief is anywhere else. *asked* holds, by candidate and development suite, what became of the
    development samples; without it all of them are in the brief, as not asked.

    Raises:
        NotFound: there is nothing to tell of this partner.
        NotAllowed: *reveal* is more than a brief may give away.
    """
    offered = offer(opened.workspace, market)
    materials = material_of(opened, offered, partner)
    plan = read_plan(opened.workspace, market, partner)
    today = opened.clock().date()
    with opened.database.connect() as connection:
        runs = results_of(connection, [one.finding.run_id for one in materials])
        gone, told = revealed(connection), revealed(connection, partner)
        alpha = latest_assessment(connection, market).alpha
        chosen = _chosen(materials, runs, gone, reveal)
        releases = {one.finding.run_id: one for one in releases_of(connection, market, partner)}
        progress = progress_of(connection, market, partner, plan, today)
        promises = kept_promises(connection, market, plan, today) if plan else ()
    _record(opened, partner, materials, chosen)
    parts = [
        _part(
            one,
            releases[one.finding.run_id],
            runs[one.finding.run_id],
            offered,
            _both(told, chosen, one.suite),
            asked or {},
        )
        for one in materials
    ]
    named = _named(offered, partner)
    order = ("falls_short", "undecided", "meets")
    return Brief(
        market=market,
        partner=partner,
        name=named.name,
        simulated=named.simulated,
        made=today,
        alpha=alpha,
        parts=tuple(sorted(parts, key=lambda one: order.index(one.finding))),
        ways=tuple(map(way_of, progress)),
        promises=promises,
    )


def _development(folder: Path, suite: Suite, schema: Mapping[str, object]) -> Suite | None:
    """Return the development samples beside *suite* under a digest of their own, if there are any."""
    found = read_development(folder, suite, dict(schema))
    if found is None:
        return None
    name = digest(canonical(["development", suite.file, list(found.samples)]))
    return msgspec.structs.replace(found, digest=name)


def _named(offered: Offer, partner: str) -> Partner:
    for one in offered.candidates:
        if one.partner.id == partner:
            return one.partner
    raise NotFound(
        f"no model of `{partner}` can be tested here now",
        hint="; ".join(offered.left_out) or "the market's `candidates` name none",
    )


def _chosen(
    materials: Sequence[Material],
    runs: Mapping[str, Sequence[Result]],
    gone: Mapping[tuple[str, str], Set[str]],
    reveal: int,
) -> Mapping[tuple[str, str], Set[str]]:
    """Return the failed sealed samples that are to be revealed now, by suite and locale."""
    chosen: dict[tuple[str, str], set[str]] = {}
    for one in materials:
        key = (one.suite.id, one.suite.locale)
        before, taken = gone.get(key, frozenset()), chosen.setdefault(key, set())
        left = room(
            one.suite, len(before | taken), reveal - len(taken) if reveal > len(taken) else 0
        )
        if reveal:
            room(one.suite, 0, reveal)  # refuses what no brief may reveal
        known = {sample.id for sample in one.suite.samples}
        open_ones = [
            result
            for result in runs[one.finding.run_id]
            if result.sample_id in known and result.sample_id not in before | taken
        ]
        if one.finding.finding != "meets":
            bearable = room(one.suite, len(before), reveal)
            for result in spread(open_ones, left):
                # The others of its source are lost with a sample.
                if lost_with(one.suite, taken | {result.sample_id}) <= bearable:
                    taken.add(result.sample_id)
    return {key: ids for key, ids in chosen.items() if ids}


def _record(
    opened: Opened,
    partner: str,
    materials: Sequence[Material],
    chosen: Mapping[tuple[str, str], Set[str]],
) -> None:
    """Enter what is revealed into the ledger, all of it or nothing."""
    if not chosen:
        return
    suites = {(one.suite.id, one.suite.locale): one.suite for one in materials}
    with opened.ledger.transaction() as connection:
        for key, ids in sorted(chosen.items()):
            opened.ledger.record(
                connection,
                who=opened.who,
                kind=KIND,
                subject=partner,
                body=revelation(suites[key], ids),
            )


def _both(
    told: Mapping[tuple[str, str], Set[str]],
    chosen: Mapping[tuple[str, str], Set[str]],
    suite: Suite,
) -> Set[str]:
    key = (suite.id, suite.locale)
    return {*told.get(key, ()), *chosen.get(key, ())}


def _part(
    material: Material,
    release: Release,
    results: Sequence[Result],
    offered: Offer,
    shown: Set[str],
    asked: Mapping[tuple[str, str], Sequence[Result]],
) -> Part:
    finding = material.finding
    return Part(
        feature=finding.feature,
        locale=finding.locale,
        suite=finding.suite_id,
        model=finding.candidate.partition("/")[2],
        run_id=finding.run_id,
        finding=finding.finding,
        estimate=release.estimate,
        low=release.low,
        high=release.high,
        bar=finding.bar,
        samples=release.samples,
        of=finding.full_calls,
        calls=sum(one.asked for one in results),
        causes=causes_of(results),
        prompt_changed=_digest_today(offered, finding) != finding.digest,
        cases=_cases(material, results, offered, shown, asked)
        if finding.finding != "meets"
        else (),
    )


def _digest_today(offered: Offer, finding: Finding) -> str:
    return digest_of(offered.variant(finding.feature, finding.locale, finding.candidate))


def _cases(
    material: Material,
    results: Sequence[Result],
    offered: Offer,
    shown: Set[str],
    asked: Mapping[tuple[str, str], Sequence[Result]],
) -> tuple[RegressionCase, ...]:
    """Return the development samples that fail (all of them where none was asked), then what is revealed."""
    finding, scorer = material.finding, material.suite.file.scorer
    variant = offered.variant(finding.feature, finding.locale, finding.candidate)
    found = []
    if material.development is not None:
        became = asked.get((finding.candidate, material.development.digest))
        by_id = {one.sample_id: one for one in became or ()}
        for sample in material.development.samples:
            result = by_id.get(sample.id)
            if result is None or not result.passed:
                cause = cause_of(result) if result else ""
                found.append(case_of(variant, sample, scorer, "development", result, cause))
    failed = {one.sample_id: one for one in results if not one.passed}
    for sample in material.suite.samples:
        if sample.id in shown and sample.id in failed:
            result = failed[sample.id]
            cause = cause_of(result)
            found.append(case_of(variant, sample, scorer, "revealed", result, cause))
    return tuple(found)
