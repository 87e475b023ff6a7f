"""A rate: how often a network takes a post, and what ordinary posts must leave to breaking ones. Pure.

Two kinds, for two kinds of limit. A `Spacing` (GCRA) keeps posts apart. A `Quota` counts those of the last so many
seconds one by one: a GCRA of 18 a minute lets 36 through in a minute that follows a quiet one, and the networks count.
The same arithmetic runs inside the claim, in store/scripts/pace.lua.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from math import ceil

from newsroom.delivery import Lane
from newsroom.target import Network, TargetId, network_of

ALARM_SECONDS = 300.0
"""A wait this long is an alarm: the target is shut to us, by a flood, an empty purse or a cap (facts: platforms §6)."""


@dataclass(frozen=True, slots=True)
class Spacing:
    """One post in `every` seconds; `burst` may come at once after a rest, of which `kept` are for breaking alone."""

    every: float
    burst: int = 1
    kept: int = 0

    def wait(self, ahead_of: float, now: float, lane: Lane) -> float:
        """Seconds until the next may go; 0 when it may go now.

        Args:
            ahead_of: unix seconds at which the next would be due if all had come evenly (GCRA's "theoretical arrival").
            now: unix seconds.
            lane: of the post that wants to go.
        """
        # A clock that was set back must not shut the gate for hours: no further ahead than a whole burst.
        ahead = min(ahead_of - now, self.every * self.burst)
        return whole_ms(ahead - self.every * (self.burst - 1 - _kept(self.kept, lane)))

    def after(self, ahead_of: float, now: float) -> float:
        """`ahead_of` once a post has gone at `now`."""
        return max(now, min(ahead_of, now + self.every * self.burst)) + self.every


@dataclass(frozen=True, slots=True)
class Quota:
    """At most `most` posts in any stretch of `seconds`, of which `kept` are for breaking alone."""

    most: int
    seconds: float
    kept: int = 0

    def wait(self, gone: Sequence[float], now: float, lane: Lane) -> float:
        """Seconds until the next may go; 0 when it may go now.

        Args:
            gone: unix seconds of the posts that went, newest first.
            now: unix seconds.
            lane: of the post that wants to go.
        """
        last = self.most - _kept(self.kept, lane)
        if len(gone) < last:
            return 0.0
        return whole_ms(min(gone[last - 1] + self.seconds - now, self.seconds))


Rate = Spacing | Quota


def _kept(kept: int, lane: Lane) -> int:
    return 0 if lane is Lane.BREAKING else kept


def whole_ms(seconds: float) -> float:
    """Rounded up to a millisecond, never negative: who waited that long finds the gate open."""
    return max(0, ceil(seconds * 1000)) / 1000


@dataclass(frozen=True, slots=True)
class Gate:
    """One rate with a name of its own: every delivery that passes by this name shares it."""

    name: str
    rate: Rate
    why: str
    """What a lane that must wait is told."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The rates of both networks, and the bot that the channels share. Empty: no limits (demo, `simulate`)."""

    chat: tuple[Rate, ...] = ()
    bot: tuple[Rate, ...] = ()
    account: tuple[Rate, ...] = ()
    bot_name: str = ""
    """`bot_name_of` the token; empty where no channel is posted to."""

    def gates(self, target: TargetId) -> tuple[Gate, ...]:
        """Every gate that a post to this target passes."""
        if network_of(target) is Network.X:
            return _gates(target, self.account, "the account's rate on X")
        own = _gates(target, self.chat, "the channel's rate on Telegram")
        return (*own, *_gates(self.bot_name, self.bot, "the bot's rate on Telegram")) if self.bot_name else own

    def family(self, target: TargetId) -> str:
        """Whose flood waits this target shares: the bot's, for a channel; empty for an account."""
        return "" if network_of(target) is Network.X else self.bot_name


def _gates(owner: str, rates: tuple[Rate, ...], why: str) -> tuple[Gate, ...]:
    # The kind of rate stands in the name, for it decides how the store keeps it.
    return tuple(
        Gate(f"{owner}/spacing" if isinstance(rate, Spacing) else f"{owner}/{rate.seconds:g}s", rate, why)
        for rate in rates
    )


def bot_name_of(token: str) -> str:
    """A bot's name in keys: one token, one name, and no way back from it."""
    return f"bot:{sha256(token.encode()).hexdigest()[:12]}" if token else ""


def network_limits(bot_name: str) -> Limits:
    """What both networks take, each a little below its limit, for a post's way there is not always equally long.

    Telegram (Bot API FAQ, "My bot is hitting limits"): a message a second to a chat with short bursts allowed, 20 a
    minute to a group or channel, 30 a second in all. X (docs.x.com, rate limits): POST /2/tweets 100 in 15 minutes.
    """
    return Limits(
        chat=(Spacing(every=1.05, burst=2, kept=1), Quota(most=18, seconds=60.0, kept=3)),
        # 25 a second with a burst of 5 is at most 30 in any second.
        bot=(Spacing(every=1 / 25, burst=5, kept=2),),
        account=(Quota(most=100, seconds=900.0, kept=10),),
        bot_name=bot_name,
    )
