"""Dossiers: everything an evidence pack is written from, as one plain record."""

from collections.abc import Mapping
from typing import Literal

import msgspec

from pratique.errors import Malformed, NotAllowed
from pratique.regimes.routes import Asked, RouteFacts

FindingWord = Literal["meets", "falls_short", "undecided"]


class RoleHeld(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The model that holds one role."""

    role: str
    """`serve`, `safeguard` or `extend`."""
    partner: str
    """Who offers it."""
    model: str
    """Which model."""
    snapshot: str
    """What pins its behaviour."""


class DossierVariant(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A variant that is submitted."""

    feature: str
    """Feature."""
    locale: str
    """Locale."""
    partner: str
    """Who offers the model that answers."""
    model: str
    """The model that answers."""
    digest: str
    """Digest of the variant."""
    roles: tuple[RoleHeld, ...]
    """Every role's model."""
    route: RouteFacts
    """What decides which procedure is due."""
    place: int = 0
    """0 for the one that serves, n for its n-th fallback."""

    @property
    def candidate(self) -> str:
        """`partner/model`."""
        return f"{self.partner}/{self.model}"


class Result(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What was measured of one candidate."""

    feature: str
    """Feature."""
    locale: str
    """Locale."""
    candidate: str
    """`partner/model`."""
    metric: str
    """What was measured."""
    estimate: float
    """Share, from 0 to 1."""
    low: float
    """Lower end of the interval."""
    high: float
    """Upper end of the interval."""
    samples: int
    """Samples that count, all outcomes included."""
    calls: int
    """Calls made."""
    bar: float
    """The bar of our standard."""
    finding: FindingWord
    """What it comes to."""
    seed: int
    """Seed of the drawing."""
    run_id: str
    """Run."""
    suite_digest: str
    """Digest of the suite."""
    digest: str
    """Digest of the variant that was measured."""
    truth: str = ""
    """What it speaks of: the sealed bank, or the population."""
    alpha: float | None = None
    """Error that its interval allows, if stated."""


class PassedOver(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A candidate that does not serve."""

    candidate: str
    """`partner/model`."""
    reason: str
    """Why."""


class Selected(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What was decided for one feature in one locale."""

    feature: str
    """Feature."""
    locale: str
    """Locale."""
    serves: str | None
    """`partner/model` that serves, if anybody does."""
    passed_over: tuple[PassedOver, ...]
    """Everybody else."""
    held_back: str | None = None
    """Why the feature is not offered, when nobody serves it."""
    fallbacks: tuple[str, ...] = ()
    """Who stands in while that one does not answer, in this order; each is submitted too."""


class KeywordRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A line of the keyword list that is handed in."""

    keyword: str
    """The keyword."""
    risk: str
    """Code of its risk."""


class QuestionRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A line of the test questions that are handed in."""

    question: str
    """The question, from a bank."""
    risk: str
    """Code of its risk."""
    answer: str
    """What the model answered."""
    judgement: str
    """What it came to."""


class Answered(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An answer to one duty of the market."""

    duty: str
    """The duty, such as `report.13`, `bank.keywords`, `gate.refuse` or `people.seal`."""
    state: Literal["met", "not_met", "not_applicable"]
    """What the answer is."""
    zh: str
    """Why, in Chinese."""
    en: str
    """Why, in English."""
    evidence: tuple[str, ...] = ()
    """Files of the pack, or where else the evidence is kept."""


class Dossier(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a pack is written from. The same dossier gives the same bytes."""

    filing: str
    """Name of the filing."""
    market: str
    """Market."""
    regime: str
    """Rules under which it is made, by name."""
    draft: bool
    """Whether gaps are allowed, and marked."""
    simulated: bool
    """Whether it is for practice."""
    created: str
    """When it was made, ISO 8601."""
    variants: tuple[DossierVariant, ...]
    """What is submitted."""
    results: tuple[Result, ...]
    """What was measured, of everybody."""
    selection: tuple[Selected, ...]
    """Who serves what, and why."""
    answers: tuple[Answered, ...] = ()
    """Duties that were answered; all others are open."""
    procedures: tuple[Asked, ...] = ()
    """What the regulator answered when it was asked which procedure is due."""
    notes: tuple[str, ...] = ()
    """What else the reader must know."""
    producer: str = ""
    """Who offers the features to users."""
    producer_code: str = ""
    """Code of theirs in implicit labels."""
    partners: tuple[str, ...] = ()
    """What is known of the partners' own filings, a sentence each."""
    keywords: tuple[KeywordRow, ...] = ()
    """The keyword list."""
    questions: tuple[QuestionRow, ...] = ()
    """The test questions, with answers and judgements."""
    enclosed: Mapping[str, bytes] = {}
    """Files of evidence, by their paths in the pack."""


def require_consistent(dossier: Dossier) -> None:
    """Refuse a dossier that contradicts itself.

    Raises:
        Malformed: it is empty, a cell or an answer stands twice, a figure is not sound, or the
            variants are not the ones that were selected.
        NotAllowed: a variant has no finding on this very digest that it meets its standard.
    """
    if not dossier.variants:
        raise Malformed(
            f"filing `{dossier.filing}` holds no variant", hint="select somebody who meets the bar"
        )
    for result in dossier.results:
        _require_sound_figures(result)
    served = {
        (one.feature, one.locale, place): candidate
        for one in dossier.selection
        if one.serves
        for place, candidate in enumerate((one.serves, *one.fallbacks))
    }
    submitted = {(one.feature, one.locale, one.place): one.candidate for one in dossier.variants}
    twice = len(submitted) != len(dossier.variants) or len(
        {(one.feature, one.locale) for one in dossier.selection}
    ) != len(dossier.selection)
    if twice or len({one.duty for one in dossier.answers}) != len(dossier.answers):
        raise Malformed(f"filing `{dossier.filing}`: a feature in one locale, or a duty, is twice")
    if served != submitted:
        other = sorted({f"{f} {loc}" for f, loc, _ in served.keys() ^ submitted.keys()})
        raise Malformed(
            f"filing `{dossier.filing}`: the variants are not the ones that were selected"
            + (f": {', '.join(other)}" if other else ""),
            hint="make the filing from the newest selection",
        )
    _require_findings(dossier)


def _require_findings(dossier: Dossier) -> None:
    met: dict[str, bool] = {}
    for result in dossier.results:
        met[result.digest] = met.get(result.digest, True) and result.finding == "meets"
    for variant in dossier.variants:
        if not met.get(variant.digest, False):
            raise NotAllowed(
                f"`{variant.candidate}` for `{variant.feature}` in `{variant.locale}` has no finding"
                " on this very digest that it meets its standard",
                hint="`pratique assess` tests the variant as it is now",
            )


def _require_sound_figures(result: Result) -> None:
    shares = (result.estimate, result.low, result.high, result.bar)
    sound = all(0 <= share <= 1 for share in shares) and result.low <= result.high
    if not sound or result.samples < 0 or result.calls < 0:
        raise Malformed(
            f"result of `{result.candidate}` for `{result.feature}` in `{result.locale}`: estimate"
            f" {result.estimate}, interval {result.low} to {result.high}, bar {result.bar},"
            f" {result.samples} samples, {result.calls} calls are no sound figures"
        )
