"""The way out: the words, pictures and cards of a post, and the platforms that carry it.

A post's words are made once, in this order, and every step is pure:

    typography.neat     quotes, spaces, ellipses, digits      the wording is never changed
    hashtags            section and tags -> what X and Telegram link
    link.public         the address, encoded, freed of trackers, with our own utm
    layout              the editor's template -> marked text
    lines               blank lines closed, each line made to run from right to left
    fit                 what gives way when the network's limit is near
    spans.spans_of      marks -> the network's own offsets

Its picture is fetched, checked and converted by `picture.PictureDesk`; where none is fit, `card.CardMaker` draws the
headline.

What carries it: `dispatch` runs one lane a target from the outbox to the platform; `telegram_channel` and `x_account` send,
edit and remove, and their `*_receipts` say what each answer means; `departure` holds a request to its deadline up to the
last byte; `reconcile` has what the network left unknown looked for by the `*_readback` modules; `wall` stands in the
place of both networks in the demo.
"""
