"""What an editor gave to `/push`: an address or a text, made an entry."""

import re

from feeds.article import entry_of_page
from feeds.pasted import entry_of_text
from newsroom.entry import Entry
from newsroom.ports import Fetcher
from newsroom.site import Site

_ADDRESS = re.compile(r"https?://\S+")


async def pushed_entry(text: str, fetcher: Fetcher, site: Site) -> Entry:
    """The entry of a pushed address or text.

    Raises:
        FetchFailed: the page cannot be had.
        EntryRefused: there is no headline in it.
    """
    if _ADDRESS.fullmatch(text):
        url, body, content_type = await fetcher.page(text)
        return entry_of_page(body, url, content_type, site)
    return entry_of_text(text, site)
