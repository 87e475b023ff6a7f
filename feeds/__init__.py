"""IN: from the web to entries.

    agenda     which feed falls due when, and how far apart the feeds of one host are kept     pure
    fetch      address + validators     -> Fetched | Unchanged | FeedDown                       I/O, through the guard
    scan       bytes                    -> where each entry stands, its key and its digest      pure
    window     sightings + what is known -> unseen, changed, revealed, gap                       pure
    reading    one body against what is known -> the entries that matter; big ones in a cell     moves, decides nothing
    catchup    a gap                    -> the older pages of the feed, until the known begins   I/O
    parse      bytes                    -> tuple[Entry, ...]                                     pure
    rhythm     history + hints + now    -> seconds until the next poll                           pure
    intake     the loop over all feeds: fetch, read, hand the entries to the door, remember them

The gates stand in the order of their price: 304, same bytes, same entries, then feedparser on the unseen entries
alone, then feedparser on all of them. `guard` says what may be connected to, for feeds, pages and pictures alike.
"""
