"""Questions to the desk, and buttons: one-time tokens, each bound to a right, a story and a version of what it stands under."""

import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass
from hashlib import blake2b
from secrets import token_urlsafe

from bot.commands.editors import Editor, Right
from bot.commands.outcome import Outcome
from bot.commands.replies import Replies
from bot.commands.voice import Row, Voice
from newsroom.daybook import Tokens
from newsroom.order import Order
from newsroom.ports import Leases

ASKING_SECONDS = 60.0
"""How long one worker may take to ask before another does."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One button: what it does, and to what."""

    kind: str
    """Whose it is: doubt, retraction, receipt …"""
    answer: str
    about: str
    """What the kind needs to know: a story, a delivery and its fence."""
    right: Right
    once: str
    """Of all buttons with this name one press counts: those of one version of one message."""
    label: str
    """Name of the words that stand on it."""
    owner: int = 0
    """Who may press with the right to publish alone: it is their own."""
    barred: int = 0
    """Who may not press, whatever their right: the second key is another's."""

    def may_press(self, editor: Editor) -> bool:
        """Whether this editor may."""
        is_own = editor.id == self.owner and editor.may(Right.PUBLISH)
        return editor.id != self.barred and (is_own or editor.may(self.right))


CarryOut = Callable[[Choice, Order, Editor], Awaitable[Outcome]]
"""Carries out what a button means. It may be called again after a crash, and then comes to the same."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question."""

    name: str
    """Asked once under this name."""
    words: str
    story: str
    choices: Sequence[Choice]


class Buttons:
    """Makes buttons and reads what they meant.

    Args:
        tokens: what they mean; never in the button itself.
        replies: the words on them.
    """

    def __init__(self, tokens: Tokens, replies: Replies) -> None:
        self._tokens = tokens
        self._replies = replies

    async def row(self, choices: Sequence[Choice]) -> Row:
        """Fresh buttons."""
        row = []
        for choice in choices:
            token = token_urlsafe(12)
            await self._tokens.give(token, json.dumps(asdict(choice)))
            row.append((self._replies(choice.label), token))
        return row

    async def choice_of(self, token: str) -> Choice | None:
        """None for a forged one, and for one of more than two days ago."""
        meaning = await self._tokens.read(token)
        if meaning is None:
            return None
        fields = json.loads(meaning)
        return Choice(**{**fields, "right": Right(fields["right"])})


class Asker:
    """Puts questions to the desk, each once.

    Args:
        voice: that asks.
        buttons: under the question.
        tokens: what was asked.
        leases: who asks, where several workers would.
        desk: chat id of the editors' group.
        worker: this one's name.
    """

    def __init__(
        self, voice: Voice, buttons: Buttons, tokens: Tokens, leases: Leases, *, desk: int, worker: str
    ) -> None:
        self._voice = voice
        self._buttons = buttons
        self._tokens = tokens
        self._leases = leases
        self._desk = desk
        self._worker = worker

    async def put(self, question: Question) -> None:
        """Ask, if it was not asked in the last two days.

        It counts as asked when it stands there: a worker that dies before leaves it to be asked again. Should it stand
        there twice, all its buttons are one question still.
        """
        name = f"question:{question.name}"
        if await self._tokens.claimed(name) or not await self._leases.hold(name, self._worker, ASKING_SECONDS):
            return
        row = await self._buttons.row(question.choices)
        if await self._voice.say(self._desk, question.words, rows=[row]):
            await self._tokens.claim(name, self._worker)


def digest(text: str) -> str:
    """Short and the same for the same words."""
    return blake2b(text.encode(), digest_size=8).hexdigest()
