"""The door to labels in files: write one and read it back, read one, say what is wrong."""

from pathlib import Path
from typing import Protocol

import msgspec

from pratique.errors import Malformed, NotAllowed
from pratique.labels.carriers import envelope, markdown, office, pdf, pictures, plain
from pratique.labels.implicit import AigcField, Implicit, faults, read_field
from pratique.labels.kinds import Kind, kind_of, load
from pratique.labels.provenance import has_manifest


class Carrier(Protocol):
    """What carries labels in one kind of file."""

    def read(self, data: bytes) -> list[str]:
        """Return the text of every label in *data*."""

    def write(self, data: bytes, text: str) -> bytes:
        """Return *data* with the label *text* in place of any."""

    def rest(self, data: bytes) -> object:
        """Return what writing must leave as it was."""


_CARRIERS: dict[Kind, Carrier] = {
    "png": pictures,
    "jpeg": pictures,
    "webp": pictures,
    "pdf": pdf,
    "docx": office,
    "xlsx": office,
    "md": markdown,
    "txt": plain,
    "json": envelope,
}


class Found(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a file says of itself."""

    kind: Kind
    """Kind of the file, by its content."""
    fields: list[AigcField]
    """Every field that it carries; one is right."""
    faults: list[str]
    """What is wrong with them, a sentence each."""

    @property
    def field(self) -> AigcField | None:
        """The first field, or None if the file carries none."""
        return self.fields[0] if self.fields else None


def read_label(path: Path) -> Found:
    """Return the implicit label of the file at *path*.

    Raises:
        Malformed: the file is too large, of no known kind, not sound, or its field is none.
    """
    return read_bytes(load(path), path)


def read_bytes(data: bytes, path: Path) -> Found:
    """Return the implicit label in *data*, the content of *path* (see `read_label`)."""
    return _found(data, kind_of(data, path), path)


def label_bytes(data: bytes, path: Path, label: Implicit, *, replace: bool = False) -> bytes:
    """Return *data*, the content of *path*, with *label* in it, once it was read back.

    Raises:
        NotAllowed: it carries a label already and *replace* is not set, or it is signed.
        Malformed: it is not sound, the label did not read back, or something else changed.
    """
    kind = kind_of(data, path)
    carrier = _CARRIERS[kind]
    if has_manifest(data, kind):
        raise NotAllowed(
            f"{path} carries a signed manifest, which any change would break",
            hint="write the field first, then sign",
        )
    # Read first, even where it will be replaced: an unsound file is refused here.
    if _carried(data, kind, path) and not replace:
        raise NotAllowed(
            f"{path} carries a label already",
            hint="`pratique label read` shows it; `--replace` puts the new one in its place",
        )
    try:
        before = carrier.rest(data)
        labelled = carrier.write(data, msgspec.json.encode(label).decode())
        changed = carrier.rest(labelled) != before
    except (Malformed, NotAllowed) as error:
        raise type(error)(f"{path}: {error.message}", hint=error.hint) from error
    if changed:
        raise Malformed(
            "writing the label would change something else", path=path, hint="nothing was written"
        )
    if _found(labelled, kind, path).fields != [label.aigc]:
        raise Malformed("the label did not read back", path=path, hint="nothing was written")
    return labelled


def _carried(data: bytes, kind: Kind, path: Path) -> list[str]:
    try:
        return _CARRIERS[kind].read(data)
    except Malformed as error:
        raise Malformed(error.message, hint=error.hint, path=path) from error
    except NotAllowed as error:
        raise NotAllowed(f"{path}: {error.message}", hint=error.hint) from error


def _found(data: bytes, kind: Kind, path: Path) -> Found:
    try:
        fields = [_field(text) for text in _carried(data, kind, path)]
    except msgspec.DecodeError as error:
        raise Malformed(f"its `AIGC` is no JSON: {error}", path=path) from error
    except RecursionError as error:
        raise Malformed("its `AIGC` nests too deep", path=path) from error
    except Malformed as error:
        if error.path is not None:
            raise
        raise Malformed(error.message, hint=error.hint, path=path) from error
    wrong = [fault for field in fields for fault in faults(field)]
    if len(fields) > 1:
        wrong.append(f"it carries {len(fields)} labels; one is right")
    return Found(kind=kind, fields=fields, faults=wrong)


def _field(text: str) -> AigcField:
    return read_field(msgspec.json.decode(text, type=dict[str, object]))
