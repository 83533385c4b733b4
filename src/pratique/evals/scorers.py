"""Scorers: how far an answer meets its sample's target. A scorer knows no bar."""

from collections.abc import Callable, Mapping
from pathlib import Path

import msgspec

from pratique.errors import Malformed
from pratique.text.spans import folded

Fields = Mapping[str, object]


class Target(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """What an answer is held to; which fields count is the scorer's affair."""

    accept: tuple[str, ...] = ()
    """`accepted`: every text that is right."""
    must: tuple[tuple[str, ...], ...] = ()
    """`mentions`: groups of phrases, each satisfied by any one of them."""
    never: tuple[str, ...] = ()
    """`mentions`: phrases that must not occur."""
    need: int | None = None
    """`mentions`: how many groups suffice; all when absent."""
    urgent: bool | None = None
    """`urgency`: whether it must be seen now."""


class Score(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a scorer found."""

    met: bool
    """Whether the target is met."""
    share: float
    """How much of it, from 0 to 1; for a trend, never for a verdict."""
    why: str = ""
    """What is missing, from the target's own words."""


class Scorer(msgspec.Struct, frozen=True, kw_only=True):
    """A way to compare answers with targets."""

    revision: int
    """Raised whenever its behaviour changes."""
    score: Callable[[Target, Fields], Score]
    """Compare an output with a target."""
    fits: Callable[[Target], str]
    """Say what a target lacks for this scorer, or an empty string."""


def _texts(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, (list, tuple)):
        return [text for item in value for text in _texts(item)]
    if isinstance(value, Mapping):
        return [text for item in value.values() for text in _texts(item)]
    return []


def accepted(target: Target, output: Fields) -> Score:
    """The corrected text is one of those that are right, but for white space at the ends."""
    corrected = str(output.get("corrected", "")).strip()
    met = corrected in {text.strip() for text in target.accept}
    return Score(met=met, share=float(met), why="" if met else "none of the accepted texts")


def mentions(target: Target, output: Fields) -> Score:
    """Enough groups of phrases occur and no forbidden phrase does; case and width do not matter."""
    written = folded("\n".join(_texts(output)))
    missing = [
        group[0] for group in target.must if not any(folded(phrase) in written for phrase in group)
    ]
    wrong = [phrase for phrase in target.never if folded(phrase) in written]
    found = len(target.must) - len(missing)
    need = len(target.must) if target.need is None else target.need
    met = found >= need and not wrong
    share = 1.0 if not target.must else found / len(target.must)
    reasons = [f"says “{phrase}”" for phrase in wrong] + [f"lacks “{phrase}”" for phrase in missing]
    return Score(met=met, share=0.0 if wrong else share, why="" if met else "; ".join(reasons))


def urgency(target: Target, output: Fields) -> Score:
    """The answer says urgent exactly where it must."""
    met = output.get("urgent") is target.urgent
    return Score(
        met=met,
        share=float(met),
        why="" if met else f"urgent should be {str(target.urgent).lower()}",
    )


def _lacks_accept(target: Target) -> str:
    return "" if target.accept and all(target.accept) else "`accept` must hold texts"


def _lacks_phrases(target: Target) -> str:
    if not target.must and not target.never:
        return "`must` or `never` must hold phrases"
    if not all(group and all(group) for group in target.must) or not all(target.never):
        return "a phrase or a group is empty"
    if target.need is not None and not 0 < target.need <= len(target.must):
        return f"`need` is {target.need} with {len(target.must)} groups"
    return ""


def _lacks_urgent(target: Target) -> str:
    return "" if target.urgent is not None else "`urgent` must be true or false"


SCORERS: dict[str, Scorer] = {
    "accepted": Scorer(revision=1, score=accepted, fits=_lacks_accept),
    "mentions": Scorer(revision=1, score=mentions, fits=_lacks_phrases),
    "urgency": Scorer(revision=1, score=urgency, fits=_lacks_urgent),
}
"""Every scorer by name."""


def require_fitting_target(scorer: str, target: Target, path: Path, line: int) -> None:
    """Refuse a target that *scorer* cannot use.

    Raises:
        Malformed: names file and line.
    """
    lack = SCORERS[scorer].fits(target)
    if lack:
        raise Malformed(f"the target does not fit scorer `{scorer}`: {lack}", path=path, line=line)
