"""JUnit XML: the form in which pipelines show tests."""

import re
from collections.abc import Iterable, Mapping
from xml.etree import ElementTree

from pratique.evals.exports.checked import Checked, Group

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 cannot hold (2.2), not even escaped."""


def junit(groups: Iterable[Group]) -> bytes:
    """Return *groups* as JUnit XML: a suite for each, a case for each check, figures as properties."""
    root = ElementTree.Element("testsuites", {"name": "pratique"})
    for group in groups:
        root.append(_suite(group))
    checks = [one for suite in root for one in suite.iter("testcase")]
    root.set("tests", str(len(checks)))
    root.set("failures", str(sum(one.find("failure") is not None for one in checks)))
    root.set("errors", str(sum(one.find("error") is not None for one in checks)))
    ElementTree.indent(root, " ")
    written: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _suite(group: Group) -> ElementTree.Element:
    states = [one.state for one in group.checks]
    suite = ElementTree.Element(
        "testsuite",
        {
            "name": _text(group.name),
            "tests": str(len(states)),
            "failures": str(states.count("failed")),
            "errors": str(states.count("error")),
            "skipped": "0",
            "time": f"{sum(one.seconds for one in group.checks):.3f}",
        },
    )
    _properties(suite, {"run": group.run_id, **group.figures})
    for one in group.checks:
        suite.append(_case(group, one))
    return suite


def _case(group: Group, one: Checked) -> ElementTree.Element:
    case = ElementTree.Element(
        "testcase",
        {
            "name": _text(one.name),
            "classname": _text(f"{group.name}.{one.rule}".replace("/", ".")),
            "time": f"{one.seconds:.3f}",
        },
    )
    _properties(case, one.figures)
    if one.state != "passed":
        kind = "failure" if one.state == "failed" else "error"
        told = ElementTree.SubElement(case, kind, {"message": _text(one.why), "type": one.rule})
        told.text = _text(f"{one.why}\nrun {group.run_id}")
    return case


def _properties(parent: ElementTree.Element, figures: Mapping[str, str | int | float]) -> None:
    if not figures:
        return
    properties = ElementTree.SubElement(parent, "properties")
    for name, value in figures.items():
        ElementTree.SubElement(properties, "property", {"name": name, "value": _text(str(value))})


def _text(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)
