"""What is wrong with a pack, before it goes into force: a bad list blocks ordinary words."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

import msgspec

from pratique.errors import NotAllowed
from pratique.screening.fold import key_of
from pratique.screening.pack import Pack
from pratique.screening.screen import Screen
from pratique.screening.spellings import split_glyphs

CLEAN_SHARE = 0.01
"""Share of clean lines that a pack may hit before it is refused."""
LOUD = 3
"""Hits of one entry in clean lines from which it is named."""
WEEKLY = 7
"""Days after which a list is due for an update (practice of filings; see the reference data)."""


class Finding(msgspec.Struct, frozen=True):
    """One thing that is wrong."""

    kind: str
    """`one_character`, `two_characters`, `duplicate`, `covered`, `common`, `too_few`, `old`,
    `expired_entry`, `idle_view` or `weak_action`."""
    rule: str
    """Id of the entry, or code of the risk where it is about a risk."""
    detail: str
    """What exactly; it never quotes a phrase."""
    refuses: bool
    """Whether the pack is refused for it unless forced."""


class Report(msgspec.Struct, frozen=True):
    """A pack, checked."""

    pack: str
    """Its id."""
    version: str
    """Its version."""
    digest: str
    """Digest of its entries."""
    counts: Mapping[str, int]
    """Entries by risk."""
    findings: tuple[Finding, ...]
    """What is wrong, the refusing first."""
    lines: int
    """Clean lines that it was tried on."""
    lines_hit: int
    """Of them, those with a hard hit."""
    worst: tuple[tuple[str, int], ...]
    """Entries that hit most clean lines, with how many."""
    open: tuple[str, ...] = ()
    """Codes of the regime's risks that have no entry: their words are the operator's to bring."""

    @property
    def share(self) -> float:
        """Share of clean lines that were hit; 0 where there were none."""
        return self.lines_hit / self.lines if self.lines else 0.0

    @property
    def refused(self) -> bool:
        """Whether it may not be put into force unless forced."""
        return any(finding.refuses for finding in self.findings)


def lint(
    pack: Pack,
    *,
    clean: Mapping[str, Sequence[str]] | None = None,
    least: Mapping[str, int] | None = None,
    total: int = 0,
    today: date | None = None,
    share: float = CLEAN_SHARE,
) -> Report:
    """Return what is wrong with *pack*.

    *clean* are lines of ordinary text by name, each text judged alone; *least* the entries that
    the regime wants for each risk, and *total* in all.
    """
    counts = Counter(entry.risk for entry in pack.entries if entry.action != "allow")
    findings = [
        *_short(pack),
        *_doubles(pack),
        *_wording(pack, today),
        *_age(pack, today),
        *_idle(pack),
    ]
    findings += [
        Finding("too_few", risk, f"{counts[risk]} of {number} entries", False)
        for risk, number in sorted((least or {}).items())
        if counts[risk] < number
    ]
    if counts.total() < total:
        detail = f"{counts.total()} of {total} entries in all"
        findings.append(Finding("too_few", "", detail, False))
    tried = [
        _clean_hits(Screen(pack, today=today), name, part) for name, part in (clean or {}).items()
    ]
    worst = tuple(sum((one.by_rule for one in tried), Counter[str]()).most_common(10))
    findings += [
        Finding("common", "", f"hits {one.hit} of {one.lines} lines of `{one.name}`", True)
        for one in tried
        if one.lines and one.hit / one.lines > share
    ]
    findings += [
        Finding("common", rule, f"hits {number} clean lines", False)
        for rule, number in worst
        if number >= LOUD
    ]
    findings.sort(key=lambda finding: (not finding.refuses, finding.kind, finding.rule))
    return Report(
        pack=pack.id,
        version=pack.version,
        digest=pack.digest,
        counts=dict(sorted(counts.items())),
        findings=tuple(findings),
        lines=sum(one.lines for one in tried),
        lines_hit=sum(one.hit for one in tried),
        worst=worst,
        open=tuple(sorted(risk for risk in least or {} if not counts[risk])),
    )


def require(report: Report, *, force: bool) -> None:
    """Refuse a pack that its report refuses, unless *force*.

    Raises:
        NotAllowed: The pack has a finding that refuses it.
    """
    refusing = [finding for finding in report.findings if finding.refuses]
    if refusing and not force:
        first = refusing[0]
        named = ", ".join(f"`{rule}` {number}" for rule, number in report.worst[:5])
        raise NotAllowed(
            f"pack `{report.pack}` is refused: {first.kind}"
            + (f" `{first.rule}`" if first.rule else "")
            + f" {first.detail} ({len(refusing)} such findings)"
            + (f"; most clean lines are hit by {named}" if named else ""),
            hint="mend the entries that `pratique screen lint` names, or pass `--force`",
        )


def _short(pack: Pack) -> Iterable[Finding]:
    for entry in pack.entries:
        for text in (entry.phrase, *entry.all_of):
            letters = len(key_of(text))
            if text and entry.action != "allow" and letters < 3:
                alone = letters == 1 and len(text) == 1
                kind = "one_character" if alone else "two_characters"
                refuses = alone and not entry.all_of and entry.tier == "hard"
                yield Finding(kind, entry.id, "stands in ordinary words", refuses)


def _doubles(pack: Pack) -> Iterable[Finding]:
    """Return entries that fold to the same as an earlier one, and those that one covers."""
    keys: dict[str, str] = {}
    for entry in pack.entries:
        if not entry.phrase or entry.all_of or entry.action == "allow":
            continue
        key = key_of(entry.phrase)
        if key in keys:
            yield Finding("duplicate", entry.id, f"folds to the same as `{keys[key]}`", False)
        keys.setdefault(key, entry.id)
    for key, rule in keys.items():
        shorter = next(
            (
                keys[part]
                for start in range(len(key))
                for end in range(start + 2, len(key) + 1)
                if (part := key[start:end]) != key and part in keys
            ),
            None,
        )
        if shorter and not key.isascii():
            yield Finding("covered", rule, f"holds `{shorter}`, which hits first", False)


def _wording(pack: Pack, today: date | None) -> Iterable[Finding]:
    for entry in pack.entries:
        if entry.tier == "weak" and entry.action not in ("flag", "allow"):
            yield Finding(
                "weak_action", entry.id, f"is weak: `{entry.action}` is taken as `flag`", False
            )
        if entry.not_after and today and date.fromisoformat(entry.not_after) < today:
            yield Finding("expired_entry", entry.id, f"ended on {entry.not_after}", False)


def _idle(pack: Pack) -> Iterable[Finding]:
    parts = split_glyphs()
    for entry in pack.entries:
        if "split" in entry.views and not any(one in parts for one in entry.phrase):
            detail = "names the view `split`, and none of its characters has known parts"
            yield Finding("idle_view", entry.id, detail, False)


def _age(pack: Pack, today: date | None) -> Iterable[Finding]:
    if pack.made and today and (today - date.fromisoformat(pack.made)).days > WEEKLY:
        days = (today - date.fromisoformat(pack.made)).days
        yield Finding("old", "", f"made {days} days ago; a list is renewed weekly", False)


class _Tried(NamedTuple):
    """What a pack hit in one kind of ordinary text."""

    name: str
    """Name of the text."""
    lines: int
    """Its lines."""
    hit: int
    """Lines with a hard hit."""
    by_rule: Counter[str]
    """Lines hit, by entry."""


def _clean_hits(screen: Screen, name: str, clean: Sequence[str]) -> _Tried:
    hit = 0
    by_rule: Counter[str] = Counter()
    for line in clean:
        rules = {one.rule for one in screen.check(line).hits if one.tier == "hard"}
        hit += bool(rules)
        by_rule.update(rules)
    return _Tried(name, len(clean), hit, by_rule)
