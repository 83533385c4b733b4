"""Rules as a model: the deterministic baseline that every other model must beat."""

from collections.abc import Callable

import msgspec

from pratique.errors import NotFound
from pratique.partners.rules import hant, proofread_en, proofread_hant, proofread_zh
from pratique.partners.rules.assistant import AssistantInput, assistant
from pratique.partners.rules.drafts import reply_draft
from pratique.partners.rules.events import extract_event
from pratique.partners.rules.keypoints import keypoints
from pratique.partners.rules.mails import mail_summary
from pratique.partners.rules.meetings import minutes
from pratique.partners.rules.notifications import line
from pratique.partners.rules.photos import photo_query
from pratique.partners.rules.priority import priority
from pratique.partners.rules.records import (
    Corrected,
    KeypointsInput,
    Points,
    PriorityInput,
    ProofreadInput,
    Replies,
    ReplyInput,
    Request,
    RewriteInput,
    Rewritten,
    StackInput,
    SummarizeInput,
    Summary,
    TranslateInput,
    read,
)
from pratique.partners.rules.records_pictures import ExtractEventInput, PhotoQueryInput
from pratique.partners.rules.records_text import (
    DraftInput,
    MailInput,
    StructureInput,
    TranscriptInput,
    TransformInput,
)
from pratique.partners.rules.records_vision import VisionAskInput
from pratique.partners.rules.replies import replies
from pratique.partners.rules.rewrite import rewrite
from pratique.partners.rules.structure import structure
from pratique.partners.rules.summarize import summarize
from pratique.partners.rules.transform import transform
from pratique.partners.rules.translate import translate
from pratique.partners.rules.vision import vision_ask

LOCALES = ("en", "zh-Hans", "zh-Hant")
"""Languages that the rules know."""


def answer(request: bytes) -> bytes:
    """Return the JSON answer to a JSON *request* `{"feature", "locale", "input"}`.

    The answer has the feature's own output shape; proofread answers only `corrected`. Same
    request, same answer. Raises `NotFound` for a feature or a locale that the rules do not know,
    `Malformed` for a request that does not fit.
    """
    asked = read(request, Request)
    if asked.locale not in LOCALES:
        raise NotFound(
            f"rules do not know the locale `{asked.locale}`", hint=f"use {' or '.join(LOCALES)}"
        )
    return msgspec.json.encode(_answered(asked))


def _answered(asked: Request) -> msgspec.Struct:
    """Return the answer of the feature that *asked* names."""
    answers = _ANSWERS.get(asked.feature)
    if answers is None:
        raise NotFound(
            f"rules do not know the feature `{asked.feature}`", hint=f"use {', '.join(FEATURES)}"
        )
    return answers(asked)


def _proofread(asked: Request) -> msgspec.Struct:
    given = read(asked.input, ProofreadInput)
    language = {"en": proofread_en, "zh-Hans": proofread_zh, "zh-Hant": proofread_hant}
    return Corrected(corrected=language[asked.locale].proofread(given.text, given.protected))


def _summarize(asked: Request) -> msgspec.Struct:
    given = read(asked.input, SummarizeInput)
    if asked.locale == "zh-Hant":
        return Summary(summary=hant.summarize(given))
    return Summary(summary=summarize(given, asked.locale))


def _smart_reply(asked: Request) -> msgspec.Struct:
    given = read(asked.input, ReplyInput)
    if asked.locale == "zh-Hant":
        return Replies(replies=hant.replies(given))
    return Replies(replies=replies(given, asked.locale))


def _priority(asked: Request) -> msgspec.Struct:
    given = read(asked.input, PriorityInput)
    return hant.priority(given) if asked.locale == "zh-Hant" else priority(given, asked.locale)


def _rewrite(asked: Request) -> msgspec.Struct:
    given = read(asked.input, RewriteInput)
    if asked.locale == "zh-Hant":
        return Rewritten(text=hant.rewrite(given))
    return Rewritten(text=rewrite(given, asked.locale))


def _keypoints(asked: Request) -> msgspec.Struct:
    given = read(asked.input, KeypointsInput)
    if asked.locale == "zh-Hant":
        return Points(points=hant.keypoints(given))
    return Points(points=keypoints(given, asked.locale))


def _notification_summary(asked: Request) -> msgspec.Struct:
    given = read(asked.input, StackInput)
    return hant.line(given) if asked.locale == "zh-Hant" else line(given, asked.locale)


def _translate(asked: Request) -> msgspec.Struct:
    return translate(read(asked.input, TranslateInput), asked.locale)


def _transform(asked: Request) -> msgspec.Struct:
    return transform(read(asked.input, TransformInput), asked.locale)


def _structure(asked: Request) -> msgspec.Struct:
    return structure(read(asked.input, StructureInput), asked.locale)


def _mail_summary(asked: Request) -> msgspec.Struct:
    return mail_summary(read(asked.input, MailInput), asked.locale)


def _reply_draft(asked: Request) -> msgspec.Struct:
    return reply_draft(read(asked.input, DraftInput), asked.locale)


def _transcript_summary(asked: Request) -> msgspec.Struct:
    return minutes(read(asked.input, TranscriptInput), asked.locale)


def _photo_query(asked: Request) -> msgspec.Struct:
    return photo_query(read(asked.input, PhotoQueryInput), asked.locale)


def _extract_event(asked: Request) -> msgspec.Struct:
    given = read(asked.input, ExtractEventInput)
    if not given.ocr_text:
        raise NotFound("rules read no picture", hint="`embedded/ppocr` does")
    return extract_event(given, asked.locale)


def _vision_ask(asked: Request) -> msgspec.Struct:
    given = read(asked.input, VisionAskInput)
    if not given.ocr_text:
        raise NotFound("rules read no picture", hint="`embedded/ppocr` does")
    return vision_ask(given.ocr_text.splitlines(), given.question, asked.locale)


def _assistant(asked: Request) -> msgspec.Struct:
    return assistant(read(asked.input, AssistantInput), asked.locale)


_ANSWERS: dict[str, Callable[[Request], msgspec.Struct]] = {
    "assistant": _assistant,
    "extract_event": _extract_event,
    "keypoints": _keypoints,
    "mail_summary": _mail_summary,
    "notification_summary": _notification_summary,
    "photo_query": _photo_query,
    "priority": _priority,
    "proofread": _proofread,
    "reply_draft": _reply_draft,
    "rewrite": _rewrite,
    "smart_reply": _smart_reply,
    "structure": _structure,
    "summarize": _summarize,
    "transcript_summary": _transcript_summary,
    "transform": _transform,
    "translate": _translate,
    "vision_ask": _vision_ask,
}

FEATURES = tuple(_ANSWERS)
"""Features that the rules answer."""
