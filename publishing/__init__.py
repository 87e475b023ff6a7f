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
"""
