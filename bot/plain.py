"""An imagined outcome for people at a terminal. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.commands.replies import Replies

_RULE = "─" * 72


def as_text(line: Mapping[str, Any]) -> str:
    """One entry as `simulate` and `preview` show it: what was decided and why, then each post in its frame."""
    words = Replies("en")
    related = f" of {line['of']}" if line["of"] else ""
    head = [
        _RULE,
        line["title"] or "(no title)",
        f"  {line['relation']}{related} · {line['verdict']}: {words.reason(line['reason'])}",
        f"  section {line['section'] or '-'} · by {line['byline'] or '-'} · {line['link'] or 'no link'}",
    ]
    posts: Sequence[Mapping[str, Any]] = line["posts"]
    if not posts and line.get("if_pushed"):
        head.append("  it would not go out by itself; an editor's push would post:")
        posts = line["if_pushed"]
    elif not posts:
        head.append("  nothing goes out")
    return "\n".join([*head, *(_framed(post) for post in posts)])


def _framed(post: Mapping[str, Any]) -> str:
    title = f"{post['target']} · {post['kind']} · {post['length']}/{post['limit']}" + (" · silent" * post["silent"])
    lines = [f"  ┌ {title}", *(f"  │ {line}" for line in str(post["text"]).split("\n"))]
    if post["image"]:
        lines.append(f"  │ [{post['image']}]")
    return "\n".join([*lines, "  └"])
