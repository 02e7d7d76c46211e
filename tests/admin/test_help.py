"""The help: every page of the desk has its topic, both languages say the same, and nobody has to be signed in to learn how to come in."""

import re
from pathlib import Path

import pytest

from admin import help_topics
from admin.help_topics import BY_NAME, TOPICS, own_topic, topic_for, way_back
from admin.routes import TABLE
from bot.runtime import Running
from handlers import guide, texts
from handlers.guide import BadTopic
from handlers.officers import ROLES
from tests.admin.test_desk import Officer, officer, stranger
from tests.browser.pages import NO_PAGES
from tests.station import stationed

__all__ = ["officer", "stranger"]
OPEN = [one.name for one in TOPICS if one.is_open]


def test_every_page_of_the_table_has_a_topic_of_its_own() -> None:
    pages = [one.path for one in TABLE if one.method == "GET" and one.path not in NO_PAGES]
    tests_open = {one.path for one in TABLE if one.path.startswith("/admin/tro-giup/{")}

    assert len(pages) > 60 and [path for path in pages if not own_topic(path) and path not in tests_open] == []


def test_no_topic_speaks_of_an_address_that_is_gone() -> None:
    there = {one.path for one in TABLE}

    assert [address for one in TOPICS for address in one.addresses if address not in there] == []


def test_a_form_has_the_help_of_the_page_it_stands_on() -> None:
    asked = (
        "/admin/tin/{tip}/hoi",
        "/admin/niem-phong/yeu-cau/{opening}/xem",
        "/admin/can-bo/them",
        "/admin/can-bo/{officer}/chuyen",
        "/admin",
    )

    assert [topic_for(one) for one in asked] == ["tin", "niem-phong", "can-bo", "chuyen-cong-tac", "hang-cho"]
    assert topic_for("/admin/{rest}") == topic_for("/elsewhere") == help_topics.HOW_TO
    assert topic_for("/admin/so", is_inside=False) == "dang-nhap" and topic_for("/admin/khoa/pin", is_inside=False) == "khoa-man-hinh"


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_every_topic_can_be_read(language: str) -> None:
    """Each with steps or buttons, and every other topic it names there as well."""
    assert guide.names(language) == set(BY_NAME)
    for one in TOPICS:
        topic = guide.topic(one.name, language)
        assert topic.title and topic.purpose and (2 <= len(topic.steps) <= 7 or topic.buttons), one.name
        assert one.name not in one.see and set(one.see) <= set(BY_NAME), one.name


def test_both_languages_say_the_same_things() -> None:
    def shape(name: str, language: str) -> tuple[object, ...]:
        topic = guide.topic(name, language)
        parts = (topic.steps, topic.signs, topic.buttons, topic.wrong)
        return (*(len(part) for part in parts), bool(topic.law))

    assert [one for one in BY_NAME if shape(one, "vi") != shape(one, "en")] == []


def test_both_languages_name_the_same_buttons() -> None:
    """A label of the screen that only one of them sends somebody to look for."""
    folder = Path(texts.__file__).parent / "help"
    named = {
        language: {one: set(re.findall(r"\{([a-z0-9_-]+)\}", (folder / language / f"{one}.toml").read_text("utf-8"))) for one in BY_NAME}
        for language in texts.LANGUAGES
    }

    assert [one for one in BY_NAME if named["vi"][one] != named["en"][one]] == []


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ('title = "A"', "purpose is missing"),
        ('title = "A"\npurpose = "B"\nhint = "C"', "hint is not known here"),
        ('title = "A"\npurpose = "{no-such-button}"', "no-such-button"),
        ('title = "A"\npurpose = "a { b"', "brace"),
        ('title = "A"\npurpose = "B"\nsteps = ["  "]', "says nothing"),
        ('title = "A"\npurpose = "B"\nsigns = [["one"]]', "is not a pair"),
        ('title = "A"\npurpose = "B"\nsteps = "one"', "is not a list"),
        ('title = "A', "bad"),
    ],
)
def test_a_file_that_is_not_as_it_should_be_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: str, why: str) -> None:
    (tmp_path / "vi").mkdir()
    (tmp_path / "vi" / "bad.toml").write_text(words, encoding="utf-8")
    monkeypatch.setattr(guide, "_FOLDER", tmp_path)
    guide.topic.cache_clear()

    with pytest.raises(BadTopic, match=re.escape(why)):
        guide.topic("bad", "vi")


def test_the_way_back_leads_nowhere_else() -> None:
    led = ("/admin", "/admin/tin/7?ngan=moi", "/admin/so/chep?trang=2")
    not_led = (
        "",
        "//evil.example",
        "https://evil.example/admin",
        "/admin/../x",
        "/admin/mat-khau/abc",
        "/admin/khoi-dau/abc",
        "/admin/tro-giup/tin",
    )
    assert [way_back(one) for one in led] == list(led)
    assert [way_back(one) for one in (*not_led, "/adminx", "/admin/tin/7#x", "/admin/a\nb", '/admin?"><b>')] == [""] * 11


async def test_who_cannot_come_in_reads_how_and_nothing_more(house: Running, stranger: Officer) -> None:
    for one in TOPICS:
        async with stranger.http.get(f"{house.address}/admin/tro-giup/{one.name}", allow_redirects=False) as answer:
            assert answer.status == (200 if one.is_open else 303), one.name
    status, page = await stranger.get("/admin/tro-giup/dang-nhap?tu=/admin/dang-nhap")

    assert status == 200 and 'href="/admin/dang-nhap"' in page
    # Topics that would only lead to the form are not offered there.
    assert set(re.findall(r'href="/admin/tro-giup/([a-z0-9-]+)"', page)) == {"dang-nhap", *BY_NAME["dang-nhap"].see} <= set(OPEN)
    assert "/admin/tro-giup/dang-nhap" in (await stranger.get("/admin/dang-nhap"))[1]


async def test_the_help_of_a_locked_desk_shows_nothing_of_the_desk(officer: Officer) -> None:
    _status, page = await officer.get("/admin")
    await officer.press(page, "/admin/khoa/dong")
    status, page = await officer.get("/admin/tro-giup/khoa-man-hinh")
    _status, locked = await officer.get("/admin/tro-giup/tin")

    assert status == 200 and 'class="rail"' not in page and "Trần Bình" not in page
    assert 'class="narrow locked"' in locked


async def test_every_role_reads_every_topic(house: Running) -> None:
    async with stationed(house, {role: role for role in ROLES[1:]}) as station:
        for role in ROLES:
            statuses = {(await station.people[role].get(f"/admin/tro-giup/{one.name}"))[0] for one in TOPICS}
            assert statuses == {200}, role


async def test_each_page_leads_to_its_own_help_and_back(officer: Officer) -> None:
    for path, topic in (
        ("/admin", "hang-cho"),
        ("/admin/so?nam=2026", "so"),
        ("/admin/may-cua-toi", "may-cua-toi"),
        ("/admin?ngan=giu-rieng", "giu-rieng"),
        ("/admin?ngan=nhan-thu", "ngan-rieng"),
    ):
        _status, page = await officer.get(path)
        link = re.search(r'class="ask" data-help href="([^"]+)"', page)
        assert link and link[1].startswith(f"/admin/tro-giup/{topic}?tu="), path
        _status, page = await officer.get(link[1])
        assert f'<a class="back" href="{path}">' in page
    _status, page = await officer.get("/admin/tro-giup/tin?tu=https://evil.example")
    assert "evil" not in page and '<a class="back" href="/admin">' in page
    assert (await officer.get("/admin/tro-giup/khong-co"))[0] == 404


async def test_the_papers_have_their_help_as_well(officer: Officer) -> None:
    _status, page = await officer.get("/admin/giay-to/giao-ca?tu=2026-01-01&den=2026-01-31")

    assert 'class="ask" href="/admin/tro-giup/giay-to' in page


async def test_the_list_is_searched_without_marks_and_says_when_there_is_nothing(officer: Officer) -> None:
    def titles(page: str) -> list[str]:
        return re.findall(r'<li><a href="/admin/tro-giup/([a-z0-9-]+)"', page)

    _status, page = await officer.get("/admin/tro-giup")
    assert sorted(titles(page)) == sorted(BY_NAME)
    assert page.index("tro-giup/khong-ai-nhan-tin-khan") < page.index("tro-giup/thu-gui") < page.index("tro-giup/hang-cho")
    _status, page = await officer.get("/admin/tro-giup?tim=MAT+dien+thoai")
    assert "mat-dien-thoai" in titles(page) and len(titles(page)) < 8
    _status, page = await officer.get("/admin/tro-giup?tim=<script>khongcogi")
    assert titles(page) == [] and "data-empty" in page and "<script>khongcogi" not in page


async def test_the_guide_holds_every_topic_in_both_languages(officer: Officer) -> None:
    for language in texts.LANGUAGES:
        officer.http.cookie_jar.update_cookies({"keng_desk_language": language})
        _status, page = await officer.get("/admin/tro-giup/in")
        assert re.findall(r'<article id="([a-z0-9-]+)"', page) == [
            one.name for one in sorted(TOPICS, key=lambda one: help_topics.GROUPS.index(one.group))
        ]
        assert f'lang="{language}">' in page and "Hồng Bàng" in page
