"""The endpoints of the X API v2 that the fake plays, each with its name for scripts of faults and limits."""

from enum import StrEnum


class Endpoint(StrEnum):
    """Method and path as X's own specification writes them."""

    CREATE = "POST /2/tweets"
    DELETE = "DELETE /2/tweets/{id}"
    LOOKUP = "GET /2/tweets/{id}"
    ME = "GET /2/users/me"
    TIMELINE = "GET /2/users/{id}/tweets"
    UPLOAD = "POST /2/media/upload"
    STATUS = "GET /2/media/upload"
    INITIALIZE = "POST /2/media/upload/initialize"
    APPEND = "POST /2/media/upload/{id}/append"
    FINALIZE = "POST /2/media/upload/{id}/finalize"
    METADATA = "POST /2/media/metadata"

    @property
    def method(self) -> str:
        """The HTTP method, in capitals."""
        return self.value.partition(" ")[0]

    @property
    def path(self) -> str:
        """The path, with `{id}` where an id stands."""
        return self.value.partition(" ")[2]

    @property
    def writes(self) -> bool:
        """Whether the app needs the permission to write (OAuth 1.0a app permissions)."""
        return self.method != "GET"
