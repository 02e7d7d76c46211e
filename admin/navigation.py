"""What stands at the side of every page: the folders of the queue, then the places, by what each role may open. No empty links."""

from dataclasses import dataclass
from typing import Literal

from handlers import folders, officers
from handlers.officers import Right
from storage.queries.folders import Folder

# The folders' names in an address.
SLUGS: dict[Folder, str] = {
    "needs": "can-lam",
    "new": "moi",
    "mine": "cua-toi",
    "late": "qua-han",
    "unapproved": "cho-duyet",
    "unanswered": "chua-tra-loi",
    "asked": "cho-bo-sung",
    "transferred": "da-chuyen",
    "results": "cho-ket-qua",
    "apart": "giu-rieng",
    "kept": "luu-theo-doi",
    "tests": "nhan-thu",
    "ended": "da-xong",
    "all": "tat-ca",
}
FOLDERS: dict[str, Folder] = {slug: folder for folder, slug in SLUGS.items()}
# Complaints are letters, and no tips: their folder is a part of the chief's mail, and stands behind this one.
COMPLAINTS, _BEFORE_COMPLAINTS = "/admin/thu-gui?loai=khieu-nai", "asked"
Group = Literal["places", "house"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    path: str
    key: str
    right: Right | None  # None: any officer.
    group: Group = "places"
    is_commanders: bool = False  # Of those on duty, whoever commands the shift alone.
    counts: str = ""  # What of the visit is counted beside it, and the sentence that says so.
    counted: str = ""
    holds: tuple[str, ...] = ()  # Addresses that belong to it and do not begin with its own.
    unless: Right | None = None  # Whoever has this right comes there from another place.


_PLACES: tuple[Entry, ...] = (
    Entry(path="/admin/thu-gui", key="letters-title", right="letters", counts="letters", counted="letters-waiting"),
    Entry(path="/admin/cho-duyet", key="handed-title", right="release_texts", counts="held", counted="handed-count"),
    Entry(path="/admin/canh-bao", key="warn-nav", right="see_warnings", counts="warnings", counted="warn-waiting", holds=("/admin/nhom",)),
    Entry(path="/admin/can-goi-to-truong", key="calls-title", right="warn", counts="calls", counted="calls-waiting"),
    Entry(path="/admin/chua-giao", key="unheld-title", right="assign", counts="unheld", counted="unheld-count"),
    Entry(path="/admin/niem-phong", key="custody-title", right="custody", counts="waiting", counted="custody-waiting"),
    Entry(path="/admin/han", key="due-title", right="read"),
    Entry(path="/admin/nhap-tin", key="bring-title", right="bring_in"),
    Entry(path="/admin/ban-do", key="map-title", right="map"),
    Entry(path="/admin/so", key="books-title", right="books"),
    Entry(path="/admin/giay-to", key="print-title", right="books"),
    Entry(path="/admin/so-lieu", key="figures-title", right="figures", is_commanders=True),
    Entry(path="/admin/nhat-ky", key="journal-title", right="journal"),
    Entry(path="/admin/to-truong", key="lead-title", right="lead"),
    Entry(path="/admin/to-truong/xin-phat", key="lead-write-title", right="lead"),
    Entry(path="/admin/to-truong/bao-giup", key="lead-bring-title", right="lead"),
    Entry(path="/admin/lich-truc", key="roster-title", right="see_roster"),
    Entry(path="/admin/cho-vao", key="letin-title", right="let_in", is_commanders=True),
    Entry(path="/admin/may-cua-toi", key="mine2-title", right=None, group="house"),
    Entry(path="/admin/dien-thoai", key="phone-short", right="phone", group="house"),
    Entry(path="/admin/cai-dat", key="hub-title", right="settings", group="house"),
    Entry(path="/admin/loi-nhan", key="book-title", right="see_book", group="house"),
    Entry(path="/admin/noi", key="places-title", right="places", group="house"),
    Entry(path="/admin/can-bo", key="officers-title", right="officers", group="house"),
    Entry(path="/admin/danh-ba-to-truong", key="leaders-title", right="leaders", group="house"),
    Entry(path="/admin/nhom", key="warn-tab-groups", right="see_groups", group="house", unless="see_warnings"),
    Entry(path="/admin/may-chu", key="machine-title", right="machine", group="house"),
    Entry(path="/admin/tro-giup", key="help-title", right=None, group="house"),
)


def folders_for(role: str) -> list[tuple[str, str]]:
    """With their addresses."""
    found: list[tuple[str, str]] = []
    for folder in folders.of_role(role):
        found.append((folder, f"/admin?ngan={SLUGS[folder]}"))
        if folder == _BEFORE_COMPLAINTS and officers.may(role, "letters"):
            found.append(("complaints", COMPLAINTS))
    return found


def places_for(role: str, group: Group, is_commander: bool = False) -> list[Entry]:
    return [entry for entry in _PLACES if entry.group == group and _opens(entry, role, is_commander)]


def counted_places(role: str) -> list[Entry]:
    return [entry for entry in _PLACES if entry.counts and _opens(entry, role, is_commander=False)]


def place_of(path: str, role: str, is_commander: bool = False) -> str:
    """The address at the side that a page belongs to: its own, or the nearest above it. Empty where it stands under none."""
    found = [
        (len(start), entry.path)
        for entry in _PLACES
        if _opens(entry, role, is_commander)
        for start in (entry.path, *entry.holds)
        if path == start or path.startswith(f"{start}/")
    ]
    return max(found)[1] if found else ""


def _opens(entry: Entry, role: str, is_commander: bool) -> bool:
    if entry.is_commanders and role == "duty" and not is_commander:
        return False
    if entry.unless is not None and officers.may(role, entry.unless):
        return False
    return role != officers.LEADER if entry.right is None else officers.may(role, entry.right)
