"""A post: the final words, picture and link for one target. Rendered once; every retry sends the same."""

from dataclasses import dataclass, replace
from enum import StrEnum

from newsroom.entry import Picture
from newsroom.target import TargetId

CAPTION_LIMIT_UTF16 = 1024
TEXT_LIMIT_UTF16 = 4096
X_LIMIT_WEIGHTED = 280


class PostKind(StrEnum):
    """How a post looks; each kind can step down to the next when a platform refuses it."""

    PHOTO = "photo"
    CARD = "card"
    TEXT = "text"
    """Text with the article's own large preview where the network draws one."""
    PLAIN = "plain"
    """Text alone: no entities, no preview. The last step before the desk is asked."""


WORDS_ALONE = frozenset({PostKind.TEXT, PostKind.PLAIN})
"""They go out as they stand: nothing has to be fetched or uploaded for them."""


class SpanKind(StrEnum):
    """What a span of text is; the values are Telegram's MessageEntity types."""

    BOLD = "bold"
    ITALIC = "italic"
    UNDERLINE = "underline"
    STRIKETHROUGH = "strikethrough"
    SPOILER = "spoiler"
    BLOCKQUOTE = "blockquote"
    CODE = "code"
    TEXT_LINK = "text_link"


@dataclass(frozen=True, slots=True)
class Span:
    """A marked stretch of the text."""

    kind: SpanKind
    offset: int
    """UTF-16 code units from the start of the text (Bot API, MessageEntity)."""
    length: int
    """UTF-16 code units."""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Post:
    """What one target's followers will read."""

    target: TargetId
    kind: PostKind
    text: str
    spans: tuple[Span, ...] = ()
    link: str = ""
    pictures: tuple[Picture, ...] = ()
    """Candidates, best first; the first that proves fit is sent. Empty for a post without one."""
    alt: str = ""
    silent: bool = False
    length: int = 0
    """In the network's own measure: UTF-16 units on Telegram, weighted characters on X."""
    limit: int = 0
    kicker: str = ""
    headline: str = ""
    lead: str = ""
    """As cut to fit; empty when there was no room."""
    tags: tuple[str, ...] = ()
    thread: str = ""
    """The story under whose first post this one hangs; empty where it stands by itself."""
    reply_to: str = ""
    """Number of that post at its target, as it stands when this one is taken; empty while there is none."""
    newest: str = ""
    """Address of the newest post of the thread that this one began: a button under it."""

    def without_picture(self) -> "Post":
        """The same words as text; a caption always fits, as text may be longer."""
        return replace(self, kind=PostKind.TEXT, pictures=())

    def pictured_by(self, other: "Post") -> "Post":
        """These words under the other post's picture, or as they are where they are too long for a caption."""
        if len(self.text.encode("utf-16-le")) // 2 > CAPTION_LIMIT_UTF16:
            return self
        return replace(self, kind=PostKind.PHOTO, pictures=other.pictures, alt=other.alt)

    def in_form_of(self, kind: PostKind) -> "Post":
        """The same words in the form in which a post of this kind stands: a caption stays a caption, a text a text."""
        match kind:
            case PostKind.PHOTO | PostKind.CARD:
                # Photo or card is one form to the network; which of the two it is now, the new words' own kind says.
                return self if self.kind in {PostKind.PHOTO, PostKind.CARD} else replace(self, kind=kind)
            case PostKind.TEXT:
                return self.without_picture()
            case PostKind.PLAIN:
                return replace(self, kind=PostKind.PLAIN, spans=(), pictures=())

    def step_down(self) -> "Post | None":
        """The next plainer form of the same words, or None when this is the plainest."""
        match self.kind:
            case PostKind.PHOTO | PostKind.CARD:
                return self.without_picture()
            case PostKind.TEXT:
                return replace(self, kind=PostKind.PLAIN, spans=())
            case PostKind.PLAIN:
                return None
