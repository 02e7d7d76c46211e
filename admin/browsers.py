"""What a browser says it is, in two words an officer knows: "Edge · Windows". Nothing is decided by it."""

from aiohttp import web

# The first that fits: each also calls itself by the names that stand below it.
_BROWSERS = (("coc_coc", "Cốc Cốc"), ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung"), ("Firefox", "Firefox"))
_MORE = (("Chrome", "Chrome"), ("Safari", "Safari"))
_SYSTEMS = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "Mac"), ("Linux", "Linux"))


def called(request: web.Request) -> str:
    said = request.headers.get("User-Agent", "")[:400]
    found = [next((name for mark, name in names if mark in said), "") for names in ((*_BROWSERS, *_MORE), _SYSTEMS)]
    return " · ".join(one for one in found if one)
