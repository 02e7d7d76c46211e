"""Every address of the desk, on one page, with the right it needs."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

from admin import help_topics
from admin.desk import Desk, OpenPage, Page, Visit
from admin.pages import (
    alarms,
    areas,
    assignment,
    begin,
    blocks,
    books,
    borders,
    bring_in,
    callback,
    categories,
    channels,
    custodians,
    custody,
    due,
    events,
    figures,
    held_texts,
    help,
    hub,
    journal,
    keeping,
    leader_bring,
    leader_calls,
    leader_home,
    leader_in,
    leader_list,
    leader_write,
    let_in,
    letters,
    lock,
    machine,
    my_chat,
    my_devices,
    oa_rights,
    officer_add,
    officer_list,
    officer_move,
    openings,
    own_password,
    papers,
    periods,
    photo,
    place_codes,
    places,
    poster,
    prints,
    procedures,
    queue,
    ready_sentences,
    roster,
    second_factor,
    set_up,
    sign_in,
    song,
    tip_category,
    tip_file,
    tip_find,
    tip_map,
    tip_notes,
    tip_presence,
    tip_show,
    tip_special,
    tip_steps,
    tip_write,
    warn_acts,
    warn_calendar,
    warn_groups,
    warn_library,
    warn_list,
    warn_papers,
    warn_progress,
    warn_reach,
    warn_show,
    warn_write,
    wordings,
)
from handlers import officers
from handlers.officers import Right

_STATIC = Path(__file__).parent / "static"
_FOR_ALL = "|".join(one.name for one in help_topics.TOPICS if one.is_open)


@dataclass(frozen=True, slots=True)
class Open:
    """For people who are not signed in."""

    method: str
    path: str
    page: OpenPage


@dataclass(frozen=True, slots=True)
class Closed:
    """For officers; `right` None means any of them, and no leader unless it says so."""

    method: str
    path: str
    page: Page
    right: Right | None
    takes_file: bool = False  # A small one, read into memory with its form.
    reads_itself: bool = False  # The page reads its form: a large file is sealed on its way to the disk.
    while_locked: bool = False  # All that a locked browser is answered with; every other address leads to the lock page.
    while_held: bool = False  # The same for whoever has to set a second factor first.
    for_leaders: bool = False  # For them as well, where any officer may come.


async def _to_list(desk: Desk, _visit: Visit) -> web.StreamResponse:
    return desk.go("/admin")


async def _home(desk: Desk, visit: Visit) -> web.StreamResponse:
    """The list for those who read tips; who only keeps a key, or looks after the machine, begins there."""
    if officers.may(visit.officer.role, "read"):
        return desk.go("/admin?ngan=giu-rieng") if visit.request.query.get("xem") == "giu-rieng" else await queue.show(desk, visit)
    if officers.may(visit.officer.role, "custody"):
        return desk.go("/admin/niem-phong")
    if officers.may(visit.officer.role, "lead"):
        return desk.go("/admin/to-truong")
    return desk.go("/admin/may-chu")


TABLE: tuple[Open | Closed, ...] = (
    Open("GET", "/admin/khoi-dau/{token}", set_up.form),
    Open("POST", "/admin/khoi-dau/{token}", set_up.set_up),
    Open("GET", "/admin/mat-khau/{token}", own_password.form),
    Open("POST", "/admin/mat-khau/{token}", own_password.save),
    Open("GET", "/admin/dang-nhap", sign_in.form),
    Open("POST", "/admin/dang-nhap", sign_in.sign_in),
    Open("POST", "/admin/dang-nhap/ma", sign_in.give_code),
    Open("POST", "/admin/dang-nhap/pin", sign_in.give_pin),
    Open("POST", "/admin/ngon-ngu", sign_in.change_language),
    Open("GET", f"/admin/tro-giup/{{topic:{_FOR_ALL}}}", help.show_open),
    Closed("GET", "/admin/tro-giup", help.index, None, while_held=True),
    Closed("GET", "/admin/tro-giup/in", help.printed, None, while_held=True),
    Closed("GET", "/admin/tro-giup/{topic:[a-z0-9-]+}", help.show, None, while_held=True),
    Open("GET", "/admin/vao-to/{token}", leader_in.form),
    Open("POST", "/admin/vao-to/{token}", leader_in.come_in),
    Closed("POST", "/admin/dang-xuat", sign_in.sign_out, None, while_held=True, for_leaders=True),
    Closed("GET", "/admin/may-cua-toi", my_devices.show, None),
    Closed("GET", "/admin/may-cua-toi/ma-hai-buoc", second_factor.show, None, while_held=True),
    Closed("POST", "/admin/may-cua-toi/ma-hai-buoc", second_factor.confirm, None, while_held=True),
    Closed("POST", "/admin/may-cua-toi/ma-hai-buoc/doi", second_factor.begin_anew, None),
    Closed("POST", "/admin/may-cua-toi/ma-khoi-phuc", second_factor.renew_codes, None),
    Closed("POST", "/admin/may-cua-toi/pin", second_factor.keep_pin, None),
    Closed("POST", "/admin/may-cua-toi/phien/{session:[0-9]+}/thoi", my_devices.end_session, None),
    Closed("POST", "/admin/may-cua-toi/may/{device:[0-9]+}/thoi", my_devices.leave_device, None),
    Closed("GET", "/admin/phien", my_devices.show_all, "officers"),
    Closed("POST", "/admin/phien/{session:[0-9]+}/thoi", my_devices.end_any_session, "officers"),
    Closed("POST", "/admin/phien/may/{device:[0-9]+}/thoi", my_devices.end_device, "officers"),
    Closed("POST", "/admin/phien/ma/{officer:[0-9]+}/xoa", my_devices.clear_code, "officers"),
    Closed("POST", "/admin/phien/bat-buoc", my_devices.require, "officers"),
    Closed("POST", "/admin/phien/da-xem", my_devices.mark_read, "officers"),
    Closed("GET", "/admin/cho-vao", let_in.show, "let_in"),
    Closed("POST", "/admin/cho-vao", let_in.give, "let_in"),
    Closed("POST", "/admin/khoa/dong", lock.lock, None, while_held=True),
    Closed("GET", "/admin/khoa", lock.show, None, while_locked=True),
    Closed("POST", "/admin/khoa", lock.unlock, None, while_locked=True),
    Closed("POST", "/admin/khoa/pin", lock.give_pin, None, while_locked=True),
    Closed("POST", "/admin/khoa/loi", lock.leave_words, None, while_locked=True),
    Closed("GET", "/admin/khoa/loi", lock.show_words, None),
    Closed("POST", "/admin/khoa/loi/xong", lock.forget_words, None),
    Closed("GET", "/admin/khoa/chuong", lock.listen, None, while_locked=True),
    Closed("GET", "/admin/khoa/tay", lock.stay, None, while_locked=True),
    Closed("POST", "/admin/khoa/gio", lock.save_minutes, "roster"),
    Closed("GET", "/admin", _home, None, for_leaders=True),
    Closed("GET", "/admin/", _to_list, None, for_leaders=True),
    Closed("POST", "/admin/tim", tip_find.find, "read"),
    Closed("GET", "/admin/song", song.live, None),
    Closed("GET", "/admin/tin/{tip:[0-9]+}", tip_show.show, "read"),
    Closed("POST", "/admin/tin/{tip:[0-9]+}/da-doc", tip_show.accept, "accept"),
    Closed("GET", "/admin/tin/{tip:[0-9]+}/in/tin", papers.sheet, "read"),
    Closed("GET", "/admin/tin/{tip:[0-9]+}/in/de-xuat", papers.proposal, "read"),
    Closed("GET", "/admin/tin/{tip:[0-9]+}/in/phieu-chuyen", papers.slip_form, "read"),
    Closed("POST", "/admin/tin/{tip:[0-9]+}/in/phieu-chuyen", papers.slip, "read"),
    Closed("POST", "/admin/tin/{tip:[0-9]+}/buoc", tip_steps.move, "work"),
    Closed("POST", "/admin/tin/{tip:[0-9]+}/loai", tip_category.put_right, "work"),
    Closed("POST", "/admin/tin/{tip:[0-9]+}/giao", assignment.assign, "assign"),
    Closed("POST", "/admin/tin/{tip:[0-9]+}/cu-nguoi", assignment.send, "assign"),
    Closed("POST", "/admin/tin/{tip:[0-9]+}/cu-nguoi/{dispatch:[0-9]+}/buoc", assignment.step, "assign"),
    Closed("POST", "/admin/tin/{tip:[0-9]+}/cu-nguoi/{dispatch:[0-9]+}/sua", assignment.correct, "assign"),
    Closed("POST", "/admin/tin/{tip:[0-9]+}/cu-nguoi/{dispatch:[0-9]+}/thoi", assignment.recall, "assign"),
    Closed("GET", "/admin/chua-giao", assignment.unheld, "assign"),
    Closed("GET", "/admin/phu-trach", areas.show, "areas"),
    Closed("POST", "/admin/phu-trach", areas.save, "areas"),
    Closed("GET", "/admin/nhap-tin", bring_in.form, "bring_in"),
    Closed("POST", "/admin/nhap-tin", bring_in.enter, "bring_in"),
    Closed("POST", "/admin/tin/{tip:[0-9]+}/them-tep", tip_file.add, "bring_in", reads_itself=True),
    Closed("POST", "/admin/tin/{tip:[0-9]+}/ma-moi", bring_in.renew, "bring_in"),
    Closed("GET", "/admin/tin/{tip:[0-9]+}/su-viec", events.show, "link"),
    Closed("POST", "/admin/tin/{tip:[0-9]+}/su-viec/tim", events.find, "link"),
    Closed("POST", "/admin/tin/{tip:[0-9]+}/su-viec/noi", events.link, "link"),
    Closed("POST", "/admin/tin/{tip:[0-9]+}/su-viec/tach", events.unlink, "link"),
    Closed("POST", "/admin/tin/{tip:[0-9]+}/biet-ro", events.set_known_how, "link"),
    Closed("POST", "/admin/tin/{tip:[0-9]+}/hoi", tip_write.ask, "write", takes_file=True),
    Closed("POST", "/admin/tin/{tip:[0-9]+}/nhan", tip_write.tell, "write", takes_file=True),
    Closed("POST", "/admin/tin/{tip:[0-9]+}/khong-can-tra-loi", tip_write.needs_no_answer, "write"),
    Closed("POST", "/admin/tin/{tip:[0-9]+}/ket-thuc", tip_write.close, "write"),
    Closed("POST", "/admin/tin/{tip:[0-9]+}/mo-lai", tip_write.reopen, "write"),
    Closed("GET", "/admin/tep/{attachment:[0-9]+}", tip_write.sent_file, "read"),
    Closed("POST", "/admin/tin/{tip:[0-9]+}/ghi-chu", tip_notes.write, "write"),
    Closed("POST", "/admin/tin/{tip:[0-9]+}/ghi-chu/{note:[0-9]+}/gach", tip_notes.strike, "write"),
    Closed("GET", "/admin/tin/{tip:[0-9]+}/dang-xem", tip_presence.listen, "read"),
    Closed("GET", "/admin/canh-bao", warn_list.show, "see_warnings"),
    Closed("GET", "/admin/canh-bao/viet", warn_write.new, "warn"),
    Closed("POST", "/admin/canh-bao/viet", warn_write.write, "warn"),
    Closed("GET", "/admin/canh-bao/toi", warn_write.reach, "warn"),
    Closed("GET", "/admin/canh-bao/{warning:[0-9]+}", warn_show.show, "see_warnings"),
    Closed("GET", "/admin/canh-bao/{warning:[0-9]+}/sua", warn_write.edit, "warn"),
    Closed("POST", "/admin/canh-bao/{warning:[0-9]+}/sua", warn_write.rewrite, "warn"),
    Closed("POST", "/admin/canh-bao/{warning:[0-9]+}/gui-thu", warn_acts.try_out, "warn"),
    Closed("POST", "/admin/canh-bao/{warning:[0-9]+}/gui-duyet", warn_acts.propose, "warn"),
    Closed("POST", "/admin/canh-bao/{warning:[0-9]+}/bo", warn_acts.drop, "warn"),
    Closed("POST", "/admin/canh-bao/{warning:[0-9]+}/duyet", warn_acts.release, "release_warnings"),
    Closed("POST", "/admin/canh-bao/{warning:[0-9]+}/phat-mot-minh", warn_acts.release_alone, "release_warnings"),
    Closed("POST", "/admin/canh-bao/{warning:[0-9]+}/tra-lai", warn_acts.decline, "release_warnings"),
    Closed("POST", "/admin/canh-bao/{warning:[0-9]+}/duyet-sau", warn_acts.approve, "release_warnings"),
    Closed("POST", "/admin/canh-bao/{warning:[0-9]+}/tam-dung", warn_acts.pause, "warn"),
    Closed("POST", "/admin/canh-bao/{warning:[0-9]+}/tiep", warn_acts.resume, "release_warnings"),
    Closed("POST", "/admin/canh-bao/{warning:[0-9]+}/dung", warn_acts.cancel, "warn"),
    Closed("POST", "/admin/canh-bao/{warning:[0-9]+}/chua-ro", warn_acts.decide, "warn"),
    Closed("GET", "/admin/canh-bao/{warning:[0-9]+}/tinh-hinh", warn_progress.part, "see_warnings"),
    Closed("GET", "/admin/canh-bao/{warning:[0-9]+}/anh/{shape:[0-9]+}", warn_papers.picture, "see_warnings"),
    Closed("GET", "/admin/canh-bao/{warning:[0-9]+}/thong-bao", warn_papers.notice, "see_warnings"),
    Closed("GET", "/admin/canh-bao/{warning:[0-9]+}/loa", warn_papers.loudspeaker, "see_warnings"),
    Closed("GET", "/admin/canh-bao/{warning:[0-9]+}/loa/tep", warn_papers.loudspeaker_docx, "see_warnings"),
    Closed("GET", "/admin/canh-bao/mau", warn_library.show, "see_warnings"),
    Closed("GET", "/admin/canh-bao/mau/mot", warn_library.one, "warn"),
    Closed("POST", "/admin/canh-bao/mau/mot", warn_library.save, "warn"),
    Closed("POST", "/admin/canh-bao/mau/an", warn_library.hide, "warn"),
    Closed("POST", "/admin/canh-bao/mau/goc", warn_library.take_back, "warn"),
    Closed("GET", "/admin/canh-bao/lich", warn_calendar.show, "see_warnings"),
    Closed("POST", "/admin/canh-bao/lich", warn_calendar.add, "warn"),
    Closed("POST", "/admin/canh-bao/lich/dau", warn_calendar.settle, "warn"),
    Closed("POST", "/admin/canh-bao/lich/bo", warn_calendar.drop, "warn"),
    Closed("GET", "/admin/nhom/do-phu", warn_reach.show, "see_groups"),
    Closed("GET", "/admin/nhom", warn_groups.show, "see_groups"),
    Closed("POST", "/admin/nhom/ma", warn_groups.make_code, "groups"),
    Closed("POST", "/admin/nhom/{group:[0-9]+}/da-xem", warn_groups.mark_read, "groups"),
    Closed("POST", "/admin/nhom/{group:[0-9]+}/to", warn_groups.move, "groups"),
    Closed("POST", "/admin/nhom/{group:[0-9]+}/thoi", warn_groups.end, "groups"),
    Closed("GET", "/admin/cho-duyet", held_texts.show, "release_texts"),
    Closed("POST", "/admin/cho-duyet/{held:[0-9]+}/gui", held_texts.release, "release_texts"),
    Closed("POST", "/admin/cho-duyet/{held:[0-9]+}/tra", held_texts.give_back, "release_texts"),
    Closed("GET", "/admin/cau-san", ready_sentences.show, "see_book"),
    Closed("GET", "/admin/cau-san/mot", ready_sentences.one, "see_book"),
    Closed("POST", "/admin/cau-san/mot", ready_sentences.save, "change_book"),
    Closed("POST", "/admin/cau-san/goc", ready_sentences.take_back, "change_book"),
    Closed("POST", "/admin/tin/{tip:[0-9]+}/han-che", tip_special.restrict, "restrict"),
    Closed("POST", "/admin/tin/{tip:[0-9]+}/bo-han-che", tip_special.lift, "lift_restriction"),
    Closed("POST", "/admin/tin/{tip:[0-9]+}/du-luan", tip_special.concern, "concern"),
    Closed("POST", "/admin/tin/{tip:[0-9]+}/het-du-luan", tip_special.calm, "concern"),
    Closed("POST", "/admin/tin/{tip:[0-9]+}/ho-so-giay", tip_special.ask_paper, "paper"),
    Closed("POST", "/admin/tin/{tip:[0-9]+}/rut-ho-so-giay", tip_special.withdraw_paper, "paper"),
    Closed("GET", "/admin/ho-so-giay", tip_special.papers, "confirm_paper"),
    Closed("POST", "/admin/ho-so-giay/{paper:[0-9]+}/dong-y", tip_special.confirm_paper, "confirm_paper"),
    Closed("POST", "/admin/ho-so-giay/{paper:[0-9]+}/tu-choi", tip_special.refuse_paper, "confirm_paper"),
    Closed("POST", "/admin/tin/{tip:[0-9]+}/giu-rieng", blocks.set_apart, "block"),
    Closed("POST", "/admin/giu-rieng/{block:[0-9]+}/bo", blocks.lift, "block"),
    Closed("GET", "/admin/so", books.show, "books"),
    Closed("GET", "/admin/so/chep", books.copy, "books"),
    Closed("GET", "/admin/so/doi-chieu", books.day, "books"),
    Closed("POST", "/admin/so/doi-chieu", books.check_day, "keep_books"),
    Closed("GET", "/admin/so/{entry:[0-9]+}", books.line, "books"),
    Closed("POST", "/admin/so/{entry:[0-9]+}/tich", books.tick, "keep_books"),
    Closed("POST", "/admin/so/{entry:[0-9]+}/sua", books.correct, "keep_books"),
    Closed("POST", "/admin/so/{entry:[0-9]+}/doi-so", books.move, "keep_books"),
    Closed("GET", "/admin/ngan/{folder:[a-z0-9-]+}", queue.moved, "read"),
    Closed("GET", "/admin/so-lieu", figures.show, "figures"),
    Closed("GET", "/admin/so-lieu/danh-sach", figures.behind, "figures"),
    Closed("GET", "/admin/giay-to", prints.show, "books"),
    Closed("GET", "/admin/giay-to/so", prints.book, "books"),
    Closed("GET", "/admin/giay-to/giao-ca", prints.hand_overs, "books"),
    Closed("GET", "/admin/nhat-ky", journal.show, "journal"),
    Closed("GET", "/admin/nhat-ky/niem-phong", journal.openings, "journal"),
    Closed("GET", "/admin/nhat-ky/du-lieu", journal.data_requests, "journal"),
    Closed("GET", "/admin/nhat-ky/khoang-trong", journal.show_gaps, "journal"),
    Closed("POST", "/admin/nhat-ky/khoang-trong", journal.explain, "explain"),
    Closed("GET", "/admin/han", due.show, "read"),
    Closed("GET", "/admin/thoi-han", periods.show, "periods"),
    Closed("POST", "/admin/thoi-han", periods.save, "periods"),
    Closed("POST", "/admin/thoi-han/goc", periods.take_back, "periods"),
    Closed("POST", "/admin/thoi-han/ngay", periods.keep_day, "periods"),
    Closed("POST", "/admin/thoi-han/ngay/bo", periods.take_back_day, "periods"),
    Closed("GET", "/admin/thu-gui", letters.show, "letters"),
    Closed("GET", "/admin/thu-gui/{letter:[0-9]+}", letters.one, "letters"),
    Closed("POST", "/admin/thu-gui/{letter:[0-9]+}/tra-loi", letters.answer, "letters"),
    Closed("POST", "/admin/thu-gui/{letter:[0-9]+}/da-noi", letters.note, "letters"),
    Closed("GET", "/admin/cai-dat", hub.show, "settings"),
    Closed("GET", "/admin/cai-dat/to-dan", poster.sheet, "places"),
    Closed("GET", "/admin/bat-dau", begin.begin, "set_up"),
    Closed("GET", "/admin/bat-dau/{step:[a-z0-9-]+}", begin.show, "set_up"),
    Closed("POST", "/admin/bat-dau/{step:[a-z0-9-]+}", begin.save, "set_up"),
    Closed("POST", "/admin/bat-dau/{step:[a-z0-9-]+}/bo-qua", begin.skip, "set_up"),
    Closed("GET", "/admin/luu-giu", keeping.show, "periods"),
    Closed("POST", "/admin/luu-giu", keeping.save, "periods"),
    Closed("POST", "/admin/luu-giu/goc", keeping.take_back, "periods"),
    Closed("GET", "/admin/kenh", channels.show, "machine"),
    Closed("POST", "/admin/kenh/thu", channels.test, "machine"),
    Closed("POST", "/admin/kenh/zalo", channels.ask_permission, "machine"),
    Closed("GET", "/admin/kenh/zalo/ve", channels.permitted, "machine"),
    Closed("GET", "/admin/kenh/quyen", oa_rights.show, "oa_rights"),
    Closed("POST", "/admin/kenh/quyen", oa_rights.tell, "oa_rights"),
    Closed("POST", "/admin/kenh/zalo/muc", channels.set_ceiling, "periods"),
    Closed("GET", "/admin/may-chu", machine.show, "machine"),
    Closed("POST", "/admin/may-chu/mo", machine.open_house, "open_house"),
    Closed("GET", "/admin/bao-dong", song.once, None, while_held=True),
    Closed("GET", "/admin/chuong", alarms.show, "accept"),
    Closed("POST", "/admin/chuong", alarms.save_minutes, "roster"),
    Closed("POST", "/admin/tin/{tip:[0-9]+}/lo-viec", alarms.answer, "accept"),
    Closed("GET", "/admin/lich-truc", roster.show, "see_roster"),
    Closed("POST", "/admin/lich-truc/mau", roster.add_pattern, "roster"),
    Closed("POST", "/admin/lich-truc/mau/{pattern:[0-9]+}/thoi", roster.end_pattern, "roster"),
    Closed("POST", "/admin/lich-truc/ca", roster.add_shift, "roster"),
    Closed("POST", "/admin/lich-truc/ca/{shift:[0-9]+}", roster.change_shift, "roster"),
    Closed("POST", "/admin/lich-truc/ca/{shift:[0-9]+}/huy", roster.cancel_shift, "roster"),
    Closed("GET", "/admin/giao-ca", roster.hand_over, "shift"),
    Closed("POST", "/admin/giao-ca", roster.take, "shift"),
    Closed("GET", "/admin/can-bo", officer_list.show, "officers"),
    Closed("POST", "/admin/can-bo/them", officer_add.add, "officers"),
    Closed("POST", "/admin/can-bo/{officer:[0-9]+}/duong-dan", officer_add.make_link, "officers"),
    Closed("POST", "/admin/can-bo/{officer:[0-9]+}/vai-tro", officer_add.change_role, "officers"),
    Closed("GET", "/admin/can-bo/{officer:[0-9]+}/chuyen", officer_move.show, "officers"),
    Closed("POST", "/admin/can-bo/{officer:[0-9]+}/chuyen", officer_move.move, "officers"),
    Closed("POST", "/admin/can-bo/{officer:[0-9]+}/dong", officer_list.close, "officers"),
    Closed("POST", "/admin/can-bo/{officer:[0-9]+}/mo-lai", officer_list.reopen, "officers"),
    Closed("GET", "/admin/dien-thoai", my_chat.show, "phone"),
    Closed("POST", "/admin/dien-thoai/ma", my_chat.make_code, "phone"),
    Closed("POST", "/admin/dien-thoai/{link:[0-9]+}/thoi", my_chat.end, "phone"),
    Closed("POST", "/admin/dien-thoai/{link:[0-9]+}/trich", my_chat.show_excerpt, "officers"),
    Closed("GET", "/admin/to-truong", leader_home.show, "lead"),
    Closed("POST", "/admin/to-truong/{target:[0-9]+}/da-dang", leader_home.posted, "lead"),
    Closed("POST", "/admin/to-truong/{target:[0-9]+}/chua-dang", leader_home.not_posted, "lead"),
    Closed("GET", "/admin/to-truong/{target:[0-9]+}/anh", leader_home.picture, "lead"),
    Closed("POST", "/admin/to-truong/ma", leader_home.make_code, "lead"),
    Closed("GET", "/admin/to-truong/xin-phat", leader_write.form, "lead"),
    Closed("POST", "/admin/to-truong/xin-phat", leader_write.send, "lead"),
    Closed("GET", "/admin/to-truong/bao-giup", leader_bring.form, "lead"),
    Closed("POST", "/admin/to-truong/bao-giup", leader_bring.enter, "lead"),
    Closed("GET", "/admin/danh-ba-to-truong", leader_list.show, "leaders"),
    Closed("POST", "/admin/danh-ba-to-truong/them", leader_list.add, "leaders"),
    Closed("POST", "/admin/danh-ba-to-truong/so", leader_list.show_phones, "leaders"),
    Closed("POST", "/admin/danh-ba-to-truong/{officer:[0-9]+}/sua", leader_list.change, "leaders"),
    Closed("POST", "/admin/danh-ba-to-truong/{officer:[0-9]+}/duong-dan", leader_list.make_link, "leaders"),
    Closed("POST", "/admin/danh-ba-to-truong/{officer:[0-9]+}/ma", leader_list.make_code, "leaders"),
    Closed("POST", "/admin/danh-ba-to-truong/{officer:[0-9]+}/mat-may", leader_list.sign_out, "leaders"),
    Closed("POST", "/admin/danh-ba-to-truong/{officer:[0-9]+}/dong", leader_list.close, "leaders"),
    Closed("POST", "/admin/danh-ba-to-truong/{officer:[0-9]+}/mo-lai", leader_list.reopen, "leaders"),
    Closed("GET", "/admin/can-goi-to-truong", leader_calls.show, "warn"),
    Closed("POST", "/admin/can-goi-to-truong/{officer:[0-9]+}/so", leader_calls.show_phone, "warn"),
    Closed("POST", "/admin/can-goi-to-truong/{target:[0-9]+}/da-dang", leader_calls.posted, "warn"),
    Closed("POST", "/admin/can-goi-to-truong/{target:[0-9]+}/chua-dang", leader_calls.not_posted, "warn"),
    Closed("GET", "/admin/noi", places.show, "places"),
    Closed("POST", "/admin/noi/nhap", places.bring, "places"),
    Closed("POST", "/admin/noi/them", places.add, "places"),
    Closed("GET", "/admin/noi/{place:[0-9]+}", places.form, "places"),
    Closed("POST", "/admin/noi/{place:[0-9]+}", places.change, "places"),
    Closed("POST", "/admin/noi/{place:[0-9]+}/thoi", places.end, "places"),
    Closed("POST", "/admin/noi/ma", place_codes.make, "places"),
    Closed("GET", "/admin/noi/ma/{code:[0-9A-Za-z_-]+}", place_codes.show, "places"),
    Closed("GET", "/admin/noi/ma/{code:[0-9A-Za-z_-]+}/in", place_codes.sheet, "places"),
    Closed("POST", "/admin/noi/ma/{spot:[0-9]+}/thoi", place_codes.end, "places"),
    Closed("GET", "/admin/noi/ranh-gioi", borders.show, "places"),
    Closed("POST", "/admin/noi/ranh-gioi", borders.preview, "places"),
    Closed("POST", "/admin/noi/ranh-gioi/ghi", borders.keep, "places"),
    Closed("POST", "/admin/noi/ranh-gioi/bo", borders.drop, "places"),
    Closed("GET", "/admin/ban-do", tip_map.show, "map"),
    Closed("GET", "/admin/ban-do/o", tip_map.cells, "map"),
    Closed("GET", "/admin/ban-do/ranh-gioi", tip_map.outlines, "read"),
    Closed("GET", "/admin/ban-do/danh-sach", tip_map.list_behind, "map"),
    Closed("POST", "/admin/ban-do/vi-tri", tip_map.pins, "pins"),
    Closed("GET", "/admin/anh/{attachment:[0-9]+}/{size:nho|vua}", tip_show.photo, "read"),
    Closed("GET", "/admin/anh/{attachment:[0-9]+}", photo.show, "read"),
    Closed("POST", "/admin/anh/{attachment:[0-9]+}/che", photo.cover, "work"),
    Closed("GET", "/admin/anh/{attachment:[0-9]+}/che/{covered:[0-9]+}", photo.covered, "read"),
    Closed("POST", "/admin/anh/{attachment:[0-9]+}/che/{covered:[0-9]+}/tai-ve", photo.download, "read"),
    Closed("GET", "/admin/nghe-xem/{attachment:[0-9]+}", tip_show.recording, "read"),
    Closed("POST", "/admin/tai-ve/{attachment:[0-9]+}", tip_show.download, "read"),
    Closed("POST", "/admin/tin/{tip:[0-9]+}/so-goi-lai", callback.view, "write"),
    Closed("POST", "/admin/tin/{tip:[0-9]+}/xin-mo", openings.ask_identity, "ask_identity"),
    Closed("POST", "/admin/tin/{tip:[0-9]+}/xin-ban-goc", openings.ask_originals, "ask_originals"),
    Closed("GET", "/admin/loi-nhan", wordings.show, "see_book"),
    Closed("GET", "/admin/loi-nhan/cau", wordings.one, "see_book"),
    Closed("POST", "/admin/loi-nhan/cau", wordings.save, "change_book"),
    Closed("POST", "/admin/loi-nhan/goc", wordings.take_back, "change_book"),
    Closed("POST", "/admin/loi-nhan/xem-thu", wordings.preview, "change_book"),
    Closed("GET", "/admin/loai-viec", categories.show, "see_book"),
    Closed("POST", "/admin/loai-viec/nut", categories.offer, "change_book"),
    Closed("GET", "/admin/loai-viec/mot", categories.one, "see_book"),
    Closed("POST", "/admin/loai-viec/mot", categories.save, "change_book"),
    Closed("POST", "/admin/loai-viec/goc", categories.take_back, "change_book"),
    Closed("GET", "/admin/thu-tuc", procedures.show, "see_book"),
    Closed("GET", "/admin/thu-tuc/muc", procedures.one, "see_book"),
    Closed("POST", "/admin/thu-tuc/muc", procedures.save, "change_book"),
    Closed("POST", "/admin/thu-tuc/an", procedures.hide, "change_book"),
    Closed("POST", "/admin/thu-tuc/doi-cho", procedures.move, "change_book"),
    Closed("POST", "/admin/thu-tuc/goc", procedures.take_back, "change_book"),
    Closed("POST", "/admin/thu-tuc/noi-lam", procedures.keep_office, "change_book"),
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
            address.method,
            address.path,
            desk.open(address.page)
            if isinstance(address, Open)
            else desk.closed(
                address.page,
                address.right,
                takes_file=address.takes_file,
                reads_itself=address.reads_itself,
                while_locked=address.while_locked,
                while_held=address.while_held,
                for_leaders=address.for_leaders,
            ),
        )
        for address in TABLE
    ]
    return [*pages, *_ways_back(), web.static("/static/desk", _STATIC), web.get("/admin/{rest:.*}", desk.open(_nowhere))]


def _ways_back() -> list[web.AbstractRouteDef]:
    """Where a form was sent to there is no page. Whoever loads that address once more comes to the page the form stands on."""
    shown = {address.path for address in TABLE if address.method == "GET"}
    ways: list[web.AbstractRouteDef] = []
    for path in sorted({address.path for address in TABLE} - shown):
        above = path
        while above not in shown:
            above = above.rpartition("/")[0]
        ways.append(web.get(path, _back_to(above.count("/"))))
    return ways


def _back_to(depth: int) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def back(request: web.Request) -> web.StreamResponse:
        return web.Response(status=303, headers={"Location": "/".join(request.path.split("/")[: depth + 1]), "Cache-Control": "no-store"})

    return back


async def _nowhere(desk: Desk, request: web.Request) -> web.StreamResponse:
    """Who is signed in has the ways to everywhere else beside it."""
    visit = await desk.visit(request)
    return desk.refusal(request, 404, "desk-nowhere", visit=visit if visit and not (visit.is_locked or visit.is_held) else None)
