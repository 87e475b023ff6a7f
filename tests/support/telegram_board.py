"""Where messages of the fake Bot API come into being, are shown, and are told of."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Protocol

from tests.support.telegram_chats import TELEGRAM_ID, Chat, ChatKind, Chats, Standing
from tests.support.telegram_posts import Content, StoredKind, StoredPost, shown_content
from tests.support.telegram_text import Formatted
from tests.support.telegram_updates import Changes, UpdateQueue

Json = dict[str, Any]

SERVICE = Content(StoredKind.SERVICE, Formatted(""))


class Watch(Protocol):
    """The part of `newsroom.ports.Clock` that a server needs."""

    def now(self) -> datetime:
        """Aware time, UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds that never jump."""
        ...


class ServerWatch:
    """The platform's own time: it is not the worker's, and no test moves it."""

    def now(self) -> datetime:
        """Aware time, UTC."""
        return datetime.fromtimestamp(time.clock_gettime(time.CLOCK_REALTIME), UTC)

    def monotonic(self) -> float:
        """Seconds that never jump, the same for every process of this machine."""
        return time.monotonic()


@dataclass(slots=True)
class Press:
    """A button that somebody pressed.

    Attributes:
        id: Id of the callback query.
        user_id: Who pressed.
        data: The button's callback_data.
        update_id: The update that tells of it; None when the bot does not want such updates.
        answers: The texts with which the bot answered (empty text: just answered).
        expired: Whether it is too late to answer.
    """

    id: str
    user_id: int
    data: str
    update_id: int | None = None
    answers: tuple[str, ...] = ()
    expired: bool = False


class Board:
    """All messages.

    Args:
        chats: Where they stand.
        updates: Where the bot is told of those that are not its own.
        changes: Told of every change.
        watch: The server's time.
    """

    def __init__(self, chats: Chats, updates: UpdateQueue, changes: Changes, watch: Watch) -> None:
        self.chats = chats
        self.updates = updates
        self.watch = watch
        self.presses: dict[str, Press] = {}
        self._changes = changes

    def unix(self) -> int:
        """Whole Unix seconds now."""
        return int(self.watch.now().timestamp())

    def put(
        self,
        chat: Chat,
        content: Content,
        *,
        by: int | None = None,
        silent: bool = False,
        protected: bool = False,
        reply_to: int | None = None,
        album: str | None = None,
        origin: Json | None = None,
        service: Json | None = None,
    ) -> StoredPost:
        """Store a new message; one in a channel is forwarded into its discussion group."""
        in_channel = chat.kind is ChatKind.CHANNEL
        post = StoredPost(
            chat.id,
            chat.next_id(),
            content,
            self.unix(),
            self.watch.monotonic(),
            by=None if in_channel else by,
            sender_chat=chat.id if in_channel else None,
            from_bot=by == self.chats.bot.id,
            silent=silent,
            protected=protected,
            reply_to=reply_to,
            album=album,
            origin=origin,
            service=service or {},
        )
        chat.messages[post.message_id] = post
        if in_channel and chat.linked is not None and content.kind is not StoredKind.SERVICE:
            self._discuss(post, self.chats.chat(chat.linked))
        self._changes.notify()
        return post

    def change(self, post: StoredPost, content: Content) -> None:
        """Edit a message, and its copy in the discussion group."""
        same_words = replace(post.content, markup=content.markup) == content
        edited = None if same_words else self.unix()
        post.change(content, edited)
        for copy in self._copies(post):
            copy.change(replace(content, markup=None), edited)
            self.tell(self.chats.chat(copy.chat_id), "edited_message", copy)
        self._changes.notify()

    def delete(self, post: StoredPost) -> None:
        """Delete a message. Its id is never used again."""
        post.deleted = True
        self._changes.notify()

    def tell(self, chat: Chat, kind: str, post: StoredPost) -> int | None:
        """Queue an update on a message that is not the bot's own; None when the bot does not get to see it."""
        return self.updates.add(kind, self.shown(post)) if self._sees(chat, post) else None

    def _discuss(self, post: StoredPost, group: Chat) -> None:
        """Forward a channel post as Telegram's service user does."""
        copy = replace(
            post,
            chat_id=group.id,
            message_id=group.next_id(),
            content=replace(post.content, markup=None),
            by=TELEGRAM_ID,
            from_bot=False,
            reply_to=None,
            origin=self.origin_of(post),
            automatic=True,
            history=[],
        )
        group.messages[copy.message_id] = copy
        self.tell(group, "message", copy)

    def _copies(self, post: StoredPost) -> Sequence[StoredPost]:
        chat = self.chats.chat(post.chat_id)
        if chat.kind is not ChatKind.CHANNEL or chat.linked is None:
            return ()
        group = self.chats.chat(chat.linked).messages.values()
        return [
            each
            for each in group
            if each.automatic
            and not each.deleted
            and each.sender_chat == post.chat_id
            and (each.origin or {}).get("message_id") == post.message_id
        ]

    def _sees(self, chat: Chat, post: StoredPost) -> bool:
        """Privacy mode (core.telegram.org/bots/features): in groups an ordinary member hears only what is for it."""
        if chat.standing in {Standing.LEFT, Standing.KICKED}:
            return False
        if chat.kind in {ChatKind.PRIVATE, ChatKind.CHANNEL} or chat.standing is Standing.ADMINISTRATOR:
            return True
        answered = chat.messages.get(post.reply_to or 0)
        named = f"@{self.chats.bot.username}".lower() in post.text.lower()
        return post.text.startswith("/") or named or (answered is not None and answered.from_bot)

    def origin_of(self, post: StoredPost) -> Json:
        """Give the Bot API's MessageOrigin for a forward of the message."""
        if post.origin is not None:
            return post.origin
        if post.sender_chat is not None:
            chat = self.chats.chat(post.sender_chat).shown()
            if chat["type"] == ChatKind.CHANNEL:
                return {"type": "channel", "date": post.date, "chat": chat, "message_id": post.message_id}
            return {"type": "chat", "date": post.date, "sender_chat": chat}
        return {"type": "user", "date": post.date, "sender_user": self.chats.person(post.by or 0).shown()}

    def shown(self, post: StoredPost, *, with_reply: bool = True) -> Json:
        """As the Bot API's Message."""
        chat = self.chats.chat(post.chat_id)
        shown: Json = {"message_id": post.message_id, "date": post.date, "chat": chat.shown()}
        if post.by is not None:
            shown["from"] = self.chats.person(post.by).shown()
        if post.sender_chat is not None:
            shown["sender_chat"] = self.chats.chat(post.sender_chat).shown()
        optional = {
            "forward_origin": post.origin,
            "is_automatic_forward": post.automatic or None,
            "edit_date": post.edited,
            "media_group_id": post.album,
            "has_protected_content": post.protected or None,
        }
        shown |= {name: value for name, value in optional.items() if value is not None}
        answered = chat.messages.get(post.reply_to or 0)
        if with_reply and answered is not None and not answered.deleted:
            shown["reply_to_message"] = self.shown(answered, with_reply=False)
        return shown | shown_content(post.content) | post.service
