"""What stands at the side of every page: the folders of the queue, then the places, by what each role may open. No empty links."""

from dataclasses import dataclass
from typing import Literal

from handlers import officers
from handlers.officers import Right
from storage.queries.queue import Folder

# The folders' names in an address.
SLUGS: dict[Folder, str] = {
    "needs": "can-lam",
    "new": "moi",
    "mine": "cua-toi",
    "late": "qua-han",
    "unanswered": "chua-tra-loi",
    "asked": "cho-bo-sung",
    "results": "cho-ket-qua",
    "ended": "da-xong",
    "all": "tat-ca",
}
FOLDERS: dict[str, Folder] = {slug: folder for folder, slug in SLUGS.items()}
Group = Literal["places", "house"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    path: str
    key: str
    right: Right | None  # None: anybody who signs in.
    group: Group = "places"
    counts: str = ""  # What of the visit is counted beside it, and the sentence that says so.
    counted: str = ""


_PLACES: tuple[Entry, ...] = (
    Entry(path="/admin/thu-gui", key="letters-title", right="letters", counts="letters", counted="letters-waiting"),
    Entry(path="/admin/cho-duyet", key="handed-title", right="release_texts", counts="held", counted="handed-count"),
    Entry(path="/admin/chua-giao", key="unheld-title", right="assign", counts="unheld", counted="unheld-count"),
    Entry(path="/admin/niem-phong", key="custody-title", right="custody", counts="waiting", counted="custody-waiting"),
    Entry(path="/admin/han", key="due-title", right="read"),
    Entry(path="/admin/nhap-tin", key="bring-title", right="bring_in"),
    Entry(path="/admin/ban-do", key="map-title", right="map"),
    Entry(path="/admin/so", key="books-title", right="books"),
    Entry(path="/admin/giay-to", key="print-title", right="books"),
    Entry(path="/admin/so-lieu", key="figures-title", right="figures"),
    Entry(path="/admin/nhat-ky", key="journal-title", right="journal"),
    Entry(path="/admin/lich-truc", key="roster-title", right="see_roster"),
    Entry(path="/admin/cho-vao", key="letin-title", right="let_in"),
    Entry(path="/admin/may-cua-toi", key="mine2-title", right=None, group="house"),
    Entry(path="/admin/dien-thoai", key="phone-short", right="read", group="house"),
    Entry(path="/admin/cai-dat", key="hub-title", right="settings", group="house"),
    Entry(path="/admin/loi-nhan", key="book-title", right="see_book", group="house"),
    Entry(path="/admin/noi", key="places-title", right="places", group="house"),
    Entry(path="/admin/can-bo", key="officers-title", right="officers", group="house"),
    Entry(path="/admin/may-chu", key="machine-title", right="machine", group="house"),
    Entry(path="/admin/tro-giup", key="help-title", right=None, group="house"),
)


def folders_for(role: str) -> list[tuple[Folder, str]]:
    """With their addresses."""
    if not officers.may(role, "read"):
        return []
    return [(folder, f"/admin?ngan={slug}") for folder, slug in SLUGS.items() if folder != "mine" or officers.may(role, "write")]


def places_for(role: str, group: Group) -> list[Entry]:
    return [entry for entry in _PLACES if entry.group == group and (entry.right is None or officers.may(role, entry.right))]
