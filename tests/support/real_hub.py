"""A hub that others wrote (Flask-WebSub), in a process of its own: `python -m tests.support.real_hub`.

Prints its port, serves until standard input closes. It hands its work to Celery; a thread for each task does here what
Celery does elsewhere. `hub.mode=publish` makes it fetch a topic and tell everybody.
"""

import sys
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask
from flask_websub.hub import Hub, SQLite3HubStorage
from werkzeug.serving import make_server


class Threads:
    """As much of Celery as the hub uses."""

    def task(self, *, bind: bool = False, **_: Any) -> Callable[[Callable[..., None]], Any]:
        """Make a function a task."""

        def made(function: Callable[..., None]) -> Any:
            return _Task(function, bind=bind)

        return made


class _Task:
    def __init__(self, function: Callable[..., None], *, bind: bool) -> None:
        self._function = function
        self._before = (self,) if bind else ()

    def delay(self, *arguments: Any) -> None:
        """Do it soon, elsewhere."""
        threading.Thread(target=self._function, args=(*self._before, *arguments), daemon=True).start()

    @staticmethod
    def retry(countdown: float) -> None:
        """Tests wait for no second try."""
        sys.stderr.write(f"a callback did not take it; again in {countdown:.0f} s\n")


def main() -> None:
    """Serve."""
    with tempfile.TemporaryDirectory(prefix="ajil-hub") as folder:
        app = Flask(__name__)
        app.config["PUBLISH_SUPPORTED"] = True
        hub = Hub(SQLite3HubStorage(str(Path(folder) / "hub.sqlite3")), Threads(), **app.config)
        app.register_blueprint(hub.build_blueprint(url_prefix="/hub"))
        server = make_server("127.0.0.1", 0, app, threaded=True)
        sys.stdout.write(f"{server.server_port}\n")
        sys.stdout.flush()
        threading.Thread(target=server.serve_forever, daemon=True).start()
        sys.stdin.read()
        server.shutdown()


if __name__ == "__main__":
    main()
