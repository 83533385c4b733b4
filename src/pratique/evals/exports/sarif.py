"""SARIF 2.1.0 (OASIS): the form in which code hosts show what a check found."""

import hashlib
from collections.abc import Iterable
from urllib.parse import quote

import msgspec

from pratique import __version__
from pratique.evals.exports.checked import Checked, Group
from pratique.store.canonical import canonical

_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)

_RULES = (
    ("finding", "A candidate is established to meet the bar of its standard"),
    ("sample", "Every check holds and the target is met"),
)


def sarif(groups: Iterable[Group]) -> bytes:
    """Return what failed in *groups* as a SARIF log; what passed is in it as a count alone."""
    taken = list(groups)
    results = [
        _result(group, one) for group in taken for one in group.checks if one.state != "passed"
    ]
    document = {
        "$schema": _SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "pratique",
                        "version": __version__,
                        "rules": [
                            {"id": rule, "shortDescription": {"text": text}}
                            for rule, text in _RULES
                        ],
                    }
                },
                "results": results,
                "columnKind": "unicodeCodePoints",
                "properties": {
                    "checks": sum(len(group.checks) for group in taken),
                    "runs": [{"run": g.run_id, "name": g.name, **g.figures} for g in taken],
                },
            }
        ],
    }
    return msgspec.json.format(canonical(document), indent=1)


def _result(group: Group, one: Checked) -> dict[str, object]:
    place = f"{group.name}/{one.name}"
    names = [rule for rule, _ in _RULES]
    return {
        "ruleId": one.rule,
        "ruleIndex": names.index(one.rule),
        "kind": "fail",
        # A call that gave nothing says nothing of the answer: it warns and does not accuse.
        "level": "warning" if one.state == "error" else "error",
        "message": {"text": f"{place}: {one.why}"},
        "locations": [
            {
                "physicalLocation": {"artifactLocation": {"uri": quote(group.file)}},
                "logicalLocations": [{"name": one.name, "fullyQualifiedName": place}],
            }
        ],
        "partialFingerprints": {
            "pratique/v1": hashlib.sha256(f"{one.rule} {place}".encode()).hexdigest()
        },
        "properties": {"run": group.run_id, **one.figures},
    }
