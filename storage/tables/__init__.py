"""Every table of the house. Import this module and `SQLModel.metadata` is whole."""

from storage.tables.chats import Chat, WebMessage
from storage.tables.copies import BackupCopy, Block, DayKey
from storage.tables.custody import Custodian, Identity, IdentityShare, Opening
from storage.tables.history import HistoryLink, HistoryRow
from storage.tables.inbox import InboxRow
from storage.tables.leases import Allowance, Lease
from storage.tables.officers import DeskSession, Officer, SetupLink, SignInTry
from storage.tables.outbox import OutboxRow
from storage.tables.search import SearchDoc, SearchSweep
from storage.tables.tips import Attachment, Callback, Piece, Tip
from storage.tables.wards import Key, Ward

__all__ = [
    "Allowance",
    "Attachment",
    "BackupCopy",
    "Block",
    "Callback",
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
    "Lease",
    "Officer",
    "Opening",
    "OutboxRow",
    "Piece",
    "SearchDoc",
    "SearchSweep",
    "SetupLink",
    "SignInTry",
    "Tip",
    "Ward",
    "WebMessage",
]
