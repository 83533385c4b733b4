"""Producer codes: 27 characters that say who generated content, by TC260-PG-20252A."""

import re
from typing import Literal

import msgspec

from pratique.errors import Malformed

LENGTH = 27
"""Characters of a code."""

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""Digits and letters of a credit code, in order of their value; I, O, S, V and Z are left out."""

_PREFIX = "0011"
"""Format 00; an organisation; bound to its unified social credit code."""

_CREDIT = re.compile(rf"[{_ALPHABET}]{{18}}")
_APPLICATION = re.compile(r"[0-9A-Z]{4}")


Service = Literal["0", "1", "2"]
"""1 generates, 2 propagates, 0 (with `0000` behind it) says neither."""

_SERVICES: dict[str, Service] = {"0": "0", "1": "1", "2": "2"}


class ProducerCode(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A producer code in its parts."""

    credit_code: str
    """Unified social credit code, 18 characters."""
    service: Service
    """What the organisation does with the content."""
    application: str
    """Model or application, 4 characters of the producer's choice."""

    @property
    def text(self) -> str:
        """The 27 characters."""
        return f"{_PREFIX}{self.credit_code}{self.service}{self.application}"


def build_code(
    credit_code: str, *, service: Service = "1", application: str = "0000"
) -> ProducerCode:
    """Return the code of the organisation with *credit_code*.

    Raises:
        Malformed: a part is not what it should be.
    """
    return parse_code(f"{_PREFIX}{credit_code}{service}{application}")


def parse_code(text: str) -> ProducerCode:
    """Return the code in *text*.

    Raises:
        Malformed: says which part is wrong, and for a check digit which one would be right.
    """
    if len(text) != LENGTH:
        raise _malformed(text, f"has {len(text)} characters, not {LENGTH}")
    if not text.startswith(_PREFIX):
        raise _malformed(text, f"does not begin with `{_PREFIX}`")
    credit, service, application = text[4:22], text[22], text[23:]
    fault = credit_code_fault(credit)
    if fault:
        raise _malformed(text, f"holds the credit code `{credit}`, which {fault}")
    if not _APPLICATION.fullmatch(application):
        raise _malformed(text, f"ends in `{application}`, not in four digits or capital letters")
    known = _SERVICES.get(service)
    if known is None or (known == "0" and application != "0000"):
        raise _malformed(text, f"names the service `{service}`, which is neither 1 nor 2")
    return ProducerCode(credit_code=credit, service=known, application=application)


def credit_code_fault(credit_code: str) -> str:
    """Return what is wrong with a unified social credit code; empty if nothing is."""
    if not _CREDIT.fullmatch(credit_code):
        return "is not 18 digits and capital letters without I, O, S, V and Z"
    right = check_digit(credit_code[:17])
    return "" if credit_code[17] == right else f"should end in the check digit `{right}`"


def check_digit(first: str) -> str:
    """Return the 18th character that belongs to the *first* 17, by GB 32100.

    The characters' values are weighed with 3^i mod 31; the check brings the sum to a multiple of 31.
    """
    weighed = sum(_ALPHABET.index(one) * pow(3, place, 31) for place, one in enumerate(first))
    return _ALPHABET[-weighed % 31]


def _malformed(text: str, fault: str) -> Malformed:
    return Malformed(
        f"the producer code `{text[:40]}` {fault}",
        hint="it is `0011`, the 18 characters of the credit code, 1 for generating, and 4 of your own",
    )
