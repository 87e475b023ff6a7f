"""A store: all the memories of one newsroom, opened together."""

from dataclasses import dataclass

from newsroom.ports import Clock, FeedMemory, Leases, Ledger, Outbox, Switch, Tokens, Updates, Uploads
from store.memory_outbox import MemoryOutbox, MemorySwitch
from store.memory_store import MemoryFeedMemory, MemoryLeases, MemoryTokens, MemoryUpdates, MemoryUploads
from store.redis_ledger import RedisLedger
from store.redis_memory import RedisFeedMemory, RedisLeases, RedisSwitch, RedisTokens, RedisUpdates, RedisUploads
from store.redis_outbox import RedisOutbox
from store.server import Server
from store.terms import Terms


@dataclass(frozen=True, slots=True)
class Store:
    """Each memory behind its port."""

    outbox: Outbox
    ledger: Ledger
    switch: Switch
    feeds: FeedMemory
    uploads: Uploads
    updates: Updates
    tokens: Tokens
    leases: Leases


def redis_store(server: Server, terms: Terms | None = None) -> Store:
    """All memories on one server."""
    return Store(
        outbox=RedisOutbox(server, terms),
        ledger=RedisLedger(server),
        switch=RedisSwitch(server),
        feeds=RedisFeedMemory(server),
        uploads=RedisUploads(server),
        updates=RedisUpdates(server),
        tokens=RedisTokens(server),
        leases=RedisLeases(server),
    )


def memory_store(clock: Clock, terms: Terms | None = None) -> Store:
    """All memories in this process: nothing is kept."""
    switch = MemorySwitch()
    outbox = MemoryOutbox(clock, switch, terms)
    return Store(
        outbox=outbox,
        ledger=outbox,
        switch=switch,
        feeds=MemoryFeedMemory(),
        uploads=MemoryUploads(),
        updates=MemoryUpdates(),
        tokens=MemoryTokens(),
        leases=MemoryLeases(clock),
    )
