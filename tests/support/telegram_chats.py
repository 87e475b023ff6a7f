"""Users and chats of the fake Bot API: who is where, and what the bot may do there."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Self

from tests.support.telegram_errors import Known, Refusal, RefusedError, migrated
from tests.support.telegram_posts import StoredPost

Json = dict[str, Any]

TELEGRAM_ID = 777000
"""The service user in whose name channel posts are forwarded into the discussion group."""


class ChatKind(StrEnum):
    """Type of a chat, as the Bot API names it."""

    PRIVATE = "private"
    GROUP = "group"
    SUPERGROUP = "supergroup"
    CHANNEL = "channel"


class Standing(StrEnum):
    """Status of a chat member, as the Bot API names it."""

    CREATOR = "creator"
    ADMINISTRATOR = "administrator"
    MEMBER = "member"
    RESTRICTED = "restricted"
    LEFT = "left"
    KICKED = "kicked"


CHANNEL_RIGHTS = frozenset({"can_post_messages", "can_edit_messages", "can_delete_messages"})
SENDING_RIGHTS = frozenset({"can_send_messages", "can_send_photos"})
GROUP_RIGHTS = frozenset({"can_delete_messages", "can_pin_messages"})

_OUT = {
    (ChatKind.CHANNEL, Standing.KICKED): Known.KICKED_FROM_CHANNEL,
    (ChatKind.SUPERGROUP, Standing.KICKED): Known.KICKED_FROM_SUPERGROUP,
    (ChatKind.GROUP, Standing.KICKED): Known.KICKED_FROM_GROUP,
    (ChatKind.PRIVATE, Standing.KICKED): Known.BLOCKED,
    (ChatKind.CHANNEL, Standing.LEFT): Known.LEFT_CHANNEL,
    (ChatKind.SUPERGROUP, Standing.LEFT): Known.LEFT_SUPERGROUP,
    (ChatKind.GROUP, Standing.LEFT): Known.LEFT_GROUP,
    (ChatKind.PRIVATE, Standing.LEFT): Known.NEVER_STARTED,
}
_ADMINISTRATOR = (
    "can_be_edited",
    "is_anonymous",
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_send_welcome_messages",
)
_RESTRICTED = (
    "can_send_messages",
    "can_send_audios",
    "can_send_documents",
    "can_send_photos",
    "can_send_videos",
    "can_send_video_notes",
    "can_send_voice_notes",
    "can_send_polls",
    "can_send_other_messages",
    "can_add_web_page_previews",
    "can_react_to_messages",
    "can_edit_tag",
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
    "can_manage_topics",
)


@dataclass(frozen=True, slots=True)
class User:
    """A person or a bot."""

    id: int
    first_name: str
    username: str | None = None
    language_code: str | None = None
    is_bot: bool = False

    def shown(self) -> Json:
        """As the Bot API's User."""
        shown: Json = {"id": self.id, "is_bot": self.is_bot, "first_name": self.first_name}
        if self.username:
            shown["username"] = self.username
        if self.language_code:
            shown["language_code"] = self.language_code
        return shown


@dataclass(slots=True)
class Chat:
    """A chat and all that ever stood in it.

    Attributes:
        id: Chat id.
        kind: Its type.
        title: Its title; a private chat's is the user's first name.
        username: Its public name without the @.
        linked: Id of the discussion group of a channel, or of the channel of a discussion group.
        standing: What the bot is there.
        rights: What the bot may do there, in the Bot API's names.
        people: What each user is there.
        messages: Everything by message id, what is deleted too.
        pinned: Ids of pinned messages, the newest last.
        moved_to: Id of the supergroup this group has become.
        restricts_saving: Whether nothing that stands there can be forwarded or copied.
    """

    id: int
    kind: ChatKind
    title: str
    username: str | None = None
    linked: int | None = None
    standing: Standing = Standing.ADMINISTRATOR
    rights: set[str] = field(default_factory=set)
    people: dict[int, Standing] = field(default_factory=dict)
    messages: dict[int, StoredPost] = field(default_factory=dict)
    pinned: list[int] = field(default_factory=list)
    moved_to: int | None = None
    restricts_saving: bool = False
    last_id: int = 0

    @classmethod
    def channel(cls, chat_id: int, title: str, username: str | None, linked: int | None, owner: User) -> Self:
        """Make a channel in which the bot is an administrator with all rights."""
        people = {owner.id: Standing.CREATOR}
        return cls(chat_id, ChatKind.CHANNEL, title, username, linked, rights=set(CHANNEL_RIGHTS), people=people)

    @classmethod
    def group(cls, chat_id: int, kind: ChatKind, title: str, username: str | None, owner: User) -> Self:
        """Make a group in which the bot is an administrator with all rights."""
        people = {owner.id: Standing.CREATOR}
        return cls(chat_id, kind, title, username, rights=set(SENDING_RIGHTS | GROUP_RIGHTS), people=people)

    @classmethod
    def private(cls, user: User, standing: Standing) -> Self:
        """Make the private chat of the bot with a user."""
        people = {user.id: Standing.MEMBER}
        return cls(user.id, ChatKind.PRIVATE, user.first_name, user.username, standing=standing, people=people)

    def demoted(self, rights: Collection[str]) -> tuple[Standing, set[str]]:
        """Say what the bot is and may without these rights; without any named, without all of an administrator's."""
        kept = self.rights - set(rights) if rights else self.rights & SENDING_RIGHTS
        if self.kind is ChatKind.CHANNEL:
            return Standing.ADMINISTRATOR, kept
        if not kept >= SENDING_RIGHTS:
            return Standing.RESTRICTED, kept
        return (Standing.ADMINISTRATOR if rights else Standing.MEMBER), kept

    def promoted(self) -> tuple[Standing, set[str]]:
        """Say what the bot is and may with all rights."""
        rights = CHANNEL_RIGHTS if self.kind is ChatKind.CHANNEL else SENDING_RIGHTS | GROUP_RIGHTS
        return Standing.ADMINISTRATOR, set(rights)

    def next_id(self) -> int:
        """Use up the next message id: they run on without a gap, and none is used twice."""
        self.last_id += 1
        return self.last_id

    def standing_post(self, message_id: object, missing: Known) -> StoredPost:
        """Find a message that is still there.

        Raises:
            RefusedError: There is none, in the words of `missing`.
        """
        post = self.messages.get(message_id) if isinstance(message_id, int) else None
        if post is None or post.deleted:
            raise RefusedError(missing)
        return post

    def require(self, right: str, refusal: Refusal | Known) -> None:
        """Refuse with these words unless the bot has the right. In a private chat it has them all.

        Raises:
            RefusedError: It has not.
        """
        if self.kind is not ChatKind.PRIVATE and right not in self.rights:
            raise RefusedError(refusal)

    def shown(self) -> Json:
        """As the Bot API's Chat."""
        name = "first_name" if self.kind is ChatKind.PRIVATE else "title"
        shown: Json = {"id": self.id, "type": self.kind.value, name: self.title}
        if self.username:
            shown["username"] = self.username
        return shown

    def shown_in_full(self) -> Json:
        """As the Bot API's ChatFullInfo, without the pinned message."""
        gifts = dict.fromkeys(
            ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"), False
        )
        shown = self.shown() | {"accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": gifts}
        if self.linked is not None:
            shown["linked_chat_id"] = self.linked
        return shown

    def bot_as_member(self, bot: User) -> Json:
        """As the Bot API's ChatMember of the bot."""
        return _member(bot, self.standing, self.rights)

    def as_member(self, user: User) -> Json:
        """As the Bot API's ChatMember of a person; who is not known to be there has left."""
        standing = self.people.get(user.id, Standing.LEFT)
        rights = CHANNEL_RIGHTS | GROUP_RIGHTS if standing is Standing.ADMINISTRATOR else frozenset[str]()
        return _member(user, standing, rights)


def _member(user: User, standing: Standing, rights: Iterable[str]) -> Json:
    shown: Json = {"status": standing.value, "user": user.shown()}
    match standing:
        case Standing.CREATOR:
            shown |= {"is_anonymous": False}
        case Standing.ADMINISTRATOR:
            shown |= dict.fromkeys(_ADMINISTRATOR, False) | {"can_manage_chat": True}
            shown |= {right: True for right in rights if right not in SENDING_RIGHTS}
        case Standing.RESTRICTED:
            shown |= dict.fromkeys(_RESTRICTED, True) | {"is_member": True, "until_date": 0}
            shown |= {right: right in rights for right in SENDING_RIGHTS | {"can_pin_messages"}}
        case Standing.KICKED:
            shown |= {"until_date": 0}
        case Standing.MEMBER | Standing.LEFT:
            pass
    return shown


class Chats:
    """All chats and users the bot can know.

    Args:
        bot: The bot itself.
    """

    def __init__(self, bot: User) -> None:
        self.bot = bot
        self.users: dict[int, User] = {bot.id: bot, TELEGRAM_ID: User(TELEGRAM_ID, "Telegram")}
        self._chats: dict[int, Chat] = {}

    def add(self, chat: Chat) -> Chat:
        """Let a chat exist; a link to another chat counts both ways.

        Raises:
            ValueError: The id is taken.
        """
        if chat.id in self._chats:
            raise ValueError(f"there is a chat {chat.id} already")
        self._chats[chat.id] = chat
        for other in self._chats.values():
            if other.id == chat.linked:
                other.linked = chat.id
            elif other.linked == chat.id:
                chat.linked = other.id
        return chat

    def remove(self, chat_id: int) -> None:
        """Let a chat be unknown from now on."""
        del self._chats[chat_id]

    def chat(self, chat_id: int) -> Chat:
        """Give a chat to a test.

        Raises:
            KeyError: The test never added it.
        """
        return self._chats[chat_id]

    def person(self, user_id: int) -> User:
        """Give a user to a test.

        Raises:
            KeyError: The test never added it.
        """
        return self.users[user_id]

    def find(self, name: object) -> Chat:
        """Find the chat of a request by id or @name.

        Raises:
            RefusedError: There is none.
        """
        if name is None or name == "":
            raise RefusedError(Known.CHAT_ID_EMPTY)
        if isinstance(name, str):
            wanted = name.removeprefix("@").lower() if name.startswith("@") else None
            found = [each for each in self._chats.values() if wanted and (each.username or "").lower() == wanted]
        else:
            found = [each for each in self._chats.values() if each.id == name]
        if not found:
            raise RefusedError(Known.CHAT_NOT_FOUND)
        return found[0]

    def readable(self, name: object) -> Chat:
        """Find a chat that the bot may look into: see `check_chat_access` in Client.cpp.

        Raises:
            RefusedError: There is none, or it may not.
        """
        chat = self.find(name)
        if chat.kind is ChatKind.PRIVATE:
            return chat
        # A public chat can be read from outside, unless the bot was thrown out.
        if chat.standing is Standing.KICKED or (chat.standing is Standing.LEFT and not chat.username):
            raise RefusedError(_OUT[chat.kind, chat.standing])
        return chat

    def editable(self, name: object) -> Chat:
        """Find a chat that the bot is in.

        Raises:
            RefusedError: There is none, or it is not.
        """
        chat = self.find(name)
        if chat.moved_to is not None:
            raise RefusedError(migrated(chat.moved_to))
        if (refusal := _OUT.get((chat.kind, chat.standing))) is not None:
            raise RefusedError(refusal)
        return chat

    def writable(self, name: object, right: str = "can_send_messages") -> Chat:
        """Find a chat that the bot may send to; `right` is what it needs in a group.

        Raises:
            RefusedError: There is none, or it may not.
        """
        chat = self.editable(name)
        if chat.kind is ChatKind.CHANNEL:
            chat.require("can_post_messages", Known.NEED_ADMINISTRATOR)
        elif right == "can_send_photos":
            chat.require(right, Known.NO_RIGHT_TO_SEND_PHOTOS)
        else:
            chat.require(right, Known.NO_RIGHT_TO_SEND_TEXT)
        return chat
