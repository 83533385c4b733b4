"""API envelopes: the field in the JSON of an answer, under `label.implicit` or at the top."""

import json
from collections.abc import Mapping

import msgspec

from pratique.errors import Malformed
from pratique.labels.implicit import AigcField

_KEYS = {one.encode_name for one in msgspec.structs.fields(AigcField)}
_HINT = "give the answer as the API returned it"


def read(data: bytes) -> list[str]:
    """Return the text of every label in the answer *data*."""
    answer = _answer(data)
    if set(answer) == _KEYS:
        return [data.decode()]
    found = [bytes(value).decode() for value in _places(answer) if bytes(value) != b"null"]
    return [one if '"AIGC"' in one else f'{{"AIGC":{one}}}' for one in found]


def write(data: bytes, text: str) -> bytes:
    """Return *data* with the label *text* in place of any; every other value stays as written."""
    answer = _answer(data)
    marks = _marks(answer)
    label = msgspec.Raw(text.encode())
    if marks is None:
        inner = msgspec.json.decode(text, type=dict[str, msgspec.Raw])["AIGC"]
        return msgspec.json.encode({**answer, "AIGC": inner})
    others = {name: value for name, value in answer.items() if name != "AIGC"}
    return msgspec.json.encode({**others, "label": {**marks, "implicit": label}})


def rest(data: bytes) -> object:
    """Return everything else that the answer *data* says."""
    answer = _answer(data)
    marks = _marks(answer)
    others = {name: bytes(value) for name, value in answer.items() if name not in ("AIGC", "label")}
    kept = {name: bytes(value) for name, value in (marks or {}).items() if name != "implicit"}
    return others, kept, bytes(answer.get("label", b"")) if marks is None else b""


def _answer(data: bytes) -> dict[str, msgspec.Raw]:
    try:
        # The first reading finds a key that stands twice, which the second would pass over.
        json.loads(data, object_pairs_hook=_once)
        return msgspec.json.decode(data, type=dict[str, msgspec.Raw])
    except (ValueError, msgspec.DecodeError) as error:
        raise Malformed(f"no JSON object: {error}", hint=_HINT) from error
    except RecursionError as error:
        raise Malformed("its JSON nests too deep", hint=_HINT) from error


def _once(pairs: list[tuple[str, object]]) -> None:
    names = [name for name, _ in pairs]
    twice = [name for name in ("AIGC", "implicit", "label") if names.count(name) > 1]
    if twice:
        raise Malformed(f"`{twice[0]}` stands twice in one object", hint="one label only")


def _marks(answer: Mapping[str, msgspec.Raw]) -> dict[str, msgspec.Raw] | None:
    """Return what stands under `label`; None where that is no object."""
    found = bytes(answer.get("label", b"null"))
    if not found.startswith(b"{"):
        return None
    return msgspec.json.decode(found, type=dict[str, msgspec.Raw])


def _places(answer: Mapping[str, msgspec.Raw]) -> list[msgspec.Raw]:
    marks = _marks(answer) or {}
    found = [value for name, value in answer.items() if name == "AIGC"]
    return found + [value for name, value in marks.items() if name in ("implicit", "AIGC")]


def with_visible(data: bytes, statement: str) -> bytes:
    """Return the answer *data* with *statement* for the screen to show, under `label.visible`."""
    answer = _answer(data)
    marks = {**(_marks(answer) or {}), "visible": msgspec.Raw(msgspec.json.encode(statement))}
    if "AIGC" in answer:
        # Where an answer has a place for labels, both stand there.
        inner = answer.pop("AIGC")
        marks["implicit"] = msgspec.Raw(b'{"AIGC":' + bytes(inner) + b"}")
    return msgspec.json.encode({**answer, "label": marks})


def visible_of(data: bytes) -> str:
    """Return the statement that the answer *data* gives to the screen; empty if it gives none."""
    found = (_marks(_answer(data)) or {}).get("visible")
    if found is None or not bytes(found).startswith(b'"'):
        return ""
    return msgspec.json.decode(found, type=str)
