"""The agenda: which feed falls due when."""

from feeds.agenda import Agenda
from feeds.watch import Watch, watch_of

BASE = 30.0


def feeds(*urls: str) -> list[Watch]:
    """Watches of these."""
    return [watch_of(url) for url in urls]


def of_hosts(count: int) -> list[Watch]:
    """As many feeds, each of a host of its own."""
    return feeds(*(f"https://site{number}.example/feed/" for number in range(count)))


def taken(agenda: Agenda, now: float) -> list[Watch]:
    """All that may be polled now."""
    found = []
    while (watch := agenda.take(now)) is not None:
        found.append(watch)
    return found


def test_feeds_fall_due_in_their_order() -> None:
    """Whatever the order in which they were put."""
    first, second, third = of_hosts(3)
    agenda = Agenda((first, second, third), BASE)
    for watch, due in ((third, 30.0), (first, 10.0), (second, 20.0)):
        agenda.put(watch, due)
    assert agenda.delay(0.0) == 10.0
    assert taken(agenda, 9.9) == []
    assert taken(agenda, 20.0) == [first, second]
    assert agenda.delay(20.0) == 10.0
    assert taken(agenda, 99.0) == [third]
    assert agenda.delay(99.0) is None


def test_a_feed_that_is_put_again_falls_due_once() -> None:
    """At the moment that was named last, earlier or later."""
    (watch,) = of_hosts(1)
    agenda = Agenda((watch,), BASE)
    agenda.put(watch, 10.0)
    agenda.put(watch, 5.0)
    agenda.put(watch, 20.0)
    assert agenda.delay(0.0) == 20.0
    assert taken(agenda, 100.0) == [watch]


def test_feeds_of_one_host_follow_one_another_a_second_apart() -> None:
    """Though all of them are due."""
    watches = feeds(*(f"https://alwasat.example.com/{name}/feed/" for name in "abcd"))
    agenda = Agenda(watches, BASE)
    for watch in watches:
        agenda.put(watch, 0.0)
    moments = {watch.url: now for now in (0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0) for watch in taken(agenda, now)}
    assert sorted(moments.values()) == [0.0, 1.0, 2.0, 3.0]


def test_a_port_is_a_host_of_its_own() -> None:
    """And http and https are two: another server may answer there."""
    watches = feeds("http://a.example/feed/", "https://a.example/feed/", "http://a.example:81/feed/")
    agenda = Agenda(watches, BASE)
    for watch in watches:
        agenda.put(watch, 0.0)
    assert len(taken(agenda, 0.0)) == 3


def test_many_feeds_of_one_host_all_get_their_turn_in_one_interval() -> None:
    """Three hundred of them are a tenth of a second apart."""
    watches = feeds(*(f"https://alwasat.example.com/{number}/feed/" for number in range(300)))
    agenda = Agenda(watches, BASE)
    for watch in watches:
        agenda.put(watch, 0.0)
    turns = [len(taken(agenda, tenth / 10)) for tenth in range(300)]
    assert max(turns) <= 2
    assert sum(turns) >= 299


def test_a_nudged_feed_does_not_wait_for_its_host() -> None:
    """Someone says that it has news."""
    watches = feeds("https://alwasat.example.com/feed/", "https://alwasat.example.com/breaking/feed/")
    agenda = Agenda(watches, BASE)
    agenda.put(watches[0], 0.0)
    assert taken(agenda, 0.0) == [watches[0]]
    watches[1].is_nudged = True
    agenda.put(watches[1], 0.1)
    assert taken(agenda, 0.1) == [watches[1]]


def test_a_host_that_wants_to_be_left_alone_is() -> None:
    """All its feeds wait, nudged ones too; other hosts do not."""
    watches = feeds("https://a.example/1/", "https://a.example/2/", "https://b.example/")
    agenda = Agenda(watches, BASE)
    watches[1].is_nudged = True
    agenda.hold(watches[0].host, 60.0)
    for watch in watches:
        agenda.put(watch, 0.0)
    assert taken(agenda, 59.0) == [watches[2]]
    assert set(taken(agenda, 60.0) + taken(agenda, 61.0)) == set(watches[:2])


def test_an_address_that_is_none_has_its_place_too() -> None:
    """The fetch says what is wrong with it."""
    watches = feeds("http://[::1", "", "feed")
    agenda = Agenda(watches, BASE)
    for watch in watches:
        agenda.put(watch, 0.0)
    assert {watch.url for watch in taken(agenda, 10.0) + taken(agenda, 11.0)} == {"http://[::1", "", "feed"}
