"""What became of a file that somebody sent: kept, refused or lost. Whoever sent it is told where it cannot be had."""

from sqlmodel import Session

from handlers import notices, texts, tips
from handlers.messages import Reply
from handlers.ward_book import WardBook
from storage import moments
from storage.queries import attachments
from storage.queries.attachments import Outcome, Wanted

SAID_ONCE_WITHIN = moments.MINUTE  # Ten photos of one album that do not open are one piece of news.


def note(
    session: Session,
    book: WardBook,
    wanted: Wanted,
    outcome: Outcome,
    *,
    history_id: int,
    notice_id: int,
    row_id: int,
    now: int,
    public_url: str = "",
) -> bool:
    """False: it was taken back, or another holder has the claim. The files of this claim are then nobody's."""
    if not attachments.note_outcome(session, wanted, outcome):
        return False
    was_told = attachments.was_told_lately(session, wanted.tip_id, f"file_{outcome.status}", since=now - SAID_ONCE_WITHIN)
    tips.remember(
        session,
        history_id=history_id,
        ward_id=wanted.ward_id,
        tip_id=wanted.tip_id,
        now=now,
        actor="system",
        what=f"file_{outcome.status}",
        attachment=wanted.id,
        fingerprint=attachments.fingerprint(session, wanted.ward_id, outcome.sha256) if outcome.sha256 else "",
        note=outcome.note,
    )
    if outcome.status != "stored" and wanted.chat_id is not None and not was_told:
        reply = Reply(text=_sentence(book, wanted, outcome, public_url))
        notices.tell_of_file(session, book, wanted.tip_id, reply, notice_id=notice_id, row_id=row_id, now=now)
    return True


def _sentence(book: WardBook, wanted: Wanted, outcome: Outcome, public_url: str) -> str:
    if outcome.note == "too_big" and public_url and wanted.channel != "webchat":
        return texts.say_as(book, "file-too-big-web", wanted.language, address=public_url)
    refused = "file-refused-voice" if wanted.kind == "voice" else "file-refused"
    key = {"too_big": "file-too-big"}.get(outcome.note, "file-lost" if outcome.status == "failed" else refused)
    return texts.say_as(book, key, wanted.language)
