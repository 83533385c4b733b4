"""Plans: what was agreed with a partner, by when, in the workspace's `plans/MARKET/PARTNER.toml`."""

from datetime import date
from typing import Annotated

import msgspec

from pratique.errors import Malformed
from pratique.settings.toml import read_toml
from pratique.settings.workspace import Workspace

Name = Annotated[str, msgspec.Meta(min_length=1)]


class Milestone(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A bar that the partner's models are to meet by a date."""

    id: Name
    """Name of the milestone."""
    feature: Name
    """Feature that it is for."""
    locale: Name
    """Locale that it is for."""
    suite: str = ""
    """Suite that it is measured on; the feature's own when empty."""
    models: tuple[Name, ...]
    """Models below the partner whose runs are its releases, oldest first: `["quoin-2", "quoin-3"]`."""
    date: date
    """Day by which the bar is to be met."""
    bar: Annotated[float, msgspec.Meta(gt=0, le=1)]
    """Least share of samples, from 0 to 1."""
    certainty: Annotated[float, msgspec.Meta(gt=0.5, lt=1)] = 0.95
    """What a forecast must hold with before the milestone counts as missed or as safe."""
    horizon_days: Annotated[int, msgspec.Meta(ge=0)] = 0
    """Days after the last release that may be forecast; as many as the releases span when 0."""


class Fix(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Something that the partner promised to mend."""

    id: Name
    """Name of the promise, such as the partner's ticket."""
    about: Name
    """What is to be mended, in one sentence."""
    feature: Name
    """Feature in which it shows."""
    locale: Name
    """Locale in which it shows."""
    cause: Name
    """Cause that is to be gone, as a brief names it: `refused`, `check:numbers_kept`."""
    date: date
    """Day by which it was promised."""


class Plan(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What was agreed with one partner for one market."""

    partner: Name
    """The partner."""
    agreed: date
    """Day on which it was agreed."""
    milestones: tuple[Milestone, ...] = ()
    """What is to be met."""
    fixes: tuple[Fix, ...] = ()
    """What is to be mended."""


def read_plan(workspace: Workspace, market: str, partner: str) -> Plan | None:
    """Return what was agreed with *partner* for *market*, or None where nothing was written down.

    Raises:
        Malformed: the file is not what it should be.
    """
    path = workspace.folder / "plans" / market / f"{partner}.toml"
    if not path.is_file():
        return None
    plan = read_toml(path, Plan)
    if plan.partner != partner:
        raise Malformed(
            f"partner `{plan.partner}` is not the file's name `{partner}`", path=path, line=1
        )
    for kind, ids in (
        ("milestone", [one.id for one in plan.milestones]),
        ("fix", [one.id for one in plan.fixes]),
    ):
        twice = {one for one in ids if ids.count(one) > 1}
        if twice:
            raise Malformed(f"{kind} `{min(twice)}` stands twice", path=path)
    for one in plan.milestones:
        if not one.models:
            raise Malformed(f"milestone `{one.id}` names no model", path=path)
        if one.date < plan.agreed:
            raise Malformed(f"milestone `{one.id}` is due before the plan was agreed", path=path)
    return plan
