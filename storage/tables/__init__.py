"""Every table of the house. Import this module and `SQLModel.metadata` is whole."""

from storage.tables.chats import Chat, WebMessage
from storage.tables.inbox import InboxRow
from storage.tables.leases import Allowance, Lease
from storage.tables.officers import DeskSession, Officer, SetupLink, SignInTry
from storage.tables.outbox import OutboxRow
from storage.tables.search import SearchDoc, SearchSweep
from storage.tables.tips import Attachment, HistoryRow, Piece, Tip
from storage.tables.wards import Key, Ward

__all__ = [
    "Allowance",
    "Attachment",
    "Chat",
    "DeskSession",
    "HistoryRow",
    "InboxRow",
    "Key",
    "Lease",
    "Officer",
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
