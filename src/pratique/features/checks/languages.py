"""Checks of language and script: nobody is answered in another one."""

from pratique.features.checks.case import Case
from pratique.text.languages import written_in
from pratique.text.scripts import foreign_script
from pratique.text.stray import stray_english


def same_language(case: Case) -> str:
    """What was written is in the language of the locale, without stray sentences of another one."""
    source = case.source
    if source and not written_in(source, case.locale):
        return ""
    texts = case.texts
    strays = any(stray_english(text, case.locale, source) for text in texts)
    if all(written_in(text, case.locale) for text in texts) and not strays:
        return ""
    return f"not written in {case.locale}"


def right_script(case: Case) -> str:
    """Chinese is in the script of the locale, but for characters that the source has, too."""
    return _scripted(case, case.locale)


def in_target(case: Case) -> str:
    """The translation is in the language and script that were asked for."""
    target = str(case.request["target"])
    if not all(written_in(text, target) for text in case.texts):
        return f"not written in {target}"
    # Nothing of the source is tolerated here: its script is what had to be left behind.
    return "" if not foreign_script(case.written, target) else f"characters foreign to {target}"


def _scripted(case: Case, locale: str) -> str:
    foreign = foreign_script(case.written, locale, case.source)
    return f"{len(set(foreign))} character(s) foreign to {locale}" if foreign else ""
