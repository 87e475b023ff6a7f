"""The witness: hears what Telegram itself says of our channels, and writes it down for those who send.

Three kinds of updates count, and none can be forged by a member of a chat:

- what Telegram forwarded by itself from a channel into its discussion group (`is_automatic_forward`, from its service
  user). The bot must be an administrator there: in privacy mode it does not hear it;
- what others post in a channel (`channel_post`; of its own posts a bot is not told). It is not ours, whatever it says,
  but its number says how far the channel has come;
- `my_chat_member`, which tells what the bot may do now.
"""

import logging
from collections.abc import Callable, Iterable

from telegram import Chat, Message, MessageOriginChannel, Update

from newsroom.ports import Sighting, Sightings, Switch
from newsroom.target import Network, Target, TargetId
from publishing.sameness import print_of
from publishing.telegram_rights import why_shut

log = logging.getLogger(__name__)

SERVICE_USER = 777000
"""In whose name Telegram forwards channel posts (core.telegram.org/bots/api, Message.is_automatic_forward)."""


class TelegramWitness:
    """Fills `Sightings`, and parks and unparks targets as Telegram says.

    Args:
        targets: of the house; other chats are nobody's business.
        sightings: where posts that were seen are kept.
        switch: which lanes stand.
        wake: told of a lane that may go on.
    """

    def __init__(
        self,
        targets: Iterable[Target],
        sightings: Sightings,
        switch: Switch,
        *,
        wake: Callable[[Iterable[TargetId]], None],
    ) -> None:
        self._targets = tuple(target for target in targets if target.network is Network.TELEGRAM)
        self._sightings = sightings
        self._switch = switch
        self._wake = wake

    async def on_message(self, update: Update) -> None:
        """Any message; one that Telegram forwarded from a channel of ours is kept, of others' posts there the number.

        Raises:
            StoreUnavailable: it could not be written down.
        """
        if update.channel_post is not None:
            await self._on_others(update.channel_post)
        message = update.message
        origin = _automatic_origin(message) if message else None
        target = self._target_of(origin.chat) if origin else None
        if message is None or origin is None or target is None:
            return
        words = print_of(message.text or message.caption or "")
        await self._sightings.remember(target, Sighting(origin.message_id, words, origin.date.timestamp()))

    async def _on_others(self, post: Message) -> None:
        target = self._target_of(post.chat)
        if target is not None:
            await self._sightings.remember(target, Sighting(post.message_id, "", post.date.timestamp()))

    async def on_standing(self, update: Update) -> None:
        """What the bot is in a chat has changed.

        Raises:
            StoreUnavailable: it could not be written down; `/resume`, or the next refusal, does the same.
        """
        change = update.my_chat_member
        target = self._target_of(change.chat) if change else None
        if change is None or target is None:
            return
        why = why_shut(change.new_chat_member, is_channel=change.chat.type == Chat.CHANNEL)
        if why:
            await self._switch.park(target, why)
            log.warning("%s is parked: %s", target, why, extra={"action": "parked", "target": target})
        elif target in await self._switch.parked():
            await self._switch.unpark(target)
            log.info(
                "%s takes posts again: the bot has its rights", target, extra={"action": "unparked", "target": target}
            )
        self._wake([target])

    def _target_of(self, chat: Chat) -> TargetId | None:
        """The target whose address this chat has; Telegram's names know no capitals."""
        names = {str(chat.id), f"@{chat.username}".lower()}
        return next((target.id for target in self._targets if target.address.lower() in names), None)


def _automatic_origin(message: Message) -> MessageOriginChannel | None:
    """Where a message stands that Telegram forwarded by itself; None for every other. Pure."""
    origin, sender, author = message.forward_origin, message.sender_chat, message.from_user
    if not message.is_automatic_forward or not isinstance(origin, MessageOriginChannel):
        return None
    if sender is None or sender.id != origin.chat.id or author is None or author.id != SERVICE_USER:
        return None
    return origin
