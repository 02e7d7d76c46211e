"""What stops a warning: measured on sentences that must be stopped and on harmless ones, and the places and weights of what is found.

`*_held_back.tsv` were written after the rules and measured unseen: of 143 sentences 135 were stopped (of 125 with personal data
117, 93.6 %), of 176 harmless ones 10 (5.7 %). What was missed was then mended, but for the name of a shop, which was taken out: it is
no person's. So they are no longer unseen, and the figures that this test prints say what is kept, not what to expect of new words.
"""

from pathlib import Path

import pytest

from handlers import texts
from handlers.messages import Ward
from handlers.ward_book import Landmark, Neighbourhood, WardBook
from handlers.warnings.checker import GROUNDS, Finding, Insisted, check, composed, objections, told
from handlers.warnings.content import Content, mistakes, tidy
from handlers.warnings.templates import ours

PERSONAL = ("phone", "account", "card", "id", "plate", "mail", "link", "handle", "address", "name")
BOOK = WardBook(
    neighbourhoods=tuple(Neighbourhood(id=number, name=f"Tổ dân phố số {number}") for number in range(1, 19)),
    landmarks=(
        Landmark(kind="street", name="Đường Cầu Đất"),
        Landmark(kind="street", name="Phố Đinh Tiên Hoàng"),
        Landmark(kind="street", name="Hồ Sen"),
        Landmark(kind="landmark", name="Chợ Sắt"),
    ),
)
HERE = Ward(
    id=1,
    name="Hồng Bàng",
    duty_phone="0225 3123 456",
    public_url="https://keng.hongbang.example",
    address="Số 5 Phan Bội Châu",
    superior="Công an thành phố, 2 Lê Đại Hành, 0225 3842 110",
    book=BOOK,
)
_SENTENCES = Path(__file__).parent / "sentences"


def stopping(text: str, *, ward: Ward = HERE) -> list[Finding]:
    return [one for one in check(Content(body=text), ward=ward) if one.blocks]


def lines(name: str) -> list[str]:
    return (_SENTENCES / name).read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("which", ["", "_held_back"])
def test_what_is_stopped_and_what_is_not_is_measured(which: str) -> None:
    wanted = [tuple(line.split("\t")) for line in lines(f"stopped{which}.tsv")]
    harmless = lines(f"harmless{which}.tsv")

    missed = [text for kind, text in wanted if kind not in {one.key for one in stopping(text)}]
    wrong = [text for text in harmless if stopping(text)]
    personal = [text for kind, text in wanted if kind in PERSONAL]
    hits = len(wanted) - len(missed)
    recall = 1 - len(set(missed) & set(personal)) / len(personal)
    print(f"stopped {hits} of {len(wanted)}, personal data {recall:.1%}; harmless stopped {len(wrong)} of {len(harmless)};")
    print(f"precision {hits / (hits + len(wrong)):.1%}", *missed, *wrong, sep="\n")

    assert len(wanted) >= 60 and len(harmless) >= 80
    assert recall >= 0.95 and len(missed) <= len(wanted) * 0.05
    assert len(wrong) <= len(harmless) * 0.03


def test_every_template_of_ours_could_go_out_as_it_stands() -> None:
    for language in texts.LANGUAGES:
        known = ours(language)
        assert len({one.key for one in known}) == len(known) and all(one.name and one.aliases for one in known)
    assert sorted(one.form for one in known if one.form) == list(range(1, 25))
    for one in known:
        assert (mistakes(one.content), check(one.content, ward=HERE)) == ([], ()), one.key
        assert tidy(one.content) == one.content
        said = [*one.content.body.replace(": ", ". ").split(". "), *one.content.lines]
        assert max(len(sentence.split()) for sentence in said) <= 16, one.key


@pytest.mark.parametrize(
    "between", [", ", "/", "*", "·", "•", ":", "|", "=", "~", "+", "'", "👉", "\n", " / ", "\u200b", "\u00ad", "\u034f", "\ufe00"]
)
def test_a_number_stays_one_whatever_stands_between_its_figures(between: str) -> None:
    said = tidy(Content(body=f"Kẻ gian dùng số {between.join(('09', '12', '34', '56', '78'))} gọi bà con."))
    assert [one.key for one in check(said, ward=HERE) if one.blocks] == ["phone"]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Nguyễn-Văn-Bình là kẻ gian.", "name"),
        ("Nguyễn\nVăn\nBình là kẻ gian.", "name"),
        ("Xe 15\u200bA-123\u200b.45 đi qua.", "plate"),
        ("Nhà s\u200bố 12 ng\u200dõ 34 có kẻ gian.", "address"),
        ("Bà con chuy\u200bển tiền vào tài khoản an toàn của công an.", "asks"),
        ("Xem tại cong-an.cfd nhé.", "link"),
        ("Xem tại congan。vn nhé.", "link"),
        ("Xem tại https://x.y nhé.", "link"),
        ("Xem tại bad\u2060.\u2060com nhé.", "link"),
    ],
)
def test_signs_nobody_sees_hide_nothing(text: str, key: str) -> None:
    said = tidy(Content(body=text, headline="Trộm\x00 \u202eđêm", source="a\u200db"))
    assert key in {one.key for one in check(said, ward=HERE) if one.blocks}
    assert (said.headline, said.source) == ("Trộm đêm", "ab")


def test_what_is_the_wards_own_or_the_states_may_stand() -> None:
    """Its number in any writing, its office, its superiors, its streets and its own name; not where more digits follow, or "ông" before."""
    for text in (
        "Gọi +84 225 3123456 hoặc 113.",
        "Gặp tại số 5 Phan Bội Châu.",
        "Công an thành phố: 2 Lê Đại Hành, 0225.3842.110.",
        "Cầu Đất, Hồ Sen và phường Hồng Bàng.",
        "Mở https://keng.hongbang.example/tra-cuu, hoặc bocongan.gov.vn.",
    ):
        assert stopping(text) == [], text
    for text in ("02253123456-789", "ông Trần Phú", "12 Cầu Đất", "keng.hongbang.example.top", "gov.vn.bocongan.top"):
        assert stopping(text), text
    assert stopping("Gọi 0225 3123 456.", ward=Ward(id=2, name="", duty_phone=""))


def test_a_finding_says_where_it_stands_however_the_letters_came() -> None:
    import unicodedata

    typed = Content(headline="Cẩn thận", body=unicodedata.normalize("NFD", "Đừng nghe số 0912 345 678."), lines=("Gặp bà Lan hỏi lại.",))

    found = check(typed, ward=HERE)

    assert [(one.field, one.key, one.words) for one in found] == [("body", "phone", "0912 345 678"), ("line-1", "name", "bà Lan")]
    assert composed(typed).body[found[0].start : found[0].end] == "0912 345 678"
    for language in texts.LANGUAGES:
        assert "0912 345 678" in told(found[0], language)


def test_what_others_say_is_told_and_what_we_say_is_looked_at() -> None:
    """A swindler's demand has to be told; the same words as ours are an impostor's."""
    assert stopping("Kẻ lừa xưng công an, yêu cầu chuyển tiền, cam kết trả lại, dọa bắt giam.") == []
    said = stopping("Công an phường yêu cầu bà con chuyển tiền, cam kết trả lại.")
    assert {(one.key, one.weight) for one in said} == {("asks", "never"), ("promise", "never")}
    assert [one.key for one in stopping("Bà con đọc mã OТP cho cán bộ.")] == ["odd-letters"]  # The middle letter is Cyrillic.
    assert [one.key for one in stopping("Ngày {ngày} họp tổ.")] == ["blank"]


def test_what_only_warns_goes_through() -> None:
    found = check(Content(body="ĐỐI TƯỢNG LỪA ĐẢO RẤT NHIỀU!!! Vui lòng chia sẻ ngay, đừng cả tin 🎁"), ward=HERE)
    assert {one.key for one in found} == {"spam", "plain", "blame"} and not any(one.blocks for one in found)
    assert objections(found, None) == []
    assert [one.instead for one in found if one.words == "Vui lòng"] == ["xin, giúp"]


def test_personal_data_needs_a_ground_and_words_for_it() -> None:
    found = check(Content(body="Tìm cháu Minh Khôi, đi lạc từ chiều."), ward=HERE)
    reason = "Gia đình đề nghị đăng để tìm cháu"

    assert objections(found, None) == ["warning-needs-ground"]
    assert objections(found, Insisted(ground="because", words=reason)) == ["warning-no-ground"]
    assert objections(found, Insisted(ground="missing", words="tìm")) == ["warning-ground-words"]
    assert objections(found, Insisted(ground="missing", words=reason)) == []
    never = (*found, *check(Content(body="Bà con đọc OTP cho trực ban."), ward=HERE))
    assert objections(never, Insisted(ground="missing", words=reason)) == ["warning-never-said"]
    assert all(f"ground-{one}" in texts.keys("vi") for one in GROUNDS)


def test_a_very_long_text_is_neither_read_to_the_end_nor_let_through() -> None:
    found = check(Content(body="a." * 50_000), ward=HERE)
    assert [one.key for one in found if one.weight == "never"] == ["unread"]
