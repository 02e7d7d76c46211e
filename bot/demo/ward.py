"""The ward of the demo: made up from end to end, and lying in the open sea, so that no real street or house is meant by any of it."""

import json
import math
import random
from dataclasses import dataclass
from functools import cache

from handlers.border_files import Area
from handlers.officers import Role

NAME = "Bến Sậy"
DUTY_PHONE = "0230 3000 113"  # Behind an area code that nobody has.
ADDRESS = "Số 1 đường Bờ Sậy"
SUPERIOR = "Công an cấp trên (mẫu), số 2 đường Bờ Sậy, 0230 3000 114"
PASSPHRASE = "ba con vịt qua cầu khỉ"
PIN = "246824"
SOUTH, WEST = 20.096, 107.482  # Water, twenty miles from the next island.
STEP = 0.0064  # About 700 metres.
COLUMNS, ROWS = 6, 3
STREETS = (
    *("đường Bờ Sậy", "phố Lò Gốm", "đường Vườn Dâu", "phố Hàng Tre", "đường Cầu Vối", "phố Đò Ngang", "đường Mía Tím", "phố Thợ Nhuộm Cũ"),
    *("đường Gạo Đỏ", "phố Bến Củi", "đường Lũy Tre", "phố Ao Sen Nhỏ"),
)
LANDMARKS = (
    *("chợ Sậy", "trường tiểu học Bến Sậy", "đình Sậy", "cầu Vối", "nhà văn hóa Lò Gốm", "bến xe Mía Tím", "công viên Ao Sen Nhỏ"),
    *("trạm y tế Bến Sậy", "trường trung học Vườn Dâu", "bãi đất trống Bến Củi", "chùa Gạo Đỏ", "khu trọ Hàng Tre"),
)


NAMES = ("Cao Thị Mẫu", "Tạ Văn Ví Dụ", "La Thị Thử", "Thạch Văn Nháp", "Tống Thị Bịa")  # Of residents who give one.


@dataclass(frozen=True, slots=True)
class Person:
    login: str
    name: str
    role: Role


PEOPLE = (
    Person("hai.dang", "Nguyễn Hải Đăng", "chief"),
    Person("thu.lam", "Trần Thu Lam", "duty"),
    Person("van.khoi", "Lê Văn Khôi", "duty"),
    Person("minh.chau", "Phạm Minh Châu", "duty"),
    Person("quoc.tuan", "Vũ Quốc Tuấn", "duty"),
    Person("bao.ngoc", "Đỗ Bảo Ngọc", "duty"),
    Person("duc.thinh", "Bùi Đức Thịnh", "handler"),
    Person("my.hanh", "Hồ Mỹ Hạnh", "handler"),
    Person("the.vinh", "Đặng Thế Vinh", "handler"),
    Person("cap.tren", "Hoàng Kim Oanh", "keeper"),
    Person("thanh.tra", "Ngô Nhật Minh", "inspector"),
    Person("giu.khoa", "Dương Hồng Phúc", "custodian"),
    Person("giu.khoa.2", "Lý Gia Hân", "custodian"),
    Person("quan.tri", "Mai Tấn Lộc", "administrator"),
)


PROVED = ("van.khoi", "minh.chau", "the.vinh")  # Who signs in with six digits beside the password.


def secret(login: str) -> str:
    """What an authenticator app makes the six digits from."""
    return "".join(random.Random(f"{NAME}/{login}").choices("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", k=32))


def on_paper(login: str) -> list[str]:
    """The ten codes of their sheet."""
    chance = random.Random(f"{NAME}/{login}/paper")
    return ["-".join("".join(chance.choices("23456789ABCDEFGHJKMNPQRSTVWXYZ", k=4)) for _ in range(3)) for _ in range(10)]


def home_name(number: int) -> str:
    return f"Tổ dân phố số {number}"


@cache
def corner(column: int, row: int) -> tuple[float, float]:
    """(latitude, longitude): a grid that somebody has bent, the same every time."""
    bend = random.Random(column * 31 + row)
    north, east = (bend.uniform(-0.16, 0.16) for _ in range(2))
    bow = 0.25 * math.sin(column / COLUMNS * math.pi)  # The river makes a bow.
    return round(SOUTH + STEP * (row + north + bow), 6), round(WEST + STEP * (column + east), 6)


def border(number: int) -> list[tuple[float, float]]:
    """Of a neighbourhood, 1 to 18, closed."""
    row, column = divmod(number - 1, COLUMNS)
    corners = [(column, row), (column + 1, row), (column + 1, row + 1), (column, row + 1), (column, row)]
    return [corner(*one) for one in corners]


def spot(number: int, chance: random.Random) -> tuple[float, float]:
    """Somewhere inside, away from the border."""
    corners = border(number)[:4]
    shares = [chance.uniform(0.3, 1) for _ in corners]
    total = sum(shares)
    latitude, longitude = (sum(share * one[axis] for share, one in zip(shares, corners, strict=True)) / total for axis in (0, 1))
    return round(latitude, 6), round(longitude, 6)


def borders() -> str:
    """The neighbourhoods as GeoJSON, as a ward would bring its map."""
    return _collection([_feature("neighbourhood", home_name(number), "", border(number)) for number in range(1, COLUMNS * ROWS + 1)])


def outline() -> Area:
    """The ward's own border, around all of them."""
    south, north = ([(column, row) for column in range(COLUMNS + 1)] for row in (0, ROWS))
    west, east = ([(column, row) for row in range(1, ROWS)] for column in (0, COLUMNS))
    around = [*south, *east, *reversed(north), *reversed(west), south[0]]
    return Area(name=NAME, home=None, shape=[[[(longitude, latitude) for latitude, longitude in (corner(*one) for one in around)]]])


def places() -> str:
    """Streets and landmarks as GeoJSON, each in a neighbourhood."""
    chance, features = random.Random(NAME), []
    for place, name in enumerate(STREETS + LANDMARKS):
        number = place * 7 % (COLUMNS * ROWS) + 1
        kind = "street" if name in STREETS else "landmark"
        features.append(_feature(kind, name, home_name(number), [spot(number, chance)]))
    return _collection(features)


def _collection(features: list[object]) -> str:
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)


def _feature(kind: str, name: str, home: str, corners: list[tuple[float, float]]) -> object:
    points = [[longitude, latitude] for latitude, longitude in corners]
    shape = {"type": "Polygon", "coordinates": [points]} if len(points) > 1 else {"type": "Point", "coordinates": points[0]}
    return {"type": "Feature", "properties": {"kind": kind, "name": name, "neighbourhood": home}, "geometry": shape}
