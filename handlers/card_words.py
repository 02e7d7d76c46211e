"""A card as a message: the standing line first, so that a locked screen shows neither kind nor place of the matter."""

from handlers.cards import Card
from handlers.insight import catalogue
from handlers.messages import Button, Reply, Ward
from handlers.texts import say
from storage import moments

MOST_LISTED = 20
MOST_URGENT_LISTED = 60  # A platform takes some 4,000 characters at once; whoever is cut off here stands on the desk's list.
_STEPS = (("days", moments.DAY), ("hours", moments.HOUR), ("minutes", moments.MINUTE))
_PAGES = {"morning": "/admin", "urgents": "/admin", "roster": "/admin", "threat": "/admin/thu-gui", "door": "/admin"}


def card_reply(
    card: Card,
    ward: Ward,
    language: str,
    *,
    may_accept: bool,
    listed: tuple[Card, ...] = (),
    passed_by: str = "",
    is_taken: bool = False,
    is_called: bool = False,
) -> Reply:
    """`listed`: the tips of a list. `passed_by`: who passed it up to the commander. `is_taken`: somebody has accepted it already, and
    `is_called`: it rings all the same, for it has become urgent since."""
    standing = () if card.kind == "proposed" else (say("ring-standing", language),)  # Nobody has told anything that could be betrayed.
    parts = ["\n".join((_title(card, language, passed_by), *standing))]
    lines = _rows(card, listed, ward, language) if listed else _lines(card, ward, language)
    parts += filter(None, ("\n".join(lines), where(ward, language, _page(card))))
    return Reply(text="\n\n".join(parts), buttons=_buttons(card, language, may_accept=may_accept, is_taken=is_taken, is_called=is_called))


def called(number: str, tail: str) -> str:
    return number or f"…{tail}"


def where(ward: Ward, language: str, page: str = "/admin") -> str:
    """A link to the desk, where somebody has said how this house is reached."""
    return say("ring-open-at", language, link=f"{ward.public_url}{page}") if ward.public_url else say("ring-open", language)


def with_excerpt(reply: Reply, excerpt: str, language: str) -> Reply:
    """Below everything else: a locked screen does not reach so far."""
    if not excerpt:
        return reply
    return Reply(text=f"{reply.text}\n\n{say('ring-excerpt', language, words=excerpt)}", buttons=reply.buttons)


def left_words(left: int, language: str) -> str:
    """ "Còn 12 phút"; the seconds of the last minute are no minute."""
    unit, size = next((step for step in _STEPS if abs(left) >= step[1]), _STEPS[-1])
    return say(f"ring-{'left' if left >= 0 else 'over'}-{unit}", language, count=abs(left) // size)


def matter(card: Card, ward: Ward, language: str) -> str:
    """Kind and neighbourhood, as far as they may be shown."""
    known = catalogue.merged(catalogue.load(), ward.book.category_changes).get(card.category)
    return " · ".join(filter(None, (known.name[language] if known else "", card.neighbourhood)))


def _title(card: Card, language: str, passed_by: str) -> str:
    name, is_urgent = called(card.number, card.tail), card.is_urgent or card.kind == "urgent"
    if card.kind in ("morning", "urgents"):
        return say(f"ring-{card.kind}", language, count=len(card.tips))
    if card.kind == "roster":
        return say("ring-roster" if card.shift_id is not None else "ring-roster-empty", language)
    if card.kind in ("threat", "door"):
        return say(f"ring-{card.kind}", language)
    if card.kind == "proposed":
        key = "ring-proposed-again" if card.is_reminder else "ring-proposed-urgent" if card.is_urgent else "ring-proposed"
        return say(key, language, name=card.leader)
    if card.kind == "clock":
        key = "ring-clock-ask" if card.is_reminder else "ring-clock-over" if (card.left or 0) < 0 else "ring-clock"
        return say(key, language, called=name)
    if passed_by:
        return say("ring-passed-urgent" if is_urgent else "ring-passed", language, called=name, name=passed_by)
    return say("ring-urgent" if is_urgent else "ring-tip", language, called=name)


def _rows(card: Card, listed: tuple[Card, ...], ward: Ward, language: str) -> list[str]:
    most = MOST_URGENT_LISTED if card.kind == "urgents" else MOST_LISTED
    rows = [_row(one, ward, language, is_short=card.kind == "urgents") for one in listed[:most]]
    more = len(listed) - most
    return [*rows, say("ring-more", language, count=more)] if more > 0 else rows


def _row(one: Card, ward: Ward, language: str, *, is_short: bool) -> str:
    """Short: where and since when, so that many find room."""
    time = moments.clock_face(one.arrived_at) if one.arrived_at is not None else ""
    parts = (one.neighbourhood, time) if is_short else (matter(one, ward, language),)
    return " · ".join(filter(None, (called(one.number, one.tail), *parts)))


def _lines(card: Card, ward: Ward, language: str) -> list[str]:
    left = left_words(card.left, language) if card.left is not None else ""
    return list(filter(None, (matter(card, ward, language), card.areas, left)))


def _page(card: Card) -> str:
    if card.warning_id is not None:
        return f"/admin/canh-bao/{card.warning_id}"
    return _PAGES.get(card.kind) or (f"/admin/tin/{card.tip_id}" if card.tip_id else "/admin")


def _buttons(card: Card, language: str, *, may_accept: bool, is_taken: bool, is_called: bool) -> tuple[Button, ...]:
    if card.kind == "roster" and card.shift_id is not None:
        return (Button(say("ring-button-take-shift", language), f"shift:take:{card.shift_id}"),)
    if card.kind not in ("tip", "urgent", "clock") or not card.tip_id:
        return ()
    return tip_buttons(card.tip_id, language, may_accept=may_accept, is_taken=is_taken, is_called=is_called)


def tip_buttons(tip_id: int, language: str, *, may_accept: bool, is_taken: bool, is_called: bool = False) -> tuple[Button, ...]:
    """Nhận, or Tôi lo việc này / Hỏi thêm / Chuyển chỉ huy trực / Mở hồ sơ, as far as this officer may."""
    names = [] if not may_accept else ["accept"] if not is_taken else ["answer"] if is_called else []
    names += ["ask", "commander", "open"] if may_accept else ["open"]
    return tuple(Button(say(f"ring-button-{name}", language), f"duty:{name}:{tip_id}") for name in names)
