from sqlalchemy import BigInteger, Index
from sqlmodel import Field, SQLModel

from storage.tables.columns import link, maybe_link, maybe_moment, moment, only_where, row_id, sealed, ward_id

_ARRIVED = "arrived_at IS NOT NULL"
_OPEN = "arrived_at IS NOT NULL AND closed_at IS NULL"
# What folders and filters ask of an open tip: told by the index itself, so that only rows that are shown are looked up.
_TOLD = (
    "state",
    "held_why",
    "restricted",
    "category",
    "urgent_at",
    "accepted_at",
    "handler_id",
    "neighbourhood_id",
    "channel",
)

_OF_URGENT = ("arrived_at", "accepted_at", "due_at", *_TOLD[:4])


class Tip(SQLModel, table=True):
    __tablename__ = "tips"
    __table_args__ = (
        Index("ix_tips_newest", "ward_id", "arrived_at"),
        only_where("ix_tips_to_index", "index_due"),
        # Few of many, and yet in the order of the list: over the id alone SQLite would rather go through all that arrived.
        # It tells the queue what it asks of each, too: who takes what is urgent accepts it, and it stays open for weeks.
        only_where("ix_tips_urgent", "urgent_at IS NOT NULL AND closed_at IS NULL", "ward_id", *_OF_URGENT),
        only_where("ix_tips_held", "held_why <> ''", "ward_id", "arrived_at"),
        only_where("ix_tips_state", "arrived_at IS NOT NULL", "ward_id", "state", "arrived_at"),
        only_where("ix_tips_open", _OPEN, "ward_id", "arrived_at"),
        only_where("ix_tips_mine", "handler_id IS NOT NULL AND closed_at IS NULL", "ward_id", "handler_id", "due_at"),
        only_where("ix_tips_not_accepted", f"{_OPEN} AND accepted_at IS NULL", "ward_id", "due_at"),
        only_where("ix_tips_nobodys", f"{_OPEN} AND handler_id IS NULL", "ward_id", "arrived_at"),
        Index("ix_tips_of_handler", "handler_id", "arrived_at"),
        only_where("ix_tips_fenced", "restricted = 'fence'", "ward_id", "arrived_at"),
        only_where("ix_tips_entered", "entered_at IS NOT NULL", "ward_id"),
        only_where("ix_tips_not_entered", "arrived_at IS NOT NULL AND entered_at IS NULL", "ward_id"),
        only_where("ix_tips_clockless", "arrived_at IS NOT NULL AND closed_at IS NULL AND due_at IS NULL", "ward_id", "arrived_at"),
        only_where("ix_tips_event", "event_id IS NOT NULL", "event_id"),
        only_where("ix_tips_to_reseal", "reseal_due"),
        Index("uq_tips_sector", "ward_id", "sector_hash", unique=True),
        only_where("ix_tips_paper_asked", "paper_asked_by IS NOT NULL", "ward_id"),
        # Three for the map: by square, by category and square, by neighbourhood and category; its counts read nothing but them.
        only_where("ix_tips_cells", _ARRIVED, "ward_id", "cell", "arrived_at", "category", "restricted", "closed_at"),
        only_where("ix_tips_kinds_in_cells", _ARRIVED, "ward_id", "category", "cell", "arrived_at", "restricted", "closed_at"),
        only_where("ix_tips_kinds_in_homes", _ARRIVED, "ward_id", "neighbourhood_id", "category", "arrived_at", "restricted", "closed_at"),
        only_where("ix_tips_to_paper", "state = 'paper' AND data_key IS NOT NULL", "ward_id"),
        only_where("ix_tips_due", _OPEN, "ward_id", "due_at", "arrived_at", *_TOLD),
        only_where("ix_tips_unanswered", "unanswered_at IS NOT NULL", "ward_id", "unanswered_at"),
        Index("ix_tips_category", "ward_id", "category", "arrived_at"),
        Index("ix_tips_neighbourhood", "ward_id", "neighbourhood_id", "arrived_at"),
        Index("ix_tips_channel", "ward_id", "channel", "arrived_at"),
        only_where("ix_tips_never_held", f"{_ARRIVED} AND handler_id IS NULL", "ward_id", "arrived_at"),
    )

    id: int = row_id()
    ward_id: int = ward_id()
    chat_id: int | None = maybe_link("chats.id")  # None once the resident has cut contact.
    channel: str
    data_key: bytes | None = sealed()  # The ring of this tip, wrapped. None: shredded, and with it all that it sealed.
    state: str = "S0"  # S0 draft, "dropped" for one that was given up or left lying; from S1 on see `handlers/lifecycle.py`.
    category: str = ""
    place: bytes | None = sealed()  # {"text", "latitude", "longitude"}, under the tip's ring.
    cell: str = ""  # The place as coarse as a map of many tips may show it: `storage/places.py`.
    about: str = "anonymous"  # anonymous, named, named_paper: moves only towards named.
    code: bytes | None = sealed()  # The receipt code, under the chat's ring: the desk never opens it.
    code_hash: str | None = Field(default=None, unique=True)
    code_tail: str = ""  # The last four characters: all of the code that the desk holds.
    created_at: int = moment()
    arrived_at: int | None = maybe_moment()
    received_at: int | None = maybe_moment()  # When an officer was given it, who entered it later: clocks start then. None: at arrival.
    accepted_at: int | None = maybe_moment()
    accepted_by: int | None = maybe_link("officers.id", index=False)
    closed_at: int | None = maybe_moment()
    danger: str = ""  # danger, fire, child, self_harm, cheated: the gravest that was heard in it.
    urgent_at: int | None = maybe_moment()  # Since when it is a matter of minutes.
    is_unfinished: bool = False  # It came by itself after a minute of silence, or with "Không gọi được": nothing was asked.
    safe: str = ""  # alone, shared: whether others hold the phone. Empty: not asked yet, and then nothing is sent unasked either.
    neighbourhood_id: int | None = maybe_link("neighbourhoods.id", index=False)
    held_why: str = ""  # A brake set it apart; it is read like any other, only nobody is woken for it.
    rating: int | None = None  # 1 to 5, by the resident, after the end.
    alone_told_at: int | None = maybe_moment()  # When the resident was told that nobody has accepted it yet.
    track: str = ""  # A urgent, B ordinary, C administrative, D other agency, E duplicate, F not enough; empty until classified.
    track_approved_at: int | None = maybe_moment()  # By a commander or the chief; what is urgent goes on without it.
    kind: str = ""  # Loại nguồn tin: denunciation, report, feedback.
    book: str = ""  # Where it stands: crime, other. Older entries are in `book_entries`.
    book_number: int | None = None
    book_year: int | None = None
    entered_at: int | None = maybe_moment()
    reported_at: int | None = maybe_moment()  # To the provincial investigating body, for an investigator.
    handler_id: int | None = maybe_link("officers.id", index=False)  # Whose it is; nobody's stands on the chief's list.
    due_at: int | None = maybe_moment()  # The nearest of its clocks.
    restricted: str = ""  # Who alone reads it: fence (the superior body), chief; empty: whoever reads tips.
    concern_at: int | None = maybe_moment()  # Dư luận, báo chí quan tâm.
    paper_number: str = ""  # Of the paper file that holds it instead ("Chuyển hồ sơ giấy"); it counts once the state says so.
    paper_asked_by: int | None = maybe_link("officers.id", index=False)  # Who asked, while nobody else has confirmed it.
    paper_asked_at: int | None = maybe_moment()
    known_how: str = ""  # seen, heard, victim: how the resident knows.
    event_id: int | None = Field(default=None, sa_type=BigInteger, nullable=True)  # Tips on one event share this number.
    sector_hash: str | None = None  # Keyed hash of its number on VNeID: the same number is the same tip.
    dispatched_at: int | None = maybe_moment()  # An officer was sent there: Cử người.
    left_at: int | None = maybe_moment()
    there_at: int | None = maybe_moment()
    unanswered_at: int | None = maybe_moment()  # The resident has written since somebody accepted it, and nobody has answered yet.
    index_due: bool = False  # The words changed since the search index saw them.
    reseal_due: bool = False  # Its key is thought to be known to others.
    shredded_at: int | None = maybe_moment()


class Piece(SQLModel, table=True):
    """One thing that was said about a tip: a sentence of the resident, in the order it came."""

    __tablename__ = "pieces"

    id: int = row_id()
    ward_id: int = ward_id()
    tip_id: int = link("tips.id")
    source_hash: str = Field(index=True)  # The message it came in, so that an edit finds it.
    words: bytes | None = sealed()  # Under the tip's ring.
    said_at: int = moment()
    is_addition: bool = False


class Attachment(SQLModel, table=True):
    """A photo, voice note or file. It is a row before its bytes are here: the row is the work to be done."""

    __tablename__ = "attachments"
    __table_args__ = (
        Index("ix_attachments_waiting", "status", "due_at"),
        # Over the few alone: else SQLite takes it for files of no letter as well, and looks at all there are.
        only_where("ix_attachments_letter", "letter_id IS NOT NULL", "letter_id"),
    )

    id: int = row_id()
    ward_id: int = ward_id()
    tip_id: int = link("tips.id")
    kind: str  # photo, video, voice, file
    source: bytes | None = sealed()  # How the channel finds the bytes, under the tip's ring; erased afterwards.
    status: str = "waiting"  # waiting, stored, refused, failed, withdrawn, shredded
    note: str = ""  # Why it was refused or failed, as a word of ours.
    mime: str = ""  # What the content is, whatever its name said.
    copy_mime: str = ""  # What the copy is.
    fingerprint: str = ""  # Keyed hash of the exact bytes: set once. The plain hash would tell whose phone holds the same file.
    sha256: bytes | None = sealed()  # Of the exact bytes, under the tip's ring.
    file_key: bytes | None = sealed()  # What the files of this row are sealed with, under the tip's ring.
    size: int = 0
    width: int = 0
    height: int = 0
    original: str = ""  # Paths inside the media folder; every file there is sealed.
    work: str = ""
    thumb: str = ""
    sent_by: int | None = maybe_link("officers.id", index=False)  # From the desk to the resident: `original` is then the clean copy alone.
    letter_id: int | None = maybe_link("appeals.id", index=False)  # It came with a complaint: only who reads that letter opens it.
    tries: int = 0
    due_at: int = moment()  # When it may be tried next; while somebody works on it, the end of their lease.
    created_at: int = moment()


class Callback(SQLModel, table=True):
    """A number the resident wants to be called back on. Not identity; under a ring of its own that goes when the tip is closed."""

    __tablename__ = "callbacks"

    id: int = row_id()
    ward_id: int = ward_id()
    tip_id: int = Field(foreign_key="tips.id", sa_type=BigInteger, unique=True)
    data_key: bytes | None = sealed()
    number: bytes | None = sealed()
    created_at: int = moment()
    shredded_at: int | None = maybe_moment()
