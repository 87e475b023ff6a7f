"""The ground of the house: what a story is, and what is decided about it. No I/O, no clock of its own.

An item walks one way, and has a type of its own at every stage:

    feeds.fetch      url + validators       -> Fetched | Unchanged | FeedDown           I/O
    feeds.parse      bytes                  -> tuple[Entry, ...]   the unseen ones      pure
    sift             Entries, Shown         -> those that wait for the desk | those that go on   pure
    story_of         Entry, Site            -> Story                                    pure
    relate           Story, Window          -> New | Duplicate | Update | Lookalike     pure
    judge            Story, Rules, now      -> Breaking | Ordinary | Held | Ignored     pure
    ruling_of        Story, policies, Target-> Ruling: post, wait, hold, skip, and which rule   pure
    Renderer.render  Story, Kicker, Target  -> Post    once; every retry sends the same pure (templates)
    revisions_of     Story, Story           -> Revisions           of an edited article pure (templates)
    Outbox.admit     Story, Posts           -> Admitted | AlreadyKnown | Moved          ONE atomic step
    Dispatcher       Delivery               -> Platform.send(post) -> Receipt           I/O, one lane per target
    next_step        Delivery, Receipt, now -> Delivery'   -> Outbox.settle             pure, then ONE atomic step

Two doors lead in, `Desk.take_in` (a feed's entries) and `Desk.push` (an editor's hand); both walk this
same corridor, so there is no second way to publish. `story_of`, `relate`, `judge`, `render` and
`next_step` decide and touch nothing; what moves things decides nothing.
"""
