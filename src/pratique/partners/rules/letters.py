"""Traditional letters: a text read letter for letter as simplified, its own letters put back."""

from collections.abc import Sequence

from pratique.partners.rules.script import Reading, flavour, retold
from pratique.text.scripts import letter_by_letter

_READ = str.maketrans({"妳": "你", "著": "着", "「": "“", "」": "”", "『": "“", "』": "”"})


def read(text: str, locale: str) -> str:
    """Return *text* as the rules of *locale* read it, of the same length."""
    return letter_by_letter(text, "zh-Hans").translate(_READ) if locale == "zh-Hant" else text


def rules_of(locale: str) -> str:
    """Return the locale whose rules read a text of *locale*."""
    return "zh-Hans" if locale == "zh-Hant" else locale


def told(output: str, sources: Sequence[str], locale: str) -> str:
    """Return *output* in the letters of *locale*, what it took from *sources* as it stood there."""
    if locale != "zh-Hant":
        return output
    readings = [Reading(source, read(source, locale)) for source in sources]
    return retold(output, readings, flavour("\n".join(sources)))
