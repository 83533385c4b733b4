"""Shields: stretches that no rule may touch are taken out before correction and put back after."""

import re
from collections.abc import Sequence

from pratique.errors import Malformed
from pratique.partners.rules.records import Span

SHIELD = "\ue000"
"""Private character that stands for one shielded stretch."""

_CODE = re.compile(r"```[^`]*+```|`[^`\n]*+`")
_MENTION = re.compile(r"(?<!\w)[@#＠＃][^\s，。！？、：；,.!?:;@#＠＃]{1,40}[#＃]?")
_LINK = re.compile(r"(?:https?|ftp)://[^\s，。！？、；）》”]+")
_CHUNK = re.compile(r"[^\s\u2e80-\u9fff\uff00-\uffef“”‘’]+")
_LETTER_AND_DIGIT = re.compile(r"[A-Za-z][0-9]|[0-9][A-Za-z]|_|[A-Za-z0-9][/\\][A-Za-z0-9]")
_DOMAIN = re.compile(
    r"[A-Za-z0-9-]\.(?:com|org|net|cn|io|dev|app|edu|gov|co|uk|de|me|ai|py|js|md|txt|pdf|docx?"
    r"|xlsx?|pptx?|jpe?g|png|gif|zip|html?|css|json|toml|csv|exe|mp[34])(?![A-Za-z])",
    re.IGNORECASE,
)
_TRAILING = ".,!?;:)]}'\"…"


def shielded(text: str, protected: Sequence[Span]) -> tuple[str, list[str]]:
    """Return *text* with each shielded stretch as one `SHIELD`, and the stretches in order.

    Shielded are the *protected* spans, code between backticks, links, addresses, file names,
    mentions, tags and words with digits in them. Raises `Malformed` for a span outside the text.
    """
    for span in protected:
        if not 0 <= span.start <= span.end <= len(text):
            raise Malformed(
                f"protected span {span.start}..{span.end} is not inside the text of "
                f"{len(text)} characters",
                hint="count in code points, end exclusive",
            )
    ranges = [(span.start, span.end) for span in protected if span.start < span.end]
    ranges += [match.span() for match in _CODE.finditer(text)]
    ranges += [_trimmed(match) for match in _LINK.finditer(text)]
    ranges += [match.span() for match in _MENTION.finditer(text)]
    ranges += [found for found in map(_odd, _CHUNK.finditer(text)) if found is not None]
    ranges += [match.span() for match in re.finditer(SHIELD, text)]
    pieces: list[str] = []
    kept: list[str] = []
    at = 0
    for start, end in _merged(ranges):
        pieces += [text[at:start], SHIELD]
        kept.append(text[start:end])
        at = end
    pieces.append(text[at:])
    return "".join(pieces), kept


def restored(text: str, kept: Sequence[str]) -> str:
    """Return *text* with the *kept* stretches back in their places."""
    pieces = text.split(SHIELD)
    joined = [pieces[0]]
    for stretch, piece in zip(kept, pieces[1:], strict=True):
        joined += [stretch, piece]
    return "".join(joined)


def _trimmed(match: re.Match[str]) -> tuple[int, int]:
    """Return the span of a link without the punctuation after it."""
    return match.start(), match.start() + len(match.group().rstrip(_TRAILING))


def _odd(match: re.Match[str]) -> tuple[int, int] | None:
    """Return the span of a chunk that is not prose, without the punctuation after it."""
    chunk = match.group().rstrip(_TRAILING)
    lead = len(chunk) - len(chunk.lstrip("([{\"'"))
    body = chunk[lead:]
    if len(body) < 2:
        return None
    odd = (
        body[0] in "@#$~/\\"
        or "@" in body
        or "://" in body
        or body.lower().startswith("www.")
        or _LETTER_AND_DIGIT.search(body) is not None
        or _DOMAIN.search(body) is not None
    )
    return (match.start() + lead, match.start() + len(chunk)) if odd else None


def _merged(ranges: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return *ranges* in order, those that overlap made one."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(ranges):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
