"""Every table of the house. Import this module and `SQLModel.metadata` is whole."""

from storage.tables.aftercare import Appeal, Notice, Question
from storage.tables.chats import Chat, WebMessage
from storage.tables.copies import BackupCopy, Block, DayKey
from storage.tables.custody import Custodian, Identity, IdentityShare, Opening
from storage.tables.history import HistoryLink, HistoryRow
from storage.tables.inbox import InboxRow
from storage.tables.leases import Allowance, Lease
from storage.tables.officers import DeskSession, Officer, SetupLink, SignInTry
from storage.tables.outbox import OutboxRow
from storage.tables.places import Landmark, Neighbourhood, Spot
from storage.tables.search import SearchDoc, SearchSweep
from storage.tables.tips import Attachment, Callback, Piece, Tip
from storage.tables.ward_book import CategoryNote, Procedure, Wording
from storage.tables.wards import Key, Ward
from storage.tables.ways import Way

__all__ = [
    "Allowance",
    "Appeal",
    "Attachment",
    "BackupCopy",
    "Block",
    "Callback",
    "CategoryNote",
    "Chat",
    "Custodian",
    "DayKey",
    "DeskSession",
    "HistoryLink",
    "HistoryRow",
    "Identity",
    "IdentityShare",
    "InboxRow",
    "Key",
    "Landmark",
    "Lease",
    "Neighbourhood",
    "Notice",
    "Officer",
    "Opening",
    "OutboxRow",
    "Piece",
    "Procedure",
    "Question",
    "SearchDoc",
    "SearchSweep",
    "SetupLink",
    "SignInTry",
    "Spot",
    "Tip",
    "Ward",
    "Way",
    "WebMessage",
    "Wording",
]
