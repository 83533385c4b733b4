"""The policy of screening: how words are looked for and risks are held, whatever the words are.

A variant binds the policy, so that a pack of words may change weekly under one approval.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path

import msgspec

from pratique.screening.entries import HARD_VIEWS, HardView
from pratique.screening.modes import Policy
from pratique.screening.refusing import categories
from pratique.settings.toml import read_toml

REVISION = 1
"""Revision of how texts are screened and cleaned, to be raised whenever the same words find otherwise."""

FILE = Path(str(files("pratique") / "content" / "screening" / "policy.toml"))


class ScreeningPolicy(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How screening goes about its work."""

    revision: int
    """Revision of the code that screens."""
    views: tuple[HardView, ...]
    """Views in which an entry that names none is looked for."""
    modes: Mapping[str, Policy]
    """How each hard category is held, by its name."""
    otherwise: Policy
    """How every other one is held, and a verdict that names none."""

    def of(self, names: Iterable[str]) -> tuple[Policy, ...]:
        """Return how the categories *names* are held, each way once."""
        found = [self.modes.get(one, self.otherwise) for one in names] or [self.otherwise]
        return tuple(one for at, one in enumerate(found) if one not in found[:at])


class _File(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    hard: Policy
    otherwise: Policy


@cache
def screening_policy() -> ScreeningPolicy:
    """Return the product's own policy.

    Raises:
        Malformed: its file is broken; it names file and line.
    """
    held = read_toml(FILE, _File)
    return ScreeningPolicy(
        revision=REVISION,
        views=HARD_VIEWS,
        modes={name: held.hard for name, one in sorted(categories().items()) if one.hard},
        otherwise=held.otherwise,
    )
