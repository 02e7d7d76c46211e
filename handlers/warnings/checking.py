"""Genuine or not: what is said of a code, or of a text that was passed on, in every chat and on the page alike.

Never that something is true: who forges a warning copies the code with it. What can be said is what we posted, word for word, and
where what somebody got differs from it.
"""

from collections.abc import Callable
from dataclasses import dataclass

from sqlmodel import Session

from handlers.messages import Incoming, Ward
from handlers.warnings import compare
from handlers.warnings.around import dated, original_of, text_of
from handlers.warnings.codes import codes_in, looks_like_code
from handlers.warnings.compare import Compared, looks_like_warning
from handlers.warnings.content import Content, check_address
from handlers.warnings.lifecycle import PUBLIC, content_of
from storage import moments
from storage.queries import warning_targets as targets
from storage.queries import warnings as rows
from storage.queries.warnings import WarningSeen

LOOKED_BACK = 180 * moments.DAY
_MOST_LOOKED_THROUGH = 500
_MOST_CODES = 3
_SHORT = 40  # Beside a code; with more, there is something to compare.
Say = Callable[..., str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A warning that was released, and what has become of it."""

    code: str
    is_correction: bool
    at: int
    expires_at: int
    is_cancelled: bool
    posted: str
    corrections: tuple[tuple[int, str], ...] = ()  # When, and word for word; the newest first.


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What was found of what somebody sent. `compared` is None where they sent nothing to compare."""

    codes: tuple[str, ...] = ()  # That stand in it.
    known: Known | None = None
    compared: Compared | None = None
    has_text: bool = False


def is_asked(text: str) -> bool:
    """Whether it has to do with a warning at all; everybody's other words ask nothing of the memory."""
    return bool(codes_in(text)) or looks_like_code(text) or looks_like_warning(text)


def asked_in(incoming: Incoming) -> str:
    """The words of a message that may be checked: typed, or under a photo."""
    is_one = incoming.kind in ("text", "photo", "video", "file") and not incoming.in_group
    return incoming.text if is_one and is_asked(incoming.text) else ""


# -- looking -------------------------------------------------------------------------------------------------------------------


def check(session: Session, ward: Ward, text: str, *, now: int) -> Checked:
    codes = codes_in(text)
    has_text = len(text.strip()) > _SHORT and not looks_like_code(text)
    found = next(filter(None, (_by_code(session, ward, code, now) for code in codes[:_MOST_CODES])), None)
    if found is None and not codes and has_text:
        found = _most_alike(session, ward, text, now)
    own = f"{ward.duty_phone}\n{check_address(ward)}\n{ward.public_url}"
    if found is None:
        return Checked(codes=codes, has_text=has_text, compared=compare.strange(text, own=own) if has_text else None)
    known = _known(session, ward, found, now)
    return Checked(codes=codes, has_text=has_text, known=known, compared=compare.compare(text, known.posted, own=own) if has_text else None)


def _is_out(session: Session, found: WarningSeen, now: int) -> bool:
    """What is to go out tomorrow is known to nobody today; and what was stopped before it went, to nobody ever."""
    if found.state not in PUBLIC or found.released_at is None or found.send_at > now or found.content is None:
        return False
    has_begun = found.state in ("released", "sending", "done") or found.laid_out_at is not None
    return has_begun or bool(targets.listed(session, found.id, most=1))


def _by_code(session: Session, ward: Ward, code: str, now: int) -> WarningSeen | None:
    found = rows.by_code(session, ward.id, code)
    return found if found and _is_out(session, found, now) else None


def _most_alike(session: Session, ward: Ward, text: str, now: int) -> WarningSeen | None:
    alike = compare.Alike(text)
    best, most = None, compare.LEAST_ALIKE
    for one in rows.newest(session, ward.id, states=PUBLIC, most=_MOST_LOOKED_THROUGH):
        if not _is_out(session, one, now) or (one.released_at or 0) < now - LOOKED_BACK:
            continue
        like = alike.to(_core(content_of(one)))
        if like >= most:  # The older of two that are alike: a correction leads to it anyway, and from it to the correction.
            best, most = one, like
    return best


def _core(content: Content) -> str:
    return "\n".join((content.headline, content.body, *content.lines))


def _known(session: Session, ward: Ward, found: WarningSeen, now: int) -> Known:
    corrections = [one for one in rows.corrections_of(session, ward.id, found.id) if _is_out(session, one, now)]
    return Known(
        code=found.code,
        is_correction=found.kind == "correction",
        at=dated(found),
        expires_at=found.expires_at,
        is_cancelled=found.state == "cancelled",
        posted=text_of(found, original_of(session, ward.id, found), ward),
        corrections=tuple((dated(one), text_of(one, found, ward)) for one in reversed(corrections)),
    )


# -- saying --------------------------------------------------------------------------------------------------------------------


def answer(say: Say, checked: Checked, ward: Ward, *, now: int) -> str:
    """The correction's words come first, then what differs, then the whole of what was posted."""
    if checked.known is None:
        return "\n\n".join(_unknown(say, checked, ward))
    known = checked.known
    parts = [_corrected(say, at, words) for at, words in known.corrections]
    named = "check-correction" if known.is_correction else "check-code" if known.code in checked.codes else "check-like"
    first = [say(named, code=known.code, date=moments.short_date(known.at)), *_state(say, known, now)]
    if checked.compared and not checked.compared.is_same:  # Whoever reads no further must not go away with the code alone.
        first.append(say("check-other-words"))
    parts.append(" ".join(first))
    parts += _differences(say, checked.compared) if checked.compared else []
    parts.append(f"{say('check-original')}\n{known.posted}")
    parts.append(say("check-rest"))
    return "\n\n".join(parts)


def _corrected(say: Say, at: int, words: str) -> str:
    return f"{say('check-corrected', date=moments.short_date(at))}\n{words}"


def _state(say: Say, known: Known, now: int) -> list[str]:
    if known.is_cancelled:
        return [say("check-cancelled")]
    return [say("check-expired", date=moments.short_date(known.expires_at))] if known.expires_at <= now else []


def _differences(say: Say, compared: Compared) -> list[str]:
    if compared.is_same:
        return [say("check-same")]
    changed = [say("check-differs") + "".join(f"\n• {line}" for line in compared.changed)] if compared.changed else []
    missing = [say("check-missing") + "".join(f"\n• {line}" for line in compared.missing)] if compared.missing else []
    cut = [say("check-too-long")] if compared.is_cut else []
    return [*_leads(say, compared), *changed, *missing, *cut]


def _leads(say: Say, compared: Compared) -> list[str]:
    links = [say("check-links", what=", ".join(compared.links))] if compared.links else []
    numbers = [say("check-phone", what=one) for one in compared.phones] + [say("check-account", what=one) for one in compared.accounts]
    return [*links, *([say("check-numbers", what=", ".join(numbers))] if numbers else [])]


def _unknown(say: Say, checked: Checked, ward: Ward) -> list[str]:
    if checked.codes:
        first = say("check-no-such-code", code=checked.codes[0])
    else:
        first = say("check-nothing-like-it") if checked.has_text else say("check-misread")
    leads = _leads(say, checked.compared) if checked.compared else []
    ask = say("check-advice", duty_phone=ward.duty_phone) if ward.duty_phone else say("check-advice-trial")
    return [first, *leads, ask]
