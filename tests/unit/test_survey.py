"""What a store says of itself, and what is doubted."""

from store.survey import NAMELESS, survey_from

TOLD = {
    "server": {"redis_version": "7.0.15", "run_id": "8205a07cd5f68e61b181e6a81923c56adaf6c010"},
    "replication": {"role": "master"},
    "persistence": {"aof_enabled": "1"},
    "memory": {"used_memory": "1000", "maxmemory": "0"},
}


def test_a_store_that_lasts_and_names_itself_is_not_doubted() -> None:
    """The usual one."""
    assert not list(survey_from(TOLD, 0.0).doubts())


def test_a_store_that_does_not_say_which_server_answers_is_doubted_and_may_be_used() -> None:
    """Some hosts put something of their own in the place of a server."""
    [doubt] = survey_from({**TOLD, "server": {"redis_version": "7.0.15"}}, 0.0).doubts()
    assert (doubt.is_fatal, doubt.said) == (False, NAMELESS)
