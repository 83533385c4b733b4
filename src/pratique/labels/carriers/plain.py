"""Plain text: the field as one line of JSON after the text.

The guides name no place for it in a file without metadata. A last line is our way: a separate file
would be lost with the first copy.
"""

import json

from pratique.errors import Malformed


def read(data: bytes) -> list[str]:
    """Return the text of every label at the end of *data*."""
    lines, count = _parts(decoded(data))
    return [line.strip() for line in lines[len(lines) - count :] if line.strip()]


def write(data: bytes, text: str) -> bytes:
    """Return *data* with the label *text* as its last line, in place of any."""
    whole = decoded(data)
    lines, count = _parts(whole)
    kept = "".join(lines[: len(lines) - count])
    end = ending(whole)
    if kept and not kept.endswith(("\n", "\r")):
        kept += end
    return f"{kept}{text}{end}".encode()


def rest(data: bytes) -> object:
    """Return the text without its labels and the line break before them."""
    lines, count = _parts(decoded(data))
    return "".join(lines[: len(lines) - count]).rstrip("\r\n")


def decoded(data: bytes) -> str:
    """Return *data* as text.

    Raises:
        Malformed: it is no UTF-8, so that a line added to it might not be readable.
    """
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise Malformed(f"byte {error.start} is no UTF-8", hint="save it as UTF-8") from error


def ending(text: str) -> str:
    """Return how lines end in *text*."""
    return "\r\n" if "\r\n" in text else "\n"


def _parts(text: str) -> tuple[list[str], int]:
    """Return the lines of *text*, and how many at its end are labels or blank lines below one."""
    lines = text.splitlines(keepends=True)
    count = 0
    for number, line in enumerate(reversed(lines), 1):
        if _is_label(line):
            count = number
        elif line.strip():
            break
    return lines, count


def _is_label(line: str) -> bool:
    """Say whether *line* is nothing but a label: the keyword, or its seven keys alone."""
    text = line.strip()
    if not (text.startswith("{") and text.endswith("}") and len(text) <= 8_000):
        return False
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return False
    return "AIGC" in found or {"Label", "ContentProducer", "ProduceID"} <= set(found)
