"""How far a stream may run ahead of its verdicts."""

from hypothesis import given
from hypothesis import strategies as st

from pratique.screening.modes import Course, Policy, Step, counts

STRICT, ASYNC = Policy(), Policy(mode="async")

EVENTS = st.lists(
    st.one_of(
        st.tuples(st.just("arrived"), st.integers(0, 30), st.just(0)),
        st.tuples(st.sampled_from(("clean", "silent")), st.integers(0, 90), st.integers(1, 40)),
        st.tuples(st.just("hit"), st.just(0), st.just(0)),
    ),
    max_size=25,
)
LEADS = st.builds(
    Policy,
    mode=st.just("lead"),
    lead=st.integers(0, 50),
    on_timeout=st.sampled_from(("open", "closed")),
)
POLICIES = st.one_of(LEADS, st.sampled_from((STRICT, ASYNC, Policy(on_timeout="open"))))


def steps(course: Course, events: list[tuple[str, int, int]]) -> list[Step]:
    """Return what each event comes to."""
    found = []
    for kind, first, length in events:
        if kind == "arrived":
            found.append(course.arrived(first))
        elif kind == "clean":
            found.append(course.clean(first, first + length))
        elif kind == "silent":
            found.append(course.silent(first, first + length))
        else:
            found.append(course.hit())
    return found


@given(st.lists(POLICIES, min_size=1, max_size=3), EVENTS)
def test_no_policy_is_ever_overrun(
    policies: list[Policy], events: list[tuple[str, int, int]]
) -> None:
    """`strict` shows nothing past the last verdict, `lead` never more than its characters."""
    course = Course(policies)
    for at in range(len(events)):
        steps(course, events[at : at + 1])
        ahead = course.released - course.judged
        for policy in policies:
            if policy.mode == "strict":
                assert ahead <= 0
            if policy.mode == "lead":
                assert ahead <= policy.lead


@given(st.lists(POLICIES, min_size=1, max_size=3), EVENTS)
def test_what_was_shown_only_grows_and_ends_with_a_stop(
    policies: list[Policy], events: list[tuple[str, int, int]]
) -> None:
    """After a stop nothing more is released, and text is taken back at most once."""
    found = steps(Course(policies), events)
    releases = [one.release for one in found]
    assert releases == sorted(releases)
    after = [one for at, one in enumerate(found) if any(each.stop for each in found[:at])]
    assert all(one.stop for one in after)
    assert len({one.release for one in found if one.stop}) <= 1
    assert sum(one.retract for one in found) <= 1


@given(st.lists(st.integers(1, 20), min_size=1, max_size=8), st.randoms(), POLICIES)
def test_all_is_shown_once_all_is_judged(sizes: list[int], random: object, policy: Policy) -> None:
    """Verdicts may come in any order: none is lost."""
    course = Course([policy])
    course.arrived(sum(sizes))
    starts = [sum(sizes[:at]) for at in range(len(sizes))]
    windows = list(zip(starts, sizes, strict=True))
    random.shuffle(windows)  # type: ignore[attr-defined]
    for start, size in windows:
        course.clean(start, start + size)
    assert course.released == sum(sizes)


def test_a_hit_takes_back_what_no_verdict_covers() -> None:
    """`async` shows at once, so that a late verdict must take text back; `strict` never has to."""
    late, strict = Course([ASYNC]), Course([STRICT])
    assert late.arrived(40) == Step(40)
    assert strict.arrived(40) == Step(0)
    strict.clean(0, 20)
    assert late.hit() == Step(40, stop=True, retract=True)
    assert strict.hit() == Step(20, stop=True)


def test_the_strictest_of_the_risks_decides() -> None:
    """One judge tells of many risks: a text waits for the one that is held hardest."""
    course = Course([ASYNC, Policy(mode="lead", lead=10)])
    assert course.arrived(40) == Step(10)


def test_silence_stops_hard_risks_and_flags_the_rest() -> None:
    """No verdict is no pass: hard risks fail closed, others go on with a note."""
    closed = Course([STRICT, Policy(on_timeout="open")])
    opened = Course([Policy(on_timeout="open")])
    closed.arrived(10), opened.arrived(10)
    assert closed.silent(0, 10) == Step(0, stop=True, flags=("timeout",))
    assert opened.silent(0, 10) == Step(10, flags=("timeout",))


def test_a_level_counts_from_where_its_risk_says() -> None:
    """`controversial` stops only what is held from that level on; no verdict is no hit."""
    policies = {"political": Policy(level="controversial")}
    assert counts(policies, STRICT, "controversial", ("political",))
    assert not counts(policies, STRICT, "controversial", ("abuse",))
    assert counts(policies, STRICT, "unsafe", ())
    assert not counts(policies, STRICT, "safe", ("political",))
    assert not counts(policies, STRICT, None, ("political",))
