"""The ledger held against what stands."""

from dataclasses import replace

from newsroom.delivery import Delivery, DeliveryId, Lane, State
from newsroom.errand import Errand
from publishing.reckoning import reckon, standing_posts
from tests.support.newsroom import a_post, a_story


def a_sent(number: int, words: str = "", *, message: str = "") -> Delivery:
    """A post of story `number` that was sent under a number."""
    story = a_story(number, words)
    return Delivery(
        id=DeliveryId(f"{story.id}>telegram:@wasat"),
        story=story.id,
        post=a_post(story),
        lane=Lane.BREAKING,
        admitted=1.0,
        due=1.0,
        expires=2.0,
        state=State.SENT,
        message_ids=(message or str(100 + number),),
    )


def test_posts_that_stand_in_their_words_are_counted_and_clean() -> None:
    """A network's own folding of spaces and links is no change."""
    posts = [a_sent(1), a_sent(2)]
    seen = {post.message_ids[0]: f"{post.post.text}  https://t.co/x" for post in posts}
    reckoning = reckon(posts, seen)
    assert (reckoning.standing, reckoning.is_clean) == (2, True)


def test_a_post_that_is_not_there_is_missing() -> None:
    """Deleted by hand, or never carried out."""
    posts = [a_sent(1), a_sent(2)]
    reckoning = reckon(posts, {"101": posts[0].post.text})
    assert reckoning.missing == (posts[1],)
    assert not reckoning.is_clean


def test_the_same_words_under_another_number_are_a_double() -> None:
    """However far from the first."""
    post = a_sent(1)
    reckoning = reckon([post], {"101": post.post.text, "107": post.post.text})
    assert reckoning.doubled == ((post, "107"),)
    assert not reckoning.is_clean


def test_words_that_were_changed_by_hand_are_told_and_are_no_fault() -> None:
    """An editor may."""
    post = a_sent(1)
    reckoning = reckon([post], {"101": "نص آخر كتبه محرر بيده"})
    assert (reckoning.changed, reckoning.is_clean) == ((post,), True)


def test_the_newest_words_of_a_post_are_what_should_stand() -> None:
    """An edit counts in its post's place, a picture that came later changes no words, a deletion takes it out."""
    first, second, third = a_sent(1), a_sent(2), a_sent(3)
    edit = replace(a_sent(1, "عنوان جديد"), id=DeliveryId(f"{first.id}#1"), of=first.id, errand=Errand.EDIT)
    picture = replace(second, id=DeliveryId(f"{second.id}#1"), of=second.id, errand=Errand.PICTURE)
    deletion = replace(third, id=DeliveryId(f"{third.id}#1"), of=third.id, errand=Errand.DELETE)
    assert standing_posts([deletion, picture, edit, third, second, first]) == (edit, second)
