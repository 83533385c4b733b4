"""Clocks: what a market wants done again and again, and how often."""

from typing import Literal

import msgspec

from pratique.regimes.citations import Bilingual, Number

Since = Literal["screening_pack", "question_banks", "public_list"]
"""From when it runs: the last pack that went live, the last import of a question bank, the day of the
newest public list."""

Step = Literal["file", "rollout"]
"""Steps that an overdue clock can refuse."""


class ClockRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One thing that falls due again."""

    id: str
    """Short name."""
    title: Bilingual
    """What is to be done."""
    since: Since
    """From when it runs."""
    every: Number
    """Days until it is due again."""
    blocks: tuple[Step, ...] = ()
    """Steps that are refused while it is overdue; empty where it is only shown."""
