"""One desk in each language, over real servers of both networks."""

from collections.abc import AsyncIterator

import pytest

from bot.commands.replies import Language, Replies
from tests.support.desk_rig import DeskRig, World, open_desk, open_world


@pytest.fixture
async def world() -> AsyncIterator[World]:
    """Both networks and an empty store."""
    async with open_world() as there:
        yield there


@pytest.fixture(params=["ar", "en"])
def language(request: pytest.FixtureRequest) -> Language:
    """Of the desk."""
    chosen: Language = request.param
    return chosen


@pytest.fixture
def words(language: Language) -> Replies:
    """What the bot says, in that language."""
    return Replies(language)


@pytest.fixture
async def desk(world: World, language: Language) -> AsyncIterator[DeskRig]:
    """A worker that listens in that language."""
    async with open_desk(world, given={"language": language}) as rig:
        yield rig
