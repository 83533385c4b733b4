"""Disclosure: what a user must be able to see about the model, in the words of the regime's data."""

import msgspec

from pratique.errors import NotFound
from pratique.regimes.regime import Regime


class Disclosure(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to show in one locale."""

    locale: str
    """Locale of the lines."""
    places: tuple[str, ...]
    """Where the regime wants it: `detail_page`, `settings`, `interface`."""
    lines: tuple[str, ...]
    """Sentences to show, in order."""
    complete: bool
    """Whether every line that the regime asks for is there; a number may not be known yet."""


def disclosure(regime: Regime, locale: str, *, model: str, number: str) -> Disclosure:
    """Return what users of *locale* are shown; *number* is empty as long as there is none.

    Raises:
        NotFound: the regime's data have no words in *locale*; another language is no substitute.
    """
    for text in regime.display.texts:
        if text.locale == locale:
            break
    else:
        known = ", ".join(text.locale for text in regime.display.texts)
        raise NotFound(
            f"regime `{regime.id}` has no words for a disclosure in `{locale}`",
            hint=f"it has {known}",
        )
    asked = [
        (text.notice, "", text.notice),
        (text.model, "{model}", model),
        (text.number, "{number}", number),
    ]
    wanted = [one for one in asked if one[0] != "none"]
    return Disclosure(
        locale=locale,
        places=regime.display.places,
        lines=tuple(
            line.replace(key, value) if key else line for line, key, value in wanted if value
        ),
        complete=all(value for _, _, value in wanted),
    )
