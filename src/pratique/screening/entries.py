"""Entries of a screening pack: what is looked for, and what becomes of a text that holds it."""

from typing import Literal

import msgspec

Action = Literal["stop", "replace", "mask", "flag"]
"""What a hit asks for: end the answer, take back what is shown, hide the span, or note it."""

ACTIONS: tuple[Action, ...] = ("flag", "mask", "replace", "stop")
"""The actions, the strongest last."""

Tier = Literal["hard", "weak"]
"""A hard hit acts; a weak one is a signal and is only noted."""

HardView = Literal["exact", "noise", "repeat"]
"""As written; with noise between the characters; with characters repeated."""

WeakView = Literal["pinyin", "initials", "split", "reversed", "homophone", "leet"]
"""Spellings that ordinary text may hold by chance."""

View = Literal[HardView, WeakView, "encoded", "all_of", "pattern"]
"""How an entry was found."""

HARD_VIEWS: tuple[HardView, ...] = ("exact", "noise", "repeat")
"""Views of an entry that names none."""

WEAK_VIEWS: tuple[WeakView, ...] = (
    "pinyin",
    "initials",
    "split",
    "reversed",
    "homophone",
    "leet",
)
"""Views that an entry has to name."""

SIGNALS: frozenset[str] = frozenset((*WEAK_VIEWS, "encoded"))
"""Views whose hits are only noted, whatever the entry asks for."""

Pattern = Literal["phone", "identity", "card", "site"]
"""Bounded patterns: phone numbers, identity numbers, bank cards, addresses of sites."""

Side = Literal["input", "output"]
"""Whose words are screened: the user's (and the content's), or the model's."""


class Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One entry of a pack."""

    id: str
    """Name of the rule: it stands in verdicts and logs, where the phrase must not."""
    phrase: str = ""
    """What is looked for; empty where `pattern` says it."""
    risk: str = ""
    """Code of the risk in the regime's list, such as `A.1f`; empty for an allow phrase."""
    action: Literal[Action, "allow"] = "stop"
    """What a hit asks for; `allow` makes it a phrase that cancels the hits that it covers."""
    tier: Tier = "hard"
    """Whether a hit acts or is only noted."""
    views: tuple[HardView | WeakView, ...] = HARD_VIEWS
    """Views in which it is looked for."""
    scope: tuple[str, ...] = ()
    """`input`, `output` and names of features; all of a kind that is not named."""
    lang: tuple[str, ...] = ()
    """Locales that it is for; all where none is named."""
    not_after: str = ""
    """Last day it counts, `2027-03-31`; always where empty."""
    note: str = ""
    """Why it is there."""
    allow: tuple[str, ...] = ()
    """Phrases that cancel this entry's hits where they cover them."""
    all_of: tuple[str, ...] = ()
    """Further phrases that must stand near `phrase`, in any order."""
    within: int = 30
    """Characters from the first to the last of `all_of` and `phrase`, at most."""
    pattern: Pattern | Literal[""] = ""
    """A bounded pattern in place of a phrase."""
    category: str = ""
    """What it is about, for its stock answer; where empty, its risk says so."""

    @property
    def effective(self) -> Action:
        """What a hit in a hard view does: a weak entry only notes."""
        return "flag" if self.tier == "weak" or self.action == "allow" else self.action

    def applies(self, side: Side, feature: str, locale: str) -> bool:
        """Return whether it counts for *side*, *feature* and *locale*; an empty name is any."""
        sides = [name for name in self.scope if name in ("input", "output")]
        features = [name for name in self.scope if name not in ("input", "output")]
        return (
            (not sides or side in sides)
            and (not features or not feature or feature in features)
            and (not self.lang or not locale or locale in self.lang)
        )
