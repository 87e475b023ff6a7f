"""The atomic steps, in Lua: each runs whole or not at all."""

from importlib.resources import files

SCRIPTS = ("admit", "lease", "recent", "resolve", "revise", "settle", "spent", "take", "uncertain")
BEFORE = {
    "admit": ("change",),
    "revise": ("change",),
    "take": ("change", "purse", "pace"),
    "settle": ("purse", "cool"),
    "spent": ("purse",),
}
"""What some scripts share, by script: set between the prelude and them."""


def script(name: str) -> str:
    """Source of one script with the prelude, and what else it needs, before it."""
    here = files(__name__)
    return "".join((here / f"{part}.lua").read_text("utf-8") for part in ("prelude", *BEFORE.get(name, ()), name))
