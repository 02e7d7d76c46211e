"""Every table of the house. Import this module and `SQLModel.metadata` is whole."""

from storage.tables.chats import Chat, WebMessage
from storage.tables.inbox import InboxRow
from storage.tables.outbox import OutboxRow
from storage.tables.tips import Attachment, HistoryRow, Piece, Tip
from storage.tables.wards import Key, Ward

__all__ = ["Attachment", "Chat", "HistoryRow", "InboxRow", "Key", "OutboxRow", "Piece", "Tip", "Ward", "WebMessage"]
