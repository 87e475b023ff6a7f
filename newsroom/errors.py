"""Every error the newsroom raises on purpose.

    NewsroomError
    ├── EntryRefused        what was given cannot become a story (no headline, not a page, not text)
    ├── FetchFailed         a page or picture could not be had; says why in one sentence
    ├── PictureRefused      what was fetched is no picture that may be posted
    ├── TemplateBroken      a template cannot be read or leaves out what it must say; names file and line
    ├── StoreUnavailable    the store does not answer or cannot be written: nothing may be sent
    └── LeaseLost           somebody else holds the delivery now: the result of this attempt is not ours to write

What a platform answers is never an exception here: it is a `newsroom.receipt.Receipt`.
"""


class NewsroomError(Exception):
    """Base of all; its text is one sentence that a reader of the log can act on."""


class EntryRefused(NewsroomError):
    """What was given cannot become a story."""


class FetchFailed(NewsroomError):
    """A page or a picture could not be had."""


class PictureRefused(NewsroomError):
    """What was fetched is no picture that may be posted."""


class TemplateBroken(NewsroomError):
    """A template cannot be read, or leaves out what it must say."""


class StoreUnavailable(NewsroomError):
    """The store does not answer or cannot be written; nothing may be sent until it can."""


class LeaseLost(NewsroomError):
    """Another worker holds the delivery now; this attempt's result must not be written."""
