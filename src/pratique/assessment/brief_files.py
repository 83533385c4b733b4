"""The files of a brief: pages, figures, and cases that run on the partner's side."""

import json
import re
import shutil
from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path

import msgspec

from pratique.assessment.brief import Brief
from pratique.assessment.brief_page import html, markdown
from pratique.assessment.cases import RegressionCase
from pratique.errors import NotAllowed, Unavailable

LANGUAGES = ("en", "zh-Hans")
"""Languages that a brief is written in."""

MARK = "brief.json"
"""The file by which a folder is known for a brief."""

_TEMPLATES = files("pratique") / "assessment" / "templates" / "brief"


def write_brief(folder: Path, brief: Brief) -> tuple[Path, ...]:
    """Write *brief* into *folder*, whole or not at all, and return its files.

    A folder that holds an earlier brief is replaced; any other that is not empty is refused.

    Raises:
        NotAllowed: the folder holds something else.
        Unavailable: it cannot be written.
    """
    if folder.exists() and (
        not folder.is_dir() or (any(folder.iterdir()) and not (folder / MARK).is_file())
    ):
        raise NotAllowed(
            f"`{folder}` holds something that is no brief", hint="name another folder with `--out`"
        )
    draft = folder.with_name(f".{folder.name}.new")
    contents = files_of(brief)
    try:
        shutil.rmtree(draft, ignore_errors=True)
        for name, text in contents.items():
            path = draft / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        if folder.exists():
            shutil.rmtree(folder)
        draft.rename(folder)
    except OSError as error:
        raise Unavailable(
            f"cannot write `{folder}`: {error.strerror}", hint="name another folder with `--out`"
        ) from None
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return tuple(folder / name for name in contents)


def files_of(brief: Brief) -> Mapping[str, str]:
    """Return the text of each file of *brief* by its name."""
    found = {MARK: msgspec.json.format(msgspec.json.encode(brief), indent=1).decode() + "\n"}
    for language in LANGUAGES:
        found[f"brief.{language}.html"] = html(brief, language)
        found[f"brief.{language}.md"] = markdown(brief, language)
    if brief.cases:
        found |= _cases(brief.cases)
        found["regression.py"] = (_TEMPLATES / "regression.py.txt").read_text(encoding="utf-8")
        found["cases.js"] = (_TEMPLATES / "cases.js.txt").read_text(encoding="utf-8")
        found["promptfooconfig.yaml"] = _promptfoo(brief)
    return found


def _cases(cases: Sequence[RegressionCase]) -> Mapping[str, str]:
    """Return a JSONL file for each model, feature and locale."""
    lines: dict[str, list[bytes]] = {}
    for one in cases:
        name = re.sub(r"[^\w.-]+", "_", f"{one.model}.{one.feature}.{one.locale}", flags=re.ASCII)
        record = {"key": one.key, **msgspec.structs.asdict(one)}
        lines.setdefault(f"cases/{name}.jsonl", []).append(msgspec.json.encode(record))
    return {name: b"\n".join(some).decode() + "\n" for name, some in lines.items()}


def _promptfoo(brief: Brief) -> str:
    """Return promptfoo's configuration; texts in it are JSON strings, which YAML reads as they are."""
    cases = brief.cases
    warmth, most = max(one.temperature for one in cases), max(one.max_tokens for one in cases)
    tests = [
        f"  - description: {_quoted(one.why)}\n    vars: {{ key: {_quoted(one.key)} }}"
        for one in cases
    ]
    head = f"""# Put your model in the place of the provider: `npx promptfoo eval -c promptfooconfig.yaml`
description: {_quoted(f"Regression cases for {brief.partner} in {brief.market}, {brief.made}")}
providers:
  - id: openai:chat:{re.sub(r"[^a-zA-Z0-9._/-]", "_", cases[0].model)}
    config: {{ temperature: {warmth}, max_tokens: {most} }}
prompts:
  - id: file://cases.js:messages
    label: as asked
defaultTest:
  assert:
    - type: javascript
      value: file://cases.js:expectations
tests:
"""
    return head + "\n".join(tests) + "\n"


def _quoted(text: str) -> str:
    # Braces would be read as a template by promptfoo; they are of no use in a description.
    return json.dumps(re.sub(r"[{}]", "", text), ensure_ascii=False)
