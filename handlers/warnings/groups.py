"""A group and its neighbourhood: linked by whoever can speak in the group and holds a code of the desk's, and watched from then on.

The code proves that somebody of the desk wanted this group; it works once, for a day, and says nothing about anybody. What the
platform tells afterwards (another name, another address, put out, muted) stands in the group's row and in the history. A group that
was lost is ended: being let in again needs another code, because nobody knows who is in it by now.
"""

import re
import secrets
from collections.abc import Callable
from typing import Any

from sqlmodel import Session

from handlers.acts import Act, Overtaken, note
from handlers.officers import Mistake, may
from storage import moments
from storage.queries import groups as rows
from storage.queries import officers as officer_rows
from storage.queries.groups import CodeSeen, GroupSeen
from storage.queries.history import remember
from storage.queries.warning_targets import neighbourhoods

CODE_LIVES = moments.DAY
MOST_TITLE = 128
TROUBLES = ("", "muted", "renamed", "moved", "lost", "back")
_SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"  # Without those that are mistaken for one another when copied by hand.
_TYPED = re.compile(r"(?<![0-9a-z-])n-?([0-9a-z]{4})[ -]?([0-9a-z]{4})(?![0-9a-z-])", re.IGNORECASE)


# -- codes ---------------------------------------------------------------------------------------------------------------------


def fresh_code() -> str:
    """With a figure in it, by which it is told from words."""
    while True:
        code = "".join(secrets.choice(_SIGNS) for _ in range(8))
        if _is_drawn(code):
            return code


def shown(code: str) -> str:
    """As it is typed: "N-7kq2-m9xt"."""
    return f"N-{code[:4]}-{code[4:]}"


def code_in(text: str) -> str:
    """The one code that stands in what was said to us. With two nobody knows which was meant, and there is none."""
    found = {f"{one[1]}{one[2]}".lower() for one in _TYPED.finditer(text) if _is_drawn(f"{one[1]}{one[2]}")}
    return found.pop() if len(found) == 1 else ""


def read_alone(typed: str) -> str:
    """Where nothing but a code was sent, to us alone: there is no group to link."""
    return code_in(typed) if _TYPED.fullmatch(typed.strip()) else ""


def _is_drawn(signs: str) -> bool:
    """ "N-nhau nhau" is none."""
    return all(sign in _SIGNS for sign in signs.lower()) and any(sign.isdecimal() for sign in signs)


def new_code(session: Session, act: Act, neighbourhood_id: int | None, *, code: str, row_id: int, hash_of: Callable[..., str]) -> str:
    """The code as it is typed. `code` is drawn beforehand (`fresh_code`), because a transaction may run twice. Raises Mistake."""
    _may_keep(session, act)
    if neighbourhood_id is not None and neighbourhood_id not in neighbourhoods(session, act.ward_id):
        raise Mistake("warning-no-area")
    rows.keep_code(
        session,
        act.ward_id,
        row_id=row_id,
        code_hash=hashed(hash_of, code),
        neighbourhood_id=neighbourhood_id,
        made_by=act.officer_id,
        now=act.now,
        forget_before=act.now - 7 * moments.DAY,
    )
    note(session, act, "group_code_made", neighbourhood=neighbourhood_id)
    return shown(code)


def hashed(hash_of: Callable[..., str], code: str) -> str:
    return hash_of("group-code", code)


def deep_link(bot_link: str, code: str) -> str:
    """Telegram asks in which group, lets the bot in and types the code there; "" where no bot runs."""
    return f"{bot_link}?startgroup=n-{code}" if bot_link else ""


def code_that_counts(session: Session, ward_id: int, code_hash: str, *, now: int) -> CodeSeen | None:
    found = rows.code_of(session, ward_id, code_hash, since=now - CODE_LIVES)
    return found if found and _may(officer_rows.role_of(session, ward_id, found.made_by)) else None


# -- at the desk ---------------------------------------------------------------------------------------------------------------


def listed(session: Session, ward_id: int) -> list[GroupSeen]:
    return rows.listed(session, ward_id)


def end(session: Session, act: Act, group_id: int) -> None:
    """Somebody of the desk unlinks it. Raises Mistake."""
    found = _found(session, act, group_id)
    if not rows.end(session, found.id, now=act.now):
        raise Mistake("group-ended-already")
    note(session, act, "group_ended", group=found.id)


def move_to(session: Session, act: Act, group_id: int, neighbourhood_id: int | None) -> None:
    """It was linked to the wrong neighbourhood. Raises Mistake."""
    found = _found(session, act, group_id)
    if not found.is_linked:
        raise Mistake("group-ended-already")
    if neighbourhood_id is not None and neighbourhood_id not in neighbourhoods(session, act.ward_id):
        raise Mistake("warning-no-area")
    rows.change(session, found.id, neighbourhood_id=neighbourhood_id)
    note(session, act, "group_area_changed", group=found.id, neighbourhood=neighbourhood_id)


def acknowledge(session: Session, act: Act, group_id: int) -> None:
    """That it has another name was read. What is still so, as a group in which we may not write, stays. Raises Mistake."""
    found = _found(session, act, group_id)
    if found.trouble in ("renamed", "moved", "back"):
        rows.change(session, found.id, trouble="", trouble_at=None)
        note(session, act, "group_seen", group=found.id)


def _found(session: Session, act: Act, group_id: int) -> GroupSeen:
    _may_keep(session, act)
    found = rows.one(session, act.ward_id, group_id)
    if found is None:
        raise Mistake("group-gone")
    return found


def _may(role: str) -> bool:
    return may(role, "groups")


def _may_keep(session: Session, act: Act) -> None:
    if not _may(officer_rows.role_of(session, act.ward_id, act.officer_id)):
        raise Mistake("group-not-yours")


# -- in the transaction of the group's message ---------------------------------------------------------------------------------


def link(session: Session, ward_id: int, chat_id: int, channel: str, now: int, values: dict[str, Any]) -> None:
    """Raises Overtaken where the code was used meanwhile."""
    used = rows.use_code(session, ward_id, values["code_hash"], since=now - CODE_LIVES, now=now)
    if used is None or not _may(officer_rows.role_of(session, ward_id, used.made_by)):
        raise Overtaken
    group_id = rows.link(
        session, ward_id, row_id=values["row_id"], chat_id=chat_id, channel=channel, title=values["title"], code=used, now=now
    )
    act = Act(ward_id=ward_id, officer_id=used.made_by, history_id=values["history_id"], now=now)
    note(session, act, "group_linked", group=group_id, neighbourhood=used.neighbourhood_id)


def heard(session: Session, ward_id: int, chat_id: int, now: int, values: dict[str, Any]) -> None:
    """What the platform told of a group. Of one that was never linked nothing is kept."""
    found = rows.of_chat(session, ward_id, chat_id)
    if found is None:
        return
    match values["event"]:
        case "renamed":
            _rename(session, ward_id, found, str(values.get("title", "")), values["history_id"], now)
        case "moved" if found.is_linked:
            _move(session, ward_id, found, values, now)
        case "lost":
            _lose(session, ward_id, found, values["history_id"], now)
        case "muted" if found.is_linked and found.trouble != "muted":
            rows.change(session, found.id, trouble="muted", trouble_at=now)
            _remember(session, ward_id, found, "group_muted", values["history_id"], now)
        case "well" if found.trouble == "muted":
            rows.change(session, found.id, trouble="", trouble_at=None)
            _remember(session, ward_id, found, "group_unmuted", values["history_id"], now)
        case "joined" if not found.is_linked and found.trouble == "lost":
            rows.change(session, found.id, trouble="back", trouble_at=now)
            _remember(session, ward_id, found, "group_back", values["history_id"], now)
        case "people" if found.is_linked:
            rows.change(session, found.id, looked_at=None)  # The next look counts them.


def refused(session: Session, ward_id: int, chat_id: int, reason: str, *, history_id: int, now: int) -> None:
    """A message of ours was not taken. For whoever sends: what that says about the group stands there too."""
    # A group of Zalo's that takes nothing may be over, or only not be paid for: the next look at it tells.
    event = {"blocked": "lost", "no_chat": "lost", "no_rights": "muted", "group_closed": "people"}.get(reason)
    if event:
        heard(session, ward_id, chat_id, now, {"event": event, "history_id": history_id})


def looked(
    session: Session,
    ward_id: int,
    group_id: int,
    *,
    title: str,
    members: int | None,
    may_write: bool,
    history_ids: tuple[int, int],
    now: int,
) -> None:
    """What a look at the platform told."""
    found = rows.one(session, ward_id, group_id)
    if found is None or not found.is_linked:
        return
    if members is not None:
        rows.change(session, found.id, members=members)
    if found.title and title and title != found.title:
        _rename(session, ward_id, found, title, history_ids[0], now)
    elif title:
        rows.change(session, found.id, title=title[:MOST_TITLE])
    event = "well" if may_write else "muted"
    heard(session, ward_id, found.chat_id, now, {"event": event, "history_id": history_ids[1]})
    rows.change(session, found.id, looked_at=now)


def _rename(session: Session, ward_id: int, found: GroupSeen, title: str, history_id: int, now: int) -> None:
    """Where the platform says only that something changed, the next look asks what."""
    if not title:
        rows.change(session, found.id, looked_at=None)
        return
    if title[:MOST_TITLE] == found.title:
        return
    trouble = {} if found.trouble in ("muted", "lost") or not found.is_linked else {"trouble": "renamed", "trouble_at": now}
    rows.change(session, found.id, title=title[:MOST_TITLE], **trouble)
    _remember(session, ward_id, found, "group_renamed", history_id, now)


def _move(session: Session, ward_id: int, found: GroupSeen, values: dict[str, Any], now: int) -> None:
    if rows.move_chat(session, found.chat_id, chat_hash=values["chat_hash"], address=values["address"], now=now):
        if not found.trouble:
            rows.change(session, found.id, trouble="moved", trouble_at=now)
        _remember(session, ward_id, found, "group_moved", values["history_id"], now)
    else:  # It was linked under its new address already: this row is the same group a second time.
        rows.end(session, found.id, now=now, trouble="moved")
        _remember(session, ward_id, found, "group_moved", values["history_id"], now)


def _lose(session: Session, ward_id: int, found: GroupSeen, history_id: int, now: int) -> None:
    if rows.end(session, found.id, now=now, trouble="lost"):
        _remember(session, ward_id, found, "group_lost", history_id, now)
    elif found.trouble == "back":
        rows.change(session, found.id, trouble="lost", trouble_at=now)


def _remember(session: Session, ward_id: int, found: GroupSeen, what: str, history_id: int, now: int) -> None:
    remember(session, history_id=history_id, ward_id=ward_id, tip_id=None, now=now, actor="system", what=what, group=found.id)
