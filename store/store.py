"""A store: all the memories of one newsroom, opened together."""

import asyncio
from dataclasses import dataclass

from newsroom.alert import Alert
from newsroom.batch import Batches
from newsroom.daybook import Brakes, FeedChanges, Journal, Notices, Roster, Tokens
from newsroom.ports import Addresses, Clock, FeedMemory, Leases, Ledger, Outbox, Sightings, Switch, Uploads
from newsroom.rota import Rota
from newsroom.subscription import Hooks, Subscriptions
from store.memory_channels import MemoryAddresses, MemorySightings
from store.memory_daybook import (
    MemoryBrakes,
    MemoryFeedChanges,
    MemoryJournal,
    MemoryNotices,
    MemoryRoster,
    MemoryTokens,
)
from store.memory_outbox import MemoryOutbox
from store.memory_push import MemoryHooks, MemorySubscriptions
from store.memory_rota import MemoryRota
from store.memory_store import MemoryLeases, MemoryUploads
from store.memory_switch import MemorySwitch
from store.redis_batches import RedisBatches
from store.redis_channels import RedisAddresses, RedisSightings
from store.redis_daybook import (
    RedisBrakes,
    RedisFeedChanges,
    RedisJournal,
    RedisNotices,
    RedisRoster,
    RedisTokens,
)
from store.redis_ledger import RedisLedger
from store.redis_memory import RedisFeedMemory, RedisLeases, RedisSwitch, RedisUploads
from store.redis_outbox import RedisOutbox
from store.redis_push import RedisHooks, RedisSubscriptions
from store.redis_rota import RedisRota
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
    sightings: Sightings
    addresses: Addresses
    journal: Journal
    notices: Notices
    tokens: Tokens
    roster: Roster
    brakes: Brakes
    feed_changes: FeedChanges
    leases: Leases
    batches: Batches
    rota: Rota
    hooks: Hooks
    subscriptions: Subscriptions
    tidings: "asyncio.Queue[Alert]"
    """What the desk must know of the store itself."""


def redis_store(server: Server, terms: Terms | None = None) -> Store:
    """All memories on one server."""
    outbox = RedisOutbox(server, terms)
    return Store(
        outbox=outbox,
        ledger=RedisLedger(server),
        switch=RedisSwitch(server),
        feeds=RedisFeedMemory(server),
        uploads=RedisUploads(server),
        sightings=RedisSightings(server),
        addresses=RedisAddresses(server),
        journal=RedisJournal(server),
        notices=RedisNotices(server),
        tokens=RedisTokens(server),
        roster=RedisRoster(server),
        brakes=RedisBrakes(server),
        feed_changes=RedisFeedChanges(server),
        leases=RedisLeases(server),
        batches=RedisBatches(server),
        rota=RedisRota(server),
        hooks=RedisHooks(server),
        subscriptions=RedisSubscriptions(server),
        tidings=outbox.epoch.tidings,
    )


def memory_store(clock: Clock, terms: Terms | None = None) -> Store:
    """All memories in this process: nothing is kept."""
    switch = MemorySwitch()
    outbox = MemoryOutbox(clock, switch, terms)
    return Store(
        outbox=outbox,
        ledger=outbox,
        switch=switch,
        feeds=outbox.feeds,
        uploads=MemoryUploads(),
        sightings=MemorySightings(clock),
        addresses=MemoryAddresses(outbox.forget_numbers),
        journal=MemoryJournal(),
        notices=MemoryNotices(),
        tokens=MemoryTokens(),
        roster=MemoryRoster(),
        brakes=MemoryBrakes(switch),
        feed_changes=MemoryFeedChanges(),
        leases=MemoryLeases(clock),
        batches=outbox.batches,
        rota=MemoryRota(clock),
        hooks=MemoryHooks(),
        subscriptions=MemorySubscriptions(),
        tidings=asyncio.Queue(),
    )
