"""The door of the wall and the metrics.

For people a token once in the address, from then on a cookie that scripts and other sites cannot use. For a machine
the same token in an Authorization header (RFC 6750), or in the address each time.
"""

import hmac
from hashlib import sha256

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware
from pydantic import SecretStr

COOKIE = "ajil_wall"
METRICS = "/metrics"
COOKIE_SECONDS = 30 * 24 * 3600

# A redirect would lose the reader who came by a link in a chat: a browser sends no SameSite=Strict cookie on a request
# that another site began, redirects included (RFC 6265bis §5.2). A page that moves on by itself begins anew, from here.
_WELCOME = """<!doctype html><html lang="ar" dir="rtl"><meta charset="utf-8">
<link rel="icon" href="/wall/icon.svg"><meta http-equiv="refresh" content="0; url=/wall"><title>عاجل</title><p><a href="/wall">إلى الجدار</a></p></html>
"""
_CLOSED = "الجدار مغلق. افتح الرابط الذي يحمل رمز الدخول: /wall?token=…\n"


def door(token: SecretStr | None, *, demo: bool) -> Middleware:
    """The middleware that guards everything below /wall, and /metrics.

    Args:
        token: the word that opens it. None or empty keeps the wall shut outside the demo: there is no default word.
        demo: the demo's wall stands open, as nothing on it is anybody's.
    """
    word = token.get_secret_value() if token else ""

    @web.middleware
    async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
        if demo or not (_is_wall(request.path) or request.path == METRICS):
            return await handler(request)
        if not word:
            raise web.HTTPNotFound(text="404\n")
        if _same(request.headers.get("Authorization", ""), f"Bearer {word}"):
            return await handler(request)
        # Looked at before the cookie: a new token must replace an old cookie, not hide behind it.
        if (offered := request.query.get("token")) is not None and _same(offered, word):
            return _welcome(request, _pass_of(word)) if _is_wall(request.path) else await handler(request)
        if _same(request.cookies.get(COOKIE, ""), _pass_of(word)):
            return await handler(request)
        raise web.HTTPUnauthorized(text=_CLOSED, headers={"WWW-Authenticate": "Bearer"})

    return guard


def _is_wall(path: str) -> bool:
    return path == "/wall" or path.startswith("/wall/")


def _pass_of(word: str) -> str:
    """What the cookie holds: proof of the token, not the token, so that a stolen cookie jar gives no word away."""
    return hmac.new(word.encode(), b"ajil wall", sha256).hexdigest()


def _same(given: str, right: str) -> bool:
    # Bytes, as compare_digest refuses text beyond ASCII; "surrogateescape", as a header may hold any byte.
    return hmac.compare_digest(given.encode("utf-8", "surrogateescape"), right.encode())


def _welcome(request: web.Request, value: str) -> web.Response:
    answer = web.Response(text=_WELCOME, content_type="text/html")
    secure = request.secure or request.headers.get("X-Forwarded-Proto", "") == "https"
    answer.set_cookie(
        COOKIE, value, max_age=COOKIE_SECONDS, path="/wall", secure=secure, httponly=True, samesite="Strict"
    )
    return answer
