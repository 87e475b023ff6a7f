"""What a network said, in its own words, as a receipt holds it: stored, logged and shown to editors. Pure."""

LENGTH = 160
"""Characters that an editor reads."""


def quoted(words: str) -> str:
    """On one line, at a readable length. Half a surrogate pair, which JSON may hold and no store takes, becomes a `?`."""
    line = " ".join(words.encode("utf-8", "replace").decode().split())
    return line if len(line) <= LENGTH else f"{line[:LENGTH]}…"
