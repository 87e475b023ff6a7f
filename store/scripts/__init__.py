"""The atomic steps, in Lua: each runs whole or not at all."""

from importlib.resources import files

SCRIPTS = (
    "admit",
    "begin",
    "close",
    "counts",
    "done",
    "lease",
    "move",
    "recent",
    "resolve",
    "revise",
    "rota",
    "rota_claim",
    "settle",
    "spent",
    "take",
    "trim",
    "uncertain",
    "verify",
    "waiting",
)
BEFORE = {
    "admit": ("change", "epoch"),
    "revise": ("change",),
    "take": ("change", "purse", "pace", "epoch", "next"),
    "settle": ("change", "purse", "pace", "epoch", "cool", "next"),
    "spent": ("purse",),
    "verify": ("epoch",),
}
"""What some scripts share, by script: set between the prelude and them."""


def script(name: str) -> str:
    """Source of one script with the prelude, and what else it needs, before it."""
    here = files(__name__)
    return "".join((here / f"{part}.lua").read_text("utf-8") for part in ("prelude", *BEFORE.get(name, ()), name))
