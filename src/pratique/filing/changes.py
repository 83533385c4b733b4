"""Kinds of change: what was filed beside what the workspace holds now, and what each asks for."""

import msgspec

from pratique.assessment.candidates import offer
from pratique.errors import NotFound
from pratique.filing.filings import get_filing
from pratique.regimes.regime import Regime, load_regime
from pratique.serving.variant import RoleModel, Variant, differences, digest_of, thawed
from pratique.store import snapshots
from pratique.workspace.opened import Opened


class Change(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One part of a variant that is no longer what was filed."""

    feature: str
    """Feature."""
    locale: str
    """Locale."""
    part: str
    """Part of the variant that changed."""
    kind: str
    """`none`, `notify` or `file_again`."""
    reason: str
    """Why, by the regime's data."""
    filed: str
    """Digest that was filed."""
    now: str
    """Digest that the workspace makes now."""


def changes_since(opened: Opened, market: str, filing_id: str) -> list[Change]:
    """Return what changed in the workspace since *filing_id*.

    Raises:
        NotFound: there is no such filing.
        Tampered: a snapshot of it was changed.
    """
    with opened.database.connect() as connection:
        filing = get_filing(connection, filing_id)
        filed = [thawed(snapshots.get(connection, one.digest)) for one in filing.variants]
    offered = offer(opened.workspace, market)
    regime = load_regime(filing.regime)
    found: list[Change] = []
    for old in filed:
        try:
            new = offered.variant(old.feature, old.locale, old.candidate)
        except NotFound:
            found.append(_change(regime, old, None, "partner"))
            continue
        found += changes_between(regime, old, new)
    return found


def changes_between(regime: Regime, old: Variant, new: Variant) -> list[Change]:
    """Return what differs between two variants of a feature, and what *regime* asks for each part."""
    return [_change(regime, old, new, part) for part in _parts(old, new)]


def _parts(old: Variant, new: Variant) -> list[str]:
    """Return the regime's names of what differs between two variants."""
    parts: list[str] = []
    for field in differences(old, new):
        if field == "roles":
            parts += _role_parts(old, new)
        elif field == "prompt":
            parts += _prompt_parts(old, new)
        else:
            parts.append(_PARTS[field])
    return list(dict.fromkeys(parts))


_PARTS = {
    "input_schema": "schema",
    "output_schema": "schema",
    "derive": "checks",
    "checks": "checks",
    "label": "label_policy",
    "screening": "screening_policy",
    "world": "screening_policy",
    "streams": "checks",
    "version": "checks",
    "renderer": "prompt",
    "reader": "checks",
}


def _role_parts(old: Variant, new: Variant) -> list[str]:
    before, after = old.serving, new.serving
    judges = ["screening_policy"] if old.roles[1:] != new.roles[1:] else []
    return judges + _serving_parts(before, after)


def _serving_parts(before: RoleModel, after: RoleModel) -> list[str]:
    if before == after:
        return []
    if before.partner != after.partner:
        return ["partner"]
    return ["model"] if before.model != after.model else ["model_snapshot"]


def _prompt_parts(old: Variant, new: Variant) -> list[str]:
    parts = ["decoding"] if old.prompt.decoding != new.prompt.decoding else []
    plain = msgspec.structs.replace(new.prompt, decoding=old.prompt.decoding)
    return parts + (["prompt"] if plain != old.prompt else [])


def _change(regime: Regime, old: Variant, new: Variant | None, part: str) -> Change:
    rule = regime.change(part)
    return Change(
        feature=old.feature,
        locale=old.locale,
        part=part,
        kind=rule.kind,
        reason=rule.reason if new else f"the candidate is no longer offered; {rule.reason}",
        filed=digest_of(old),
        now=digest_of(new) if new else "",
    )
