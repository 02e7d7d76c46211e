"""Somebody sends a warning's code, or the warning itself, to know whether it is genuine; or tells that "the police" have called.

What is passed on to be checked is no tip. One tap makes it one.
"""

import re
from dataclasses import replace

from handlers.flows import danger, intake
from handlers.flows.conversation import FREE, Conversation, bare
from handlers.warnings import checking
from handlers.warnings.codes import looks_like_code

MOST_KEPT = 6000
_ELSEWHERE = ("name", "callback", "complain", "threat", "data")  # There it is an answer, whatever it looks like.
_WHO = r"(?:nguoi|ke|ai do|so la|thang|dua|bon|co nguoi|doi tuong)(?: la| nao do| ta)?"
_CLAIMS = r"(?:(?:tu )?xung|gia|gia danh|mao danh|tu nhan|nhan|bao|noi)(?: la| minh la| danh)?"
_POLICE = r"(?:cong an|canh sat|ca|csgt|cong an phuong|can bo cong an|can bo phuong|bo cong an|vien kiem sat|toa an)"
_CALLS = r"(?:goi|goi dien|goi den|goi toi|dien|dien thoai|goi video|video call|nhan tin|nhan|alo)"
_WHOM = r"(?: (?:cho|den|toi|vao may))?(?: (?:toi|em|minh|tui|con|chau|nha toi|me toi|bo toi|ba toi|vo toi|chong toi))?"
_CALLED = re.compile(rf"(?:(?:alo|a lo|hom nay|vua|vua nay|moi|sang nay|toi qua|dang) )*(?:co )?{_WHO} {_CLAIMS} {_POLICE} {_CALLS}{_WHOM}")
_CALLED_ENGLISH = ("fake police called me", "someone claiming to be police called me", "someone pretending to be police called me")


def says_police_called(talk: Conversation, text: str) -> bool:
    """The bare fact, on its own. Where a matter is being told, or was a moment ago, it belongs to that."""
    if talk.has_draft or talk.step not in ("", "procedure") or talk.joins_last_tip():
        return False
    said = bare(text)
    return _CALLED.fullmatch(said) is not None or said in _CALLED_ENGLISH


def police_called(talk: Conversation) -> None:
    if not talk.has_draft:
        talk.leave_moment()
    duty = talk.facts.ward.duty_phone
    text = talk.say("check-police-called", duty_phone=duty) if duty else talk.say("check-police-called-trial")
    ways = talk.ways_on() if talk.has_draft else [("button-report", "report")] if talk.last_tip else [("button-tell", "report")]
    talk.answer(text, ("button-sent-money", "cheated"), *ways, stays=True)


def hears(talk: Conversation, text: str) -> bool:
    """Whether it was sent to be checked. In the middle of a matter only a code alone is: everything else belongs to the matter."""
    checked = talk.facts.checked
    if checked is None or talk.step in _ELSEWHERE:
        return False
    is_code = looks_like_code(text)
    if not is_code and (talk.has_draft or talk.step not in ("", "procedure")):
        return False
    if checked.known is None and not is_code and danger.now_in(text):
        return False  # Nothing that we ever posted, and somebody may be in danger.
    words = checking.answer(talk.say, checked, talk.facts.ward, now=talk.facts.now)
    if talk.has_draft:
        talk.answer(words, *talk.ways_on(), quotes=True, stays=True)
        return True
    if is_code:
        talk.answer(words, *(FREE if talk.last_tip else (("button-tell", "report"),)), quotes=True, stays=True)
        return True
    _keep(talk, text)
    talk.answer(words, ("button-report-this", "report-this"), ("button-enough", "leave"), quotes=True, stays=True)
    return True


def hears_file(talk: Conversation, words: str) -> bool:
    """A photo of a warning with its words under it, and the others of the same album."""
    kept, album = talk.state.get("passed_on", {}), talk.incoming.album
    return bool(album and kept.get("album") == album) or (bool(words) and hears(talk, words))


def _keep(talk: Conversation, text: str) -> None:
    """As long as the button under the answer is the newest one."""
    incoming = talk.incoming
    file = {"kind": incoming.kind, "file": incoming.file, "album": incoming.album} if incoming.file else {}
    talk.state["passed_on"] = {"text": text[:MOST_KEPT], "source": incoming.source, **file}


def report(talk: Conversation) -> bool:
    """What was passed on becomes the words of a tip, with the photo under which it stood."""
    kept = talk.state.pop("passed_on", None)
    if kept is None or talk.has_draft:
        return False
    talk.leave_moment()
    pressed, talk.incoming = talk.incoming, replace(talk.incoming, source=kept["source"])
    if "file" in kept:
        talk.incoming = replace(talk.incoming, kind=kept["kind"], file=kept["file"])
        talk.add_file()
    intake.hear_words(talk, kept["text"])
    talk.incoming = pressed
    return True
