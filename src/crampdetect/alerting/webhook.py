"""Posts events as JSON to an address of the wearer's choice."""

import http.client
import json
import urllib.error
import urllib.request
from typing import IO

from crampdetect.alerting.messages import Message
from crampdetect.alerting.settings import is_loopback, web_address

__all__ = ["WebhookReceiver"]

#: Seconds to wait for each answer of the network [A].
WEBHOOK_S = 10.0


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect could lead the event to anybody, also unencrypted."""

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: http.client.HTTPMessage,
        newurl: str,
    ) -> None:
        """Follow none: what is left is an answer that is no success."""


class WebhookReceiver:
    """An address that takes JSON by HTTP POST.

    Parameters
    ----------
    url : str
        May hold a secret, so it is never shown.
    allow_plain : bool
        As `AlertSettings.allow_plain`.
    timeout_s : float
        For each step: connecting, sending, answering.

    Raises
    ------
    ValueError
        The address cannot be used.
    """

    def __init__(self, url: str, allow_plain: bool = False, timeout_s: float = WEBHOOK_S) -> None:
        host = web_address(url, allow_plain).hostname or ""
        self.name = f"the webhook at {host}"
        self._url, self._timeout = url, timeout_s
        handlers: list[urllib.request.BaseHandler] = [_NoRedirect()]
        if is_loopback(host):
            # A proxy that the system names would be another computer.
            handlers.append(urllib.request.ProxyHandler({}))
        self._opener = urllib.request.build_opener(*handlers)

    def wants(self, message: Message) -> bool:
        """Every event."""
        del message
        return True

    def deliver(self, message: Message) -> str | None:
        """Post it; the body of the answer is not read."""
        request = urllib.request.Request(
            self._url,
            data=json.dumps(message.document()).encode(),
            headers={"Content-Type": "application/json", "User-Agent": "crampdetect"},
            method="POST",
        )
        try:
            with self._opener.open(request, timeout=self._timeout):
                return None
        except urllib.error.HTTPError as error:
            error.close()
            refused = " (redirects are refused)" if 300 <= error.code < 400 else ""
            return f"it answered {error.code}{refused}"
        except (OSError, http.client.HTTPException) as error:
            return _reason(error, self._timeout)

    def stop(self) -> None:
        """Nothing: what was sent cannot be called back, and the timeout ends the wait."""


def _reason(error: OSError | http.client.HTTPException, timeout_s: float) -> str:
    """In a few words; an address that an error may carry is left out."""
    cause = error.reason if isinstance(error, urllib.error.URLError) else error
    if isinstance(cause, TimeoutError):
        return f"no answer within {timeout_s:g} s"
    if isinstance(cause, OSError) and cause.strerror:
        return cause.strerror[0].lower() + cause.strerror[1:]
    return f"no HTTP answer ({type(cause).__name__})"
