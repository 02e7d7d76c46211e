"""Pages, styles and scripts travel compressed: an office line is slow, and words shrink to a fifth."""

from aiohttp import web

from bot.web_errors import Handler

_WORDS = frozenset(
    ("text/html", "text/css", "text/plain", "text/javascript", "application/javascript", "application/json", "image/svg+xml")
)
_FILES = (".css", ".js", ".svg", ".txt")
_FEW_BYTES = 600  # What fits into a packet anyway.


@web.middleware
async def compressed(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Not what is a picture, a font or a copy of somebody's file; nor parts of something, nor streams."""
    answer = await handler(request)
    if not answer.prepared and answer.status == 200 and "Range" not in request.headers and _is_words(request, answer):
        answer.headers["Vary"] = "Accept-Encoding"
        if "gzip" in request.headers.get("Accept-Encoding", ""):
            answer.enable_compression(web.ContentCoding.gzip)
    return answer


def _is_words(request: web.Request, answer: web.StreamResponse) -> bool:
    if isinstance(answer, web.FileResponse):
        # Where no body follows, aiohttp puts the end of an empty one all the same, and the next answer on that line is broken.
        has_body = request.method == "GET" and "If-None-Match" not in request.headers and "If-Modified-Since" not in request.headers
        return request.path.startswith("/static/") and request.path.endswith(_FILES) and has_body
    return isinstance(answer, web.Response) and answer.content_type in _WORDS and len(answer.body or b"") > _FEW_BYTES  # type: ignore[arg-type]
