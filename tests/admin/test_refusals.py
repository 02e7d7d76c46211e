"""Whatever is refused at the desk is a page of the desk: what is wrong, what to do now, and where."""

import io
import re

import pytest
from sqlalchemy.exc import OperationalError

from admin.refusals import _BY_STATUS, next_step
from bot.runtime import Running
from handlers import texts
from handlers.texts import say
from tests.admin.test_desk import Officer, officer
from tests.station import stationed

__all__ = ["officer"]
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def told(page: str) -> tuple[str, str, str, list[str]]:
    """The status it names, what is wrong, what to do, and where its buttons lead."""
    found = re.search(r'<section class="narrow sorry" data-sorry="(\d+)">\s*<h1>(.*?)</h1>\s*<p>(.*?)</p>(.*?)</section>', page, re.DOTALL)
    assert found, page[:400]
    return found[1], found[2], found[3], re.findall(r'href="([^"]+)"', found[4])


async def refused(officer: Officer, path: str, *, posted: dict[str, str] | None = None) -> tuple[int, str]:
    if posted is None:
        return await officer.get(path)
    form = io.BytesIO("&".join(f"{name}={value}" for name, value in posted.items()).encode())
    async with officer.http.post(officer.house.address + path, data=form, headers=_FORM) as answer:
        return answer.status, await answer.text()


def test_every_next_step_has_words() -> None:
    said = {next_step(status, key) for status in (*_BY_STATUS, 403, 418) for key in ("desk-form-old", "desk-not-yours")}
    assert all(said <= texts.keys(language) for language in texts.LANGUAGES)


REFUSED: tuple[tuple[str, dict[str, str] | None, int, str, str, list[str]], ...] = (
    ("/admin/khong-co", None, 404, "desk-nowhere", "sorry-gone", ["/admin"]),
    ("/admin/tin/7", None, 404, "desk-no-tip", "sorry-gone", ["/admin"]),
    ("/admin/khong-co", {"a": "b"}, 405, "desk-nowhere", "sorry-gone", ["/admin"]),
    ("/admin/han", {"a": "b"}, 405, "desk-nowhere", "sorry-gone", ["/admin"]),
    ("/admin/thoi-han", {"csrf": "x"}, 403, "desk-form-old", "sorry-else", ["/admin/thoi-han", "/admin"]),
    ("/admin/thoi-han", {"csrf": "x" * 1_100_000}, 413, "desk-too-big", "sorry-smaller", ["/admin/thoi-han", "/admin"]),
)


async def test_a_refusal_says_what_to_do(officer: Officer, subtests: pytest.Subtests) -> None:
    for path, posted, status, sentence, step, ways in REFUSED:
        with subtests.test(f"{path} {status}"):
            met, page = await refused(officer, path, posted=posted)

            assert (met, told(page)) == (status, (str(status), say(sentence), say(step), ways))


async def test_who_may_not_is_told_whom_to_ask(house: Running) -> None:
    async with stationed(house, {"thanh.tra": "inspector"}) as station:
        status, page = await station.people["thanh.tra"].get("/admin/can-bo")

    assert (status, told(page)) == (403, ("403", say("desk-not-yours"), say("sorry-role"), ["/admin"]))


async def test_what_nobody_foresaw_is_a_page_with_its_number(officer: Officer, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sealed words of whatever went wrong stay out of it."""

    def broken(*_args: object, **_named: object) -> None:
        raise RuntimeError("Nguyễn Thị Lý")

    monkeypatch.setattr("admin.desk.Desk.show", broken)  # Not what draws the refusal.
    status, page = await officer.get("/admin/han?sau=7")
    code, sentence, step, ways = told(page)

    assert (status, code, step, ways) == (500, "500", say("sorry-broken"), ["/admin/han?sau=7", "/admin"])
    assert re.fullmatch(re.escape(say("desk-broken", id="@")).replace("@", "[0-9a-f]{8}"), sentence) and "Lý" not in page


async def test_where_no_page_can_be_drawn_at_all_a_sentence_is_left(officer: Officer, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: object, **_named: object) -> None:
        raise RuntimeError("Nguyễn Thị Lý")

    monkeypatch.setattr("admin.desk.Desk._text", broken)
    status, page = await officer.get("/admin/han")

    assert status == 500 and re.fullmatch(re.escape(say("page-broken", id="@")).replace("@", "[0-9a-f]{8}"), page)


async def test_while_the_database_is_away_the_page_says_so(officer: Officer, monkeypatch: pytest.MonkeyPatch) -> None:
    async def away(*_args: object, **_named: object) -> None:
        raise OperationalError("SELECT", {}, Exception("gone"))

    monkeypatch.setattr(officer.house.memory, "read", away)
    async with officer.http.get(officer.house.address + "/admin/so") as answer:
        page = await answer.text()
        met = answer.status, answer.headers["Retry-After"]
    monkeypatch.undo()

    assert met == (503, "2")
    assert told(page) == ("503", say("desk-not-stored"), say("sorry-busy"), ["/admin/so", "/admin"])


async def test_residents_still_hear_a_sentence(officer: Officer) -> None:
    form = io.BytesIO(b"code=" + b"x" * 1_100_000)
    async with officer.http.post(officer.house.address + "/tra-cuu", data=form, headers=_FORM) as answer:
        assert (answer.status, await answer.text()) == (413, say("page-form-too-big"))


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_no_refusal_blames(language: str) -> None:
    said = [say(step, language) for step in {*_BY_STATUS.values(), "sorry-role", "sorry-else"}]
    assert all(words.endswith(".") and "!" not in words for words in said)
