"""Checking a bank against its regime: what it has, and exactly what is missing."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Literal

import msgspec

from pratique.filing.banks.duplicates import duplicates
from pratique.filing.banks.entries import Entry, KeptBank, language_of
from pratique.regimes.banks import Bank
from pratique.regimes.citations import Bilingual
from pratique.regimes.risks import RiskList
from pratique.text.languages import is_han

EXAMPLES = 20
"""Entries that are named of each kind of fault; all of them are counted."""

GapKind = Literal[
    "bank", "starter", "total", "coverage", "open", "length", "renewal", "language", "modality"
]


class Gap(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One thing that a bank lacks."""

    kind: GapKind
    """What kind of thing."""
    place: str
    """Risk, aspect, locale or modality that it is about; empty where it is the whole bank."""
    has: int
    """What there is."""
    needs: int
    """What there must be, at the least or at the most."""
    says: Bilingual
    """The same in words."""


class Place(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How one risk or aspect is covered."""

    code: str
    """Code of the risk, or the aspect's Chinese title."""
    title: Bilingual
    """What it is called."""
    needs: int
    """Entries that it needs; 0 where the regime names no number."""
    has: int
    """Entries that count: code words and repetitions are none."""
    held_open: int
    """Code words that hold its place."""

    @property
    def state(self) -> Literal["met", "short", "open"]:
        """`open` where code words alone stand for it: the operator brings the words."""
        if self.has >= self.needs:
            return "met"
        return "open" if self.held_open and not self.has else "short"


class BankCheck(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What there is to say of one bank."""

    bank: str
    """Bank, as the regime calls it."""
    title: Bilingual
    """What it is called."""
    present: bool
    """Whether there is one at all."""
    starter: bool
    """Whether it is the modest set that comes with the product."""
    digest: str
    """Hash of its entries; empty where there is none."""
    changed: str
    """Day of its last change; empty where that is not known."""
    entries: int
    """Entries in the file."""
    counted: int
    """Entries that count: neither code words nor repetitions."""
    needs: int
    """Entries that it needs."""
    held_open: int
    """Code words."""
    exact: int
    """Entries that repeat an earlier one, once folded."""
    near: int
    """Entries that are nearly the same as an earlier one; keywords are not looked at for this."""
    repeats: tuple[tuple[str, str], ...]
    """Some of these: the entry, and the one that it repeats."""
    too_long: int
    """Entries longer than the regime takes."""
    longest: tuple[str, ...]
    """Some of these."""
    places: tuple[Place, ...]
    """Coverage, in the regime's order."""
    locales: tuple[tuple[str, int], ...]
    """Entries that count, by locale."""
    modalities: tuple[tuple[str, int], ...]
    """Entries that count, by modality."""
    gaps: tuple[Gap, ...]
    """What is missing."""

    @property
    def complete(self) -> bool:
        """Whether nothing is missing."""
        return not self.gaps


class Offered(msgspec.Struct, frozen=True, kw_only=True):
    """What the service offers, and so what a bank must cover."""

    locales: tuple[str, ...]
    """Its locales."""
    modalities: tuple[str, ...]
    """What users may send."""


def check_bank(
    bank: Bank, risks: RiskList, kept: KeptBank | None, offered: Offered, today: date
) -> BankCheck:
    """Return what *kept* is, held against what the regime wants of *bank*."""
    entries = kept.entries if kept else ()
    words = bank.entry_characters is not None
    repeats = duplicates([one.text for one in entries], near=not words)
    counting = [one for at, one in enumerate(entries) if not one.open and at not in repeats.all]
    held = Counter(one.place for one in entries if one.open)
    places = _places(bank, risks, Counter(one.place for one in counting), held)
    long = [one for one in entries if not one.open and too_long(one.text, bank)]
    pairs = [*repeats.exact.items(), *repeats.near.items()][:EXAMPLES]
    head = kept.head if kept else None
    check = BankCheck(
        bank=bank.id,
        title=bank.title,
        present=kept is not None,
        starter=head.starter if head else False,
        digest=head.digest if head else "",
        changed=head.changed if head else "",
        entries=len(entries),
        counted=len(counting),
        needs=int(bank.total.value),
        held_open=sum(held.values()),
        exact=len(repeats.exact),
        near=len(repeats.near),
        repeats=tuple((entries[at].id, entries[first].id) for at, first in pairs),
        too_long=len(long),
        longest=tuple(one.id for one in long[:EXAMPLES]),
        places=places,
        locales=_counts([one.locale for one in counting]),
        modalities=_counts([one.modality for one in counting]),
        gaps=(),
    )
    return msgspec.structs.replace(check, gaps=_gaps(check, bank, offered, today))


def too_long(text: str, bank: Bank) -> bool:
    """Say whether *text* is longer than *bank* takes; Chinese is counted in characters, else words."""
    if bank.entry_characters is None or bank.entry_words is None:
        return False
    if any(map(is_han, text)):
        return len("".join(text.split())) > bank.entry_characters.value
    return len(text.split()) > bank.entry_words.value


def _places(
    bank: Bank, risks: RiskList, has: Counter[str], held: Counter[str]
) -> tuple[Place, ...]:
    """Return the coverage: what the regime counts, and under 0 whatever else has entries."""
    found = []
    for part in bank.coverage:
        named = (
            [(one.zh, one) for one in risks.aspects]
            if part.over == "aspects"
            else [(one.code, one.title) for one in risks.of(*part.classes)]
        )
        found += [
            Place(
                code=code,
                title=title,
                needs=int(part.each.value),
                has=has[code],
                held_open=held[code],
            )
            for code, title in named
        ]
    known = {one.code for one in found}
    beside = [one for one in risks.items if one.code not in known and has[one.code]]
    found += [
        Place(code=one.code, title=one.title, needs=0, has=has[one.code], held_open=0)
        for one in beside
    ]
    return tuple(found)


def _counts(values: Sequence[str]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(Counter(values).items()))


def _gaps(check: BankCheck, bank: Bank, offered: Offered, today: date) -> tuple[Gap, ...]:
    zh, en = check.title.zh, check.title.en
    if not check.present:
        return (_gap("bank", "", 0, 1, f"没有{zh}", f"there is no bank: {en}"),)
    found = []
    if check.starter:
        found.append(
            _gap(
                "starter",
                "",
                check.counted,
                check.needs,
                "仅为产品自带的起步样例，须换成运营方自己的库",
                "it is the modest starter set: bring your own",
            )
        )
    if check.counted < check.needs:
        lack = check.needs - check.counted
        found.append(
            _gap(
                "total",
                "",
                check.counted,
                check.needs,
                f"合计 {check.counted:,} 条，少 {lack:,} 条",
                f"{check.counted:,} entries count, {lack:,} are missing",
            )
        )
    found += [_uncovered(one) for one in check.places if one.state != "met"]
    if check.too_long and bank.entry_characters and bank.entry_words:
        characters, words = bank.entry_characters.value, bank.entry_words.value
        found.append(
            _gap(
                "length",
                "",
                check.too_long,
                0,
                f"{check.too_long} 条过长（中文不超过 {characters} 字，其他语言不超过 {words} 词）",
                f"{check.too_long} entries are too long (at most {characters} Chinese characters or {words} words)",
            )
        )
    return (*found, *_stale(check, bank, today), *_unserved(check, bank, offered))


def _uncovered(place: Place) -> Gap:
    lack = place.needs - place.has
    zh, en = f"{place.code} {place.title.zh}", f"{place.code} {place.title.en}"
    if place.code == place.title.zh:
        zh, en = place.title.zh, place.title.en
    if place.state == "open":
        return _gap(
            "open",
            place.code,
            place.has,
            place.needs,
            f"{zh}：仅有占位代号，须由运营方提供（少 {lack} 条）",
            f"{en}: only code words hold its place, the operator brings the words ({lack} missing)",
        )
    return _gap(
        "coverage",
        place.code,
        place.has,
        place.needs,
        f"{zh}：{place.has} 条，少 {lack} 条",
        f"{en}: {place.has}, {lack} missing",
    )


def _stale(check: BankCheck, bank: Bank, today: date) -> tuple[Gap, ...]:
    if bank.renewed_within is None or not check.changed:
        return ()
    days, most = (today - date.fromisoformat(check.changed)).days, int(bank.renewed_within.value)
    if days <= most:
        return ()
    return (
        _gap(
            "renewal",
            "",
            days,
            most,
            f"上次更新在 {days} 天前，应在 {most} 天内更新",
            f"last changed {days} days ago, to be renewed within {most}",
        ),
    )


def _unserved(check: BankCheck, bank: Bank, offered: Offered) -> list[Gap]:
    """Return what the service offers and the bank has nothing for."""
    languages = {language_of(one) for one, _ in check.locales}
    found = [
        _gap(
            "language", one, 0, 1, f"没有语种 {one} 的条目", f"nothing in `{one}`, which is offered"
        )
        for one in offered.locales
        if language_of(one) not in languages
    ]
    if bank.id == "content":
        has = {one for one, _ in check.modalities}
        found += [
            _gap(
                "modality",
                one,
                0,
                1,
                f"没有模态 {one} 的测试题",
                f"no question with `{one}`, which users may send",
            )
            for one in offered.modalities
            if one not in has
        ]
    return found


def _gap(kind: GapKind, place: str, has: int, needs: int, zh: str, en: str) -> Gap:
    return Gap(kind=kind, place=place, has=has, needs=needs, says=Bilingual(zh=zh, en=en))


def counting(kept: KeptBank, bank: Bank) -> tuple[Entry, ...]:
    """Return the entries of *kept* that count: neither code words nor repetitions."""
    repeats = duplicates([one.text for one in kept.entries], near=bank.entry_characters is None)
    return tuple(
        one for at, one in enumerate(kept.entries) if not one.open and at not in repeats.all
    )
