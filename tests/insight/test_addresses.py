"""Addresses as people type them, on a small ward's map."""

import random
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.insight.addresses import Address, Sure, name_of, read_address
from handlers.insight.place_names import is_one_slip
from handlers.ward_book import Landmark, Neighbourhood, WardBook
from tests.insight.map import BOOK

_LINES = (Path(__file__).parent / "sentences" / "addresses.tsv").read_text(encoding="utf-8").splitlines()[1:]
CASES = [line.split("\t") for line in _LINES]


def test_there_are_enough_addresses() -> None:
    assert len({typed for typed, *_rest in CASES}) >= 120


@pytest.mark.parametrize(("typed", "shown", "home", "sure"), CASES, ids=[case[0] for case in CASES])
def test_an_address_is_found_as_it_was_meant(typed: str, shown: str, home: str, sure: str) -> None:
    found = read_address(typed, BOOK)

    told = (found.shown, str(found.neighbourhood_id or "-"), found.sure.name) if found else ("-", "-", "-")
    assert told == (shown, home, sure)


AS_WRITTEN_LARGE = {
    "Số 5 ngõ 12 phường An Biên": ("so 5 ngo 12 phuong an bien", "số 5 ngõ 12 phường an biên", "so 5, ngo 12, p an bien"),
    "Phường An Biên": ("phường an biên", "phuong an bien", "p an bien"),
    "Số 5 Ngõ 12 Trần Nguyên Hãn, Phường An Biên": ("số 5 ngõ 12 trần nguyên hãn, phường an biên", "số 5 ngõ 12 trần nguyên hãn p an biên"),
    "Phố Lương Khánh Thiện gần Chợ Hàng": ("phố lương khánh thiện gần chợ hàng",),
    "Số 12 Đường Trần Nguyên Hãn, Phường An Biên, Quận Lê Chân": ("số 12 đường trần nguyên hãn phường an biên quận lê chân",),
    "Phường An Biên, Tổ 5": ("phuong an bien to 5", "phường an biên tổ 5", "p. an biên, tổ 5"),
    "Số 3 Phố Hàng Kênh, Phường Trần Phú, Quận Lê Chân": (
        "so 3 pho hang kenh phuong tran phu quan le chan",
        "số 3 phố hàng kênh, phường trần phú, quận lê chân, thành phố hải phòng",
    ),
    "Phường Trần Phú": ("phường trần phú", "phuong tran phu", "quận lê lợi"),
    "Số 7 Ngõ 45, Phường An Biên, Sau Chợ Hàng": ("nha 7 ngo 45 phuong an bien sau cho hang",),
    "Ngõ 12 Lê Lợi, P. An Biên": ("ngo 12 le loi p an bien",),
}


@pytest.mark.parametrize(("large", "small"), [(large, small) for large, every in AS_WRITTEN_LARGE.items() for small in every])
def test_small_letters_are_read_as_large_ones(large: str, small: str) -> None:
    """A ward or district is no street of that name, and a street that the map does not know is one all the same."""
    assert read_address(small, BOOK) == read_address(large, BOOK)


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("ngo 12 hom qua co nguoi danh nhau", "ngõ 12"),
        ("ngo 12 rat on ao", "ngõ 12"),
        ("đường này đông người lắm", "-"),
        ("đường đi làm", "-"),
        ("quán phở trần phú", "đường Trần Phú, tổ dân phố số 4"),
        ("gan quan oc tran phu", "đường Trần Phú, tổ dân phố số 4"),
        ("nhieu phuong tien do le loi", "Lê Lợi"),
        ("cách chợ hàng 5 p lê lợi", "Chợ Hàng, Lê Lợi, tổ dân phố số 5"),
        ("so 5 ngo 12 tran nguyen han", "số 5 ngõ 12 Tran Nguyen Han"),
    ],
)
def test_a_story_in_small_letters_is_no_name(typed: str, shown: str) -> None:
    found = read_address(typed, BOOK)

    assert (found.shown if found else "-") == shown


def test_every_part_is_told_apart_and_the_lane_gives_the_point() -> None:
    assert read_address("nhà 5 ngõ 45 ngách 3, Quang Trung", BOOK) == Address(
        shown="số 5 ngách 3 ngõ 45 Quang Trung, tổ dân phố số 5",
        sure=Sure.CERTAIN,
        house="5",
        lanes=("ngách 3", "ngõ 45"),
        street="Quang Trung",
        neighbourhood_id=5,
        neighbourhood="Tổ dân phố số 5",
        latitude=20.9046,
        longitude=106.7,
    )


def test_a_long_street_has_the_point_of_the_part_in_question() -> None:
    part, whole = read_address("lê lợi tổ 3", BOOK), read_address("lê lợi", BOOK)

    assert part and (part.latitude, part.neighbourhood_id) == (20.9003, 3)
    assert whole and (whole.latitude, whole.neighbourhood_id) == (None, None)


def test_what_two_parts_say_against_each_other_is_not_certain() -> None:
    found = read_address("trần phú tổ 5", BOOK)

    assert found and (found.neighbourhood_id, found.sure) == (5, Sure.LIKELY)


def test_a_market_is_meant_only_where_there_is_one() -> None:
    two = WardBook(landmarks=(*BOOK.landmarks, Landmark(kind="landmark", name="Chợ Đêm")), neighbourhoods=BOOK.neighbourhoods)

    assert read_address("cổng chợ", two) is None
    assert read_address("cổng chợ đêm", two) is not None


def test_a_neighbourhood_that_ended_is_not_named() -> None:
    book = WardBook(landmarks=(Landmark(kind="street", name="Lê Lợi", neighbourhood_id=99, latitude=20.0, longitude=106.0),))
    found = read_address("12 lê lợi", book)

    assert found and (found.shown, found.neighbourhood_id, found.latitude) == ("số 12 Lê Lợi", None, 20.0)


def test_an_empty_map_still_reads_lanes_and_knows_no_place() -> None:
    found = read_address("nhà 5 ngõ 12 ngách 3", WardBook())

    assert found and (found.shown, found.sure, found.latitude) == ("số 5 ngách 3 ngõ 12", Sure.GUESS, None)
    assert read_address("sau trường tiểu học", WardBook()) is None


def test_a_changed_book_is_read_anew() -> None:
    one, other = (WardBook(neighbourhoods=(Neighbourhood(id=id, name="Tổ dân phố số 1"),)) for id in (1, 2))

    found = [read_address("tổ 1", book) for book in (one, other, one)]
    assert [address.neighbourhood_id for address in found if address] == [1, 2, 1]
    assert (name_of(one, 1), name_of(one, 2), name_of(one, None)) == ("Tổ dân phố số 1", "", "")


@pytest.mark.parametrize(
    ("typed", "name", "is_slip"),
    [
        ("hangkenk", "hangkenh", True),
        ("hangken", "hangkenh", True),
        ("hangkenhh", "hangkenh", True),
        ("hangkneh", "hangkenh", True),
        ("hangkenh", "hangkenh", False),
        ("hangkxnx", "hangkenh", False),
        ("", "a", True),
        ("", "ab", False),
    ],
)
def test_one_slip_is_one(typed: str, name: str, is_slip: bool) -> None:
    assert is_one_slip(typed, name) == is_slip


@given(st.text(max_size=400))
def test_whatever_is_typed_raises_nothing(text: str) -> None:
    found = read_address(text, BOOK)
    assert found is None or found.shown


_PARTS = "tổ to so số 5 12/3 ngõ ngo ngách hẻm k phường p . , - / quận đường phố chợ trường cấp cổng sau Lê Lợi lê Trần Phú kp 3 mười 0 ͅ"


@given(st.lists(st.sampled_from(_PARTS.split(" ")), max_size=40), st.sampled_from(["", " "]))
def test_whatever_order_its_parts_have_raises_nothing(parts: list[str], between: str) -> None:
    found = read_address(between.join(parts), BOOK)
    assert found is None or (found.shown and len(found.shown) < 400)


@given(st.lists(st.text(max_size=30), max_size=6), st.text(max_size=30))
def test_whatever_the_map_is_called_raises_nothing(names: list[str], text: str) -> None:
    kinds = ("street", "alley", "landmark")
    book = WardBook(
        neighbourhoods=tuple(Neighbourhood(id=place, name=name) for place, name in enumerate(names)),
        landmarks=tuple(Landmark(kind=kinds[place % 3], name=name) for place, name in enumerate(names)),
    )
    for typed in (text, *names):
        read_address(typed, book)


@pytest.mark.parametrize("piece", ["1", "1/", "12/3-", "a", "ngõ 1 ", "lê ", "le l", "đ" * 9 + " ", "̀", "tổ ", "phường A "])
def test_a_long_text_takes_no_longer_than_its_length(piece: str) -> None:
    """What is looked at is cut; a hostile text of any length costs a few milliseconds."""
    read_address("một", BOOK)
    text = piece * (20_000 // len(piece))
    start = time.process_time()
    read_address(text, BOOK)
    assert time.process_time() - start < 0.5


def test_a_real_wards_map_is_quick() -> None:
    chance = random.Random(7)
    syllables = "an bình cường đông giang hải khánh lâm minh nam oanh phúc quang sơn tân uyên vân xuân yên"
    names = [" ".join(chance.choices(syllables.split(), k=3)).title() for _ in range(2000)]
    book = WardBook(landmarks=tuple(Landmark(kind="street", name=name) for name in names), neighbourhoods=BOOK.neighbourhoods)
    read_address("một", book)
    start = time.process_time()
    for name in names[:200]:
        assert read_address(f"nhà 5 đường {name.lower()} tổ 3", book)
    assert time.process_time() - start < 2
