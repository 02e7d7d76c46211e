"""Every table of the house. Import this module and `SQLModel.metadata` is whole."""

from storage.tables.aftercare import Appeal, HeldText, Notice, Question
from storage.tables.books import BookCounter, BookEntry, DayChecked
from storage.tables.chats import Chat, WebMessage
from storage.tables.clocks import Deadline, Holiday, Period
from storage.tables.copies import BackupCopy, Block, DayKey
from storage.tables.custody import Custodian, Identity, IdentityShare, Opening
from storage.tables.doors import DoorTrouble
from storage.tables.duty import Alarm, ChatCode, HandOver, Ladder, OfficerChat, Shift, ShiftPattern
from storage.tables.history import HistoryLink, HistoryRow
from storage.tables.inbox import InboxRow
from storage.tables.leases import Allowance, Lease
from storage.tables.notes import TipNote, TipViewer
from storage.tables.officers import DeskSession, Officer, Responsibility, SetupLink, SignInTry, TypedWords
from storage.tables.outbox import OutboxRow
from storage.tables.places import Landmark, Neighbourhood, Spot
from storage.tables.search import SearchDoc, SearchSweep
from storage.tables.tips import Attachment, Callback, Piece, Tip
from storage.tables.ward_book import CategoryNote, Procedure, ReadySentence, Wording
from storage.tables.wards import Key, Ward
from storage.tables.ways import Way

__all__ = [
    "Alarm",
    "Allowance",
    "Appeal",
    "Attachment",
    "BackupCopy",
    "Block",
    "BookCounter",
    "BookEntry",
    "Callback",
    "CategoryNote",
    "Chat",
    "ChatCode",
    "Custodian",
    "DayChecked",
    "DayKey",
    "Deadline",
    "DeskSession",
    "DoorTrouble",
    "HandOver",
    "HeldText",
    "HistoryLink",
    "HistoryRow",
    "Holiday",
    "Identity",
    "IdentityShare",
    "InboxRow",
    "Key",
    "Ladder",
    "Landmark",
    "Lease",
    "Neighbourhood",
    "Notice",
    "Officer",
    "OfficerChat",
    "Opening",
    "OutboxRow",
    "Period",
    "Piece",
    "Procedure",
    "Question",
    "ReadySentence",
    "Responsibility",
    "SearchDoc",
    "SearchSweep",
    "SetupLink",
    "Shift",
    "ShiftPattern",
    "SignInTry",
    "Spot",
    "Tip",
    "TipNote",
    "TipViewer",
    "TypedWords",
    "Ward",
    "Way",
    "WebMessage",
    "Wording",
]
