"""Make the pictures of docs/editors.ar.md anew: `python -m tests.browser.desk_guide`.

An editor who knows nothing but /help publishes, corrects and has a story withdrawn, through the bot as the worker wires it
and the strict fakes of both networks. What is drawn are the fake's own messages, on the wall's colours.
"""

import asyncio
import html
import io
import re
import tempfile
from base64 import b64encode
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from bot.browser import found, running
from bot.commands.replies import Replies
from tests.browser.chromium import Tab, opened
from tests.support.desk_rig import CHIEF, DESK, EDITOR, HEADLINE, NAMES, TEXT, DeskRig, open_desk, open_world
from tests.support.telegram_posts import StoredPost

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs" / "desk"
WORDS = Replies("ar")
CHANNEL, NAME = -1001000000003, "alwasat_news"
NEW_HEADLINE = "انهيار جسر تاريخي وسط العاصمة بعد أمطار غزيرة"
UNDO = 121.0
WIDTH = 430

_STYLE = """
html { background: var(--sky-2); }
body { background: linear-gradient(160deg, var(--sky-1), var(--sky-2) 55%, var(--sky-3)) no-repeat; min-height: 0;
  width: 430px; zoom: 2; }
#chat { display: flex; flex-direction: column; padding: 16px; }
.said { margin-block: 8px; display: flex; flex-direction: column; max-width: 92%; }
.said.mine { align-self: flex-end; }
.bubble { background: var(--bubble); border-radius: 14px; padding: 8px 12px; box-shadow: var(--shadow);
  font-size: 15px; line-height: 1.6; white-space: pre-wrap; overflow-wrap: anywhere; }
.mine .bubble { background: #e5f6d8; }
.who { color: var(--telegram); font-weight: 700; font-size: 13px; }
.quote { border-inline-start: 3px solid var(--telegram); padding-inline-start: 8px; margin-block-end: 4px;
  color: var(--faint); font-size: 13px; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
.row { display: flex; gap: 4px; margin-block-start: 4px; }
.button { flex: 1; text-align: center; background: rgb(60 90 110 / 62%); color: #fff; border-radius: 10px; padding: 6px;
  font-size: 14px; font-weight: 700; }
.toast { margin: 10px auto; background: rgb(20 30 40 / 82%); color: #fff; border-radius: 10px; padding: 8px 14px;
  font-size: 14px; width: fit-content; max-width: 90%; }
"""


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture of a chat."""

    name: str
    posts: Sequence[StoredPost]
    html: str


def _font(name: str) -> str:
    return b64encode((ROOT / "templates" / "fonts" / name).read_bytes()).decode()


def page_of(rig: DeskRig, chat: int, last: int, toast: str = "") -> str:
    """The last messages of a chat as a page."""
    css = (ROOT / "templates" / "wall" / "wall.css").read_text("utf-8")
    for file, font in (("medium.ttf", "IBMPlexSansArabic-Medium.ttf"), ("bold.ttf", "IBMPlexSansArabic-Bold.ttf")):
        css = css.replace(f'url("{file}")', f'url("data:font/ttf;base64,{_font(font)}")')
    posts = [post for post in rig.telegram.posts(chat, everyone=True) if not post.deleted]
    texts = {post.message_id: post.text for post in posts}
    said = "".join(_said(post, texts) for post in posts[-last:])
    shown = f'<div class="toast">{html.escape(toast)}</div>' if toast else ""
    head = f'<meta charset="utf-8"><style>{css}{_STYLE}</style>'
    return f'<!doctype html><html lang="ar" dir="rtl"><head>{head}</head><body><div id="chat">{said}{shown}</div></body></html>'


def _said(post: StoredPost, texts: dict[int, str]) -> str:
    who = "عاجل" if post.from_bot else NAMES.get(post.by or 0, "")
    quoted = texts.get(post.reply_to or 0, "")
    quote = f'<div class="quote">{html.escape(quoted.splitlines()[0])}</div>' if quoted else ""
    buttons = "".join(f'<div class="button">{html.escape(one["text"])}</div>' for one in post.buttons)
    row = f'<div class="row">{buttons}</div>' if buttons else ""
    body = re.sub(r"(https?://\S+)", r'<span dir="ltr">\1</span>', html.escape(post.text))
    mine = "" if post.from_bot else " mine"
    bubble = f'<div class="bubble" dir="auto"><div class="who">{who}</div>{quote}{body}</div>'
    return f'<div class="said{mine}">{bubble}{row}</div>'


async def walked() -> AsyncIterator[Shot]:
    """The whole way, picture by picture; what does not happen as the guide says raises."""
    async with open_world() as world:
        world.telegram.add_channel(CHANNEL, "الوسط العربي", NAME)
        async with open_desk(world, given={"telegram_channels": (f"@{NAME}",)}) as rig:
            async for shot in _walked(rig):
                yield shot


async def _walked(rig: DeskRig) -> AsyncIterator[Shot]:
    rig.say(EDITOR, "/help")
    await rig.answered(EDITOR, WORDS("help_push"))
    yield Shot("help", rig.telegram.posts(EDITOR), page_of(rig, EDITOR, 2))
    rig.say(EDITOR, f"/push {TEXT}", DESK)
    await rig.until(lambda: rig.standing(CHANNEL) and rig.tweets())
    receipt = await rig.answered(EDITOR, "🕑", DESK)
    await rig.until(lambda: receipt.text.count("✅") == 2)
    yield Shot("push", rig.telegram.posts(DESK), page_of(rig, DESK, 2))
    rig.world.clock.leap(UNDO)
    await rig.until(lambda: len(receipt.buttons) == 2)
    await rig.pressed(EDITOR, receipt, WORDS("receipt_correct"))
    question = await rig.answered(EDITOR, WORDS("correct_ask", headline=HEADLINE), DESK)
    rig.say(EDITOR, NEW_HEADLINE, DESK, reply_to=question)
    await rig.until(lambda: NEW_HEADLINE in rig.standing(CHANNEL)[0].text and NEW_HEADLINE in receipt.text)
    await rig.answered(EDITOR, WORDS("corrected"), DESK)
    yield Shot("correct", rig.telegram.posts(DESK), page_of(rig, DESK, 4))
    refused = await rig.pressed(EDITOR, receipt, WORDS("receipt_retract"))
    yield Shot("not-allowed", rig.telegram.posts(DESK), page_of(rig, DESK, 1, toast=refused))
    await rig.pressed(CHIEF, receipt, WORDS("receipt_retract"))
    how = await rig.answered(CHIEF, "كيف يُسحب", DESK)
    yield Shot("retract", rig.telegram.posts(DESK), page_of(rig, DESK, 1))
    await rig.pressed(CHIEF, how, WORDS("retraction_mark"))
    await rig.until(lambda: rig.standing(CHANNEL)[0].text.startswith(WORDS("retraction_line")))
    await rig.until(lambda: not how.buttons)
    await rig.answered(CHIEF, WORDS("retraction_mark_done"), DESK)
    yield Shot("marked", rig.telegram.posts(DESK), page_of(rig, DESK, 2))
    yield Shot("channel", rig.standing(CHANNEL), page_of(rig, CHANNEL, 1))


async def _take(address: str) -> None:
    FOLDER.mkdir(exist_ok=True)
    async with opened(address) as tab:
        with tempfile.TemporaryDirectory(prefix="ajil-guide") as name:
            async for shot in walked():
                page = Path(name) / f"{shot.name}.html"
                await asyncio.to_thread(page.write_text, shot.html, "utf-8")
                await _save(tab, page.as_uri(), FOLDER / f"{shot.name}.png")


async def _save(tab: Tab, address: str, file: Path) -> None:
    await tab.size(2 * WIDTH, 800)
    await tab.goto(address)
    await tab.until("document.fonts.status === 'loaded'")
    height = int(await tab.ask("Math.ceil(document.getElementById('chat').getBoundingClientRect().bottom)"))
    await tab.size(2 * WIDTH, height)
    shot = Image.open(io.BytesIO(await tab.picture())).convert("RGB")
    shot.quantize(128).save(file, optimize=True)


def main() -> None:
    """Take the pictures."""
    binary = found()
    if binary is None:
        raise SystemExit("No Chromium on this machine: apt-get install chromium fonts-noto-core fonts-noto-color-emoji")
    with tempfile.TemporaryDirectory(prefix="ajil-guide") as profile, running(binary, Path(profile)) as address:
        asyncio.run(_take(address))


if __name__ == "__main__":
    main()
