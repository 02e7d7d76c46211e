"""More rules of the second checker: other ways in, what is set apart, paper, letters, files, hand-overs and one event of many tips.

Like `checker.py` it knows only the history and plain rows, and imports nothing of the house.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date

from tests.simulation.checker import _DAY, _HOUR, _MINUTE, Account, Line, _running, _Ward, end_of, when

FETCHED_WITHIN = 4 * _HOUR  # What comes with nobody there to hear of it is brought by the beat that looks at everything.
SHREDDED_WITHIN = 4 * _HOUR
READ_WITHIN = 10 * _DAY  # Longer than all days off in a row, Tết among them, and what is behind them.
SAID_ONCE_WITHIN = _MINUTE


def check_more(account: Account) -> list[str]:
    return [f"{name}: {found}" for name, rule in MORE_RULES.items() for found in rule(account)]


def _of(account: Account, *whats: str) -> Iterator[Line]:
    return (line for line in account.lines if line.what in whats)


def _heard(account: Account) -> Iterator[tuple[Line, _Ward]]:
    """Each line with the ward as it was before it."""
    ward = _Ward()
    for line in account.lines:
        yield line, ward
        ward.hear(line)


def _fence(account: Account) -> Iterator[str]:
    """Nobody but a keeper does anything with a fenced tip, nobody but the chief with what is the chief's; only the chief lifts that,
    and nobody a fence."""
    given_back = {(line.tip, line.at) for line in _of(account, "given_back")}
    parted = [(line.at, line.detail["event"]) for line in _of(account, "event_unlinked")]
    for line, ward in _heard(account):
        if line.tip is None or not line.actor.startswith("officer:"):
            continue
        if line.what in ("given_back", "assigned") and (line.tip, line.at) in given_back:
            if ward.tips[line.tip].reader == "fence" and line.what == "assigned" and line.detail["officer"] not in account.keepers:
                yield f"tip {line.tip}: handed to somebody who does not read it, when a keeper left"
            continue  # An account was closed: by the chief, who reads nothing of it.
        if line.what == "event_unlinked" and parted.count((line.at, line.detail["event"])) > 1:
            continue  # The one that was left behind, when the other was parted from it.
        reader, officer = ward.tips[line.tip].reader, int(line.actor.removeprefix("officer:"))
        may = {"": None, "chief": {account.chief}, "fence": {*account.keepers}}[reader]
        by_commander = line.what in ("paper_moved", "paper_refused", "paper_withdrawn", "book_entered", "clock_void")
        if line.what == "book_copied":  # Of what is set apart, the common book shows a line without words.
            continue
        if may is not None and officer not in may and not (by_commander and reader == "chief"):
            yield f"tip {line.tip}, {reader}: {line.what} by somebody who does not read it, at {when(line.at)}"
        if reader == "" and officer in account.keepers:
            yield f"tip {line.tip}: {line.what} by a keeper, who reads nothing of the ward"
        if line.what == "restriction_lifted" and reader != "chief":
            yield f"tip {line.tip}: a restriction was lifted that was {reader or 'none'}"


def _paper(account: Account) -> Iterator[str]:
    """By two people, the second of whom is the chief, the commander of the shift, or another keeper. Soon nothing of it is left, and
    it stands in a book."""
    asked: dict[int | None, int] = {}
    moved: dict[int | None, int] = {}
    for line, ward in _heard(account):
        officer = int(line.actor.removeprefix("officer:") or 0) if line.actor.startswith("officer:") else 0
        if line.what == "paper_asked":
            asked[line.tip] = officer
        elif line.what in ("paper_moved", "paper_refused", "paper_withdrawn"):
            first = asked.pop(line.tip, None)
            if first is None:
                yield f"tip {line.tip}: {line.what}, and nobody had asked"
            elif (first == officer) != (line.what == "paper_withdrawn"):
                yield f"tip {line.tip}: {line.what} by who must not"
            tip = ward.tips[line.tip or 0]
            commands = {account.chief, *(one["commander_id"] for one in _running(account, line.at))}
            if line.what != "paper_withdrawn" and officer not in ({*account.keepers} if tip.reader == "fence" else commands):
                yield f"tip {line.tip}: {line.what} by somebody who does not command"
            if line.what == "paper_moved":
                moved[line.tip] = line.at
        elif line.what == "shredded" and line.tip in moved:
            if line.at > account.after(moved.pop(line.tip), SHREDDED_WITHIN):
                yield f"tip {line.tip} went to paper, and its words stayed until {when(line.at)}"
        elif line.what in ("moved", "closed", "reopened", "assigned", "accepted", "added") and line.tip in moved:
            yield f"tip {line.tip} lies on paper, and {line.what} at {when(line.at)}"
    for tip_id, at in moved.items():
        if account.ends_at > account.after(at, SHREDDED_WITHIN):
            yield f"tip {tip_id} went to paper at {when(at)}, and its words are here"
    entered = {row["tip_id"] for row in account.entries}
    for line in _of(account, "paper_moved"):
        if line.tip not in entered:
            yield f"tip {line.tip} went to paper and stands in no book"


def _brought(account: Account) -> Iterator[str]:
    """What somebody wrote down for others was accepted in the same breath, or called the shift; and the same form makes one tip."""
    accepted = {(line.tip, line.at) for line in _of(account, "accepted")}
    rung = {tip_id for alarm in account.alarms for tip_id in (alarm["tip_id"], *alarm["tips"])}
    received = {row["id"]: row["received_at"] for row in account.events}
    sectors: dict[str, int] = defaultdict(int)
    for line in _of(account, "brought_in"):
        if (line.tip, line.at) not in accepted and not (line.tip in rung and line.detail["urgent"]):
            yield f"tip {line.tip} was brought in, nobody had it and nobody was called"
        if received.get(line.tip) != line.detail["received"] or line.detail["received"] > line.at:
            yield f"tip {line.tip} was received at another time than its history says"
        sectors[line.detail["sector"]] += bool(line.detail["sector"])
    if any(many > 1 for many in sectors.values()):
        yield "one number of VNeID stands with two tips"
    ended: dict[int | None, int] = {}
    for line in _of(account, "closed", "moved", "paper_moved"):
        if line.what != "moved" or line.detail["to"] in ("S11", "S12", "S13", "test"):
            ended.setdefault(line.tip, line.at)
    for row in account.callbacks:
        if (row["shredded_at"] is None) != (row["tip_id"] not in ended) or (row["shredded_at"] or 0) > ended.get(row["tip_id"], 0):
            yield f"tip {row['tip_id']}: a number to call that should be gone, or is gone too soon"


def _events(account: Account) -> Iterator[str]:
    """Whoever stands in one event was linked by an officer, never alone and never behind a fence."""
    stands: dict[int | None, int] = {}
    for line, ward in _heard(account):
        if line.what == "event_linked":
            stands[line.tip] = line.detail["event"]
            if line.tip is not None and ward.tips[line.tip].reader:
                yield f"tip {line.tip} was linked, and not everybody reads it"
        elif line.what == "event_unlinked" and stands.pop(line.tip, None) is None:
            yield f"tip {line.tip} was parted from an event that it did not stand in"
        if line.what.startswith("event_") and not line.actor.startswith("officer:"):
            yield f"tip {line.tip}: {line.what} by itself"
    if stands != {row["id"]: row["event_id"] for row in account.events if row["event_id"] is not None}:
        yield "the events are others than the history tells of"
    members = [*stands.values()]
    if any(members.count(event) == 1 for event in members):
        yield "an event of one tip"


def _letters(account: Account) -> Iterator[str]:
    """To the chief, or to the keepers what is about a fenced tip, and to nobody else. Each is read and answered; whoever is answered
    in writing is told."""
    answers = {(row["tip_id"], row["created_at"]) for row in account.notices if row["kind"] == "answer"}
    for line, ward in _heard(account):
        if line.what not in ("letter_read", "letter_answered", "letter_called", "letter_met"):
            continue
        tip = ward.tips[line.tip] if line.tip is not None else None
        people = account.keepers if tip is not None and tip.reader == "fence" else (account.chief,)
        if line.actor not in [f"officer:{one}" for one in people]:
            yield f"letter {line.detail['letter']}: {line.what} by somebody it is not for"
        is_there = tip is not None and not tip.is_shredded  # Else it waits under the letter's own key until they ask.
        if line.what == "letter_answered" and is_there and (line.tip, line.at) not in answers:
            yield f"letter {line.detail['letter']} was answered, and whoever wrote it was not told"
    days_off = account.days_off | {date.fromisoformat(line.detail["about"]) for line in _of(account, "day_off_set")}
    for row in account.letters:
        # Before the ward set a day off of its own, and after it.
        by_law = {end_of("working-days", row["asked_at"], 2, off, account.days_worked) for off in (days_off, account.days_off)}
        if row["due_at"] not in (by_law if row["kind"] == "data" else {None}):
            yield f"letter {row['id']} of {when(row['asked_at'])} is due otherwise than by the law"
        late = account.after(row["asked_at"], READ_WITHIN)
        if (row["answered_at"] or account.ends_at) > late:
            yield f"letter {row['id']} of {when(row['asked_at'])} waits, or waited too long"


def _files(account: Account) -> Iterator[str]:
    """Every file that somebody sent has come to an end, and who sent one that cannot be had was told so; what the desk sent stands in
    the history and went along with words."""
    waits: dict[int, int] = {}
    told = {(row["tip_id"], row["created_at"]) for row in (*account.sent, *account.notices)}
    said: dict[tuple[int | None, str], int] = {}
    for line, ward in _heard(account):
        if line.what in ("attached", "file_added"):
            waits[line.detail["attachment"]] = line.at
        elif line.what in ("file_stored", "file_failed", "file_refused"):
            began = waits.pop(line.detail["attachment"], None)
            if began is None or line.at > account.after(began, FETCHED_WITHIN):
                yield f"tip {line.tip}: a file ended late, or one that nobody sent"
            again = line.at - said.get((line.tip, line.what), -SAID_ONCE_WITHIN) < SAID_ONCE_WITHIN
            said[line.tip, line.what] = line.at
            has_chat = line.tip is not None and ward.tips[line.tip].has_chat
            if line.what != "file_stored" and has_chat and not again and (line.tip, line.at) not in told:
                yield f"tip {line.tip}: a file cannot be had, and who sent it was not told"
        elif line.what in ("file_withdrawn", "photos_dropped", "draft_dropped", "draft_expired", "shredded"):
            mine = (
                [line.detail["attachment"]]
                if "attachment" in line.detail
                else [row["id"] for row in account.files if row["tip_id"] == line.tip]
            )
            for attachment in mine:
                waits.pop(attachment, None)
    for attachment, at in waits.items():
        if account.ends_at > account.after(at, FETCHED_WITHIN):
            yield f"file {attachment} of {when(at)} was never brought"
    from_desk = {line.detail["attachment"] for line in _of(account, "file_to_resident")}
    if from_desk != {row["id"] for row in account.files if row["sent_by"] is not None}:
        yield "files from the desk that the history does not tell of, or the other way round"
    with_words = {(line.tip, line.at) for line in _of(account, "told", "question_asked")}
    for line in _of(account, "file_to_resident"):
        if (line.tip, line.at) not in with_words:
            yield f"tip {line.tip}: a file went out without a word"


def _hand_overs(account: Account) -> Iterator[str]:
    """Both names, and exactly what was open then; who takes it because the other has gone says why."""
    taken = [line for line in account.lines if line.what == "shift_taken"]
    told = [(line.at, line.actor, line.detail["before"], line.detail["how"], line.detail["open"]) for line in taken]
    rows = [
        (one["at"], f"officer:{one['to_officer']}", one["from_officer"], one["how"], len(one["open_tips"])) for one in account.hand_overs
    ]
    if sorted(told, key=str) != sorted(rows, key=str):
        yield "hand-overs stand otherwise than the history tells of them"
    for line in taken:
        if (line.detail["how"] == "taken") != bool(line.detail["why"]) or line.detail["before"] == int(line.actor.removeprefix("officer:")):
            yield f"the hand-over of {when(line.at)} has no word why, or one too many"
    by_time = {one["at"]: {*one["open_tips"]} for one in account.hand_overs}
    for line, ward in _heard(account):
        if line.what == "shift_taken":
            of_chief = line.actor == f"officer:{account.chief}"
            was_open = {
                tip_id for tip_id, tip in ward.tips.items() if tip.is_open and (not tip.reader or (of_chief and tip.reader == "chief"))
            }
            if was_open != by_time.get(line.at):
                yield f"the hand-over of {when(line.at)} lists other tips than were open"


def _standstill(account: Account) -> Iterator[str]:
    """Nothing happened while the program was off."""
    for start, end in account.gaps:
        if any(start < line.at < end for line in account.lines) or any(start < alarm["at"] < end for alarm in account.alarms):
            yield f"something happened between {when(start)} and {when(end)}"


MORE_RULES: dict[str, Callable[[Account], Iterator[str]]] = {
    "fence": _fence,
    "paper": _paper,
    "brought": _brought,
    "events": _events,
    "letters": _letters,
    "files": _files,
    "hand-overs": _hand_overs,
    "standstill": _standstill,
}
