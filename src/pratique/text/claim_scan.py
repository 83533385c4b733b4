"""Texts made ready to be read for what they claim."""

import re

from pratique.text.claim_words import Language
from pratique.text.scripts import letter_by_letter

_HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff]")


def language_of(text: str) -> Language:
    """Return the language whose words claim in *text*."""
    return "zh-Hans" if _HAN.search(text) else "en"


def comparable(source: str, language: Language) -> bool:
    """Say whether *source* is in *language* enough for a line in it to be compared."""
    if language != "en":
        return _HAN.search(source) is not None
    return 2 * len(_HAN.findall(source)) < len(source)


def folded(text: str, language: Language) -> str:
    """Return *text* in the characters that the words of *language* are written in."""
    return text if language == "en" else letter_by_letter(text, "zh-Hans")
