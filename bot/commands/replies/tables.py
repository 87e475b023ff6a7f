"""Words for what the newsroom knows by a name of its own: states, errands, verdicts and their reasons."""

from collections.abc import Mapping

from bot.commands.replies.twin import Twin
from newsroom.delivery import State
from newsroom.errand import Errand
from newsroom.policy import Then
from newsroom.relation import Ground
from newsroom.verdict import Why

STATES: Mapping[State, Twin] = {
    State.PLANNED: {"ar": "⏳ ينتظر دوره", "en": "⏳ waiting"},
    State.SENDING: {"ar": "⏳ يُرسل الآن", "en": "⏳ being sent"},
    State.SENT: {"ar": "✅ نُشر", "en": "✅ posted"},
    State.REFUSED: {"ar": "❌ رُفض", "en": "❌ refused"},
    State.EXPIRED: {"ar": "⌛ فات وقته", "en": "⌛ too late"},
    State.REMOVED: {"ar": "🗑 حُذف", "en": "🗑 deleted"},
    State.UNCERTAIN: {"ar": "❓ غير مؤكد: راجع القناة بنفسك", "en": "❓ uncertain: look at the channel yourself"},
}

ERRANDS: Mapping[Errand, Twin] = {
    Errand.POST: {"ar": "إعادة نشر", "en": "posted anew"},
    Errand.EDIT: {"ar": "تعديل", "en": "edit"},
    Errand.REPOST: {"ar": "حذف ثم إعادة نشر", "en": "delete and post anew"},
    Errand.DELETE: {"ar": "حذف", "en": "deletion"},
    Errand.PICTURE: {"ar": "إلحاق الصورة", "en": "picture added"},
    Errand.THREAD: {"ar": "زر آخر المستجدات", "en": "button to the latest"},
}
"""What a change of a post is called; `DONE` stands in the place of its state once it was made."""

DONE: Twin = {"ar": "✅ تم", "en": "✅ done"}

VERDICTS: Mapping[str, Twin] = {
    "breaking": {"ar": "عاجل", "en": "breaking"},
    "ordinary": {"ar": "عادي", "en": "ordinary"},
    "held": {"ar": "ينتظر محرّرًا", "en": "held for an editor"},
    "ignored": {"ar": "متروك", "en": "ignored"},
}

REASONS: Mapping[Why, Twin] = {
    Why.SITE_CATEGORY: {"ar": "صنّفه الموقع عاجلًا", "en": "the site filed it as breaking"},
    Why.TITLE_MARKER: {"ar": "في عنوانه علامة عاجل", "en": "its title carries the breaking marker"},
    Why.EDITOR: {"ar": "بأمر محرّر", "en": "an editor said so"},
    Why.NO_SIGNAL: {"ar": "لا علامة على أنه عاجل", "en": "nothing says it is breaking"},
    Why.URGENCY_EXPIRED: {"ar": "مضى وقت العاجل", "en": "its urgency has passed"},
    Why.SUFFIX_ONLY: {"ar": "العلامة في آخر العنوان فقط", "en": "the marker stands only at the title's end"},
    Why.TOO_OLD: {"ar": "قديم", "en": "it is old"},
    Why.FIRST_SIGHT: {"ar": "كان في الخلاصة قبل أن نبدأ", "en": "it stood in the feed before we began"},
    Why.EMPTY_HEADLINE: {"ar": "لا عنوان له غير العلامة", "en": "its title is nothing but a marker"},
    Why.AHEAD_OF_TIME: {"ar": "تاريخه في المستقبل", "en": "its date lies in the future"},
    Why.FLOOD: {"ar": "وصل ضمن دفعة كبيرة مريبة", "en": "it came in a suspicious flood"},
    Why.BACKLOG: {"ar": "وصل متأخرًا أو مع كثير غيره", "en": "it came late, or with many others"},
    Why.POLICY: {"ar": "تحجزه قاعدة من قواعد الدار", "en": "a rule of the house holds it"},
}

RELATIONS: Mapping[str, Twin] = {
    "new": {"ar": "خبر جديد", "en": "a new story"},
    "duplicate": {"ar": "مكرّر", "en": "a duplicate"},
    "update": {"ar": "تحديث", "en": "an update"},
    "lookalike": {"ar": "يشبه خبرًا سابقًا", "en": "like an earlier story"},
}

GROUNDS: Mapping[Ground, Twin] = {
    Ground.NOTHING_LIKE_IT: {"ar": "لا شيء يشبهه", "en": "nothing is like it"},
    Ground.ARTICLE_OF_FLASH: {
        "ar": "مقال العاجل الذي سبقه به محرّر",
        "en": "the article of an editor's flash",
    },
    Ground.NOTHING_CHANGED: {
        "ar": "المقال نفسه دون تغيير يراه قارئ",
        "en": "the same article; no reader sees a change",
    },
    Ground.HEADLINE_CHANGED: {"ar": "المقال نفسه وقد تغيّر عنوانه", "en": "the same article, its headline changed"},
    Ground.KIND_CHANGED: {"ar": "المقال نفسه وقد تغيّر وسمه", "en": "the same article, its label changed"},
    Ground.LEAD_CHANGED: {"ar": "المقال نفسه وقد تغيّرت مقدمته", "en": "the same article, its lead changed"},
    Ground.PICTURE_CHANGED: {"ar": "المقال نفسه وقد تغيّرت صورته", "en": "the same article, its picture changed"},
    Ground.SAME_TITLE: {"ar": "العنوان نفسه", "en": "the same headline"},
    Ground.SAME_TEXT: {"ar": "النص نفسه", "en": "the same text"},
    Ground.CLOSE_TITLE_AND_TEXT: {
        "ar": "عنوان قريب ونص مشترك ولا شيء يناقضه",
        "en": "a close headline, shared text, and nothing that contradicts",
    },
    Ground.SAID_TO_BE_AN_UPDATE: {"ar": "عنوانه نفسه يقول إنه تحديث أو تصحيح", "en": "it calls itself an update"},
    Ground.OTHER_COUNT: {"ar": "الحدث نفسه بحصيلة أخرى", "en": "the same event with another count"},
    Ground.OLDER_COUNT: {"ar": "حصيلة أخرى، لكنه أقدم مما عندنا", "en": "another count, but older than ours"},
    Ground.SAME_TITLE_OTHER_TEXT: {"ar": "العنوان نفسه فوق نص آخر", "en": "the same headline over another text"},
    Ground.SAME_TITLE_OTHER_DAY: {"ar": "العنوان نفسه في يوم آخر", "en": "the same headline of another day"},
    Ground.SAME_SHORT_TITLE: {
        "ar": "العنوان نفسه، وهو أقصر من أن يكفي دليلًا",
        "en": "the same headline, too short to prove",
    },
    Ground.CLOSE_TITLE: {"ar": "عنوان قريب دون دليل من النص", "en": "a close headline without evidence of the text"},
    Ground.SHARED_TEXT: {"ar": "نص مشترك تحت عنوان بعيد", "en": "shared text under a distant headline"},
    Ground.CONTRADICTS: {"ar": "قريب منه لكنه يقول غير ما يقول", "en": "close, but it says otherwise"},
}

THEN: Mapping[Then, Twin] = {
    Then.POST: {"ar": "يُنشر", "en": "post"},
    Then.SILENT: {"ar": "يُنشر بلا صوت", "en": "post without a sound"},
    Then.WAIT: {"ar": "ينتظر انتهاء الساعات", "en": "wait until the hours are over"},
    Then.HOLD: {"ar": "يُحجز للمحرّرين", "en": "hold for the desk"},
    Then.SKIP: {"ar": "لا يُنشر هناك", "en": "not there"},
}

PARTS: Mapping[str, Twin] = {
    "reconcile": {"ar": "البحث عمّا لم يتأكد نشره", "en": "looking for posts whose outcome is unknown"},
    "feed alerts": {"ar": "التنبيهات عن الخلاصات", "en": "the alerts about feeds"},
    "lookout": {"ar": "التنبيهات", "en": "the alerts"},
    "vigil": {"ar": "مراقبة المقالات التي يسحبها الموقع", "en": "watching for articles that the site takes back"},
    "held": {"ar": "السؤال عمّا ينتظر قرارًا", "en": "asking about what waits for an answer"},
    "daily report": {"ar": "التقرير اليومي", "en": "the daily report"},
    "hubs": {"ar": "الاشتراك لدى خوادم الإشعار (hubs)", "en": "subscribing at hubs"},
    "purse": {"ar": "متابعة ميزانية X", "en": "watching the budget of X"},
}
"""Parts of the program that go on after a fault of ours, by the names under which the worker knows them."""

DEEDS: Mapping[str, Twin] = {
    "push": {"ar": "نشر", "en": "pushed"},
    "flash": {"ar": "نشر عاجلًا نصيًا", "en": "sent a flash"},
    "schedule": {"ar": "حدد وقت النشر", "en": "scheduled"},
    "push known": {"ar": "طلب نشر خبر معروف", "en": "pushed a known story"},
    "undo": {"ar": "تراجع عن النشر", "en": "undid"},
    "correct": {"ar": "صحّح العنوان", "en": "corrected"},
    "mark": {"ar": "علّم أنه سُحب", "en": "marked as withdrawn"},
    "delete": {"ar": "حذف", "en": "deleted"},
    "delete asked": {"ar": "طلب الحذف", "en": "asked to delete"},
    "retraction delete": {"ar": "حذف ما سحبه الموقع", "en": "deleted what the site took back"},
    "keep": {"ar": "أبقى المنشورات", "en": "kept the posts"},
    "pause": {"ar": "أوقف النشر", "en": "paused"},
    "resume": {"ar": "استأنف النشر", "en": "resumed"},
    "hold": {"ar": "أمر بالانتظار", "en": "held"},
    "release": {"ar": "أنهى الانتظار", "en": "released"},
    "roles add": {"ar": "أضاف دورًا", "en": "gave a role"},
    "roles remove": {"ar": "نزع دورًا", "en": "took a role"},
    "feeds add": {"ar": "أضاف خلاصة", "en": "added a feed"},
    "feeds remove": {"ar": "حذف خلاصة", "en": "removed a feed"},
    "doubt there": {"ar": "أكد أنه نُشر", "en": "said that it was posted"},
    "doubt again": {"ar": "أمر بإعادة الإرسال", "en": "had it sent again"},
    "doubt drop": {"ar": "ترك الخبر", "en": "dropped it"},
    "candidate now": {"ar": "أمر بالنشر الآن", "en": "had it go out now"},
    "candidate cancel": {"ar": "ألغى النشر", "en": "cancelled it"},
    "candidate silent": {"ar": "جعله صامتًا", "en": "made it silent"},
    "candidate telegram": {"ar": "قصره على تيليجرام", "en": "kept it to Telegram"},
    "candidate delay": {"ar": "أخّره", "en": "delayed it"},
    "candidate picture": {"ar": "غيّر الصورة", "en": "changed the picture"},
    "batch newest": {"ar": "أمر بنشر أحدثها", "en": "had the newest go out"},
    "batch all": {"ar": "أمر بنشرها كلها", "en": "had all go out"},
    "batch none": {"ar": "تركها كلها", "en": "left them all"},
    "batch pick": {"ar": "طلبها خبرًا خبرًا", "en": "asked for them one by one"},
    "batch publish": {"ar": "أمر بنشر المنتظر", "en": "had what waited go out"},
    "batch seen": {"ar": "اطّلع على المتشابهين", "en": "saw the lookalikes"},
    "pick publish": {"ar": "اختار خبرًا للنشر", "en": "chose one to go out"},
    "pick none": {"ar": "ترك خبرًا", "en": "left one"},
    "refused": {"ar": "مُنع", "en": "was refused"},
    "repeated": {"ar": "ضغط بعد غيره", "en": "pressed after another"},
    "stale": {"ar": "جاء متأخرًا", "en": "came too late"},
    "failed": {"ar": "أمر لم ينجح", "en": "an order that failed"},
}
"""What was done, for the audit trail."""
