"""Server-sent events: from chunks of bytes, cut anywhere, to the data of each event."""

from pratique.errors import Malformed

MAX_EVENT = 4 * 1024 * 1024
"""Most bytes of one event; a server that sends more is not answering."""


class EventReader:
    """Puts events together. Lines may end in LF, CRLF or CR, and data may span lines.

    Comments, names and ids of events are left out: no partner says anything in them that its data
    does not. Format: the HTML standard, section 9.2 (server-sent events).
    """

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, chunk: bytes) -> list[bytes]:
        """Return the data of every event that ends in *chunk*.

        Raises:
            Malformed: an event is longer than `MAX_EVENT`.
        """
        if not self._rest and chunk.startswith(b"data: ") and chunk.endswith(b"\n\n"):
            # Nearly always: whole events of one line of data each.
            found = chunk[6:-2].split(b"\n\ndata: ")
            if b"\r" not in chunk and chunk.count(b"\n") == 2 * len(found):
                return found
        blocks = self._whole(chunk)
        return [data for block in blocks if (data := _data(block)) is not None]

    def end(self) -> list[bytes]:
        """Return the data of an event that the end of the stream leaves without its blank line."""
        rest, self._rest = self._rest, b""
        data = _data(_plain(rest).strip(b"\n"))
        return [] if data is None else [data]

    def _whole(self, chunk: bytes) -> list[bytes]:
        text = self._rest + chunk
        # A CR at the very end may be half of a CRLF.
        held = b"\r" if text.endswith(b"\r") else b""
        text = _plain(text[: len(text) - len(held)])
        *blocks, rest = text.split(b"\n\n")
        self._rest = rest + held
        if len(self._rest) > MAX_EVENT:
            raise Malformed(f"an event of more than {MAX_EVENT} bytes")
        return blocks


def _plain(text: bytes) -> bytes:
    return text.replace(b"\r\n", b"\n").replace(b"\r", b"\n") if b"\r" in text else text


def _data(block: bytes) -> bytes | None:
    if block.startswith(b"data: ") and b"\n" not in block:
        return block[6:]
    lines = [
        line[6:] if line.startswith(b"data: ") else line[5:]
        for line in block.split(b"\n")
        if line.startswith(b"data:")
    ]
    return b"\n".join(lines) if lines else None
