"""The alarm that needs no desk: a log line for each new cause, and one when it is over."""

import logging

from newsroom.alert import Alert

log = logging.getLogger(__name__)


class LoggedAlarm:
    """Tells the log, once a cause until it is over."""

    def __init__(self) -> None:
        """Nothing is the matter yet."""
        self._told: dict[str, str] = {}

    async def tell(self, alert: Alert) -> None:
        """A log line; the same words again are not repeated."""
        if self._told.get(alert.cause) == alert.why:
            return
        self._told[alert.cause] = alert.why
        log.warning("%s %s: %s", alert.trouble, alert.about, alert.why, extra={"action": "alert", "cause": alert.cause})

    async def over(self, cause: str) -> None:
        """A log line, if it was told."""
        if self._told.pop(cause, None) is not None:
            log.info("%s is over", cause, extra={"action": "alert_over", "cause": cause})
