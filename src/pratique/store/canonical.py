"""Canonical JSON: one value, one sequence of bytes, and the digest of such bytes."""

import hashlib
import json

import msgspec

from pratique.errors import Malformed


def canonical(value: object) -> bytes:
    """Return *value* as canonical JSON.

    Keys are sorted by code point at every depth, there is no space, text is UTF-8 and not
    normalised, and numbers keep their kind (`1` and `1.0` differ). msgspec records, dataclasses,
    datetimes and enums are written as msgspec writes them; sets are sorted.

    Raises:
        Malformed: *value* has no such form: a float that is not finite, text that is no
            Unicode (a lone surrogate), or an object that JSON does not know.
    """
    try:
        plain = msgspec.to_builtins(value, str_keys=True, order="sorted")
        text = json.dumps(
            plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
        )
        return text.encode()
    except (TypeError, ValueError, RecursionError) as error:
        # The error is not chained: its words may quote the value.
        raise Malformed(
            f"a value of type `{type(value).__name__}` has no canonical JSON"
            f" ({type(error).__name__})",
            hint="use text, finite numbers, booleans, lists, and objects of these",
        ) from None


def digest(data: bytes) -> str:
    """Return the name of *data*: `sha256:` and 64 hexadecimal digits."""
    return "sha256:" + hashlib.sha256(data).hexdigest()
