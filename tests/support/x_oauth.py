"""OAuth 1.0a as X checks it: the signature by oauthlib, the clock and the nonces by the fake."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from oauthlib.common import Request
from oauthlib.oauth1 import RequestValidator, SignatureOnlyEndpoint
from typing_extensions import override

from tests.support.x_problems import unauthorized, unsupported_authentication

CLOCK_WINDOW = timedelta(minutes=5)
"""How far a request's timestamp may lie from X's clock (developer forum: 5 minutes; not in the docs)."""


def system_now() -> datetime:
    """The time of the world."""
    return datetime.now(UTC)  # noqa: TID251  The fake is another house: its clock is not the worker's port.


@dataclass(frozen=True, slots=True)
class XKeys:
    """The four strings with which an app acts for one account."""

    api_key: str
    api_secret: str = field(repr=False)
    access_token: str
    access_token_secret: str = field(repr=False)


class Signatures(RequestValidator):
    """Every set of keys that was given out, every nonce that was used, and the check of both.

    Args:
        clock: X's own clock, against which timestamps are held.
    """

    def __init__(self, clock: Callable[[], datetime]) -> None:
        super().__init__()
        self.clock = clock
        self._keys: dict[str, XKeys] = {}
        self._nonces: set[tuple[str, str, str]] = set()
        self._endpoint = SignatureOnlyEndpoint(self)

    def give_out(self, keys: XKeys) -> None:
        """Let these keys sign.

        Raises:
            ValueError: The access token is in use already.
        """
        if keys.access_token in self._keys:
            raise ValueError(f"the access token {keys.access_token!r} was given out already")
        self._keys[keys.access_token] = keys

    def signer(self, method: str, uris: Sequence[str], headers: Mapping[str, str]) -> XKeys:
        """Say whose keys signed a request.

        Args:
            method: In capitals.
            uris: Scheme, host, path and query exactly as the client sent them; where several hosts may be signed, each.
            headers: Of the request.

        Raises:
            RefusedError: 401 for anything not signed rightly and freshly; 403 for a bearer token.
        """
        authorization = headers.get("Authorization", "")
        if authorization.startswith("Bearer "):
            raise unsupported_authentication()
        signed = [request for uri in uris if (request := self._signed(method, uri, authorization))]
        if not signed:
            raise unauthorized("the signature is missing or does not fit")
        keys = self._keys[str(signed[0].resource_owner_key)]  # `validate_client_key` has found it there.
        self._spend(keys, str(signed[0].timestamp), str(signed[0].nonce))
        return keys

    def _signed(self, method: str, uri: str, authorization: str) -> Request | None:
        """The request as oauthlib reads it, if its signature fits."""
        try:
            # A JSON or multipart body is no part of the signature (RFC 5849, 3.4.1.3.1).
            checked: tuple[bool, Request | None] = self._endpoint.validate_request(
                uri, method, None, {"Authorization": authorization}
            )
        except ValueError:  # oauthlib's own, for a query that is not form-encoded: no signature can cover it.
            return None
        valid, request = checked
        return request if valid else None

    def _spend(self, keys: XKeys, timestamp: str, nonce: str) -> None:
        age = self.clock().timestamp() - int(timestamp)
        if abs(age) > CLOCK_WINDOW.total_seconds():
            raise unauthorized(f"the timestamp is {age:.0f} s from X's clock")
        used = (keys.access_token, timestamp, nonce)
        if used in self._nonces:
            raise unauthorized("the nonce was used before")
        self._nonces.add(used)

    @property
    @override
    def enforce_ssl(self) -> bool:
        """The fake speaks plain HTTP on 127.0.0.1."""
        return False

    @property
    @override
    def allowed_signature_methods(self) -> tuple[str, ...]:
        """X documents HMAC-SHA1 alone."""
        return ("HMAC-SHA1",)

    @property
    @override
    def timestamp_lifetime(self) -> int:
        """Put out of the way: oauthlib compares with the world's clock, `signer` with the fake's."""
        return 1 << 40

    @property
    @override
    def dummy_client(self) -> str:
        """A key that is never given out."""
        return "no such client"

    @override
    def check_client_key(self, client_key: str) -> bool:
        return bool(client_key)

    @override
    def check_nonce(self, nonce: str) -> bool:
        return bool(nonce)

    @override
    def validate_client_key(self, client_key: str, request: Request) -> bool:
        keys = self._keys.get(request.resource_owner_key or "")
        return keys is not None and keys.api_key == client_key

    @override
    def validate_timestamp_and_nonce(
        self,
        client_key: str,
        timestamp: object,
        nonce: str,
        request: Request,
        request_token: str | None = None,
        access_token: str | None = None,
    ) -> bool:
        return True  # Checked in `_spend`, once the signature is known to be good.

    @override
    def get_client_secret(self, client_key: str, request: Request) -> str:
        keys = self._keys.get(request.resource_owner_key or "")
        return keys.api_secret if keys else ""

    @override
    def get_access_token_secret(self, client_key: str, token: str, request: Request) -> str:
        keys = self._keys.get(token)
        return keys.access_token_secret if keys else ""
