"""A fault: why nothing could be fetched, in one clause that an editor understands. Pure.

The words never repeat the address (it may carry a password) nor a phrase of the site (it may be hostile).
"""

import errno
import http
import ssl

import aiohttp


class GaveUp(Exception):
    """We ended a fetch ourselves; the text says why."""


NOT_HTTP = "the answer is not proper HTTP"

# Most specific first: aiohttp's classes inherit from one another, and several from OSError.
_WORDS: tuple[tuple[type[BaseException], str], ...] = (
    (TimeoutError, "the site did not answer in time"),
    (aiohttp.ClientConnectorDNSError, "the name of the site has no address"),
    (aiohttp.ClientConnectorCertificateError, "the certificate of the site is not valid"),
    (ssl.SSLCertVerificationError, "the certificate of the site is not valid"),
    (aiohttp.ClientSSLError, "no secure connection could be made"),
    (ssl.SSLError, "no secure connection could be made"),
    (aiohttp.InvalidURL, "the address is not valid"),
    (aiohttp.ClientResponseError, NOT_HTTP),
    (aiohttp.ServerDisconnectedError, "the site closed the connection without an answer"),
    (aiohttp.ClientPayloadError, "the connection ended in the middle of the body, or the body cannot be inflated"),
)
_SYSTEM_WORDS = {
    errno.ECONNREFUSED: "the site refused the connection",
    errno.ECONNRESET: "the site reset the connection",
    errno.EPIPE: "the site reset the connection",
    errno.EHOSTUNREACH: "there is no way to the site",
    errno.ENETUNREACH: "there is no way to the site",
}


def why_of_status(status: int) -> str:
    """What a status means, for answers that are no feed."""
    try:
        phrase = http.HTTPStatus(status).phrase
    except ValueError:
        phrase = "no known status"
    return f"the site answered {status} ({phrase})"


def why_of(error: BaseException) -> str:
    """What went wrong on the way to an answer."""
    if isinstance(error, GaveUp):
        return str(error)
    for kind, words in _WORDS:
        if isinstance(error, kind):
            return words
    if isinstance(error, aiohttp.ClientConnectorError):
        return _why_of_system_error(error.os_error)
    if isinstance(error, OSError):
        return _why_of_system_error(error)
    return f"the answer cannot be understood ({type(error).__name__})"


def _why_of_system_error(error: OSError) -> str:
    if error.errno == errno.EACCES and error.strerror:
        # Refused by the guard. Several addresses of one name give one error, whose text names each of them.
        return error.strerror
    if error.errno in _SYSTEM_WORDS:
        return _SYSTEM_WORDS[error.errno]
    return f"the site cannot be reached ({error.strerror or type(error).__name__})"
