"""PDF: the field in the information dictionary, key `/AIGC`."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from pratique.errors import Malformed, NotAllowed

if TYPE_CHECKING:
    import pikepdf

MAX_STREAM = 40_000_000
"""Most bytes that one stream may unpack to; this bound is ours."""

_HINT = "save the document again with the program that made it"


def read(data: bytes) -> list[str]:
    """Return the text of every label in the document *data*."""
    import pikepdf

    with _opened(data) as document:
        info = document.trailer.get("/Info")
        if not isinstance(info, pikepdf.Dictionary) or "/AIGC" not in info:
            return []
        found = info["/AIGC"]
        if not isinstance(found, pikepdf.String):
            raise Malformed("its `/AIGC` is no text", hint=_HINT)
        return [str(found)]


def write(data: bytes, text: str) -> bytes:
    """Return *data* with the label *text* in place of any, beside the entries that it has.

    Raises:
        NotAllowed: the document is encrypted or signed: saving it again would undo that.
    """
    import pikepdf

    out = io.BytesIO()
    with _opened(data) as document:
        if document.is_encrypted:
            raise NotAllowed("the document is encrypted", hint="label it before it is encrypted")
        form = document.Root.get("/AcroForm")
        if isinstance(form, pikepdf.Dictionary) and int(form.get("/SigFlags", 0)) & 1:
            raise NotAllowed("the document is signed", hint="label it before it is signed")
        document.docinfo["/AIGC"] = pikepdf.String(text)
        document.save(
            out,
            deterministic_id=True,
            fix_metadata_version=False,
            compress_streams=False,
            stream_decode_level=pikepdf.StreamDecodeLevel.none,
            object_stream_mode=pikepdf.ObjectStreamMode.preserve,
            linearize=document.is_linearized,
        )
    return out.getvalue()


def rest(data: bytes) -> object:
    """Return the other entries of the document *data*, its XMP, and its pages' content."""
    import pikepdf

    with _opened(data) as document:
        info = document.trailer.get("/Info")
        if not isinstance(info, pikepdf.Dictionary):
            info = pikepdf.Dictionary()
        entries = {
            key: value.unparse() if isinstance(value, pikepdf.Object) else repr(value)
            for key, value in info.items()
            if key != "/AIGC"
        }
        xmp = document.Root.get("/Metadata")
        pages = [_content(page.obj.get("/Contents")) for page in document.pages]
        return entries, _content(xmp), pages


@contextmanager
def _opened(data: bytes) -> Iterator["pikepdf.Pdf"]:
    import pikepdf

    # Process-wide, and the same each time: nothing here has a use for a larger stream.
    pikepdf.settings.set_qpdf_limits(
        flate_max_memory=MAX_STREAM, run_length_max_memory=MAX_STREAM, png_max_memory=MAX_STREAM
    )
    try:
        # A damaged document is refused, not guessed at: a guess may take minutes and lose parts.
        with pikepdf.open(io.BytesIO(data), attempt_recovery=False) as document:
            yield document
    except pikepdf.PasswordError as error:
        raise NotAllowed("the document needs a password", hint="label it before") from error
    except (pikepdf.PdfError, RuntimeError, TypeError, ValueError, KeyError) as error:
        # The library speaks of its own types where a document is not built as it should be.
        raise Malformed(f"no sound PDF: {error}", hint=_HINT) from error


def _content(found: object) -> list[bytes]:
    """Return the bytes of a stream or of an array of streams, as they are stored."""
    import pikepdf

    if isinstance(found, pikepdf.Stream):
        return [found.read_raw_bytes()]
    if isinstance(found, pikepdf.Array):
        return [part.read_raw_bytes() for part in found if isinstance(part, pikepdf.Stream)]
    return []
