"""What is known of a feed's entries: found by set difference over all of them, packed small."""

from feeds.known import Known, Sorted, known_of, sort_out
from feeds.scan import Sighting


def sighted(*names: str, edited: str = "") -> tuple[Sighting, ...]:
    """Entries in the order of the document; those in `edited` say something else than before."""
    return tuple(
        Sighting(name.ljust(8).encode(), (b"new-word" if name in edited else b"old-word"), number, 0, 9)
        for number, name in enumerate(names)
    )


def known(*names: str) -> Known:
    """A feed that stood like this when it was last looked at."""
    return Known().with_body(sighted(*names))


def keys(*names: str) -> frozenset[bytes]:
    """The keys of these entries."""
    return frozenset(name.ljust(8).encode() for name in names)


def looked(before: Known, *names: str, edited: str = "") -> Sorted:
    """A look at the feed as it stands now."""
    return sort_out(before, sighted(*names, edited=edited))


def test_the_first_look_sees_only_unseen_entries() -> None:
    """And no gap: there is nothing that could be missing."""
    assert looked(Known(), "a", "b") == Sorted(keys("a", "b"), frozenset(), frozenset(), frozenset())


def test_an_unchanged_feed_has_nothing_that_matters() -> None:
    """Nothing is wanted of it."""
    assert not looked(known("a", "b", "c"), "a", "b", "c").wanted


def test_a_new_entry_is_found_wherever_it_stands() -> None:
    """A scheduled or back-dated post lands below known ones."""
    for names in (("x", "a", "b", "c"), ("a", "x", "b", "c"), ("a", "b", "x", "c")):
        found = looked(known("a", "b", "c", "d"), *names)
        assert found == Sorted(keys("x"), frozenset(), frozenset(), frozenset())


def test_an_edit_of_a_known_entry_is_found() -> None:
    """Its digest is another."""
    found = looked(known("a", "b"), "a", "b", edited="b")
    assert (found.unseen, found.changed) == (frozenset(), keys("b"))


def test_what_moves_up_as_newer_entries_are_removed_is_not_new() -> None:
    """The newest was removed: the eleventh is shown, and was never shown before."""
    assert looked(known("a", "b", "c"), "b", "c", "x").revealed == keys("x")
    assert looked(known("a", "b", "c"), "c", "x", "y").revealed == keys("x", "y")
    assert looked(known("a", "b", "c"), "a", "c", "x").revealed == keys("x")


def test_what_was_put_in_at_the_bottom_is_new() -> None:
    """A back-dated post that pushed the oldest out; more of its kind may stand on the next page."""
    found = looked(known("a", "b", "c"), "a", "b", "x")
    assert (found.unseen, found.revealed, found.bottom) == (keys("x"), frozenset(), keys("x"))


def test_a_removal_beside_a_new_entry_reveals_nothing() -> None:
    """One went, one came, the window shows the same ten."""
    found = looked(known("a", "b", "c"), "x", "b", "c")
    assert (found.unseen, found.revealed) == (keys("x"), frozenset())


def test_a_window_without_a_known_entry_has_a_gap() -> None:
    """More came than it shows."""
    assert looked(known("a", "b", "c"), "x", "y", "z").bottom == keys("x", "y", "z")


def test_a_sticky_entry_does_not_hide_a_gap() -> None:
    """It stays on top while everything below it is exchanged."""
    assert looked(known("s", "a", "b"), "s", "x", "y").bottom == keys("x", "y")


def test_an_entry_that_left_and_comes_back_is_known() -> None:
    """Its newer ones were removed, or the site was restored."""
    before = known("a", "b", "c").with_body(sighted("x", "a", "b"))
    assert not looked(before, "a", "b", "c").unseen


def test_entries_that_left_long_ago_are_forgotten() -> None:
    """What is kept follows the length of the feed, not its age."""
    now = known("0")
    for number in range(1, 500):
        now = now.with_body(sighted(*(str(number - place) for place in range(10) if number >= place)))
    assert len(now.digests()) == 10 + 32
    assert len(now.seen) + len(now.gone) == 10 * 28 + 32 * 16


def test_the_older_pages_are_remembered() -> None:
    """A walk that went down to the known has seen them."""
    after = known("a").with_body(sighted("z", "y"), {b"x       ": b"old-word"})
    assert not looked(after, "z", "y", "x", "a").unseen


def test_what_was_remembered_elsewhere_is_known_without_its_order() -> None:
    """After a restart nothing is called revealed on a guess."""
    restored = known_of(known("a", "b", "c").digests())
    assert restored.order() == ()
    assert not looked(restored, "a", "b", "c").wanted
    assert looked(restored, "b", "c", "x") == Sorted(keys("x"), frozenset(), frozenset(), bottom=keys("x"))


def test_the_same_bytes_are_recognised_by_their_mark() -> None:
    """Only those of the last body, and none of one that had no marks."""
    assert known("a", "b").familiar() == {0: (b"a       ", b"old-word", 9), 1: (b"b       ", b"old-word", 9)}
    assert Known().with_body((Sighting(b"a" * 8, b"d" * 8, 0, 0, 0),)).familiar() == {}
