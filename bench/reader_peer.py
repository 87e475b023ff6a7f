"""lemon24/reader at the same work: run by `bench.beside_reader` with the interpreter that READER_PYTHON names.

It stands alone, as that interpreter has nothing of ours. See bench/README.md for how to make one.
"""

import sys
import time
from collections.abc import Sequence
from importlib import import_module
from tempfile import TemporaryDirectory


def unchanged(urls: Sequence[str]) -> None:
    """For each line of standard input, processor seconds of one poll of what has not changed; one worker, a database on disk: its defaults."""
    with TemporaryDirectory() as folder, import_module("reader").make_reader(f"{folder}/db", feed_root=None) as reader:
        for url in urls:
            reader.add_feed(url)
        for _ in range(2):  # The first brings the bodies, the second what has to be learnt.
            reader.update_feeds(scheduled=False)
        for _ in sys.stdin:
            start = time.process_time()
            reader.update_feeds(scheduled=False)
            spent = time.process_time() - start
            if sum(1 for feed in reader.get_feeds() if feed.last_exception is None) != len(urls):
                raise RuntimeError("reader could not read every feed")
            print(spent / len(urls), flush=True)


if __name__ == "__main__":
    unchanged(sys.argv[1:])
