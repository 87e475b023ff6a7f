"""An imagined outcome for people at a terminal. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.commands.replies import Replies

_WIDE = 72
NOTHING_TO_TELL = "new nothing_like_it"
_RULE = "─" * _WIDE


def as_text(line: Mapping[str, Any]) -> str:
    """One entry as `simulate` and `preview` show it: what was decided and why, then each post under its own rule.

    Nothing stands before a post's lines: a terminal that turns Arabic round would carry a frame to the other side.
    """
    words = Replies("en")
    related = f" of {line['of']}" if line["of"] else ""
    head = [
        _RULE,
        line["title"] or "(no title)",
        f"  {line['relation']}{related} · {line['verdict']}: {words.reason(line['reason'])}",
        *(
            f"  {stage['en']}"
            for stage in line["stages"]
            if stage["key"] != NOTHING_TO_TELL and stage["stage"] != "verdict"
        ),
        f"  section {line['section'] or '-'} · by {line['byline'] or '-'}",
        f"  {_short(line['link']) or 'no link'}",
    ]
    posts: Sequence[Mapping[str, Any]] = line["posts"]
    if not posts and line.get("if_pushed"):
        head.append("  it would not go out by itself; an editor's push would post:")
        posts = line["if_pushed"]
    elif not posts:
        head.append("  nothing goes out")
    return "\n".join([*head, *(_framed(post) for post in posts)])


def _framed(post: Mapping[str, Any]) -> str:
    title = f"┄┄ {post['target']} · {post['kind']} · {post['length']}/{post['limit']}" + (" · silent" * post["silent"])
    picture = [f"  picture: {_short(post['image'])}"] if post["image"] else []
    return "\n".join([f"{title} ".ljust(_WIDE, "┄"), post["text"], *picture])


def _short(address: str) -> str:
    """One line of it: a percent-encoded Arabic address takes six, and tells nobody anything; `--json` has it whole."""
    return address if len(address) <= _WIDE - 2 else f"{address[: _WIDE - 3]}…"
