"""Every address of the desk, on one page, with the right it needs."""

from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

from admin.desk import Desk, OpenPage, Page, Visit
from admin.pages import callback, custodians, custody, machine, officer_list, openings, set_up, sign_in, tip_find, tip_list, tip_show
from handlers import officers
from handlers.officers import Right

_STATIC = Path(__file__).parent / "static"


@dataclass(frozen=True, slots=True)
class Open:
    """For people who are not signed in."""

    method: str
    path: str
    page: OpenPage


@dataclass(frozen=True, slots=True)
class Closed:
    """For officers; `right` None means any of them."""

    method: str
    path: str
    page: Page
    right: Right | None


async def _to_list(desk: Desk, _visit: Visit) -> web.StreamResponse:
    return desk.go("/admin")


async def _home(desk: Desk, visit: Visit) -> web.StreamResponse:
    """The list for those who read tips; who only keeps a key, or looks after the machine, begins there."""
    if officers.may(visit.officer.role, "read"):
        return await tip_list.show(desk, visit)
    if officers.may(visit.officer.role, "custody"):
        return desk.go("/admin/niem-phong")
    return desk.go("/admin/may-chu")


TABLE: tuple[Open | Closed, ...] = (
    Open("GET", "/admin/khoi-dau/{token}", set_up.form),
    Open("POST", "/admin/khoi-dau/{token}", set_up.set_up),
    Open("GET", "/admin/dang-nhap", sign_in.form),
    Open("POST", "/admin/dang-nhap", sign_in.sign_in),
    Open("POST", "/admin/ngon-ngu", sign_in.change_language),
    Closed("POST", "/admin/dang-xuat", sign_in.sign_out, None),
    Closed("GET", "/admin", _home, None),
    Closed("GET", "/admin/", _to_list, None),
    Closed("POST", "/admin/tim", tip_find.find, "read"),
    Closed("GET", "/admin/tin-moi", tip_list.count_new, "read"),
    Closed("GET", "/admin/tin/{tip:[0-9]+}", tip_show.show, "read"),
    Closed("POST", "/admin/tin/{tip:[0-9]+}/da-doc", tip_show.accept, "accept"),
    Closed("GET", "/admin/may-chu", machine.show, "machine"),
    Closed("POST", "/admin/may-chu/mo", machine.open_house, "open_house"),
    Closed("GET", "/admin/can-bo", officer_list.show, "officers"),
    Closed("POST", "/admin/can-bo/{officer:[0-9]+}/dong", officer_list.close, "officers"),
    Closed("POST", "/admin/can-bo/{officer:[0-9]+}/mo-lai", officer_list.reopen, "officers"),
    Closed("GET", "/admin/anh/{attachment:[0-9]+}/{size:nho|vua}", tip_show.photo, "read"),
    Closed("GET", "/admin/nghe-xem/{attachment:[0-9]+}", tip_show.recording, "read"),
    Closed("POST", "/admin/tai-ve/{attachment:[0-9]+}", tip_show.download, "read"),
    Closed("POST", "/admin/tin/{tip:[0-9]+}/so-goi-lai", callback.view, "accept"),
    Closed("POST", "/admin/tin/{tip:[0-9]+}/xin-mo", openings.ask_identity, "ask_identity"),
    Closed("POST", "/admin/tin/{tip:[0-9]+}/xin-ban-goc", openings.ask_originals, "ask_originals"),
    Closed("GET", "/admin/niem-phong", custody.show, "custody"),
    Closed("GET", "/admin/niem-phong/in", custody.paper, "oversee"),
    Closed("POST", "/admin/niem-phong/nguoi-giu", custodians.name, "custody"),
    Closed("GET", "/admin/niem-phong/khoa", custodians.forms, "custody"),
    Closed("POST", "/admin/niem-phong/khoa", custodians.make_pair, "custody"),
    Closed("POST", "/admin/niem-phong/khoi-phuc", custodians.restore, "custody"),
    Closed("POST", "/admin/niem-phong/xac-nhan/{custodian:[0-9]+}", custodians.confirm, "custody"),
    Closed("POST", "/admin/niem-phong/thoi-giu/{custodian:[0-9]+}", custodians.leave, "custody"),
    Closed("POST", "/admin/niem-phong/yeu-cau/{opening:[0-9]+}/dong-y", openings.approve, "custody"),
    Closed("POST", "/admin/niem-phong/yeu-cau/{opening:[0-9]+}/tu-choi", openings.refuse, "custody"),
    Closed("POST", "/admin/niem-phong/yeu-cau/{opening:[0-9]+}/xem", openings.view, "ask_identity"),
    Closed("POST", "/admin/niem-phong/yeu-cau/{opening:[0-9]+}/tai", openings.download, "ask_originals"),
)


def routes(desk: Desk) -> list[web.AbstractRouteDef]:
    pages = [
        web.route(
            address.method, address.path, desk.open(address.page) if isinstance(address, Open) else desk.closed(address.page, address.right)
        )
        for address in TABLE
    ]
    return [*pages, web.static("/static/desk", _STATIC)]
