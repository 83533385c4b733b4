"""flagd's JSON: the gate's answers as flags for its users, and what such a file says differently.

A file follows the gate and never leads it: reading one turns nothing on. flagd draws its fraction by
a hash of its own, so it lets in as large a share as the gate does, and not the same devices.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import msgspec

from pratique.errors import Malformed, NotFound
from pratique.rollout.cohorts import PARTS
from pratique.rollout.gate import Admission, Refusal, approved
from pratique.rollout.state import GateState

MAX_BYTES = 5_000_000
"""A larger file is none of these flags."""

_VARIANTS = {"on": True, "off": False}


class FlagdFlag(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One flag, in flagd's words."""

    state: Literal["ENABLED", "DISABLED"]
    """Whether it is evaluated at all; a client that asks for a disabled one goes on without."""
    variants: Mapping[str, object]
    """Values by name."""
    default_variant: str | None = msgspec.field(name="defaultVariant")
    """Name of the value where the targeting names none; None for the client's own."""
    targeting: Mapping[str, object] = {}
    """Rule in JSON logic that names the variant."""
    metadata: Mapping[str, str | bool] = {}
    """Release, digest and filing number, or the gate's reason."""


class FlagdFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file of flags, as far as it is about us."""

    flags: Mapping[str, FlagdFlag]
    """Flags by key, `feature.locale`."""


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """What a file says otherwise than the gate."""

    flag: str
    """Key of the flag."""
    part: str
    """Part of it."""
    opens: bool
    """Whether the file may say yes where the gate says no; the gate is not moved by it."""
    why: str
    """What stands where, in a sentence."""


def flags_of(state: GateState, now: datetime) -> FlagdFile:
    """Return the flags of *state* at *now*: one for each feature and locale of the market."""
    market = state.rules.market
    return FlagdFile(
        flags={
            f"{feature}.{locale}": _flag(state, feature, locale, now)
            for feature in market.features
            for locale in market.locales
        }
    )


def read_flags(path: Path) -> FlagdFile:
    """Return the flags in *path*.

    Raises:
        NotFound: there is no such file.
        Malformed: it is not flagd's JSON.
    """
    if not path.is_file():
        raise NotFound(
            f"there is no file `{path}`", hint="`pratique rollout flags --write FILE` makes one"
        )
    if path.stat().st_size > MAX_BYTES:
        raise Malformed(f"it has more than {MAX_BYTES} bytes", path=path)
    try:
        return msgspec.json.decode(path.read_bytes(), type=FlagdFile)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Malformed(f"it is not flagd's JSON: {error}", path=path) from None


def compare(found: FlagdFile, ours: FlagdFile) -> tuple[Difference, ...]:
    """Return what the file *found* says otherwise than *ours*, what opens something first."""
    keys = sorted(found.flags.keys() | ours.flags.keys())
    differences = [
        one for key in keys for one in _differences(key, found.flags.get(key), ours.flags.get(key))
    ]
    return tuple(sorted(differences, key=lambda one: not one.opens))


def _flag(state: GateState, feature: str, locale: str, now: datetime) -> FlagdFlag:
    found = approved(state, feature, locale, now)
    if isinstance(found, Refusal):
        return _off(found.reason)
    cell = state.cells[feature, locale]
    if found.release.state != "on" or any(h.scope.app_category is None for h in cell.halts):
        return _off("feature_halted")
    if found.variant.serving.role == "extend":
        # Each request needs its own consent, which no file can know of.
        return _off("consent_required")
    return FlagdFlag(
        state="ENABLED",
        variants=_VARIANTS,
        default_variant="off",
        targeting=_targeting(state, found, feature, locale),
        metadata={
            "release": found.release.id,
            "digest": found.release.digest,
            "filing_no": found.approval.number,
            "simulated": found.approval.simulated,
        },
    )


def _off(reason: str) -> FlagdFlag:
    return FlagdFlag(
        state="DISABLED", variants=_VARIANTS, default_variant="off", metadata={"reason": reason}
    )


def _targeting(
    state: GateState, found: Admission, feature: str, locale: str
) -> Mapping[str, object]:
    """Return the rule: where the device is from, which app asks, then the stage's share."""
    market = state.rules.market
    tests: list[object] = [
        _among("device_region", market.device_regions),
        _among("account_region", market.account_regions),
    ]
    if market.locations:
        tests.append(_among("location", market.locations))
    stopped = [halt.scope.app_category for halt in state.cells[feature, locale].halts]
    if stopped:
        # An app of an unknown category is stopped, too.
        given = {"var": ["app_category", ""]}
        tests.append({"!": [{"in": [given, sorted({"", *(one or "" for one in stopped)})]}]})
    drawn = round(found.release.user_fraction * PARTS)
    by = {"cat": [f"{market.id}/{feature}/", {"var": "targetingKey"}]}
    share: object = {"fractional": [by, ["on", drawn], ["off", PARTS - drawn]]}
    return {"if": [{"and": tests}, "on" if drawn == PARTS else share, "off"]}


def _among(name: str, values: tuple[str, ...]) -> Mapping[str, object]:
    return {"in": [{"var": name}, list(values)]}


def _differences(key: str, found: FlagdFlag | None, ours: FlagdFlag | None) -> Iterator[Difference]:
    if found is None:
        yield _difference(key, "flag", False, "the file does not hold it")
        return
    # Whatever is evaluated by another rule than ours may say yes where the gate says no.
    opens = found.state == "ENABLED"
    if ours is None:
        yield _difference(key, "flag", opens, "the market has no such feature and locale")
        return
    if found.state != ours.state:
        why = ours.metadata.get("reason", "on")
        yield _difference(
            key, "state", opens, f"{found.state} in the file, {ours.state} by the gate: {why}"
        )
    if dict(found.variants) != dict(ours.variants):
        yield _difference(key, "variants", opens, "they are not `on`: true and `off`: false")
    if found.default_variant != ours.default_variant:
        yield _difference(
            key, "defaultVariant", opens, f"it is `{found.default_variant}`, not `off`"
        )
    if _plain(found.targeting) != _plain(ours.targeting) and ours.state == "ENABLED":
        yield _difference(key, "targeting", opens, "regions, apps or share are not the gate's")


def _difference(flag: str, part: str, opens: bool, why: str) -> Difference:
    return Difference(flag=flag, part=part, opens=opens, why=why)


def _plain(rule: Mapping[str, object]) -> Any:
    return msgspec.json.decode(msgspec.json.encode(rule))
