"""Fixed inputs whose outcomes are pinned: what checks, readings, derivations and scorers make of them."""

import hashlib
import json
from collections.abc import Iterator

import msgspec

from pratique.evals.scorers import SCORERS, Target
from pratique.features import prompts, reading
from pratique.features.checks import CHECKS, CheckUse, checked
from pratique.features.derive import DERIVATIONS, DeriveUse, derived
from pratique.features.packs import find_packs, packaged, read_pack
from pratique.features.prompts import Reading, rendered
from pratique.features.reading import Unreadable, read_answer
from pratique.partners.catalogue import find_candidate, read_partners
from pratique.partners.catalogue import packaged as packaged_partners
from pratique.partners.rules import answer

TEXTS = (
    "",
    "OK",
    "The train leaves at 10:30 on 5 May. See https://a.example/x, or write to b@c.example!",
    "he dont like the the apples, its to expensive",
    "我以经到了，你在那里？",
    "会议改到周五下午3点，地点不变。请带1,200元和证件。",
    "1. Yes\n2. No\n3. Maybe",
    "“好的”\n- 不行\n- 再说",
    '```json\n{"summary": "x", "n": 1}\n```',
    "now, please",
    "👍👍",
    "A. B. C. Dr. Lee came at 5 p.m. today. Really? Yes!",
)
LIMITS = {"en": {"any": 4, "short": 2}, "zh-Hans": {"any": 8, "short": 3}}
READINGS = (
    Reading(form="json"),
    Reading(form="text", field="s"),
    Reading(form="lines", field="s", count=2),
    Reading(form="choice", choices={"now": {"urgent": True}, "no": {"urgent": False}}),
)
TARGETS = {
    "accepted": Target(accept=TEXTS[1:4]),
    "mentions": Target(must=(("10:30",), ("friday", "周五")), never=("maybe",), need=1),
    "urgency": Target(urgent=True),
}


def behaviours() -> Iterator[tuple[str, object]]:
    """Yield each piece of behaviour under its name and revision, with what it makes of the corpus."""
    yield f"reader@{reading.REVISION}", [_read(form, text) for form in READINGS for text in TEXTS]
    yield f"renderer@{prompts.REVISION}", list(_rendered())
    for name, (revision, _) in CHECKS.items():
        yield f"check {name}@{revision}", list(_checked(name, revision))
    for name, (revision, _) in DERIVATIONS.items():
        use = [DeriveUse(id=name, revision=revision)]
        pairs = [(a, b) for a in TEXTS for b in TEXTS]
        yield (
            f"derivation {name}@{revision}",
            [derived(use, {"text": a}, {"corrected": b}) for a, b in pairs],
        )
    for name, scorer in SCORERS.items():
        outputs: list[dict[str, object]] = [
            {"corrected": t, "summary": t, "urgent": bool(t)} for t in TEXTS
        ]
        yield (
            f"scorer {name}@{scorer.revision}",
            [scorer.score(TARGETS[name], one) for one in outputs],
        )
    snapshot = find_candidate(read_partners([packaged_partners()]), "embedded/rules").model.snapshot
    yield f"model embedded/{snapshot}", list(_ruled())


def pinned() -> dict[str, str]:
    """Return each behaviour's name with a hash of what it does."""
    return {name: _hash(found) for name, found in behaviours()}


def _hash(value: object) -> str:
    plain = json.dumps(msgspec.to_builtins(value), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(plain.encode()).hexdigest()[:16]


def _read(form: Reading, text: str) -> object:
    try:
        return read_answer(form, text)
    except Unreadable as error:
        return str(error)


def _rendered() -> Iterator[object]:
    for folder in find_packs([packaged()]).values():
        pack = read_pack(folder)
        for locale in pack.locales:
            request = pack.file.example[locale]
            # Only how a template is filled is pinned here: the prompt itself is in the digest.
            plain = prompts.Prompt(
                form="chat",
                system="s",
                shots=(prompts.Shot(user="u", assistant="a"),),
                user="{{ feature }} {{ locale }} {{ input | json }}",
                decoding=prompts.Decoding(max_tokens=1),
                reading=Reading(form="json"),
            )
            yield rendered(plain, pack.id, locale, request)


def _checked(name: str, revision: int) -> Iterator[object]:
    use = CheckUse(id=name, revision=revision, field="s", source="text", most=LIMITS)
    for locale in LIMITS:
        for source in TEXTS:
            for text in TEXTS:
                request = {"text": source, "protected": [{"start": 1, "end": 3}], "length": "short"}
                output = derived(
                    [DeriveUse(id="corrections", revision=1)], request, {"corrected": text}
                )
                yield checked([use], locale, request, {**output, "s": text.split("\n")})


def _ruled() -> Iterator[str]:
    when = "2026-11-02T18:00:00+08:00"
    for locale in ("en", "zh-Hans"):
        for text in TEXTS:
            item = {"app_category": "messages", "title": "x", "body": text, "ts": when}
            inputs: dict[str, object] = {
                "proofread": {"text": text},
                "summarize": {"text": text, "kind": "article", "length": "short"},
                "smart_reply": {"thread": [{"from": "a", "text": text}], "me": "b"},
                "priority": {"item": item, "now": when},
            }
            for feature, request in inputs.items():
                body = {"feature": feature, "locale": locale, "input": request}
                yield answer(msgspec.json.encode(body)).decode()
