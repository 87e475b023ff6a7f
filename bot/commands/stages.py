"""A story's way, stage by stage, with each decision's reason in words: Arabic, and its English twin. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.commands.replies.tables import GROUNDS, REASONS, RELATIONS, THEN, VERDICTS
from bot.commands.replies.twin import Twin
from bot.commands.replies.waiting import CAUSES
from newsroom.batch import Batch
from newsroom.policy import Then
from newsroom.relation import Ground
from newsroom.target import TargetId
from newsroom.verdict import Why


@dataclass(frozen=True, slots=True)
class Stage:
    """One decision."""

    name: str
    """relation, verdict, policy or desk."""
    key: str
    """As logs and tests know it."""
    words: Twin


def stages_of(
    relation: tuple[str, str], verdict: tuple[str, str], policies: Mapping[TargetId, str], batch: Batch | None
) -> Iterator[Stage]:
    """What was decided, in the corridor's order.

    Args:
        relation: its class and its ground; two empty ones where an older version kept neither.
        verdict: its class and its reason.
        policies: what the house's rules said, by target: `wait night`.
        batch: with what it waits for the desk.
    """
    if all(relation):
        yield Stage("relation", " ".join(relation), _said(RELATIONS[relation[0]], GROUNDS[Ground(relation[1])]))
    yield Stage("verdict", " ".join(verdict), _said(VERDICTS[verdict[0]], REASONS[Why(verdict[1])]))
    for target, ruling in policies.items():
        then, _space, rule = ruling.partition(" ")
        words = THEN[Then(then)]
        said: Twin = {"ar": f"{words['ar']}، بقاعدة «{rule}»", "en": f"{words['en']}, by the rule {rule}"}
        yield Stage("policy", f"{target} {ruling}", {language: f"{target}: {text}" for language, text in said.items()})
    if batch is not None:
        yield Stage("desk", f"{batch.cause} {batch.why}", CAUSES[batch.cause])


def _said(what: Twin, why: Twin) -> Twin:
    return {"ar": f"{what['ar']}: {why['ar']}", "en": f"{what['en']}: {why['en']}"}
