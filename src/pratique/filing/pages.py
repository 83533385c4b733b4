"""Pages: what people read in an evidence pack, as Markdown in Chinese and English."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Literal

import msgspec
from jinja2 import Environment, PackageLoader, StrictUndefined

from pratique.filing.dossier import Dossier, DossierVariant
from pratique.filing.duties import Duty
from pratique.regimes.citations import numbers_in
from pratique.regimes.regime import Regime
from pratique.regimes.routes import Route

Language = Literal["zh", "en", "both"]


class Contents(msgspec.Struct, frozen=True, kw_only=True):
    """What the pages speak of."""

    dossier: Dossier
    """What the pack is written from."""
    regime: Regime
    """Rules under which it is made."""
    route: Route
    """What is due for all variants together."""
    routes: tuple[tuple[DossierVariant, Route], ...]
    """What would be due for each alone."""
    duties: tuple[Duty, ...]
    """Everything that the market asks for."""
    product: str
    """Name and version of what writes it."""
    files: tuple[str, ...]
    """Files of the pack, to which pages may link."""


class _Ready(str):
    """Text that is Markdown already."""

    __slots__ = ()


def checklist(contents: Contents) -> str:
    """Return `checklist.md`: every duty with its state, and where each number comes from."""
    return _rendered("checklist.md.j2", contents, "both")


def results(contents: Contents) -> str:
    """Return `results.md`: what was measured, and who was selected."""
    return _rendered("results.md.j2", contents, "both")


def report(contents: Contents, language: Literal["zh", "en"]) -> str:
    """Return the skeleton of the self-assessment report in *language*."""
    return _rendered("report.md.j2", contents, language)


def _rendered(template: str, contents: Contents, language: Language) -> str:
    environment = _environment(language, contents.files)
    blocking = [duty for duty in contents.duties if duty.blocks]
    numbers = list(numbers_in(contents.regime))
    by_id = {duty.id: duty for duty in contents.duties}
    text = environment.get_template(template).render(
        dossier=contents.dossier,
        regime=contents.regime,
        route=contents.route,
        routes=contents.routes,
        procedure=next(
            one for one in contents.regime.procedures if one.id == contents.route.procedure
        ),
        duties=contents.duties,
        items=[(item, by_id[f"report.{item.number}"]) for item in contents.regime.report.items],
        blocking=len(blocking),
        blocking_software=sum(duty.who == "software" for duty in blocking),
        kinds=_KINDS,
        numbers=numbers,
        unverified=sum(not number.verified_against_text for _, number in numbers),
        product=contents.product,
    )
    return text.strip() + "\n"


_KINDS = (
    ("report", "报告项目", "Items of the report"),
    ("bank", "题库与词库", "Banks"),
    ("gate", "抽检与测试", "Gates"),
    ("submission", "提交文件", "Files handed in"),
    ("display", "公示", "Shown to users"),
    ("people", "只能由人完成", "What only people can do"),
)

_STATES = {
    "open": ("未完成", "OPEN"),
    "met": ("符合", "met"),
    "not_met": ("不符合", "NOT MET"),
    "not_applicable": ("不适用", "not applicable"),
}
_APPLIES = {
    "required": ("必须", "due"),
    "if_asked": ("视要求", "if asked"),
    "not_involved": ("不涉及", "not involved"),
}
_FINDINGS = {
    "meets": ("达到", "meets"),
    "falls_short": ("未达到", "falls short"),
    "undecided": ("未定", "undecided"),
}


@lru_cache(maxsize=16)
def _environment(language: Language, files: Sequence[str]) -> Environment:
    say = _sayer(language)
    environment = Environment(  # noqa: S701  (Markdown, not HTML: `finalize` escapes each value)
        loader=PackageLoader("pratique.filing"),
        undefined=StrictUndefined,
        finalize=_escaped,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["say"] = say
    environment.filters["code"] = _code
    environment.filters["percent"] = _percent
    environment.filters["linked"] = lambda names: _linked(names, files)
    environment.filters["state"] = lambda duty: _state(duty, say)
    environment.filters["applies"] = lambda word: say(*_APPLIES[word])
    environment.filters["finding"] = lambda word: say(*_FINDINGS[word])
    return environment


def _sayer(language: Language) -> Callable[[str, str], _Ready]:
    def say(zh: str, en: str) -> _Ready:
        if language == "both" and zh != en:
            return _Ready(f"{_escaped(zh)} {_escaped(en)}")
        return _Ready(_escaped(en if language == "en" else zh))

    return say


def _state(duty: Duty, say: Callable[[str, str], _Ready]) -> _Ready:
    words = say(*_STATES[duty.state])
    return _Ready(f"**{words}**") if duty.state in ("open", "not_met") else words


def _escaped(value: object) -> str:
    """Return *value* as one line in which nothing is taken for Markdown or HTML."""
    if isinstance(value, _Ready):
        return value
    text = " ".join(str(value).split())
    for sign in ("\\", "`", "*", "[", "]", "|"):
        text = text.replace(sign, "\\" + sign)
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _code(value: object) -> _Ready:
    text = " ".join(str(value).replace("`", "'").split())
    return _Ready("`" + text.replace("|", "\\|") + "`")


def _percent(value: float) -> _Ready:
    return _Ready(f"{value * 100:.1f} %")


def _linked(names: Sequence[str], files: Sequence[str]) -> _Ready:
    return _Ready(", ".join(f"[{one}]({one})" if one in files else _escaped(one) for one in names))
