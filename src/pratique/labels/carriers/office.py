"""DOCX and XLSX: the field as the custom property `AIGC`, in `docProps/custom.xml`.

python-docx knows no custom properties, and openpyxl drops charts and pictures when it saves; so only
the parts of the package that hold the property are changed, and every other part stays byte for byte.
"""

import hashlib
import io
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from pratique.errors import Malformed, NotAllowed

if TYPE_CHECKING:
    from lxml.etree import _Element

MAX_PARTS = 10_000
"""Most parts of a package; this bound is ours."""
MAX_UNPACKED = 48_000_000
"""Most bytes of all parts together, unpacked; this bound is ours."""
MAX_XML = 1_000_000
"""Most bytes of a part that we read as XML; this bound is ours."""
MAX_BODY = 3_000_000
"""Most bytes of XML in a document whose paragraphs are read; this bound is ours."""

CUSTOM = "docProps/custom.xml"
"""Part with the custom properties."""
_TYPES = "[Content_Types].xml"
_RELATIONS = "_rels/.rels"

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_PROPERTIES = f"{_OFFICE}/custom-properties"
_VALUES = f"{_OFFICE}/docPropsVTypes"
_RELATION = f"{_OFFICE}/relationships/custom-properties"
_CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
_FORMAT_ID = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"
"""Format of properties that users define, the same in every file."""
_EMPTY = f'<Properties xmlns="{_PROPERTIES}" xmlns:vt="{_VALUES}"/>'.encode()
_HINT = "save the document again with the program that made it"


def read(data: bytes) -> list[str]:
    """Return the text of every label in the document *data*."""
    with _opened(data) as package:
        if CUSTOM not in package.namelist():
            return []
        return ["".join(map(str, one.itertext())) for one in _labels(_xml(package, CUSTOM))]


def write(data: bytes, text: str) -> bytes:
    """Return *data* with the label *text* in place of any, beside the properties that it has.

    Raises:
        NotAllowed: the package is signed: a change would undo that.
    """
    out = io.BytesIO()
    with _opened(data) as package:
        if any(name.startswith("_xmlsignatures/") for name in package.namelist()):
            raise NotAllowed("the document is signed", hint="label it before it is signed")
        changed = _changed(package, text)
        with zipfile.ZipFile(out, "w") as target:
            for info in package.infolist():
                new = changed.pop(info.filename, b"") or _part(package, info)
                target.writestr(info, new)
            for name, part in changed.items():
                target.writestr(name, part, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def rest(data: bytes) -> object:
    """Return the other properties of the document *data*, and a hash of each other part."""
    with _opened(data) as package:
        custom: dict[str, str] = {}
        if CUSTOM in package.namelist():
            for one in _xml(package, CUSTOM):
                if one.get("name") != "AIGC":
                    custom[str(one.get("name"))] = "".join(map(str, one.itertext()))
        parts = {
            info.filename: hashlib.sha256(_part(package, info)).hexdigest()
            for info in package.infolist()
            if info.filename not in (CUSTOM, _TYPES, _RELATIONS)
        }
        return custom, parts


def require_readable(data: bytes) -> None:
    """Refuse a document that another library could not unpack and read within bounds.

    Raises:
        Malformed: says which part is damaged, too large, or has a document type.
    """
    with _opened(data) as package:
        body = 0
        for info in package.infolist():
            part = _part(package, info)
            if not info.filename.endswith((".xml", ".rels")):
                continue
            body += len(part)
            if b"<!DOCTYPE" in part:
                raise Malformed(f"its part `{info.filename}` has a document type", hint=_HINT)
        if body > MAX_BODY:
            raise Malformed(
                f"holds {body:,} bytes of XML, more than {MAX_BODY:,}", hint="make it shorter"
            )


def _part(package: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """Return a part's bytes; with their number said, no more than it claims are ever unpacked."""
    with package.open(info) as part:
        found = part.read(info.file_size)
        if part.read(1):
            raise Malformed(f"its part `{info.filename}` is larger than it claims", hint=_HINT)
    return found


@contextmanager
def _opened(data: bytes) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            _require_bounds(package)
            yield package
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError) as error:
        raise Malformed(f"no sound package: {error}", hint=_HINT) from error


def _require_bounds(package: zipfile.ZipFile) -> None:
    infos = package.infolist()
    names = [info.filename for info in infos]
    if len(infos) > MAX_PARTS:
        raise Malformed(f"has {len(infos)} parts, more than {MAX_PARTS}", hint=_HINT)
    # A part is never read beyond the size that it claims, so the claims are the bound.
    size = sum(info.file_size for info in infos)
    if size > MAX_UNPACKED:
        raise Malformed(f"unpacks to {size:,} bytes, more than {MAX_UNPACKED:,}", hint=_HINT)
    if len(set(names)) < len(names):
        raise Malformed("holds a part twice", hint=_HINT)
    if any(info.flag_bits & 1 for info in infos):
        raise NotAllowed("the document is encrypted", hint="label it before it is encrypted")
    for name in (_TYPES, _RELATIONS):
        if name not in names:
            raise Malformed(f"has no part `{name}`: no Word or Excel document", hint=_HINT)


def _xml(package: zipfile.ZipFile, name: str) -> "_Element":
    """Return the part *name* as XML; a document type, and with it every entity, is refused."""
    from lxml import etree

    size = package.getinfo(name).file_size
    if size > MAX_XML:
        raise Malformed(f"its part `{name}` has {size:,} bytes, more than {MAX_XML:,}", hint=_HINT)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(_part(package, package.getinfo(name)), parser)
    except etree.XMLSyntaxError as error:
        raise Malformed(f"its part `{name}` is no XML: {error}", hint=_HINT) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise Malformed(
            f"its part `{name}` has a document type", hint="remove it: it may hide more"
        )
    return root


def _labels(properties: "_Element") -> "list[_Element]":
    return [one for one in properties if one.get("name") == "AIGC"]


def _changed(package: zipfile.ZipFile, text: str) -> dict[str, bytes]:
    """Return the parts that the label *text* changes, by name."""
    from lxml import etree

    has = CUSTOM in package.namelist()
    properties = _xml(package, CUSTOM) if has else etree.fromstring(_EMPTY)
    for old in _labels(properties):
        properties.remove(old)
    taken = [int(found) for one in properties if (found := str(one.get("pid", ""))).isdecimal()]
    label = etree.SubElement(
        properties,
        f"{{{_PROPERTIES}}}property",
        {"fmtid": _FORMAT_ID, "pid": str(max([1, *taken]) + 1), "name": "AIGC"},
    )
    etree.SubElement(label, f"{{{_VALUES}}}lpwstr").text = text
    return {CUSTOM: _bytes(properties), **_announced(package)}


def _announced(package: zipfile.ZipFile) -> Mapping[str, bytes]:
    """Return the two parts that name the custom properties, where they do not do so yet."""
    from lxml import etree

    changed = {}
    types, relations = _xml(package, _TYPES), _xml(package, _RELATIONS)
    if all(one.get("PartName") != f"/{CUSTOM}" for one in types):
        etree.SubElement(
            types,
            f"{{{_PACKAGE}/content-types}}Override",
            {"PartName": f"/{CUSTOM}", "ContentType": _CONTENT_TYPE},
        )
        changed[_TYPES] = _bytes(types)
    if all(one.get("Type") != _RELATION for one in relations):
        ids = {one.get("Id") for one in relations}
        free = next(name for n in range(1, len(ids) + 2) if (name := f"rId{n}") not in ids)
        etree.SubElement(
            relations,
            f"{{{_PACKAGE}/relationships}}Relationship",
            {"Id": free, "Type": _RELATION, "Target": CUSTOM},
        )
        changed[_RELATIONS] = _bytes(relations)
    return changed


def _bytes(root: "_Element") -> bytes:
    from lxml import etree

    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
