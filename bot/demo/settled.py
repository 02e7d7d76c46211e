"""What the demo's ward has settled for itself: its own words, periods, days off, answers, and what it left for later."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import Any

from sqlmodel import Session

from bot.demo import ward
from bot.demo.town import Town
from handlers import book, deadlines, keeping, ready_sentences, set_up
from handlers.acts import Act
from handlers.insight import procedures
from handlers.ready_sentences import Ready
from handlers.ward_book import Procedure
from storage import moments
from storage.ids import new_id
from storage.moments import DAY, HOUR, MINUTE

_Does = Callable[[Session, Act], Any]
OWN_WORDS = (
    ("vi", "after-done", "Vậy là đủ rồi, cảm ơn anh/chị. Nhớ thêm gì về việc này, cứ nhắn tiếp ạ."),
    ("vi", "rating-noted", "Đã ghi, cảm ơn anh/chị. Phường đọc từng lời góp ý."),
)
OWN_SENTENCES = (
    Ready(key="", kind="question", language="vi", text="Chỗ đó có camera của nhà nào gần đó nhìn ra không ạ?"),
    Ready(key="", kind="status", language="vi", text="Tổ tuần tra đêm nay sẽ đi qua chỗ đó. Thấy gì thêm, cứ nhắn ạ."),
)
OWN_QUESTIONS = {"questions": {"vi": ["Tiếng ồn từ đâu ra, mấy giờ thì bắt đầu ạ?", "Hôm nào cũng vậy, hay chỉ cuối tuần ạ?"]}}
OWN_ANSWER = Procedure(
    title="Đăng ký giữ xe hội đình",
    words=("giữ xe hội đình", "gửi xe đình sậy"),
    answer="Nhà ai muốn giữ xe trong ba ngày hội đình Sậy, mang căn cước tới phường trước hội một tuần.",
    hours="Thứ Ba và thứ Năm, 8:00–11:00",
)


def settle(town: Town) -> None:
    """In the first morning, by the chief."""
    chief, town.now = town.ids["hai.dang"], town.plan.starts_at + 9 * HOUR
    for does in (*_words(), *_days(town), *_procedures()):
        town.now += 6 * MINUTE
        act = town.act(chief)
        town.memory.write(partial(_done, act, does))


def _done(act: Act, does: _Does, session: Session) -> None:
    does(session, act)


def _words() -> Iterator[_Does]:
    for language, key, text in OWN_WORDS:
        yield _wording(language, key, text)
    for one in OWN_SENTENCES:
        yield _sentence(one)
    yield lambda session, act: ready_sentences.leave_out(session, act, "vi", "ask-seen", row_id=new_id())
    yield lambda session, act: book.keep_category(session, act, "TT", OWN_QUESTIONS, row_id=new_id())


def _wording(language: str, key: str, text: str) -> _Does:
    return lambda session, act: book.keep_wording(session, act, row_id=new_id(), language=language, key=key, text=text)


def _sentence(one: Ready) -> _Does:
    return lambda session, act: ready_sentences.keep(session, act, one, row_id=new_id())


def _days(town: Town) -> Iterator[_Does]:
    feast = _weekday(town.plan.now + 20 * DAY)
    named: dict[str, Any] = {"day": feast.isoformat(), "name": "Ngày hội đình Sậy", "is_off": True}
    yield lambda session, act: deadlines.keep_day(session, act, **named, row_id=new_id())
    yield lambda session, act: deadlines.keep_period(session, act, "answer", 12, row_id=new_id())
    yield lambda session, act: keeping.keep(session, act, "keep-closed", 36, row_id=new_id())
    yield lambda session, act: set_up.skip(session, act, "kenh", "later", row_id=new_id())


def _weekday(at: int) -> date:
    day = moments.local(at).date()
    while day.weekday() >= 5:
        day += timedelta(days=1)
    return day


def _procedures() -> Iterator[_Does]:
    hours = "Thứ Hai đến thứ Sáu, 7:30–11:30 và 13:30–17:00"
    yield lambda session, act: book.keep_office(session, act, address=ward.ADDRESS, hours=hours)
    yield lambda session, act: book.keep_procedure(session, act, OWN_ANSWER, fresh_id=new_id())
    ours = procedures.defaults()[0]
    yield lambda session, act: book.keep_procedure(session, act, replace(ours, hours="Sáng thứ Hai, thứ Tư, thứ Sáu"), fresh_id=new_id())
