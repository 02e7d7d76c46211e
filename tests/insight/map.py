"""A small ward of our own making, with what makes addresses hard: one street through three neighbourhoods, lanes of one number."""

from handlers.ward_book import Landmark, Neighbourhood, WardBook

_NAMED = {11: "Tổ dân phố Hồng Phong", 12: "Khu phố 3", 13: "Thôn Đông"}
NEIGHBOURHOODS = tuple(
    Neighbourhood(id=number, name=_NAMED.get(number, f"Tổ dân phố số {number}"), latitude=20.8 + number / 1000, longitude=106.6)
    for number in range(1, 14)
)
_ROWS = (
    ("street", "Lê Lợi", 1, 20.9001),
    ("street", "Lê Lợi", 2, 20.9002),
    ("street", "Lê Lợi", 3, 20.9003),
    ("street", "Đường Trần Phú", 4, 20.9004),
    ("street", "Phố Hàng Kênh", 5, 20.9005),
    ("street", "Nguyễn Văn Linh", 6, 20.9006),
    ("street", "Đường số 7", 7, 20.9007),
    ("street", "Đường 30/4", 8, 20.9008),
    ("street", "Cấm", 9, 20.9009),
    ("street", "Quang Trung", None, None),
    ("alley", "Ngõ 12 Lê Lợi", 2, 20.9012),
    ("alley", "Ngõ 12 Trần Phú", 4, 20.9013),
    ("alley", "Ngõ 45", 5, 20.9045),
    ("alley", "Ngõ 45 ngách 3", 5, 20.9046),
    ("alley", "Hẻm 88/6 Nguyễn Văn Linh", 6, 20.9088),
    ("alley", "Ngõ Cấm Đông", 9, 20.9099),
    ("landmark", "Chợ Hàng", 5, 20.9105),
    ("landmark", "Trường Tiểu học Kim Đồng", 3, 20.9103),
    ("landmark", "Trường THCS Võ Thị Sáu", 4, 20.9104),
    ("landmark", "Trường Mầm non Hoa Hồng", 7, 20.9107),
    ("landmark", "UBND phường", 1, 20.9101),
    ("landmark", "Chùa Dư Hàng", 8, 20.9108),
    ("landmark", "Chùa Vẽ", 9, 20.9109),
    ("landmark", "Nhà văn hóa tổ 6", 6, 20.9106),
    ("landmark", "Công viên Hòa Bình", 10, 20.9110),
    ("landmark", "Bệnh viện Kiến An", 2, 20.9102),
)
BOOK = WardBook(
    neighbourhoods=NEIGHBOURHOODS,
    landmarks=tuple(
        Landmark(kind=kind, name=name, neighbourhood_id=home, latitude=latitude, longitude=106.7 if latitude else None)
        for kind, name, home, latitude in _ROWS
    ),
)
