"""Greetings: a wish or thanks to somebody whom a text names, with the words that must be in it."""

import re

from pratique.partners.rules import wishes
from pratique.partners.rules.letters import read, rules_of, told

_ENGLISH_NAME = re.compile(r"(?<![.!?] )(?<!^)\b[A-Z][a-z]+(?: [A-Z][a-z]+)?\b")
_CHINESE_NAME = re.compile(
    r"[阿小老][\u4e00-\u9fff]|[\u4e00-\u9fff]{1,2}(?:老师|经理|医生|师傅|叔叔|阿姨|奶奶|爷爷)"
)
_NOT_NAMES = frozenset(("小时", "老师", "小心", "小区", "小组", "小学", "老家", "小猫", "小狗"))


def greeting(text: str, instruction: str, locale: str) -> str:
    """Return the greeting that *instruction* asks for, to whom *text* names; empty if it is none."""
    form = wishes.greeting(instruction, locale)
    name = _name(text, locale)
    if not form or not name:
        return ""
    greeted = told(form, (), locale).replace("{name}", name)
    wanted = [each for each in wishes.changes(instruction, locale) if each.name == "include"]
    if not wanted:
        return greeted
    word = wanted[0].arguments["what"].strip('"“”「」')
    close = f" {word[:1].upper()}{word[1:]}!" if locale == "en" else f"{word}！"
    return greeted + close


def _name(text: str, locale: str) -> str:
    """Return the first name that *text* has."""
    if rules_of(locale) == "en":
        found = _ENGLISH_NAME.search(text)
        return found[0] if found else ""
    hans = read(text, locale)
    for match in _CHINESE_NAME.finditer(hans):
        if match[0] not in _NOT_NAMES:
            return text[match.start() : match.end()]
    return ""
