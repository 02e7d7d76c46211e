"""python-telegram-bot's requests over our own aiohttp session: a tenth of the CPU of its default client.

No pacing, no retries and no logs here; the address of every request carries the token and must never be written down.
"""

import aiohttp
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData
from telegram.request._requestparameter import RequestParameter  # The library has no public way to make one.

_DEFAULT_SECS = 15.0
CONNECT_SHARE = 0.6  # Of the time for a call.


def fields(**values: str) -> RequestData:
    """Plain fields for a method that the library would rather call by itself."""
    return RequestData([RequestParameter(name, value, None) for name, value in values.items()])


class NeverAsked(NetworkError):
    """No connection came about: nothing can have been done."""


class AiohttpRequest(BaseRequest):
    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    @property
    def read_timeout(self) -> float:
        return _DEFAULT_SECS

    async def initialize(self) -> None:
        """The session belongs to the runtime."""

    async def shutdown(self) -> None:
        """The session belongs to the runtime."""

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: object = BaseRequest.DEFAULT_NONE,
        write_timeout: object = BaseRequest.DEFAULT_NONE,
        connect_timeout: object = BaseRequest.DEFAULT_NONE,
        pool_timeout: object = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        seconds = read_timeout if isinstance(read_timeout, int | float) else _DEFAULT_SECS
        try:
            async with self._session.request(method, url, data=_body(request_data), timeout=_within(seconds)) as answer:
                return answer.status, await answer.read()
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:  # The second is a TimeoutError, too.
            raise NeverAsked(type(error).__name__) from None
        except TimeoutError:
            raise TimedOut from None
        except (aiohttp.ClientError, OSError) as error:
            # Only the kind of error: its text may hold the address, and the address holds the token.
            raise NetworkError(type(error).__name__) from None


def _within(seconds: float) -> aiohttp.ClientTimeout:
    """Where packets vanish no connection comes about: it is given up before the whole call is, for then nothing can have been done."""
    return aiohttp.ClientTimeout(total=seconds, connect=seconds * CONNECT_SHARE)


def _body(request_data: RequestData | None) -> aiohttp.FormData | dict[str, str] | None:
    if request_data is None:
        return None
    if not request_data.multipart_data:
        return request_data.json_parameters
    form = aiohttp.FormData(request_data.json_parameters)
    for name, (file_name, content, mime) in request_data.multipart_data.items():
        form.add_field(name, content, filename=file_name, content_type=mime)
    return form
