"""What waits for the desk: the questions, their buttons, and what became of them."""

from collections.abc import Mapping

from bot.commands.replies.twin import Texts, Twin
from newsroom.batch import Cause

WAITING: Texts = {
    "batch_flood": {
        "ar": "🌊 دفعة مريبة من {feed}: {count} دفعة واحدة. السبب: {why}.\nلم يُنشر منها شيء ولن يُعاد وصولها خبرًا جديدًا. أحدثها:\n{lines}\nماذا ننشر؟ إن لم يُختر شيء فلن يُنشر شيء.",
        "en": "🌊 A suspicious batch from {feed}: {count} at once. Reason: {why}.\nNothing of it was posted, and none will be met as new again. The newest:\n{lines}\nWhat is to be posted? Left alone, nothing is.",
    },
    "batch_backlog": {
        "ar": "🕘 أخبار فات وقتها أو تكدّست أثناء الانقطاع، وعددها {count}، فلم تُنشر من تلقاء نفسها. الأحدث أولًا:\n{lines}\nماذا ننشر؟ إن لم يُختر شيء فلن يُنشر شيء.",
        "en": "🕘 Stories that came late or piled up during an outage, {count} in all, were not posted by themselves. Newest first:\n{lines}\nWhat is to be posted? Left alone, nothing is.",
    },
    "batch_story": {
        "ar": "✋ خبر ينتظر قراركم ({why}):\n{lines}\nإن لم يُختر شيء فلن يُنشر.",
        "en": "✋ A story waits for you ({why}):\n{lines}\nLeft alone, it is not posted.",
    },
    "batch_lookalike": {
        "ar": "👯 نُشر ما يشبه خبرًا سابقًا:\n{lines}\nإن كان الخبر هو نفسه فاسحبوا الأحدث.",
        "en": "👯 What went out looks like an earlier story:\n{lines}\nShould it be the same, take the newer one back.",
    },
    "batch_one": {"ar": "«{headline}»\n{link}", "en": "{headline}\n{link}"},
    "batch_newest": {"ar": "أحدث 3", "en": "Newest 3"},
    "batch_all": {"ar": "الكل", "en": "All"},
    "batch_pick": {"ar": "نختار منها", "en": "Choose"},
    "batch_publish": {"ar": "انشره", "en": "Post it"},
    "batch_none": {"ar": "لا شيء", "en": "None"},
    "batch_seen": {"ar": "اطّلعنا", "en": "Seen"},
    "batch_seen_done": {"ar": "بقي الخبران", "en": "Both stay"},
    "batch_newest_done": {"ar": "الأحدث منها في الطريق", "en": "The newest are on their way"},
    "batch_all_done": {"ar": "كلها في الطريق", "en": "All are on their way"},
    "batch_pick_done": {"ar": "تجدون كل خبر منها في رسالة", "en": "Each of them follows in a message"},
    "batch_publish_done": {"ar": "في الطريق", "en": "On its way"},
    "batch_none_done": {"ar": "تُركت ولن تُنشر", "en": "Left alone; nothing is posted"},
    "thread_newest": {"ar": "آخر المستجدات", "en": "The latest"},
    "batch_waiting": {"ar": "✋ ينتظر قراركم ({cause}): {count}", "en": "✋ Waiting for the desk ({cause}): {count}"},
    "cause_flood": {"ar": "دفعة مريبة", "en": "a flood"},
    "cause_backlog": {"ar": "أخبار متأخرة", "en": "a backlog"},
    "cause_lookalike": {"ar": "خبر يشبه سابقًا", "en": "a lookalike"},
    "cause_story": {"ar": "خبر محجوز", "en": "a held story"},
    "flood_too_many": {"ar": "أكثر مما تكتبه غرفة أخبار في مرة واحدة", "en": "more than a newsroom writes at once"},
    "flood_too_great_a_share": {
        "ar": "معظم ما في الخلاصة جديد علينا دفعة واحدة، وتواريخه ليست جديدة",
        "en": "most of the feed is unseen at once, and its dates are not new",
    },
    "flood_old_dates": {"ar": "تواريخها قديمة", "en": "their dates are old"},
    "flood_new_scheme": {
        "ar": "معرّفاتها (guid) مكتوبة على غير ما عهدناه، كأن الموقع نُقل أو أُعيد ترقيمه",
        "en": "their guids are made otherwise than before, as if the site was moved or renumbered",
    },
}

CAUSES: Mapping[Cause, Twin] = {
    Cause.FLOOD: {"ar": "ينتظر قرار المحرّرين: دفعة مريبة", "en": "it waits for the desk: a flood"},
    Cause.BACKLOG: {"ar": "عُرض على المحرّرين مع ما تأخر", "en": "it was offered to the desk with what came late"},
    Cause.LOOKALIKE: {
        "ar": "قيل للمحرّرين إنه يشبه خبرًا سابقًا",
        "en": "the desk was told that it looks like an earlier one",
    },
    Cause.STORY: {"ar": "ينتظر قرار المحرّرين وحده", "en": "it waits for the desk by itself"},
}
"""Why a story waits, as its life tells it."""
