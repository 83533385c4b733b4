"""Checks of pictures in a message."""

import struct
import zlib

from pratique.partners.conformance.checks import (
    Unsupported,
    answered,
    checks,
    require,
    undocumented,
)
from pratique.partners.conformance.subject import Subject
from pratique.partners.contract import Call, Picture, Reply, Turn
from pratique.privacy import Sensitive

_ASK = "Which colour is this? One word."
_SIDE = 64
"""Pixels a side: small, and no smaller than partners take."""


async def picture(subject: Subject) -> None:
    """A picture is taken with a message."""
    reply = await _seen(subject)
    subject.establish("pictures", True)
    require(bool(reply.text.reveal().strip()) or reply.truncated, "the answer has no text")
    if subject.stand_in is not None:
        require("image/png" in reply.text.reveal(), "the picture did not arrive")


async def picture_counted(subject: Subject) -> None:
    """A picture's tokens are counted."""
    reply, plain = await _seen(subject), answered(await subject.ask(subject.call(_ASK)))
    if reply.usage.estimated or plain.usage.estimated:
        raise Unsupported("the partner does not count tokens")
    more = reply.usage.input_tokens > plain.usage.input_tokens
    require(more, "no more tokens were read than without the picture")


async def picture_stream(subject: Subject) -> None:
    """Two pictures are taken with a message whose answer comes in pieces."""
    made = await subject.stream(_call(subject, (200, 30, 30), (30, 30, 200)))
    reply = subject.offered("pictures", made.reply, subject.can.pictures)
    require(made.text == reply.text.reveal(), "the pieces are not the answer")


CHECKS = checks(picture, picture_counted, picture_stream)


async def _seen(subject: Subject) -> Reply:
    call = _call(subject, (200, 30, 30))
    reply = await subject.once("picture", lambda: subject.ask(call))
    return subject.offered("pictures", reply, subject.can.pictures)


def _call(subject: Subject, *colours: tuple[int, int, int]) -> Call:
    if subject.can.pictures is False:
        undocumented("eyes")
    pictures = tuple(
        Picture(media_type="image/png", data=Sensitive(png(*colour))) for colour in colours
    )
    return subject.call(
        turns=(Turn(role="user", content=Sensitive(_ASK), pictures=pictures),),
    )


def png(red: int, green: int, blue: int) -> bytes:
    """Return a square of one colour as a PNG file (RFC 2083: signature, IHDR, IDAT, IEND)."""
    row = b"\0" + bytes((red, green, blue)) * _SIDE
    head = struct.pack(">IIBBBBB", _SIDE, _SIDE, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(row * _SIDE)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in parts)


def _chunk(kind: bytes, data: bytes) -> bytes:
    check = zlib.crc32(kind + data)
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", check)
