"""What somebody can do next whose wish was refused: a sentence, and where its page stands."""

from aiohttp import web

from admin.help_topics import way_back

_OF_ROLES = ("desk-not-yours", "figures-not-commander", "letin-not-yours")
_BY_STATUS = {
    400: "sorry-again",
    404: "sorry-gone",
    405: "sorry-gone",
    409: "sorry-changed",
    410: "sorry-changed",
    413: "sorry-smaller",
    422: "sorry-again",
    429: "sorry-wait",
    500: "sorry-broken",
    503: "sorry-busy",
    507: "sorry-room",
}
_MAY_WORK_AGAIN = (400, 403, 409, 413, 422, 500, 503, 507)


class Sorry(Exception):
    """A page that says what is wrong; `key` is its sentence."""

    def __init__(self, status: int, key: str) -> None:
        super().__init__(key)
        self.status, self.key = status, key


def next_step(status: int, key: str) -> str:
    """The sentence that says it."""
    if key in _OF_ROLES:
        return "sorry-role"
    if key == "warn-thanks-behind":
        return "sorry-busy"
    return _BY_STATUS.get(status, "sorry-else")


def page_again(request: web.Request, status: int) -> str:
    """The page on which it can be tried anew: a form's address leads back to the page it stands on (`admin/routes.py`)."""
    if status not in _MAY_WORK_AGAIN or (request.method == "GET" and status < 500):
        return ""
    return way_back(request.path_qs if request.method == "GET" else request.path)
