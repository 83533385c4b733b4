"""Reading what commands print: the few records of their documents that the story looks at."""

from collections.abc import Mapping, Sequence

import msgspec

from pratique.store.figures import Value


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """A finding, as `assess` prints it."""

    candidate: str
    """`partner/model`."""
    feature: str
    """Feature."""
    locale: str
    """Locale."""
    finding: str
    """`meets`, `falls_short` or `undecided`."""
    estimate: float
    """Share that passed."""
    low: float
    """Lower end of its interval."""
    high: float
    """Upper end."""
    bar: float
    """The bar."""
    samples: int
    """Samples that it rests on."""
    digest: str
    """Digest of the variant."""
    run_id: str
    """Run that it comes from."""
    full_calls: int
    """Samples of the whole suite."""

    @property
    def about(self) -> str:
        """What `verify --figures` calls it."""
        return f"{self.candidate}, {self.feature} {self.locale}"

    @property
    def figures(self) -> Mapping[str, Value]:
        """Its figures, as `verify --figures` names them."""
        return {
            "finding": self.finding,
            "estimate": self.estimate,
            "low": self.low,
            "high": self.high,
            "bar": self.bar,
            "samples": self.samples,
            "samples of the suite": self.full_calls,
        }


class Reason(msgspec.Struct, frozen=True, kw_only=True):
    """Why somebody was passed over."""

    kind: str
    """What kind of reason."""
    text: str
    """The reason with its figures."""


class Passed(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who was passed over."""

    candidate: str
    """`partner/model`."""
    reasons: tuple[Reason, ...]
    """Each reason that alone would have decided it."""


class Chosen(msgspec.Struct, frozen=True, kw_only=True):
    """Who serves one feature in one locale."""

    feature: str
    """Feature."""
    locale: str
    """Locale."""
    serves: str | None
    """`partner/model`, or nobody."""
    digest: str | None
    """Digest of its variant."""
    fallbacks: tuple[str, ...]
    """Those that would come next."""
    passed_over: tuple[Passed, ...]
    """The others."""


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """One item of support."""

    id: str
    """Its name."""
    state: str
    """`met`, `missed` or `unknown`."""
    measured: str
    """What was measured, in words."""
    about: str
    """What it is about."""
    low: float | None
    """Lower end of the figure that decides; None where there is none."""


class Support(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a partner's support."""

    subject: str
    """Partner or model."""
    verdict: str
    """`SUFFICIENT`, `INSUFFICIENT_SUPPORT_CAPACITY` or `UNKNOWN`."""
    items: tuple[Item, ...]
    """Each item."""

    def missed(self) -> tuple[Item, ...]:
        """Return the items that are established as missed."""
        return tuple(one for one in self.items if one.state == "missed")


def findings(document: Mapping[str, object]) -> tuple[Found, ...]:
    """Return the findings that `assess` printed."""
    return msgspec.convert(document["findings"], tuple[Found, ...])


def choices(document: Mapping[str, object]) -> tuple[Chosen, ...]:
    """Return who serves what, as `select` printed it."""
    return msgspec.convert(document["choices"], tuple[Chosen, ...])


def support(document: Mapping[str, object]) -> Support:
    """Return what `support` printed."""
    return msgspec.convert(document, Support)


def meeting(found: Sequence[Found]) -> tuple[str, ...]:
    """Return the candidates of *found* that meet every bar."""
    every = dict.fromkeys(one.candidate for one in found)
    fallen = {one.candidate for one in found if one.finding != "meets"}
    return tuple(one for one in every if one not in fallen)


def partners(names: Sequence[str | None]) -> str:
    """Return the partners among the models *names*, once each, for a step to compare."""
    return ", ".join(sorted({name.partition("/")[0] for name in names if name})) or "nobody"


def models(names: Sequence[str | None]) -> str:
    """Return the models among *names*, once each, for a sentence to name."""
    return ", ".join(sorted({name for name in names if name})) or "nobody"
