"""The table of moves against procedure.md 2.4, written down here a second time, and what its rows may not contradict."""

from dataclasses import replace

import pytest

from handlers import lifecycle, periods, steps
from handlers.insight.catalogue import CODES
from handlers.lifecycle import BY_NAME, ENDED, MOVES
from handlers.officers import RIGHTS, Mistake
from handlers.texts import say
from storage import moments
from storage.queries.steps import Stands
from tests.steps import FORMS

# From where to where, as the procedure allows it. Whatever is not here is not allowed.
ALLOWED = {
    ("S1", "S2"), ("S1", "test"), ("S2", "test"), ("test", "S2"),
    ("S2", "S3"), ("S3", "S2"), ("S3", "S3"), ("S4", "S3"), ("S5", "S3"),
    ("S3", "S4"), ("S3", "S5"), ("S4", "S5"),
    ("S4", "S6"), ("S5", "S6"), ("S6", "S7"),
    ("S7", "S7a"), ("S7", "S7b"), ("S7a", "S7b"), ("S7", "S7c"), ("S7a", "S7c"), ("S7b", "S7c"), ("S7d", "S7c"), ("S7c", "S7d"),
    ("S6", "S8"), ("S7", "S8"), ("S7a", "S8"), ("S7b", "S8"), ("S7d", "S8"),
    ("S3", "S9"), ("S5", "S9"), ("S8", "S9"), ("S3", "S10"), ("S5", "S10"), ("S3", "S11"), ("S5", "S11"),
    ("S8", "S12"), ("S9", "S12"), ("S10", "S12"), ("S11", "S3"), ("S12", "S3"), ("S13", "S3"), ("S12", "S13"),
}  # fmt: skip
MOMENT = 1_800_000_000_000


def test_the_table_allows_what_the_procedure_allows_and_nothing_else() -> None:
    assert {(source, move.to) for move in MOVES for source in move.sources if move.to} == ALLOWED


def test_every_state_can_be_reached_and_none_is_a_dead_end() -> None:
    reached, before = {"S1"}, set[str]()
    while reached != before:
        before = set(reached)
        reached |= {move.to for move in MOVES if move.to and move.sources & reached}
    assert reached == set(lifecycle.ARRIVED) - {"paper"}
    assert all(lifecycle.moves_from(state) for state in lifecycle.ARRIVED if state != "paper")


def test_from_everywhere_there_is_a_way_to_an_end() -> None:
    ends = {str(state) for state in ENDED} - {"paper"}
    for _ in range(len(lifecycle.ARRIVED)):
        ends |= {source for move in MOVES if move.to in ends for source in move.sources}
    assert ends == set(lifecycle.ARRIVED) - {"paper"}


def test_nothing_is_rejected_or_deleted_and_the_chief_alone_keeps_for_information() -> None:
    assert {move.right for move in MOVES if move.to == "S11"} == {"decide"}
    assert {role for role, rights in RIGHTS.items() if "decide" in rights} == {"chief"}
    assert not {"reject", "delete"} & set(BY_NAME)


def test_only_what_is_urgent_goes_on_by_a_word_on_the_phone() -> None:
    assert {move.name for move in MOVES if move.only_urgent} == {"approved-by-phone"}
    stands = Stands(
        state="S3", track="B", track_approved_at=None, kind="report", book="crime", number=1, year=2027, entered_at=1, reported_at=None,
        is_accepted=True, category="TC", arrived_at=1, is_shredded=False, closed_at=None, is_urgent=False, received_at=1, owes_file=False,
    )  # fmt: skip
    why = {
        (track, is_urgent): steps.why_not(replace(stands, track=track, is_urgent=is_urgent), BY_NAME["approved-by-phone"])
        for track in lifecycle.TRACKS
        for is_urgent in (True, False)
    }
    assert {found for found, sentence in why.items() if not sentence} == {("A", False), *((track, True) for track in lifecycle.TRACKS)}
    assert set(why.values()) == {"", "step-only-urgent"}


# What the resident reads where, by the last column but one of procedure.md 2.4; with a class, for tips of that class alone.
READS = {
    "enter": "entered",
    **dict.fromkeys(("classify A", "classify-anew A"), "urgent"),
    **{f"{name} {track}": "sorted" for name in ("approve", "approved-by-phone") for track in "BCDEF"},
    "check": "checking",
    "transfer": "transferred",
    **{name: name for name in ("acknowledged", "prolonged", "extended", "suspended", "resumed", "settled")},
    **dict.fromkeys(("fine", "fine-after"), "administrative"),
    "guide": "elsewhere",
    **{f"keep {track}": "kept" for track in "ABCDF"},
    "keep E": "kept-double",
    "reopen": "reopened",
}


@pytest.mark.parametrize("name", sorted(BY_NAME))
def test_the_resident_is_told_at_each_step_due_and_of_nothing_that_is_none_of_theirs(name: str) -> None:
    move = BY_NAME[name]
    for track in lifecycle.TRACKS:
        for source in move.sources:
            expected = READS.get(name, READS.get(f"{name} {track}", ""))
            is_no_news = not move.to and source == "S6"  # Approved when it was handed on already.
            told = lifecycle.told_by(move, state=source, track=track)
            assert told == (f"status-{expected}" if expected and not is_no_news else "")


@pytest.mark.parametrize("name", sorted(set(BY_NAME) - lifecycle.OWN_FORMS))
def test_each_move_needs_what_it_needs(name: str) -> None:
    move = BY_NAME[name]
    form = {**FORMS.get(name, {}), **({"day": "2027-01-15"} if "day" in move.needs else {})}
    given = steps.checked(move, form, now=MOMENT)

    assert {*given.chosen, *given.typed} == set(move.needs)
    for need in move.needs:
        without = {key: value for key, value in form.items() if not key.startswith("paper-slip" if need == "papers" else need)}
        with pytest.raises(Mistake) as why:
            steps.checked(move, without, now=MOMENT)
        assert say(why.value.key, "vi", least=10)


def test_a_childs_matter_is_proposed_as_urgent_and_never_has_seven_days() -> None:
    assert {code for code in CODES if lifecycle.proposed_track(code, is_urgent=False)} == {"TE"}
    assert lifecycle.proposed_track("TE", is_urgent=False) == lifecycle.proposed_track("TC", is_urgent=True) == "A"
    for track in lifecycle.TRACKS:
        kinds = {kind for is_reported in (True, False) for kind in lifecycle.clocks_of(track, is_child=True, is_reported=is_reported)}
        assert kinds == ({"child", "report12"} if track in "AB" else {"inform"})
    child = periods.load()["child"]
    assert (child.unit, child.amount, child.most) == ("hours", 24, 24)


@pytest.mark.parametrize("paper", lifecycle.PAPERS)
def test_no_paper_is_forgotten_before_the_transfer(paper: str) -> None:
    form = {key: value for key, value in FORMS["transfer"].items() if key != f"paper-{paper}"}
    with pytest.raises(Mistake, match="papers"):
        steps.checked(BY_NAME["transfer"], form, now=MOMENT)


@pytest.mark.parametrize(
    ("typed", "hour"), [("21:30", (20, 21, 30)), ("9h05", (20, 9, 5)), ("23.59", (19, 23, 59)), ("24:00", None), ("", None), ("9", None)]
)
def test_the_hour_of_a_call_lies_behind_us(typed: str, hour: tuple[int, int, int] | None) -> None:
    now = moments.start_of_day(moments.local(MOMENT).date()) + 22 * moments.HOUR
    form = {"adviser": "Trung tá Bình", "hour": typed}
    if hour is None:
        with pytest.raises(Mistake, match="hour"):
            steps.checked(BY_NAME["approved-by-phone"], form, now=now)
        return
    found = moments.local(steps.checked(BY_NAME["approved-by-phone"], form, now=now).chosen["hour"])
    today = moments.local(now).day
    assert (found.day, found.hour, found.minute) == (today - (20 - hour[0]), hour[1], hour[2])


def test_every_label_has_its_words_in_both_languages() -> None:
    keys = [f"state-is-{state}" for state in lifecycle.ARRIVED] + [
        f"track-{track}{more}" for track in lifecycle.TRACKS for more in ("", "-help")
    ]
    keys += [
        f"move{more}-{name}" if more == "d" else f"move-{name}{more}"
        for name in set(BY_NAME) - lifecycle.OWN_FORMS
        for more in ("", "-help", "d")
    ] + ["step-track-child", "track-B-help-child"]
    keys += [f"awaited-{one}" for one in steps.AWAITED]
    keys += [f"paper-{paper.replace('_', '-')}" for paper in lifecycle.PAPERS]
    for language in ("vi", "en"):
        assert all(say(key, language) for key in keys)
