"""Usages: how each dialect counts tokens in an answer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from pratique.partners.standins.said import Said


@dataclass(frozen=True, slots=True)
class Counts:
    """Tokens of one answer, or of what has come of it so far."""

    heard: int
    """Tokens read, those of pictures included."""
    pictures: int
    """Of those, tokens of pictures."""
    thought: int
    """Tokens thought."""
    said: int
    """Tokens of the answer."""

    @property
    def written(self) -> int:
        """Tokens written in all."""
        return self.thought + self.said


Fields: TypeAlias = dict[str, object]


def counts_of(said: Said) -> Counts:
    """Return the tokens of the whole of *said*."""
    return Counts(said.heard_tokens, said.picture_tokens, said.thought_tokens, said.said_tokens)


def usage(dialect: str, counts: Counts) -> Fields:
    """Return the usage that *dialect* tells."""
    return {
        "prompt_tokens": counts.heard,
        "completion_tokens": counts.written,
        "total_tokens": counts.heard + counts.written,
        **_DETAILS.get(dialect, _none)(counts),
    }


def _none(_: Counts) -> Fields:
    return {}


def _alibaba(counts: Counts) -> Fields:
    heard: Fields = {"cached_tokens": 0, "text_tokens": counts.heard - counts.pictures}
    if counts.pictures:
        heard["image_tokens"] = counts.pictures
    written: Fields = {"text_tokens": counts.said}
    if counts.thought:
        written["reasoning_tokens"] = counts.thought
    return {"prompt_tokens_details": heard, "completion_tokens_details": written}


def _baidu(counts: Counts) -> Fields:
    if not counts.thought:
        return {}
    return {"completion_tokens_details": {"reasoning_tokens": counts.thought}}


def _bytedance(counts: Counts) -> Fields:
    return {
        "prompt_tokens_details": {"cached_tokens": 0, "provisioned_tokens": None},
        "completion_tokens_details": {"reasoning_tokens": counts.thought},
    }


def _tencent(counts: Counts) -> Fields:
    return {
        "prompt_tokens_details": {"cached_tokens": 0},
        "completion_tokens_details": {"reasoning_tokens": counts.thought},
    }


def _deepseek(counts: Counts) -> Fields:
    return {
        "prompt_tokens_details": {"cached_tokens": 0},
        "completion_tokens_details": {"reasoning_tokens": counts.thought},
        "prompt_cache_hit_tokens": 0,
        "prompt_cache_miss_tokens": counts.heard,
    }


def _vllm(_: Counts) -> Fields:
    return {"prompt_tokens_details": None}


def _sglang(counts: Counts) -> Fields:
    return {"prompt_tokens_details": None, "reasoning_tokens": counts.thought}


_DETAILS: Mapping[str, Callable[[Counts], Fields]] = {
    "alibaba": _alibaba,
    "baidu": _baidu,
    "bytedance": _bytedance,
    "tencent": _tencent,
    "deepseek": _deepseek,
    "vllm": _vllm,
    "sglang": _sglang,
}
