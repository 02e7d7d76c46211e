"""Place codes ("mã nơi"): a market, an alley or a school behind a link and a QR code, so that nobody has to type where they are.

A code says where somebody may be speaking of, and nothing about them: it is the same for everybody. The conversation always asks back.
"""

import secrets
from typing import Any

import segno
from sqlmodel import Session

from handlers.acts import Act, note
from handlers.cleaning import clean
from handlers.officers import Mistake
from storage.queries import gazetteer as rows
from storage.queries import ward_book
from storage.queries.gazetteer import SpotRow
from storage.queries.history import mark

MOST_LABEL = 60
_SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"  # Without those that are mistaken for one another when copied by hand.
_LENGTH = 7


def new_spot_code() -> str:
    return "".join(secrets.choice(_SIGNS) for _ in range(_LENGTH))


def make_spot(
    session: Session,
    act: Act,
    *,
    spot_id: int,
    code: str,
    label: str,
    neighbourhood_id: int | None,
    latitude: float | None,
    longitude: float | None,
) -> None:
    label = " ".join(clean(label).split())
    if not any(sign.isalnum() for sign in label):
        raise Mistake("spots-mistake-label")
    if len(label) > MOST_LABEL:
        raise Mistake("spots-mistake-long")
    standing = {row.id for row in rows.places(session, act.ward_id) if row.kind == "neighbourhood" and row.ended_at is None}
    if neighbourhood_id is not None and neighbourhood_id not in standing:
        raise Mistake("places-mistake-home")
    spot = SpotRow(
        id=spot_id,
        code=code,
        label=label,
        neighbourhood_id=neighbourhood_id,
        latitude=latitude,
        longitude=longitude,
        created_at=act.now,
        ended_at=None,
    )
    rows.add_spot(session, act.ward_id, spot)
    _note(session, act, "spot_made", spot_id, mark=mark(session, act.ward_id, code, label))


def end_spot(session: Session, act: Act, *, spot_id: int) -> None:
    """The sheet may hang for years: its link still opens the line, only the place is not known any more."""
    if not rows.end_spot(session, act.ward_id, spot_id, now=act.now):
        raise Mistake("places-mistake-gone")
    _note(session, act, "spot_ended", spot_id)


def _note(session: Session, act: Act, what: str, spot_id: int, **detail: Any) -> None:
    ward_book.changed(session, act.ward_id)
    note(session, act, what, spot=spot_id, **detail)


def web_link(address: str, code: str) -> str:
    return f"{address.rstrip('/')}/?o={code}"


def telegram_link(bot_link: str, code: str) -> str:
    """ "" where no bot runs."""
    return f"{bot_link}?start=o-{code}" if bot_link else ""


def qr_svg(text: str) -> str:
    """Drawn in black on white on every screen, with the quiet edge that cameras need; its size comes from the page."""
    return str(segno.make(text, error="m", micro=False).svg_inline(border=4, omitsize=True, light="#fff", dark="#000", svgclass="qr"))
