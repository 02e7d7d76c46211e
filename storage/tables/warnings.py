"""The gong: leaders and their areas, groups, who wants warnings, the warnings themselves, and one row for each whom one goes to."""

from typing import Any

from sqlalchemy import JSON, BigInteger, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.tables.columns import link, maybe_link, maybe_moment, moment, only_where, row_id, sealed, ward_id


class Leader(SQLModel, table=True):
    """Who leads a neighbourhood: an account of role `leader` without a password, and how they are called by hand."""

    __tablename__ = "leaders"

    id: int = row_id()
    ward_id: int = ward_id()
    officer_id: int = Field(foreign_key="officers.id", sa_type=BigInteger, unique=True)
    data_key: bytes | None = sealed()  # Of this row, wrapped by the master key.
    phone: bytes | None = sealed()  # Under it. Empty: nobody gave one.
    added_at: int = moment()
    link_hash: str | None = Field(default=None, unique=True)  # Of the one-time link that signs them in.
    link_until: int = Field(default=0, sa_type=BigInteger)


class LeaderArea(SQLModel, table=True):
    """A leader may have several neighbourhoods, and a neighbourhood several leaders."""

    __tablename__ = "leader_areas"
    __table_args__ = (UniqueConstraint("officer_id", "neighbourhood_id", name="uq_leader_areas_area"),)

    id: int = row_id()
    ward_id: int = ward_id()
    officer_id: int = link("officers.id", index=False)
    neighbourhood_id: int = link("neighbourhoods.id")


class ChatGroup(SQLModel, table=True):
    """A chat group in which the bot stands, linked to a neighbourhood with a one-time code."""

    __tablename__ = "chat_groups"
    __table_args__ = (only_where("ix_chat_groups_linked", "ended_at IS NULL", "ward_id"),)

    id: int = row_id()
    ward_id: int = ward_id()
    chat_id: int = Field(foreign_key="chats.id", sa_type=BigInteger, unique=True)
    channel: str
    title: str = ""  # As the platform last called it.
    neighbourhood_id: int | None = maybe_link("neighbourhoods.id")  # None: of the whole ward.
    members: int | None = None  # So many people, when it was last asked.
    # muted (may not write), renamed, moved (to another address), lost (put out, or dissolved), back (let in again, and not linked).
    trouble: str = ""  # Empty: well.
    trouble_at: int | None = maybe_moment()
    linked_at: int = moment()
    linked_by: int = link("officers.id", index=False)  # Whose code it was.
    ended_at: int | None = maybe_moment()
    looked_at: int | None = maybe_moment()  # When the platform was last asked about it.


class GroupCode(SQLModel, table=True):
    """Typed once in a group, it links the group to a neighbourhood."""

    __tablename__ = "group_codes"

    id: int = row_id()
    ward_id: int = ward_id()
    code_hash: str = Field(unique=True)
    neighbourhood_id: int | None = maybe_link("neighbourhoods.id", index=False)
    made_by: int = link("officers.id", index=False)
    made_at: int = moment()
    used_at: int | None = maybe_moment()


class Subscription(SQLModel, table=True):
    """Somebody wants the warnings of a neighbourhood in their own chat. One for each chat; leaving deletes it."""

    __tablename__ = "subscriptions"
    __table_args__ = (Index("ix_subscriptions_area", "ward_id", "neighbourhood_id", "chat_id"),)

    id: int = row_id()
    ward_id: int = ward_id()
    chat_id: int = Field(foreign_key="chats.id", sa_type=BigInteger, unique=True)
    neighbourhood_id: int | None = maybe_link("neighbourhoods.id", index=False)  # None: of the whole ward.
    themes: list[str] = Field(default_factory=list, sa_type=JSON)  # Empty: all.
    since: int = moment()


class WarningRow(SQLModel, table=True):
    """What is said, by whom it was written and released, to whom and until when it goes."""

    __tablename__ = "warnings"
    __table_args__ = (
        Index("ix_warnings_state", "ward_id", "state", "id"),
        only_where("ix_warnings_due", "state IN ('released', 'sending')", "send_at"),
    )

    id: int = row_id()
    ward_id: int = ward_id()
    code: str = Field(unique=True)
    # draft, proposed, released (waits for its time, or is laid out), sending, paused, done, cancelled, expired, declined
    state: str = "draft"
    kind: str = "warning"  # warning, correction, thanks
    theme: str = "general"
    template: str = ""  # By which of the library it began.
    is_urgent: bool = False  # Goes in quiet hours too.
    is_for_life: bool = False  # Danger to life: the chief released it alone, and somebody approves it afterwards.
    data_key: bytes | None = sealed()  # Of this row, wrapped by the master key.
    content: bytes | None = sealed()  # Under it: `handlers.warnings.content.Content`, and what was said when it was insisted on.
    areas: list[int] = Field(default_factory=list, sa_type=JSON)  # Neighbourhoods. Empty: the whole ward.
    reaches: list[str] = Field(default_factory=list, sa_type=JSON)  # leaders, groups, subscribers
    ground: str = ""  # The legal ground named for personal data that is in it all the same.
    written_by: int = link("officers.id", index=False)
    written_at: int = moment()
    proposed_at: int | None = maybe_moment()
    rung_at: int | None = maybe_moment()  # When those who may release it were last rung, because a leader has proposed it.
    released_by: int | None = maybe_link("officers.id", index=False)
    released_at: int | None = maybe_moment()
    approved_by: int | None = maybe_link("officers.id", index=False)  # Afterwards, where it was for life.
    approved_at: int | None = maybe_moment()
    send_at: int = Field(default=0, sa_type=BigInteger)  # Not before; 0: at once.
    expires_at: int = moment()
    laid_out_at: int | None = maybe_moment()  # When a row for everybody it goes to was on the disk.
    done_at: int | None = maybe_moment()
    corrects_id: int | None = maybe_link("warnings.id")
    # What whoever wrote it was told of it in their own chat: in which rows of the outbox first and last, what, and when.
    told_first: int | None = Field(default=None, sa_type=BigInteger)
    told_last: int | None = Field(default=None, sa_type=BigInteger)
    told_mark: str = ""
    told_at: int = Field(default=0, sa_type=BigInteger)


class WarningTarget(SQLModel, table=True):
    """One whom a warning goes to: at most one row for each chat, and one for each leader.

    planned → queued → sent | failed | unknown | parked; of a leader's kit: sent → posted | not_posted, and to_call where no chat reaches
    them; cancelled. `unknown`: the outcome of a send is not known, and a person decides.
    """

    __tablename__ = "warning_targets"
    __table_args__ = (
        UniqueConstraint("warning_id", "chat_id", name="uq_warning_targets_chat"),
        UniqueConstraint("warning_id", "officer_id", name="uq_warning_targets_leader"),
        Index("ix_warning_targets_state", "warning_id", "state", "id"),
        only_where("ix_warning_targets_planned", "state = 'planned'", "warning_id", "channel", "id"),
        only_where("ix_warning_targets_outbox", "outbox_id IS NOT NULL", "outbox_id"),
        only_where("ix_warning_targets_remind", "kind = 'leader' AND state = 'sent'", "settled_at"),
    )

    id: int = row_id()
    ward_id: int = ward_id()
    warning_id: int = link("warnings.id", index=False)
    kind: str  # leader, group, subscriber
    neighbourhood_id: int | None = maybe_link("neighbourhoods.id", index=False)
    channel: str = ""  # Of a leader: empty until a chat was chosen.
    chat_id: int | None = maybe_link("chats.id")  # Of a leader: the chat it went to, once one was chosen.
    officer_id: int | None = maybe_link("officers.id", index=False)  # Whose kit it is.
    group_id: int | None = maybe_link("chat_groups.id", index=False)
    state: str = "planned"
    reason: str = ""  # Why it failed or is parked: a word of ours.
    tries: int = 0
    outbox_id: int | None = Field(default=None, sa_type=BigInteger)  # The row that carries it out at the moment.
    queued_at: int | None = maybe_moment()
    settled_at: int | None = maybe_moment()  # When it was sent, failed or became unknown.
    posted_at: int | None = maybe_moment()  # When the leader said so.
    reminded_at: int | None = maybe_moment()
    decided_by: int | None = maybe_link("officers.id", index=False)  # Who decided about an unknown outcome.


class WarningTemplate(SQLModel, table=True):
    """A ward's own change of a template of ours, or one of its own."""

    __tablename__ = "warning_templates"
    __table_args__ = (UniqueConstraint("ward_id", "key", name="uq_warning_templates_key"),)

    id: int = row_id()
    ward_id: int = ward_id()
    key: str  # Ours, or one of its own.
    is_hidden: bool = False
    content: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)  # Words of a library, about nobody.
    changed_at: int = moment()
    changed_by: int = link("officers.id", index=False)


class CampaignDay(SQLModel, table=True):
    """A day of the ward's own calendar with what is said before it; or what the ward noted about a campaign of ours, or a holiday."""

    __tablename__ = "campaign_days"
    __table_args__ = (UniqueConstraint("ward_id", "key", name="uq_campaign_days_key"),)

    id: int = row_id()
    ward_id: int = ward_id()
    key: str  # Ours, `holidays-` with the first day, or `own-` with a number.
    name: str = ""
    template: str = ""
    first_day: str = ""  # 2026-12-15. Empty: as ours has it.
    last_day: str = ""
    days_before: int = 7  # When the desk is reminded.
    is_yearly: bool = False  # One of the ward's own that comes back on the same date.
    settled_for: str = ""  # The year for which a warning was written, or somebody said that none is needed.
    settled_how: str = ""  # written, not_needed
    changed_at: int = moment()
    changed_by: int = link("officers.id", index=False)


class Pace(SQLModel, table=True):
    """Whose turn it is to send, for all processes together: the moment from which a platform takes the next message."""

    __tablename__ = "paces"

    name: str = Field(primary_key=True)  # telegram
    ward_id: int = ward_id()
    next_at: int = Field(default=0, sa_type=BigInteger)
