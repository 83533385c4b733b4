"""Visible labels in files: put in where people see them, and looked for."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Literal, get_args

from pratique.errors import Malformed, NotAllowed
from pratique.labels.carriers import envelope, office
from pratique.labels.carriers.plain import decoded
from pratique.labels.drawing import Corner, Drawn, draw_statement
from pratique.labels.explicit import Place, find_mark, find_statement, with_statement
from pratique.labels.kinds import Kind
from pratique.labels.provenance import has_manifest
from pratique.regimes.citations import Number
from pratique.regimes.labelling import Elements, ExplicitDuty

if TYPE_CHECKING:
    from docx.document import Document

Where = Place | Corner | Literal["interface"]
"""Where a visible label stands; `interface`: in an answer, for the screen to show beside it."""

State = Literal["shown", "missing", "not_checked"]
"""`not_checked`: in pictures, PDF and tables a person must look."""

_PICTURES = ("png", "jpeg", "webp")


def add_visible(
    data: bytes,
    kind: Kind,
    duty: ExplicitDuty,
    text: Elements,
    where: Where,
    *,
    font: Path | None = None,
    height: int | None = None,
) -> tuple[bytes, Drawn | None]:
    """Return *data* with the statement of *text*, and what was measured if it was drawn.

    Raises:
        NotAllowed: this kind of file has no such place, or the glyphs would be too low.
    """
    if kind in _PICTURES and where in get_args(Corner):
        if has_manifest(data, kind):
            raise NotAllowed(
                "a signed picture would no longer verify", hint="draw first, then sign"
            )
        asked = duty.image_height.value if isinstance(duty.image_height, Number) else None
        corner: Corner = where  # type: ignore[assignment]
        return draw_statement(
            data, text.statement, asked=asked, corner=corner, font=font, height=height
        )
    if kind == "json" and where == "interface":
        return envelope.with_visible(data, text.statement), None
    if kind in ("txt", "md") and where in get_args(Place):
        place: Place = where  # type: ignore[assignment]
        return _in_text(data, kind, text, place), None
    if kind == "docx" and where in get_args(Place):
        place = where  # type: ignore[assignment]
        return _in_document(data, text, place), None
    raise NotAllowed(
        f"a visible label cannot stand at `{where}` in `{kind}`",
        hint="text, Markdown and DOCX: start, end, superscript; pictures: a corner; answers: interface",
    )


def visible_state(data: bytes, kind: Kind, texts: tuple[Elements, ...]) -> State:
    """Say whether *data* shows one of the statements that *texts* know."""
    if kind in ("txt", "md"):
        found = decoded(data)
    elif kind == "json":
        found = envelope.visible_of(data)
    elif kind == "docx":
        found = _text_of(data)
    else:
        return "not_checked"
    has = find_statement(found, texts) is not None or find_mark(found, texts)
    return "shown" if has else "missing"


def _in_text(data: bytes, kind: Kind, text: Elements, place: Place) -> bytes:
    whole = decoded(data)
    head = ""
    if kind == "md" and place == "start":
        head, whole = _front_matter(whole)
    return (head + with_statement(whole, text, place, markup=kind == "md")).encode()


def _front_matter(text: str) -> tuple[str, str]:
    """Return front matter, which must stay first, and the rest."""
    lines = text.splitlines(keepends=True)
    if lines and lines[0].removeprefix("\ufeff").rstrip() == "---":
        for number, line in enumerate(lines):
            if number and line.rstrip() in ("---", "..."):
                return "".join(lines[: number + 1]), "".join(lines[number + 1 :])
    return "", text


def _in_document(data: bytes, text: Elements, place: Place) -> bytes:
    if visible_state(data, "docx", (text,)) == "shown":
        return data
    out = io.BytesIO()
    with _document(data) as document:
        paragraphs = document.paragraphs
        if place == "superscript":
            last = next((one for one in reversed(paragraphs) if one.text.strip()), None)
            run = (last or document.add_paragraph()).add_run(text.mark)
            run.font.superscript = True
        elif place == "start" and paragraphs:
            paragraphs[0].insert_paragraph_before(text.statement)
        else:
            document.add_paragraph(text.statement)
        document.save(out)
    return out.getvalue()


def _text_of(data: bytes) -> str:
    """Return the paragraphs of a Word document, with superscripts marked as Markdown marks them."""
    with _document(data) as document:
        return "\n".join(
            "".join(
                f"<sup>{run.text}</sup>" if run.font.superscript else run.text for run in one.runs
            )
            for one in document.paragraphs
        )


@contextmanager
def _document(data: bytes) -> "Iterator[Document]":
    import docx
    from lxml import etree

    office.require_readable(data)
    try:
        yield docx.Document(io.BytesIO(data))
    except (KeyError, ValueError, AttributeError, IndexError, etree.LxmlError) as error:
        # The library meets an unsound document wherever its parts do not fit together.
        raise Malformed(f"no sound Word document: {error}", hint="save it again") from error
