"""A proof: the posts of a source on the wall's page, as one file that needs no server, no network and no script.

The posts come from the renderer that sends, the pictures from the desk that has them ready for sending.
"""

import base64
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import datetime

from bot.commands.replies import Replies
from bot.simulate import Outcome
from bot.wall_page import FILES, page_template, read_file
from bot.web_view import PostView, view_of
from newsroom.delivery import Delivery, DeliveryId, Lane, State
from newsroom.ports import Pictures
from newsroom.post import Post, PostKind
from publishing.jpeg import smaller
from publishing.wall import Shown

PICTURE_PX = 960
"""Twice the width at which the page shows a picture; whole, a feed's pictures would make a file of 30 MB."""


async def proof_of(outcomes: Sequence[Outcome], pictures: Pictures, site_name: str, now: datetime) -> str:
    """The page, newest post first.

    Args:
        outcomes: what was imagined, in the order in which it was told.
        pictures: where a post's picture is had.
        site_name: what followers know the paper by.
        now: the time of entries without a date.
    """
    views = [view async for view in _views(outcomes, pictures, site_name, now)]
    return page_template().render(
        posts=views[::-1],
        newest=0,
        most=0,
        site_name=site_name,
        demo=False,
        version="",
        proof_style=_style(),
    )


async def _views(
    outcomes: Sequence[Outcome], pictures: Pictures, site_name: str, now: datetime
) -> AsyncIterator[PostView]:
    replies = Replies("ar")
    for number, outcome in enumerate(outcomes):
        verdict = replies.reason(outcome.considered.verdict.why)
        note = "" if outcome.posts else f"لا يُنشر وحده ({verdict})؛ هكذا يبدو إن دفعه محرر"
        moment = (outcome.entry.published or now).timestamp()
        for post in reversed(outcome.posts or outcome.if_pushed):
            jpeg = await pictures.jpeg_of(post)
            shown = _inside(smaller(jpeg, PICTURE_PX).content, "image/jpeg") if jpeg else ""
            sent = Delivery(
                DeliveryId(f"{number}>{post.target}"),
                outcome.considered.story.id,
                post if jpeg else _bare(post),
                Lane.BREAKING,
                moment,
                moment,
                moment,
                State.SENT,
                settled=moment,
            )
            yield replace(view_of(Shown(number, sent), site_name), picture=shown, note=note)


def _bare(post: Post) -> Post:
    """A post whose picture cannot be had goes out as its text."""
    return post.without_picture() if post.kind in {PostKind.PHOTO, PostKind.CARD} else post


def _style() -> str:
    """The wall's own style with its letters inside. It is ours to the letter, so nothing in it needs escaping."""
    style = read_file("wall.css").decode("utf-8")
    for name in ("medium.ttf", "bold.ttf"):
        style = style.replace(f'url("{name}")', f'url("{_inside(read_file(name), FILES[name][1])}")')
    return style


def _inside(content: bytes, kind: str) -> str:
    return f"data:{kind};base64,{base64.b64encode(content).decode('ascii')}"
