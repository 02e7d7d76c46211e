"""Every address of the desk, on one page, with the right it needs."""

from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

from admin.desk import Desk, OpenPage, Page, Visit
from admin.pages import machine, set_up, sign_in, tip_find, tip_list, tip_show
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


TABLE: tuple[Open | Closed, ...] = (
    Open("GET", "/admin/khoi-dau/{token}", set_up.form),
    Open("POST", "/admin/khoi-dau/{token}", set_up.set_up),
    Open("GET", "/admin/dang-nhap", sign_in.form),
    Open("POST", "/admin/dang-nhap", sign_in.sign_in),
    Open("POST", "/admin/ngon-ngu", sign_in.change_language),
    Closed("POST", "/admin/dang-xuat", sign_in.sign_out, None),
    Closed("GET", "/admin", tip_list.show, "read"),
    Closed("GET", "/admin/", _to_list, None),
    Closed("POST", "/admin/tim", tip_find.find, "read"),
    Closed("GET", "/admin/tin-moi", tip_list.count_new, "read"),
    Closed("GET", "/admin/tin/{tip:[0-9]+}", tip_show.show, "read"),
    Closed("POST", "/admin/tin/{tip:[0-9]+}/da-doc", tip_show.accept, "accept"),
    Closed("GET", "/admin/may-chu", machine.show, "machine"),
    Closed("POST", "/admin/may-chu/mo", machine.open_house, "machine"),
    Closed("GET", "/admin/anh/{attachment:[0-9]+}/{size:nho|vua}", tip_show.photo, "read"),
    Closed("GET", "/admin/nghe-xem/{attachment:[0-9]+}", tip_show.recording, "read"),
    Closed("POST", "/admin/tai-ve/{attachment:[0-9]+}", tip_show.download, "read"),
)


def routes(desk: Desk) -> list[web.AbstractRouteDef]:
    pages = [
        web.route(
            address.method, address.path, desk.open(address.page) if isinstance(address, Open) else desk.closed(address.page, address.right)
        )
        for address in TABLE
    ]
    return [*pages, web.static("/static/desk", _STATIC)]
