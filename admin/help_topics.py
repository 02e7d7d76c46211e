"""Which topic of the help belongs to which address, and who needs it. The topics themselves stand in handlers/texts/help.

Whoever adds a page adds its address here (`tests/admin/test_help.py` walks the table of addresses), to a topic that tells of it or to a
new one.
"""

import re
from dataclasses import dataclass
from functools import cache
from typing import Literal

Group = Literal["night", "all", "duty", "commander", "chief", "custodian", "inspector", "settings"]
GROUPS: tuple[Group, ...] = ("night", "all", "duty", "commander", "chief", "custodian", "inspector", "settings")
# Whose work stands first in the list after what cannot wait.
OWN: dict[str, Group] = {
    "chief": "chief",
    "duty": "duty",
    "handler": "duty",
    "keeper": "duty",
    "inspector": "inspector",
    "custodian": "custodian",
    "administrator": "settings",
}


@dataclass(frozen=True, slots=True)
class Entry:
    name: str
    group: Group
    addresses: tuple[str, ...] = ()  # As they stand in `admin/routes.py`.
    is_open: bool = False  # Readable by who is not signed in: nothing but how to come in, and what to do when nothing answers.
    see: tuple[str, ...] = ()  # Topics next to it.


_TIP, _WARNING = "/admin/tin/{tip:[0-9]+}", "/admin/canh-bao/{warning:[0-9]+}"
TOPICS: tuple[Entry, ...] = (
    # The questions of 3 a.m.
    Entry("khong-ai-nhan-tin-khan", "night", see=("chuong", "lich-truc", "tin")),
    Entry("may-chu-im", "night", is_open=True, see=("quen-mat-khau",)),
    Entry("quen-mat-khau", "night", is_open=True, see=("dang-nhap", "mat-dien-thoai")),
    Entry("mat-dien-thoai", "night", is_open=True, see=("cho-vao", "ma-hai-buoc")),
    Entry("bam-nham", "night", see=("cac-buoc", "tin")),
    # For everybody.
    Entry("dang-nhap", "all", ("/admin/dang-nhap",), is_open=True, see=("quen-mat-khau", "mat-dien-thoai", "khoa-man-hinh")),
    Entry("dat-mat-khau", "all", ("/admin/mat-khau/{token}", "/admin/khoi-dau/{token}"), is_open=True, see=("dang-nhap",)),
    Entry("khoa-man-hinh", "all", ("/admin/khoa", "/admin/khoa/loi"), is_open=True, see=("dang-nhap", "quen-mat-khau")),
    Entry("ma-hai-buoc", "all", ("/admin/may-cua-toi/ma-hai-buoc",), see=("may-cua-toi", "mat-dien-thoai")),
    Entry("may-cua-toi", "all", ("/admin/may-cua-toi",), see=("ma-hai-buoc", "khoa-man-hinh")),
    Entry("dien-thoai", "all", ("/admin/dien-thoai",), see=("chuong", "mat-dien-thoai")),
    Entry(
        "dung-tro-giup",
        "all",
        ("/admin/tro-giup", "/admin/tro-giup/in", "/admin/tro-giup/{topic:[a-z0-9-]+}"),
        see=("hang-cho",),
    ),
    Entry(
        "viec-to-truong",
        "all",
        ("/admin/to-truong", "/admin/to-truong/xin-phat", "/admin/to-truong/bao-giup", "/admin/vao-to/{token}"),
        is_open=True,
        see=("may-chu-im",),
    ),
    # The officer on duty.
    Entry("hang-cho", "duty", ("/admin", "/admin/tim"), see=("tin", "ngan-rieng", "chuong", "giu-rieng")),
    Entry("tin", "duty", (_TIP,), see=("cac-buoc", "nhan-voi-dan", "anh", "bam-nham")),
    Entry("cac-buoc", "duty", see=("tin", "so", "han")),
    Entry("nhan-voi-dan", "duty", see=("tin", "cau-san", "cho-duyet")),
    Entry("anh", "duty", ("/admin/anh/{attachment:[0-9]+}",), see=("tin",)),
    Entry("nhap-tin", "duty", ("/admin/nhap-tin",), see=("tin", "cac-buoc")),
    Entry("su-viec", "duty", (f"{_TIP}/su-viec",), see=("tin",)),
    Entry(
        "giay-to-cua-tin",
        "duty",
        (f"{_TIP}/in/tin", f"{_TIP}/in/de-xuat", f"{_TIP}/in/phieu-chuyen"),
        see=("cac-buoc", "giay-to"),
    ),
    Entry("ho-so-giay", "duty", ("/admin/ho-so-giay",), see=("tin", "cac-buoc")),
    Entry("giu-rieng", "duty", see=("hang-cho", "bam-nham")),
    Entry("han", "duty", ("/admin/han",), see=("cac-buoc", "thoi-han")),
    Entry("so", "duty", ("/admin/so", "/admin/so/{entry:[0-9]+}"), see=("chep-so", "doi-chieu", "giay-to")),
    Entry("chep-so", "duty", ("/admin/so/chep",), see=("so", "doi-chieu")),
    Entry("doi-chieu", "duty", ("/admin/so/doi-chieu",), see=("so", "chep-so")),
    Entry("ngan-rieng", "duty", see=("hang-cho", "cac-buoc", "so")),
    Entry("giay-to", "duty", ("/admin/giay-to", "/admin/giay-to/so", "/admin/giay-to/giao-ca"), see=("so", "giao-ca", "giay-to-cua-tin")),
    Entry("ban-do", "duty", ("/admin/ban-do", "/admin/ban-do/danh-sach"), see=("ranh-gioi", "so-lieu")),
    Entry("giao-ca", "duty", ("/admin/giao-ca",), see=("lich-truc", "chuong")),
    Entry("chuong", "duty", ("/admin/chuong",), see=("khong-ai-nhan-tin-khan", "dien-thoai", "lich-truc")),
    Entry("cau-san", "duty", ("/admin/cau-san", "/admin/cau-san/mot"), see=("nhan-voi-dan",)),
    Entry("canh-bao", "duty", ("/admin/canh-bao",), see=("viet-canh-bao", "mot-canh-bao")),
    Entry("viet-canh-bao", "duty", ("/admin/canh-bao/viet", f"{_WARNING}/sua"), see=("canh-bao", "mot-canh-bao")),
    Entry("mau-canh-bao", "duty", ("/admin/canh-bao/mau", "/admin/canh-bao/mau/mot"), see=("viet-canh-bao", "lich-canh-bao")),
    Entry("lich-canh-bao", "duty", ("/admin/canh-bao/lich",), see=("viet-canh-bao", "mau-canh-bao")),
    Entry("nhom", "duty", ("/admin/nhom", "/admin/nhom/do-phu"), see=("canh-bao",)),
    Entry("mot-canh-bao", "duty", (_WARNING, f"{_WARNING}/loa"), see=("canh-bao", "viet-canh-bao")),
    # Who commands the shift.
    Entry("chua-giao", "commander", ("/admin/chua-giao",), see=("phu-trach", "tin")),
    Entry("lich-truc", "commander", ("/admin/lich-truc",), see=("giao-ca", "chuong")),
    Entry("cho-vao", "commander", ("/admin/cho-vao",), see=("mat-dien-thoai", "phien")),
    Entry("so-lieu", "commander", ("/admin/so-lieu", "/admin/so-lieu/danh-sach"), see=("so", "thoi-han")),
    # The chief.
    Entry("thu-gui", "chief", ("/admin/thu-gui", "/admin/thu-gui/{letter:[0-9]+}"), see=("du-lieu", "nhan-voi-dan")),
    Entry("cho-duyet", "chief", ("/admin/cho-duyet",), see=("nhan-voi-dan",)),
    # Who keeps a key.
    Entry("niem-phong", "custodian", ("/admin/niem-phong",), see=("khoa-niem-phong", "yeu-cau-mo")),
    Entry("khoa-niem-phong", "custodian", ("/admin/niem-phong/khoa",), see=("niem-phong",)),
    Entry("ban-ke-niem-phong", "custodian", ("/admin/niem-phong/in",), see=("niem-phong", "yeu-cau-mo")),
    # Who inspects.
    Entry("nhat-ky", "inspector", ("/admin/nhat-ky",), see=("yeu-cau-mo", "khoang-trong")),
    Entry("yeu-cau-mo", "inspector", ("/admin/nhat-ky/niem-phong",), see=("niem-phong", "nhat-ky")),
    Entry("du-lieu", "inspector", ("/admin/nhat-ky/du-lieu",), see=("thu-gui", "nhat-ky")),
    Entry("khoang-trong", "inspector", ("/admin/nhat-ky/khoang-trong",), see=("nhat-ky", "lich-truc")),
    # Who sets the house up.
    Entry("bat-dau", "settings", ("/admin/bat-dau", "/admin/bat-dau/{step:[a-z0-9-]+}"), see=("cai-dat", "can-bo", "khoa-niem-phong")),
    Entry("cai-dat", "settings", ("/admin/cai-dat",), see=("bat-dau",)),
    Entry("can-bo", "settings", ("/admin/can-bo",), see=("chuyen-cong-tac", "phien")),
    Entry("chuyen-cong-tac", "settings", ("/admin/can-bo/{officer:[0-9]+}/chuyen",), see=("can-bo", "niem-phong")),
    Entry("to-truong", "settings", ("/admin/danh-ba-to-truong", "/admin/can-goi-to-truong"), see=("viec-to-truong", "can-bo")),
    Entry("phien", "settings", ("/admin/phien",), see=("can-bo", "mat-dien-thoai")),
    Entry("phu-trach", "settings", ("/admin/phu-trach",), see=("chua-giao", "noi")),
    Entry("noi", "settings", ("/admin/noi", "/admin/noi/{place:[0-9]+}"), see=("ranh-gioi", "ma-noi", "phu-trach")),
    Entry(
        "ma-noi",
        "settings",
        ("/admin/noi/ma", "/admin/noi/ma/{code:[0-9A-Za-z_-]+}", "/admin/noi/ma/{code:[0-9A-Za-z_-]+}/in"),
        see=("to-dan", "noi"),
    ),
    Entry("ranh-gioi", "settings", ("/admin/noi/ranh-gioi",), see=("noi", "ban-do")),
    Entry("to-dan", "settings", ("/admin/cai-dat/to-dan",), see=("ma-noi", "kenh")),
    Entry("loai-viec", "settings", ("/admin/loai-viec", "/admin/loai-viec/mot"), see=("loi-nhan",)),
    Entry("loi-nhan", "settings", ("/admin/loi-nhan", "/admin/loi-nhan/cau"), see=("loai-viec", "thu-tuc", "cau-san")),
    Entry("thu-tuc", "settings", ("/admin/thu-tuc", "/admin/thu-tuc/muc"), see=("loi-nhan",)),
    Entry("thoi-han", "settings", ("/admin/thoi-han",), see=("han", "so-lieu")),
    Entry("luu-giu", "settings", ("/admin/luu-giu",), see=("may-chu", "thoi-han")),
    Entry("kenh", "settings", ("/admin/kenh",), see=("may-chu", "quyen-oa", "to-dan")),
    Entry("quyen-oa", "chief", ("/admin/kenh/quyen",), see=("kenh",)),
    Entry("may-chu", "settings", ("/admin/may-chu",), see=("may-chu-im", "kenh")),
)
BY_NAME: dict[str, Entry] = {one.name: one for one in TOPICS}
HOW_TO, AT_THE_DOOR = "dung-tro-giup", "dang-nhap"
# A link that signs somebody in is not carried along.
_CARRIED = re.compile(r"/admin(?!/(?:tro-giup|mat-khau|khoi-dau|vao-to))(?:/[a-z0-9-]+)*(?:\?[A-Za-z0-9=&%+._-]*)?")


# Folders of the queue that have a topic of their own, as they stand in the address.
_OF_FOLDER = {"giu-rieng": "giu-rieng"} | dict.fromkeys(("cho-duyet", "cho-ket-qua", "luu-theo-doi", "nhan-thu"), "ngan-rieng")


@cache
def _by_address() -> dict[str, str]:
    return {_without_rules(address): one.name for one in TOPICS for address in one.addresses}


def _without_rules(pattern: str) -> str:
    return re.sub(r"\{(\w+):[^}]*\}", r"{\1}", pattern)


def own_topic(pattern: str) -> str:
    """The topic that names this address of the table itself; empty: none does."""
    return _by_address().get(_without_rules(pattern), "")


def topic_for(pattern: str, *, folder: str = "", is_inside: bool = True) -> str:
    """For whatever was asked: a form's address has the topic of the page above it. Who is not signed in gets one they may read."""
    found = (_OF_FOLDER.get(folder, "") if pattern == "/admin" else "") or _nearest(_without_rules(pattern))
    return found if is_inside or BY_NAME[found].is_open else AT_THE_DOOR


def _nearest(pattern: str) -> str:
    above = pattern
    while above.startswith("/admin/"):
        if above in _by_address():
            return _by_address()[above]
        above = above.rpartition("/")[0]
    return _by_address()["/admin"] if pattern == "/admin" else HOW_TO


def way_back(address: str) -> str:
    """The same address if it is a page of the desk that one may be led back to; else nothing."""
    return address if _CARRIED.fullmatch(address) else ""
