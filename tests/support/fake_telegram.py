"""A strict fake of the Telegram Bot API: a real HTTP server on 127.0.0.1 for one bot.

    async with FakeTelegram() as telegram:
        telegram.add_channel(-1001, "Alwasat")
        ...  # a client with the base address telegram.url
        [post] = telegram.posts(-1001)
        telegram.assert_clean()

It refuses what the real server refuses, in its words; on top it refuses, and records as a violation, what no client of
ours may ever do. Its strictness has three layers: the shape of each request (`telegram_shape`), the rules of content
(`telegram_text`, `telegram_keyboards`, `telegram_photos`) and the state of chats and messages (`telegram_sending`,
`telegram_editing`, `telegram_asking`). Faults of the network come from `faults`, refusals on demand from `refuse`.
"""

from collections.abc import AsyncIterator, Callable, Coroutine, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.support.faults import Faults
from tests.support.telegram_asking import Asking
from tests.support.telegram_board import SERVICE, Board, Press, ServerWatch, Watch
from tests.support.telegram_chats import Chat, ChatKind, Chats, Standing, User
from tests.support.telegram_editing import Editing
from tests.support.telegram_errors import Known, Refusal
from tests.support.telegram_flood import Floodgate, FloodLimits
from tests.support.telegram_photos import PhotoTable
from tests.support.telegram_posts import Content, StoredKind, StoredPost
from tests.support.telegram_sending import Reading, Sending, Strictness
from tests.support.telegram_server import BotApi, Violation
from tests.support.telegram_shape import SPEC_PATH, Call, Shape
from tests.support.telegram_text import Formatted, caption_of, text_of
from tests.support.telegram_updates import Changes, UpdateQueue

Json = dict[str, Any]

TOKEN = "123456:TEST-not-a-secret-token-of-any-bot"
OWNER = User(900_001, "Owner")
"""Who adds, promotes and kicks the bot, and writes what nobody in particular writes."""
ANONYMOUS = User(1_087_968_824, "Group", "GroupAnonymousBot", is_bot=True)
"""In whose name anonymous administrators write (core.telegram.org/bots/api, Message.from)."""


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody wrote.

    Attributes:
        post: The message.
        update_id: The update that tells the bot of it; None when it does not get to see it.
    """

    post: StoredPost
    update_id: int | None


class FakeTelegram:
    """The server, and all that a test may do behind its back.

    Args:
        token: The bot's token; its id is the number before the colon.
        username: The bot's name without the @.
        strictness: Rules of the house beyond Telegram's own.
        flood: Flood limits; none by default.
        watch: The server's time; its own by default.
        spec: The specification file of the second reading of shapes.
    """

    def __init__(
        self,
        token: str = TOKEN,
        *,
        username: str = "ajil_bot",
        strictness: Strictness | None = None,
        flood: FloodLimits | None = None,
        watch: Watch | None = None,
        spec: Path = SPEC_PATH,
    ) -> None:
        self.token = token
        self.bot = User(int(token.partition(":")[0]), "Ajil", username, is_bot=True)
        self.faults = Faults(Known.INTERNAL.value.body())
        self.strictness = strictness or Strictness()
        self._changes = Changes()
        self._updates = UpdateQueue(self._changes)
        self._chats = Chats(self.bot)
        self._photos = PhotoTable(token)
        self._watch = watch or ServerWatch()
        self._board = Board(self._chats, self._updates, self._changes, self._watch)
        self._shape = Shape(spec)
        self._asking = Asking(self._board, self._photos, self._updates)
        self._api = self._served(Floodgate(flood))
        for user in (OWNER, ANONYMOUS):
            self._chats.users[user.id] = user

    def _served(self, floodgate: Floodgate) -> BotApi:
        reading = Reading(self._photos, self.strictness)
        methods = {
            **Sending(self._board, reading, floodgate).methods(),
            **Editing(self._board, reading).methods(),
            **self._asking.methods(),
        }
        return BotApi(
            token=self.token,
            shape=self._shape,
            faults=self.faults,
            methods=methods,
            updates=self._updates,
            photos=self._photos,
            changes=self._changes,
            watch=self._watch,
        )

    # --- the server --------------------------------------------------------------------------------------

    async def __aenter__(self) -> Self:
        await self._api.open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._api.close()

    @asynccontextmanager
    async def outage(self) -> AsyncIterator[None]:
        """Be gone from the network: connections are cut, new ones refused. What was committed stays."""
        await self._api.close()
        try:
            yield
        finally:
            self.faults.start()
            self._updates.start()
            await self._api.open()

    @property
    def url(self) -> str:
        """The base address, to which a client adds /bot<token>/<method> and /file/bot<token>/<path>."""
        return self._api.url

    @property
    def layers(self) -> tuple[str, ...]:
        """Which readings of the shape of requests are on."""
        return self._shape.layers

    @property
    def calls(self) -> list[Call]:
        """Every request that arrived in full, oldest first."""
        return self._api.calls

    @property
    def violations(self) -> list[Violation]:
        """Everything that no client of ours may do; a test that does it on purpose clears the list."""
        return self._api.violations

    @property
    def commands(self) -> dict[str, list[Json]]:
        """The bot's command lists, by `telegram_asking.scope_of`."""
        return self._asking.commands

    @property
    def is_polled(self) -> bool:
        """Whether a getUpdates is waiting now."""
        return self._updates.is_polled

    def assert_clean(self) -> None:
        """Fail when there was a violation.

        Raises:
            AssertionError: It names each.
        """
        listed = "".join(f"\n  {each.method}: {each.rule}" for each in self.violations)
        if listed:
            raise AssertionError(f"the Bot API was used wrongly:{listed}")

    def wait_for(self, condition: Callable[[], object], timeout: float = 5.0) -> Coroutine[Any, Any, None]:
        """Wait until the condition holds; it is asked anew at each change.

        Raises:
            TimeoutError: It did not within `timeout` seconds; says what was called last.
        """
        return self._waited(condition, timeout)

    async def _waited(self, condition: Callable[[], object], seconds: float) -> None:
        try:
            await self._changes.until(condition, seconds)
        except TimeoutError:
            last = ", ".join(f"{call.method} {call.status}" for call in self.calls[-5:])
            raise TimeoutError(f"nothing of the kind within {seconds} s; the last calls: {last or 'none'}") from None

    def refuse(
        self,
        method: str,
        refusal: Refusal | Known,
        *,
        times: int = 1,
        skip: int = 0,
        when: Callable[[Call], bool] | None = None,
    ) -> None:
        """Refuse calls of a method ("*": of all) that would have been fine: `skip` pass, then `times` are refused.

        Args:
            method: Its official name.
            refusal: What is answered; nothing is committed.
            times: How many calls are refused.
            skip: How many calls pass before.
            when: Counts only calls for which it holds.
        """
        self._api.refuse(method, refusal.value if isinstance(refusal, Known) else refusal, times, skip, when)

    def forget_files(self) -> None:
        """Let every file id known so far be refused as unavailable."""
        self._photos.forget()

    # --- chats -------------------------------------------------------------------------------------------

    def add_channel(
        self, chat_id: int, title: str, username: str | None = None, linked_chat: int | None = None
    ) -> Chat:
        """Add a channel in which the bot is an administrator with all rights; `linked_chat` is its discussion group."""
        return self._chats.add(Chat.channel(chat_id, title, username, linked_chat, OWNER))

    def add_group(
        self,
        chat_id: int,
        title: str,
        members: Iterable[int] = (),
        *,
        administrator: bool = True,
        supergroup: bool = True,
        username: str | None = None,
    ) -> Chat:
        """Add a group; when the bot is no administrator, privacy mode hides from it what is not for it."""
        kind = ChatKind.SUPERGROUP if supergroup else ChatKind.GROUP
        chat = Chat.group(chat_id, kind, title, username, OWNER)
        chat.people |= dict.fromkeys(members, Standing.MEMBER)
        if not administrator:
            chat.standing, chat.rights = chat.demoted(())
        return self._chats.add(chat)

    def add_user(self, user_id: int, first_name: str, username: str | None = None, *, started: bool = True) -> User:
        """Add a person and the private chat with them; `started` when they have spoken to the bot before."""
        user = User(user_id, first_name, username, "ar")
        self._chats.users[user_id] = user
        self._chats.add(Chat.private(user, Standing.MEMBER if started else Standing.LEFT))
        return user

    def chat(self, chat_id: int) -> Chat:
        """Give a chat, to look into or to change behind the bot's back."""
        return self._chats.chat(chat_id)

    def posts(self, chat_id: int, *, everyone: bool = False) -> list[StoredPost]:
        """What the bot put into a chat (`everyone`: what anybody did), oldest first, deleted ones too."""
        messages = self._chats.chat(chat_id).messages.values()
        return [post for post in messages if post.from_bot or everyone]

    def migrate(self, chat_id: int, new_id: int) -> None:
        """Let a group become a supergroup under a new id."""
        old = self._chats.chat(chat_id)
        new = self.add_group(new_id, old.title, administrator=old.standing is Standing.ADMINISTRATOR)
        new.people |= old.people
        note = self._board.put(old, SERVICE, by=OWNER.id, service={"migrate_to_chat_id": new_id})
        old.moved_to = new_id
        self._board.tell(old, "message", note)

    def vanish(self, chat_id: int) -> None:
        """Let a chat be unknown."""
        self._chats.remove(chat_id)

    def note(self, chat_id: int) -> StoredPost:
        """Let Telegram put a note of its own into a chat, which uses up an id and cannot be forwarded."""
        return self._board.put(self._chats.chat(chat_id), SERVICE, by=OWNER.id, service={"group_chat_created": True})

    # --- the bot's standing ------------------------------------------------------------------------------

    def kick(self, chat_id: int) -> int | None:
        """Throw the bot out."""
        return self._stand(self._chats.chat(chat_id), Standing.KICKED, set())

    def leave(self, chat_id: int) -> int | None:
        """Take the bot out without banning it."""
        return self._stand(self._chats.chat(chat_id), Standing.LEFT, set())

    def demote(self, chat_id: int, *rights: str) -> int | None:
        """Take these rights from the bot; without any named, all of an administrator's."""
        chat = self._chats.chat(chat_id)
        return self._stand(chat, *chat.demoted(rights))

    def promote(self, chat_id: int) -> int | None:
        """Make the bot an administrator with all rights (again)."""
        chat = self._chats.chat(chat_id)
        return self._stand(chat, *chat.promoted())

    def block(self, user_id: int) -> int | None:
        """Let a person block the bot."""
        return self._stand(self._chats.chat(user_id), Standing.KICKED, set(), by=user_id)

    def _stand(self, chat: Chat, standing: Standing, rights: set[str], by: int = OWNER.id) -> int | None:
        """Change what the bot is in a chat, and tell it so; gives the update's id."""
        update = {
            "chat": chat.shown(),
            "from": self._chats.person(by).shown(),
            "date": self._board.unix(),
            "old_chat_member": chat.bot_as_member(self.bot),
        }
        chat.standing, chat.rights = standing, rights
        return self._updates.add("my_chat_member", update | {"new_chat_member": chat.bot_as_member(self.bot)})

    # --- people ------------------------------------------------------------------------------------------

    def say(
        self,
        user_id: int,
        text: str,
        chat_id: int | None = None,
        *,
        reply_to: StoredPost | None = None,
        anonymous: bool = False,
        forwarded: bool = False,
        edited: bool = False,
    ) -> Said:
        """Write something to the bot, or into a group or channel.

        Args:
            user_id: Who writes; joins the group if not in it.
            text: Words; commands, addresses and hashtags in them become entities.
            chat_id: Where; the private chat with the bot by default.
            reply_to: What it answers.
            anonymous: As an anonymous administrator.
            forwarded: As a forward of somebody else's words.
            edited: As an edit of older words.
        """
        content = Content(StoredKind.TEXT, text_of(text, ()))
        return self._said(user_id, content, chat_id, reply_to, anonymous=anonymous, forwarded=forwarded, edited=edited)

    def say_photo(
        self,
        user_id: int,
        photo: bytes,
        caption: str = "",
        chat_id: int | None = None,
        reply_to: StoredPost | None = None,
    ) -> Said:
        """Send a photo to the bot, or into a group or channel."""
        words = caption_of(caption, ()) if caption else Formatted("")
        return self._said(user_id, Content(StoredKind.PHOTO, words, self._photos.take_in(photo)), chat_id, reply_to)

    def _said(
        self,
        user_id: int,
        content: Content,
        chat_id: int | None,
        reply_to: StoredPost | None,
        *,
        anonymous: bool = False,
        forwarded: bool = False,
        edited: bool = False,
    ) -> Said:
        chat = self._chats.chat(user_id if chat_id is None else chat_id)
        chat.people.setdefault(self._chats.person(user_id).id, Standing.MEMBER)
        if chat.kind is ChatKind.PRIVATE:
            chat.standing = Standing.MEMBER
        post = self._board.put(chat, content, by=user_id, reply_to=reply_to.message_id if reply_to else None)
        if anonymous:
            post.by, post.sender_chat = ANONYMOUS.id, chat.id
        if forwarded:
            post.origin = {"type": "user", "date": post.date, "sender_user": OWNER.shown()}
        if edited:
            post.edited = post.date
        kind = "channel_post" if chat.kind is ChatKind.CHANNEL else "message"
        return Said(post, self._board.tell(chat, f"edited_{kind}" if edited else kind, post))

    def press(self, user_id: int, post: StoredPost, data: str) -> Press:
        """Press a button of a message.

        Raises:
            ValueError: There is no such button to press.
        """
        if post.deleted or data not in {button.get("callback_data") for button in post.buttons}:
            raise ValueError(f"no button {data!r} to press: {post.buttons}")
        press = Press(str(4_000_000_000_000 + len(self._board.presses)), user_id, data)
        self._board.presses[press.id] = press
        query = {
            "id": press.id,
            "from": self._chats.person(user_id).shown(),
            "message": self._board.shown(post),
            "chat_instance": str(post.chat_id),
            "data": data,
        }
        press.update_id = self._updates.add("callback_query", query)
        return press

    def redeliver(self, update_id: int) -> None:
        """Send an update once more, as the real server does when a confirmation was lost."""
        self._updates.redeliver(update_id)
