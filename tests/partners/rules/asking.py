"""Asking the rules as a caller does: JSON in, JSON out."""

import json

from pratique.partners.rules import answer


def ask(feature: str, locale: str, given: dict[str, object]) -> dict[str, object]:
    """Return the answer of the rules, decoded."""
    request = {"feature": feature, "locale": locale, "input": given}
    decoded: dict[str, object] = json.loads(answer(json.dumps(request).encode()))
    return decoded


def corrected(locale: str, text: str, *protected: tuple[int, int]) -> str:
    """Return *text* as the rules correct it."""
    spans = [{"start": start, "end": end} for start, end in protected]
    return str(ask("proofread", locale, {"text": text, "protected": spans})["corrected"])
