"""What is known of a feed's entries, and what a look at it adds. Pure.

Kept packed, as a worker has thousands of feeds: 28 bytes for each entry that stands in the feed, 16 for each that stood
there before, against some 250 in a dict.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from struct import Struct

from feeds.scan import Familiar, Sighting

_SEEN = Struct("=q8s8sI")
_GONE = Struct("=8s8s")

_GONE_AT_LEAST = 32
"""Entries that left the feed are remembered at least so many: one comes back when an editor removes newer ones."""


@dataclass(frozen=True, slots=True)
class Known:
    """The entries that were seen in one feed."""

    seen: bytes = b""
    """Mark, key, digest and length of each entry of the last body, in the order of the document."""
    gone: bytes = b""
    """Key and digest of those that stood there before, the last to go first."""

    def digests(self) -> dict[bytes, bytes]:
        """Digest by key, of all."""
        known = dict(_GONE.iter_unpack(self.gone))
        known.update((key, digest) for _, key, digest, _ in _SEEN.iter_unpack(self.seen))
        return known

    def familiar(self) -> Familiar:
        """See `feeds.scan.scan`."""
        # A feed that had to be parsed to be read has no places in its bytes, and no marks.
        return {mark: (key, digest, length) for mark, key, digest, length in _SEEN.iter_unpack(self.seen) if length}

    def order(self) -> tuple[bytes, ...]:
        """Keys of the last body, in the order of the document; empty when this process has not met one yet."""
        return tuple(key for _, key, _, _ in _SEEN.iter_unpack(self.seen))

    def with_body(self, sightings: Sequence[Sighting], older: Mapping[bytes, bytes] | None = None) -> "Known":
        """After a body was taken in.

        Args:
            sightings: Of the body.
            older: Keys and digests met on the older pages of the feed.
        """
        here = {sighting.key for sighting in sightings}
        gone = {**(older or {}), **_left(self.seen), **dict(_GONE.iter_unpack(self.gone))}
        # A site that shows nothing for a moment must not make us forget what it showed before.
        most = max(2 * len(sightings), 2 * len(self.seen) // _SEEN.size, _GONE_AT_LEAST, len(older or {}))
        kept = [pair for pair in gone.items() if pair[0] not in here][:most]
        return Known(
            b"".join(
                _SEEN.pack(sighting.mark, sighting.key, sighting.digest, sighting.end - sighting.start)
                for sighting in sightings
            ),
            b"".join(_GONE.pack(key, digest) for key, digest in kept),
        )


def known_of(digests: Mapping[bytes, bytes]) -> Known:
    """As it was remembered; where the entries stood is not known then."""
    return Known(gone=b"".join(_GONE.pack(key, digest) for key, digest in digests.items()))


@dataclass(frozen=True, slots=True)
class Sorted:
    """What a look at a feed adds to what is known. Keys."""

    unseen: frozenset[bytes]
    changed: frozenset[bytes]
    """Known, and their words are others now."""
    revealed: frozenset[bytes]
    """Never seen, and yet not new: newer entries were removed, so that the window reaches further down."""
    bottom: frozenset[bytes]
    """Those of the unseen that stand at the end of the body, with nothing known below them: more of them may stand on
    the next page, or they may be older than all that is known. Only the next page can tell."""

    @property
    def wanted(self) -> frozenset[bytes]:
        """What must be parsed."""
        return self.unseen | self.changed | self.revealed


def sort_out(known: Known, sightings: Sequence[Sighting]) -> Sorted:
    """Compare a body with what is known. By set difference over all of it: an entry may appear anywhere in the order.

    A scheduled or back-dated post lands below known ones, a sticky one stays on top.
    """
    digests = known.digests()
    unseen = {sighting.key for sighting in sightings if sighting.key not in digests}
    changed = {sighting.key for sighting in sightings if digests.get(sighting.key, sighting.digest) != sighting.digest}
    bottom = _unseen_bottom(sightings, unseen) if digests else frozenset[bytes]()
    if _is_revealed(known.order(), sightings, bottom):
        return Sorted(frozenset(unseen - bottom), frozenset(changed), revealed=bottom, bottom=frozenset())
    return Sorted(frozenset(unseen), frozenset(changed), revealed=frozenset(), bottom=bottom)


def _unseen_bottom(sightings: Sequence[Sighting], unseen: set[bytes]) -> frozenset[bytes]:
    bottom: set[bytes] = set()
    for sighting in reversed(sightings):
        if sighting.key not in unseen:
            break
        bottom.add(sighting.key)
    return frozenset(bottom)


def _is_revealed(before: Sequence[bytes], sightings: Sequence[Sighting], bottom: frozenset[bytes]) -> bool:
    """Whether the unseen entries at the bottom only moved up.

    They did when at least as many others vanished and the entry that was the oldest still stands above them. Had they
    been put in by date, they would have pushed that one out.
    """
    if not before or not bottom:
        return False
    here = {sighting.key for sighting in sightings}
    vanished = sum(key not in here for key in before)
    return vanished >= len(bottom) and before[-1] in here


def _left(seen: bytes) -> dict[bytes, bytes]:
    return {key: digest for _, key, digest, _ in _SEEN.iter_unpack(seen)}
