"""Photos and papers that the desk sends to a resident: rows of `attachments` with a sender, of which only the clean copy is kept."""

from dataclasses import dataclass

from sqlmodel import Session

from storage.queries.attachments import fingerprint
from storage.queries.rings import tip_ring
from storage.queries.tips import FileSource, file_key_place, sha256_place
from storage.quick import Quick, insert
from storage.vault import Sealed, Shredded

_INSERT = insert(
    "attachments",
    *("id", "ward_id", "tip_id", "kind", "status", "note", "mime", "copy_mime", "fingerprint", "sha256", "file_key", "size"),
    *("width", "height", "original", "work", "thumb", "sent_by", "tries", "due_at", "created_at"),
)
_ONE = Quick(
    "SELECT ward_id, tip_id, kind, mime, original, file_key FROM attachments"
    " WHERE id = :file_id AND sent_by IS NOT NULL AND status = 'stored' AND file_key IS NOT NULL"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewFile:
    """Clean already, sealed, and on the disk under its name."""

    id: int
    kind: str  # photo, file
    mime: str
    place: str
    key: bytes
    sha256: str
    size: int
    width: int = 0
    height: int = 0


def keep(session: Session, file: NewFile, *, ward_id: int, tip_id: int, sent_by: int, now: int) -> str:
    """Its fingerprint, for the history."""
    ring, mark = tip_ring(session, tip_id), fingerprint(session, ward_id, file.sha256)
    _INSERT.run(
        session,
        id=file.id,
        ward_id=ward_id,
        tip_id=tip_id,
        kind=file.kind,
        status="stored",
        note="",
        mime=file.mime,
        copy_mime=file.mime,
        fingerprint=mark,
        sha256=ring.seal_text(file.sha256, sha256_place(file.id)),
        file_key=ring.seal(file.key, file_key_place(file.id)),
        size=file.size,
        width=file.width,
        height=file.height,
        original=file.place,
        work="",
        thumb="",
        sent_by=sent_by,
        tries=0,
        due_at=now,
        created_at=now,
    )
    return mark


def file_of(session: Session, file_id: int, *, ward_id: int | None = None, tip_id: int | None = None) -> FileSource | None:
    """None: it was shredded, withdrawn, or belongs to somebody else."""
    row = _ONE.run(session, file_id=file_id).fetchone()
    if row is None or (ward_id is not None and row[0] != ward_id) or (tip_id is not None and row[1] != tip_id):
        return None
    _ward, its_tip, kind, mime, place, file_key = row
    try:
        key = tip_ring(session, its_tip).open(bytes(file_key), file_key_place(file_id))
    except (Sealed, Shredded):
        return None
    return FileSource(tip_id=its_tip, place=place, key=key, mime=mime, kind=kind)
