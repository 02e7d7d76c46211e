"""Nhật ký: what happened, as sentences, for the chief and for who inspects.

`GROUPS` is what can be asked for. What only `keng verify` needs is left out of the whole; letters to the chief are left out for whoever
does not read letters.
"""

from collections.abc import Callable, Mapping
from typing import Any

from handlers import periods, texts
from storage.queries.journal import JournalRow
from storage.queries.sight import Sight

GROUPS: dict[str, tuple[str, ...]] = {
    "came": ("arrived", "added", "brought_in", "code_renewed", "danger_heard", "file_added", "file_stored", "file_refused", "file_failed"),
    "read": (
        *("accepted", "viewed", "words_read", "file_downloaded", "turned_away"),
        *("printed_sheet", "printed_proposal", "printed_slip", "printed_books", "printed_hand_overs"),
    ),
    "steps": (
        *("moved", "recategorised", "closed", "closed_result", "reopened", "restricted", "restriction_lifted", "concern_raised"),
        *("concern_lifted", "event_linked", "event_unlinked", "known_how_set", "blocked", "block_lifted"),
    ),
    "books": ("book_entered", "book_moved", "book_copied", "book_corrected", "day_checked"),
    "talk": (
        *("question_asked", "question_withdrawn", "question_answered", "question_skipped", "told", "notices_read", "text_held"),
        *("text_released", "text_returned", "file_to_resident", "rated", "told_nobody_accepted", "nobody_accepted"),
        *("letter_read", "letter_answered", "letter_called", "letter_met", "appealed_complaint", "appealed_threat", "appealed_data"),
    ),
    "hands": (
        *("assigned", "given_back", "dispatched", "dispatch_left", "dispatch_there", "dispatch_corrected", "dispatch_recalled"),
        *("alarm_answered", "commander_called", "shift_taken", "shift_added", "shift_changed", "shift_cancelled"),
        *("pattern_added", "pattern_ended", "responsible_named"),
    ),
    "warnings": (
        *("warning_written", "warning_rewritten", "warning_proposed", "warning_dropped", "warning_released", "warning_released_alone"),
        *("warning_declined", "warning_approved", "warning_paused", "warning_resumed", "warning_cancelled"),
        *("warning_unknown_again", "warning_unknown_sent"),
    ),
    "clocks": ("clock_over", "clock_late", "house_away", "gap_explained", "answered_outside"),
    "sealed": (
        *("identity_asked", "identity_approved", "identity_refused", "identity_seen", "identity_expired", "identity_ended"),
        *("originals_asked", "originals_approved", "originals_refused", "originals_seen", "originals_expired", "originals_ended"),
        *("named", "callback_given", "callback_viewed", "custodian_named", "custodian_proposed", "custodian_key_made"),
        *("custodian_active", "custodian_new_pair", "custodian_restored", "custodian_withdrawn", "custodian_stepped_down"),
        "custodian_ended",
    ),
    "gone": ("contact_cut", "shredded", "letter_shredded", "paper_asked", "paper_withdrawn", "paper_refused", "paper_moved"),
    "people": (
        *("signed_in", "desk_locked", "desk_unlocked", "officer_added", "officer_closed", "officer_reopened", "password_reset"),
        *("officer_chat_linked", "officer_chat_ended", "officer_excerpt_on", "officer_excerpt_off", "excerpt_sent"),
        *(
            "leader_added",
            "leader_changed",
            "leader_closed",
            "leader_reopened",
            "leader_signed_out",
            "leader_link_made",
            "leader_code_made",
        ),
        *("leader_phones_seen", "leader_posted", "leader_not_posted", "leader_silent"),
    ),
    "settings": (
        *("period_changed", "period_taken_back", "day_off_set", "day_worked_set", "day_taken_back", "ladder_minutes", "lock_minutes"),
        *("wording_changed", "wording_taken_back", "category_changed", "category_taken_back", "categories_offered"),
        *("procedure_added", "procedure_changed", "procedure_hidden", "procedure_shown", "procedure_moved", "procedure_taken_back"),
        *("procedure_removed", "office_changed", "ready_kept", "ready_left_out", "ready_taken_back"),
        *("place_added", "place_changed", "place_ended", "places_imported", "spot_made", "spot_ended", "house_opened", "restored"),
        *("oa_rights_told", "paid_ceiling_set", "zalo_permitted"),
        *("warning_template_kept", "warning_template_hidden", "warning_template_shown", "warning_template_taken_back"),
        *("campaign_kept", "campaign_removed", "campaign_settled", "campaign_reopened"),
        *("group_code_made", "group_linked", "group_ended", "group_area_changed", "group_seen", "group_renamed", "group_moved"),
        *("group_muted", "group_unmuted", "group_lost", "group_back"),
    ),
}
# For `keng verify` alone: what was said, piece by piece, and clocks that only run.
HIDDEN = frozenset(
    (
        *("said", "corrected", "retold", "retracted", "placed", "categorised", "safe_said", "attached", "file_withdrawn", "photos_dropped"),
        *("clock_started", "clock_moved", "clock_met", "clock_void", "notices_said", "draft_opened", "draft_dropped", "draft_expired"),
        "letter_file",
    )
)
_LETTERS = frozenset(what for whats in GROUPS.values() for what in whats if what.startswith(("letter_", "appealed_"))) | {"letter_file"}
Named = Callable[[str], str]


def left_out(sight: Sight) -> frozenset[str]:
    return HIDDEN if sight.reads_letters else HIDDEN | _LETTERS


def asked_for(group: str, sight: Sight) -> frozenset[str]:
    """Empty: all of it."""
    whats = frozenset(GROUPS.get(group, ()))
    return whats if sight.reads_letters else whats - _LETTERS


def sentence(row: JournalRow, language: str, *, names: Mapping[int, str], category_name: Named) -> str:
    """As on the tip's page; what has no words of its own yet is named as it is, and never left out."""

    def say(key: str, **values: Any) -> str:
        return texts.say(key, language, **values)

    what, detail = row.what.replace("_", "-"), row.detail
    if row.what == "danger_heard" and detail.get("urgent"):
        return say("history-became-urgent")
    if row.what.startswith("clock_"):
        kind = str(detail.get("kind", ""))
        key = f"history-reminder-{what[6:]}" if kind in periods.reminders() else f"history-{what}"
        return say(key, clock=say(f"period-{kind}"))
    said = _said(what, language, name=names.get(int(detail.get("officer") or 0), "?"))
    if row.what == "moved":
        return f"{said}: {say('moved-' + str(detail.get('move', '')))}"
    if row.what == "recategorised":
        return f"{said}: {category_name(detail['before'])} → {category_name(detail['category'])}"
    if row.what == "assigned":
        return f"{said}: {names.get(int(detail.get('officer') or 0), '?')}"
    return said


def _said(what: str, language: str, *, name: str) -> str:
    known = texts.keys(language)
    if f"step-{what}" in known and what.startswith(("officer-", "custodian-", "leader-")):
        return texts.say(f"step-{what}", language, name=name)
    if f"history-{what}" in known:
        return texts.say(f"history-{what}", language)
    return texts.say("journal-other", language, what=what)
