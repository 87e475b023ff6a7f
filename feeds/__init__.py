"""IN: from the web to entries.

    agenda     which feed falls due when, and how far apart the feeds of one host are kept         pure
    fetch      address + validators          -> Fetched | Unchanged | FeedDown                      I/O, guarded
    scan       bytes                         -> where each entry stands, its key, its digest        pure
    known      sightings + what is known     -> unseen, changed, revealed, gap                      pure
    parse      bytes                         -> tuple[Entry, ...]                                   pure
    reading    one body + what is known      -> the entries that matter; heavy ones go to a cell    calls the three
    catchup    a gap                         -> the older pages, until the known begins             I/O
    rest_posts the same, as WordPress lists its posts, where there are no older pages               pure
    poll       one feed                      -> its entries at the door, and only then remembered   I/O
    rhythm     history + hints + now         -> seconds until the next poll                         pure
    share      the rota                      -> which feeds this worker polls                       I/O
    intake     all feeds                     -> polls, each in its time                             the loop
    trial      an address                    -> what a feed there would be like; nothing is kept    I/O

The gates stand in the order of their price: 304, the same bytes, the same entries, then feedparser on the entries that
matter, then feedparser on all of them. `guard` says what may be connected to, for feeds, pages and pictures alike;
`validators` learns how each site wants to be asked; `hints` reads what its headers say of when; `fault` has the words
for what went wrong; `watch` is what is kept of one feed.
"""
