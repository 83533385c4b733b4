"""Standards: the bars that a candidate is held to, written down before any result is seen."""

from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Literal

import msgspec

from pratique.errors import Malformed, NotFound, names_near
from pratique.evals.judges.panel import JudgeUse
from pratique.evals.statistics import samples_needed
from pratique.evals.suites import Suite, cluster_sizes
from pratique.settings.toml import read_toml

Truth = Literal["bank", "population"]
"""What a requirement speaks of: this sealed bank of samples, or all requests like them."""

SUPPORT = "support"
"""Name of the file among the standards that holds no bars: what a partner must carry and keep."""


class Requirement(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One bar."""

    feature: str
    """Feature that it is for."""
    suite: str = ""
    """Suite that it is measured on; the feature's own when empty."""
    bar: float
    """Least share of samples, from 0 to 1."""
    metric: Literal["passed"] = "passed"
    """`passed`: share of all samples on which every check holds and the target is met."""
    locales: tuple[str, ...] = ()
    """Locales that it is for; all when empty."""
    band: float = 0.0
    """Width around the bar in which either finding is right, so that close calls end sooner; 0 is the
    bar itself."""
    margin: float = 0.05
    """Smallest difference from the bar that a population requirement must be able to tell."""
    judge: JudgeUse | msgspec.UnsetType = msgspec.UNSET
    """Judges of the answers that met their checks and targets; absent where these decide."""


class ChoiceRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How sure the best of several candidates that meet every bar must be."""

    margin: float
    """How far behind the best the chosen one may be, as a share of the samples."""
    alpha: float = 0.05
    """Chance of any wrong choice over all features and locales."""


class PairRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How sure an incumbent and a challenger must be told apart."""

    margin: float
    """Smallest gap that matters, as a share of the samples."""
    alpha: float = 0.05
    """Chance of any wrong verdict over all pairs."""


class Standard(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A file of requirements with the error they allow."""

    id: str
    """Name of the standard."""
    about: str
    """What it is for."""
    alpha: float
    """Chance of any wrong finding over the whole family."""
    family: Literal["bonferroni"]
    """How `alpha` is shared over features, locales and candidates."""
    truth: Truth
    """What the requirements speak of."""
    choice: ChoiceRule | None = None
    """When the best of those that meet every bar is told from the others; None draws no more."""
    pair: PairRule | msgspec.UnsetType = msgspec.UNSET
    """When a challenger is told from an incumbent; absent, as `choice` says."""
    requirements: tuple[Requirement, ...]
    """The bars."""

    def of(self, feature: str, locale: str) -> tuple[Requirement, ...]:
        """Return the requirements for *feature* in *locale*, one a suite.

        Raises:
            NotFound: the standard says nothing of them.
        """
        found = tuple(
            one
            for one in self.requirements
            if one.feature == feature and (not one.locales or locale in one.locales)
        )
        if found:
            return found
        raise NotFound(
            f"standard `{self.id}` has no requirement for `{feature}` in `{locale}`",
            hint="without a bar nothing can meet it: add one, or leave the feature out of the market",
        )


def packaged() -> Path:
    """Return the folder of the standards that come with the product."""
    return Path(str(files("pratique") / "content" / "standards"))


def read_standard(folders: Sequence[Path], name: str) -> Standard:
    """Return the standard called *name* from the first of *folders* that has it.

    Raises:
        NotFound: there is none.
        Malformed: it is not what it should be.
    """
    for folder in () if name == SUPPORT else folders:
        path = folder / f"{name}.toml"
        if path.is_file():
            standard = read_toml(path, Standard)
            _require_sound(standard, path)
            return standard
    known = {path.stem for folder in folders for path in folder.glob("*.toml")} - {SUPPORT}
    raise NotFound(
        f"no standard `{name}`",
        hint=names_near(name, sorted(known))
        + ("" if name == SUPPORT else f"; write your own in `standards/{name}.toml`"),
    )


def _require_sound(standard: Standard, path: Path) -> None:
    if standard.id != path.stem:
        raise Malformed(
            f"id `{standard.id}` is not the file's name `{path.stem}`", path=path, line=1
        )
    if not 0 < standard.alpha < 1:
        raise Malformed(f"`alpha` is {standard.alpha}, must be between 0 and 1", path=path)
    if standard.choice and not (0 < standard.choice.margin < 1 and 0 < standard.choice.alpha < 1):
        raise Malformed("`choice` needs a margin and an alpha between 0 and 1", path=path)
    pair = standard.pair
    if isinstance(pair, PairRule) and not (0 < pair.margin < 1 and 0 < pair.alpha < 1):
        raise Malformed("`pair` needs a margin and an alpha between 0 and 1", path=path)
    seen: set[tuple[str, str, str]] = set()
    for one in standard.requirements:
        if not 0 < one.bar <= 1:
            raise Malformed(
                f"the bar of `{one.feature}` is {one.bar}, must be above 0, at most 1", path=path
            )
        if not 0 <= one.band < 1:
            raise Malformed(f"the band of `{one.feature}` is {one.band}, must be 0 to 1", path=path)
        for locale in one.locales or ("",):
            if (one.feature, one.suite, locale) in seen:
                raise Malformed(
                    f"two requirements for `{one.feature}` in `{locale or 'all'}`", path=path
                )
            seen.add((one.feature, one.suite, locale))


def require_decidable(standard: Standard, one: Requirement, suite: Suite, alpha: float) -> None:
    """Refuse *one* if its *suite* is too small to decide it at *alpha*, its share of the family.

    Raises:
        Malformed: says how many samples it would need.
    """
    needed = samples_needed(one.bar, one.margin, alpha, standard.truth)
    # At worst a cluster says no more than one sample, and a smaller one less by its size.
    largest = max(cluster_sizes(suite.order(0)), default=1)
    worth = len(suite.samples) / largest
    if worth < needed:
        counted = f"{len(suite.samples)} samples"
        counted += "" if largest == 1 else f", worth {worth:.0f} as clusters of up to {largest}"
        raise Malformed(
            f"standard `{standard.id}`: `{suite.name}` has {counted}, a bar of"
            f" {one.bar:g} with margin {one.margin:g} over the {standard.truth} needs {needed}",
            hint="add samples, widen the margin, or let the requirement speak of the bank",
        )
