"""Every table of the house. Import this module and `SQLModel.metadata` is whole."""

from storage.tables.aftercare import Appeal, HeldText, Notice, Question
from storage.tables.books import BookCounter, BookEntry, DayChecked
from storage.tables.chats import Chat, WebMessage
from storage.tables.clocks import Deadline, Holiday, Period
from storage.tables.copies import BackupCopy, Block, DayKey
from storage.tables.covered import CoveredPhoto
from storage.tables.custody import Custodian, Identity, IdentityShare, Opening
from storage.tables.doors import DoorTrouble
from storage.tables.duty import Alarm, ChatCode, HandOver, Ladder, OfficerChat, Shift, ShiftPattern
from storage.tables.figures import FigureBlock, FigureCursor, FigureFact
from storage.tables.history import HistoryLink, HistoryRow
from storage.tables.inbox import InboxRow
from storage.tables.leases import Allowance, Lease
from storage.tables.notes import TipNote, TipViewer
from storage.tables.officers import DeskSession, Officer, Responsibility, SetupLink, SignInTry, TypedWords
from storage.tables.outbox import OutboxRow
from storage.tables.places import Border, Landmark, Neighbourhood, Spot
from storage.tables.search import SearchDoc, SearchSweep
from storage.tables.settings import DoorDay, DoorSign, PasswordLink, SetUpSkip
from storage.tables.sign_in import Device, KnownHere, LetIn, OfficerPin, RecoveryCode, SecondFactor
from storage.tables.tips import Attachment, Callback, Piece, Tip
from storage.tables.ward_book import CategoryNote, Procedure, ReadySentence, Wording
from storage.tables.wards import Key, Ward
from storage.tables.warnings import (
    CampaignDay,
    ChatGroup,
    GroupCode,
    Leader,
    LeaderArea,
    Pace,
    Subscription,
    WarningRow,
    WarningTarget,
    WarningTemplate,
)
from storage.tables.ways import Way
from storage.tables.zalo import DoorMark, HeldEvent, OaRight, PaidMonth, ZaloPost, ZaloToken

__all__ = [
    "Alarm",
    "Allowance",
    "Appeal",
    "Attachment",
    "BackupCopy",
    "Block",
    "BookCounter",
    "BookEntry",
    "Border",
    "Callback",
    "CampaignDay",
    "CategoryNote",
    "Chat",
    "ChatCode",
    "ChatGroup",
    "CoveredPhoto",
    "Custodian",
    "DayChecked",
    "DayKey",
    "Deadline",
    "DeskSession",
    "Device",
    "DoorDay",
    "DoorMark",
    "DoorSign",
    "DoorTrouble",
    "FigureBlock",
    "FigureCursor",
    "FigureFact",
    "GroupCode",
    "HandOver",
    "HeldEvent",
    "HeldText",
    "HistoryLink",
    "HistoryRow",
    "Holiday",
    "Identity",
    "IdentityShare",
    "InboxRow",
    "Key",
    "KnownHere",
    "Ladder",
    "Landmark",
    "Leader",
    "LeaderArea",
    "Lease",
    "LetIn",
    "Neighbourhood",
    "Notice",
    "OaRight",
    "Officer",
    "OfficerChat",
    "OfficerPin",
    "Opening",
    "OutboxRow",
    "Pace",
    "PaidMonth",
    "PasswordLink",
    "Period",
    "Piece",
    "Procedure",
    "Question",
    "ReadySentence",
    "RecoveryCode",
    "Responsibility",
    "SearchDoc",
    "SearchSweep",
    "SecondFactor",
    "SetUpSkip",
    "SetupLink",
    "Shift",
    "ShiftPattern",
    "SignInTry",
    "Spot",
    "Subscription",
    "Tip",
    "TipNote",
    "TipViewer",
    "TypedWords",
    "Ward",
    "WarningRow",
    "WarningTarget",
    "WarningTemplate",
    "Way",
    "WebMessage",
    "Wording",
    "ZaloPost",
    "ZaloToken",
]
