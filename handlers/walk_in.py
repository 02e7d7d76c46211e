"""A tip that an officer enters for somebody: who came in, called, wrote a letter, used VNeID, or was sent here by others; or the press.

From then on it is a tip like any other. It has no chat: whoever holds the code on the slip reads and adds at /tra-cuu, or types it in
any chat. Of the code only a keyed hash and the last four characters are kept, so that the desk cannot read it afterwards; a lost slip
is replaced by a new code, which ends the old one. The clocks begin when it was received, which may lie before it was entered.

A name goes to the custodians in the same transaction, or is not taken at all.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from handlers import access, custody, tips
from handlers.acts import Act, note
from handlers.cleaning import clean
from handlers.insight import catalogue
from handlers.insight.addresses import Sure, read_address
from handlers.messages import Change, Ward
from handlers.officers import Mistake
from handlers.phones import number_in
from handlers.tips import Where
from handlers.ward_book import WardBook
from storage import moments
from storage.codes import new_code
from storage.keyed import Keyed
from storage.queries import callbacks, ladder
from storage.queries import walk_in as rows
from storage.queries.history import mark
from storage.queries.rings import tip_key_place
from storage.quick import as_json
from storage.vault import Ring, vault_of

WAYS = rows.WAYS
REFERRERS = ("front", "committee", "leader", "other")
KNOWN_HOW = ("seen", "heard", "victim")
MOST_WORDS, MOST_PLACE, MOST_NAME, MOST_REFUSED, MOST_LINK = 10_000, 300, 300, 300, 2_000
OLDEST = 366 * moments.DAY
_AHEAD = 2 * moments.MINUTE  # An officer's clock may be so far ahead of ours.
_SECTOR = re.compile(r"[0-9A-Z][0-9A-Z./_-]{3,39}")
_LINK = re.compile(r"(?:https?://)?[^\s/?#@:]+\.[^\s/?#@:.]{2,}(?::\d+)?(?:[/?#]\S*)?", re.IGNORECASE)
_TYPED_MOMENT = ("%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%H:%M %d/%m/%Y", "%d/%m/%Y %H:%M")


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Brought:
    """One form, checked."""

    way: str
    words: str
    place: dict[str, Any]
    received_at: int
    category: str
    is_urgent: bool
    rings: bool  # Everybody on duty is called, although an officer knows of it already.
    known_how: str
    callback: str
    name: str
    about: str
    refused: str
    sector_number: str
    link: str
    referrer: str


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Slip:
    """What the person is handed: drawn before the transaction, shown once."""

    code: str
    code_hash: str

    @property
    def tail(self) -> str:
        return self.code[-4:]

    @classmethod
    def draw(cls, keyed: Keyed) -> "Slip":
        code = new_code()
        return cls(code=code, code_hash=keyed.hash("code", code))


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    tip_id: int
    is_new: bool  # False: this form, or this number on VNeID, was entered before, and the slip is worth nothing.


def checked(form: Mapping[str, str], ward: Ward, *, now: int) -> Brought:
    """Raises Mistake."""
    way, words = form.get("way", ""), clean(form.get("words", ""))
    if way not in WAYS:
        raise Mistake("bring-mistake-way")
    if len(words) < 2:
        raise Mistake("bring-mistake-words")
    if len(words) > MOST_WORDS:
        raise Mistake("bring-mistake-long")
    category, urgent, name = form.get("category", ""), form.get("urgent", ""), clean(form.get("name", ""))[:MOST_NAME]
    if name and not ward.custodians:
        raise Mistake("bring-mistake-keepers")
    return Brought(
        way=way,
        words=words,
        place=_place(form, ward.book),
        received_at=_moment(form.get("received", ""), now=now),
        category=category if category in catalogue.CODES else "",
        is_urgent=urgent in ("yes", "ring"),
        rings=urgent == "ring",
        known_how=form.get("known", "") if form.get("known", "") in KNOWN_HOW else "",
        callback=_number(form.get("callback", "")),
        name=name,
        about=("named_paper" if form.get("paper") else "named") if name else "anonymous",
        refused="" if name else clean(form.get("refused", ""))[:MOST_REFUSED],
        # What belongs to another way was typed before the officer thought again; the page hides it.
        sector_number=_sector(form.get("sector", "")) if way == "vneid" else "",
        link=_link(form.get("link", "")) if way == "press" else "",
        referrer=_referrer(form.get("referrer", "")) if way == "referral" else "",
    )


def sector_hash(keyed: Keyed, number: str) -> str | None:
    return keyed.hash("sector", number) if number else None


def bring_in(
    session: Session,
    act: Act,
    brought: Brought,
    slip: Slip,
    *,
    tip_id: int,
    form_hash: str,
    number_hash: str | None,
    draw: Callable[[], int],
) -> Entered:
    """One transaction: the tip, its words and place, whoever is named, and that this officer has taken it on. The same form twice, or
    the same number on VNeID, is the same tip. Raises NoCustodian, and AlreadyThere where somebody enters that number at this moment."""
    if (elder := _elder(session, act.ward_id, form_hash, number_hash)) is not None:
        return Entered(tip_id=elder, is_new=False)
    new = rows.NewTip(
        id=tip_id,
        ward_id=act.ward_id,
        way=brought.way,
        data_key=vault_of(session).wrap(Ring.fresh(), tip_key_place(tip_id)),
        category=brought.category,
        about=brought.about,
        code_hash=slip.code_hash,
        code_tail=slip.tail,
        received_at=brought.received_at,
        is_urgent=brought.is_urgent,
        known_how=brought.known_how,
        sector_hash=number_hash,
        now=act.now,
    )
    rows.add(session, new)
    written = {"sector": brought.sector_number, "link": brought.link, "refused": brought.refused}
    note(
        session,
        act,
        "brought_in",
        tip_id=tip_id,
        secret=as_json(written) if any(written.values()) else "",
        way=brought.way,
        referrer=brought.referrer,
        received=brought.received_at,
        category=brought.category,
        how=brought.known_how,
        urgent=brought.is_urgent,
        tail=slip.tail,
        code=mark(session, act.ward_id, "code", slip.code_hash),
        sector=mark(session, act.ward_id, "sector", number_hash) if number_hash else "",
    )
    _tell(session, act, brought, tip_id, form_hash, draw)
    if brought.rings:
        ladder.begin(session, act.ward_id, tip_id, is_urgent=True, now=act.now)
    else:
        tips.accept_tip(session, act.ward_id, tip_id=tip_id, officer_id=act.officer_id, history_id=draw(), now=act.now)
    return Entered(tip_id=tip_id, is_new=True)


def elder_of(session: Session, ward_id: int, number_hash: str) -> int | None:
    """The tip that bears this number on VNeID."""
    return rows.of_sector(session, ward_id, number_hash)


def attach(session: Session, act: Act, *, tip_id: int, attachment_id: int, kind: str, file: dict[str, Any]) -> None:
    """A photo of the letter, a recording that somebody brought along: on the disk already, sealed. Raises Mistake."""
    access.check(session, act, tip_id)
    tip = rows.brought(session, act.ward_id, tip_id)
    if tip is None or not tip.takes_code:
        raise Mistake("desk-no-tip")
    values = {"tip_id": tip_id, "history_id": act.history_id, "attachment_id": attachment_id, "kind": kind, "file": file}
    where = Where(ward_id=act.ward_id, chat_id=0, channel=tip.way, now=act.now, actor=f"officer:{act.officer_id}")
    tips.apply(session, where, [Change("attach", {**values, "is_addition": True})])


def renew_code(session: Session, act: Act, slip: Slip, *, tip_id: int) -> None:
    """Somebody has lost the slip. Raises Mistake where the code belongs to a chat, or the words are shredded."""
    access.check(session, act, tip_id)
    if not rows.put_code(session, act.ward_id, tip_id, code_hash=slip.code_hash, tail=slip.tail):
        raise Mistake("desk-no-tip")
    note(session, act, "code_renewed", tip_id=tip_id, tail=slip.tail, code=mark(session, act.ward_id, "code", slip.code_hash))


def defanged(link: str) -> str:
    """To be read and compared, and to open nowhere: hxxps://bao[.]vn/tin."""
    scheme, found, rest = link.partition("://")
    host, slash, path = (rest if found else link).partition("/")
    return f"{scheme.lower().replace('http', 'hxxp') + found if found else ''}{host.replace('.', '[.]')}{slash}{path}"


# -- one by one --------------------------------------------------------------------------------------------------------------------


def _elder(session: Session, ward_id: int, form_hash: str, number_hash: str | None) -> int | None:
    elder = rows.of_form(session, ward_id, form_hash)
    return elder_of(session, ward_id, number_hash) if elder is None and number_hash else elder


def _tell(session: Session, act: Act, brought: Brought, tip_id: int, form_hash: str, draw: Callable[[], int]) -> None:
    where = Where(ward_id=act.ward_id, chat_id=0, channel=brought.way, now=act.now, actor=f"officer:{act.officer_id}")

    def change(what: Any, **values: Any) -> Change:
        return Change(what, {"tip_id": tip_id, "history_id": draw(), **values})

    changes = [change("say", piece_id=draw(), source_hash=form_hash, text=brought.words)]
    if brought.place:
        changes.append(change("place", **brought.place, is_addition=True))  # It has arrived: the index shall see it.
    tips.apply(session, where, changes)
    if brought.callback:
        callbacks.keep(session, ward_id=act.ward_id, tip_id=tip_id, callback_id=draw(), number=brought.callback, now=act.now)
        note(session, act, "callback_given", tip_id=tip_id, history_id=draw())
    if brought.name:
        identity_id, value = draw(), {"name": brought.name}
        custody.take_in(session, ward_id=act.ward_id, tip_id=tip_id, identity_id=identity_id, draw=draw, value=value, now=act.now)
        note(session, act, "named", tip_id=tip_id, history_id=draw(), about=brought.about, identity=identity_id)


def _place(form: Mapping[str, str], book: WardBook) -> dict[str, Any]:
    """As it was typed. The neighbourhood is the chosen one, or the one in which the map knows these words for certain."""
    text, chosen = " ".join(clean(form.get("place", "")).split())[:MOST_PLACE], _id(form.get("home", ""))
    address = read_address(text, book) if text else None
    home = chosen if book.neighbourhood(chosen) else None
    point: dict[str, Any] = {}
    if address and address.sure == Sure.CERTAIN and home in (None, address.neighbourhood_id):
        home, point = address.neighbourhood_id, {"latitude": address.latitude, "longitude": address.longitude}
    return {"text": text, "neighbourhood_id": home, **point} if text or home else {}


def _id(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 20 else None


def _moment(text: str, *, now: int) -> int:
    """As a browser sends it, or as people write it. Nothing typed is now."""
    typed = " ".join(text.split())
    if not typed:
        return now
    at = next((found for form in _TYPED_MOMENT if (found := _read_moment(typed, form)) is not None), None)
    if at is None or not now - OLDEST <= at <= now + _AHEAD:
        raise Mistake("bring-mistake-moment")
    return min(at, now)


def _read_moment(typed: str, form: str) -> int | None:
    try:
        return int(datetime.strptime(typed, form).replace(tzinfo=moments.WARD_ZONE).timestamp() * 1000)
    except (ValueError, OverflowError):
        return None


def _number(text: str) -> str:
    if not (typed := clean(text)):
        return ""
    if (number := number_in(typed)) is None:
        raise Mistake("bring-mistake-callback")
    return number


def _sector(text: str) -> str:
    """One form for however it was copied."""
    number = re.sub(r"\s", "", clean(text)).upper()
    if not number:
        raise Mistake("bring-mistake-sector-none")
    if not _SECTOR.fullmatch(number):
        raise Mistake("bring-mistake-sector")
    return number


def _link(text: str) -> str:
    """The exact string. Nobody fetches it, here or anywhere."""
    link = text.strip()
    if not link:
        raise Mistake("bring-mistake-link-none")
    if len(link) > MOST_LINK or clean(link) != link or not _LINK.fullmatch(link):
        raise Mistake("bring-mistake-link")
    return link


def _referrer(text: str) -> str:
    if text not in REFERRERS:
        raise Mistake("bring-mistake-referrer")
    return text
