"""Every word that editors read from the bot, Arabic first, with an English twin (a test holds the two together)."""

from collections.abc import Mapping
from typing import Literal

from newsroom.delivery import State
from newsroom.errand import Errand
from newsroom.verdict import Why

Language = Literal["ar", "en"]

TEXTS: Mapping[str, Mapping[Language, str]] = {
    "stranger": {
        "ar": "أهلًا بك. هذا البوت مخصّص لمحرّري «{site}». إن كنت منهم فاطلب من المسؤول إضافة رقمك: {id}",
        "en": "Hello. This bot is for the editors of {site}. If you are one, ask to have your number added: {id}",
    },
    "help": {
        "ar": (
            "أوامر المحرّر:\n"
            "/push ثم رابط الخبر أو نصّه: نشر الآن في كل القنوات\n"
            "/status: ما نُشر وما ينتظر وما يحتاج إلى نظر\n"
            "/why ثم الرابط: قصة الخبر من وصوله إلى نشره\n"
            "/pause: إيقاف النشر مؤقتًا مع حفظ كل ما ينتظر\n"
            "/resume: استئناف النشر\n"
            "/help: هذه الرسالة"
        ),
        "en": (
            "Commands:\n"
            "/push and a link or the text: publish now, everywhere\n"
            "/status: what went out, what waits, what wants a look\n"
            "/why and the link: the story's way from arrival to post\n"
            "/pause: stop posting, keep everything that waits\n"
            "/resume: post again\n"
            "/help: this text"
        ),
    },
    "push_empty": {
        "ar": "أرسل الرابط أو نصّ الخبر بعد الأمر، مثل:\n/push https://alwasat.example.com/?p=48207",
        "en": "Send the link or the text after the command, like:\n/push https://alwasat.example.com/?p=48207",
    },
    "push_refused": {"ar": "لم يُنشر: {why}", "en": "Not published: {why}"},
    "push_known": {"ar": "هذا الخبر معروف: «{headline}»\n{lines}", "en": "This story is known: {headline}\n{lines}"},
    "push_going": {"ar": "في الطريق: «{headline}»\n{lines}", "en": "On its way: {headline}\n{lines}"},
    "push_done": {"ar": "«{headline}»\n{lines}", "en": "{headline}\n{lines}"},
    "paused_note": {
        "ar": "النشر متوقف الآن؛ سيخرج الخبر بعد /resume",
        "en": "Posting is paused; it goes out after /resume",
    },
    "paused": {
        "ar": "توقّف النشر. كل ما يصل محفوظ وسيخرج بعد /resume ما دام خبرًا.",
        "en": "Posting is paused. What arrives is kept and goes out after /resume while it is news.",
    },
    "resumed": {"ar": "استؤنف النشر.", "en": "Posting again."},
    "status": {
        "ar": "{state}\n\n{targets}\n\nالخلاصات:\n{feeds}",
        "en": "{state}\n\n{targets}\n\nFeeds:\n{feeds}",
    },
    "status_running": {"ar": "النشر يعمل ✅", "en": "Posting ✅"},
    "status_paused": {"ar": "النشر متوقف ⏸", "en": "Paused ⏸"},
    "status_target": {
        "ar": "{target}: ينتظر {planned}، يُرسل {sending}، غير مؤكد {uncertain}",
        "en": "{target}: waiting {planned}, sending {sending}, uncertain {uncertain}",
    },
    "spent": {"ar": "كلفة X: اليوم {day}، هذا الشهر {month}", "en": "X has cost: today {day}, this month {month}"},
    "status_nothing": {"ar": "لم يُنشر شيء بعد.", "en": "Nothing was posted yet."},
    "status_feed_good": {"ar": "✅ {feed}", "en": "✅ {feed}"},
    "status_feed_bad": {"ar": "⚠️ {feed}: {why}", "en": "⚠️ {feed}: {why}"},
    "why_unknown": {"ar": "لا نعرف خبرًا بهذا الرابط.", "en": "No story is known by this link."},
    "why": {
        "ar": "«{headline}»\nوصل: {met}\nالحكم: {verdict}، {reason}\n{lines}",
        "en": "{headline}\nmet: {met}\nverdict: {verdict}, {reason}\n{lines}",
    },
    "why_none": {"ar": "لم يُطلب نشره في أي مكان.", "en": "It was to be posted nowhere."},
    "unknown_command": {"ar": "لا أعرف هذا الأمر. جرّب /help", "en": "I do not know this command. Try /help"},
    "store_down": {
        "ar": "الذاكرة لا تجيب الآن، فلم يُنفَّذ الأمر. أعد المحاولة بعد قليل.",
        "en": "The store does not answer, so nothing was done. Try again in a moment.",
    },
    "doubt": {
        "ar": "❓ لا نعرف هل وصل هذا الخبر إلى {place}: «{headline}»\n({why})\nانظر إلى القناة ثم اختر. إن لم يُختر شيء فلن يُرسل ثانية.",
        "en": "❓ It is not known whether this reached {place}: {headline}\n({why})\nLook there and choose. Left alone, it is not sent again.",
    },
    "doubt_there": {"ar": "موجود", "en": "It is there"},
    "doubt_again": {"ar": "أرسله ثانية", "en": "Send again"},
    "doubt_drop": {"ar": "اتركه", "en": "Drop"},
    "doubt_there_done": {"ar": "سُجّل أنه نُشر", "en": "Noted as posted"},
    "doubt_again_done": {"ar": "سيُرسل ثانية", "en": "It is sent again"},
    "doubt_drop_done": {"ar": "تُرك", "en": "Dropped"},
    "retraction": {
        "ar": "🗑 لم يعد هذا الخبر موجودًا في الموقع: «{headline}»\n{link}\nوما زال منشورًا:\n{lines}\nماذا نفعل بالمنشورات؟ إن لم يُختر شيء فستبقى كما هي.",
        "en": "🗑 This story is gone from the site: {headline}\n{link}\nIt still stands:\n{lines}\nWhat is to become of the posts? Left alone, they stay.",
    },
    "changes": {"ar": "✏️ تعديلات: {count}", "en": "✏️ changes: {count}"},
    "retraction_delete": {"ar": "احذفها كلها", "en": "Delete everywhere"},
    "retraction_mark": {"ar": "علّم أنه سُحب", "en": "Mark as withdrawn"},
    "retraction_keep": {"ar": "أبقها", "en": "Keep"},
    "retraction_delete_done": {"ar": "ستُحذف المنشورات", "en": "The posts are being deleted"},
    "retraction_mark_done": {"ar": "سيُكتب فوق المنشورات أن الخبر سُحب", "en": "The posts are being marked"},
    "retraction_keep_done": {"ar": "بقيت المنشورات", "en": "The posts stay"},
    "retraction_left": {
        "ar": "{done}؛ ولا يمكن تعديل المنشور في: {places}",
        "en": "{done}; cannot be edited: {places}",
    },
    "retraction_line": {"ar": "سُحب هذا الخبر", "en": "This story was withdrawn"},
    "press_refused": {"ar": "هذا الزر للمحرّرين", "en": "This button is for editors"},
    "press_stale": {"ar": "فات أوان هذا الزر: حُسم الأمر", "en": "Too late: it is settled"},
    "parked": {
        "ar": "⛔ {place} ترفضنا: {why}. كل ما لها محفوظ. أصلح الصلاحيات ثم أرسل ‎/resume",
        "en": "⛔ {place} refuses us: {why}. What is for it is kept. Mend the rights, then send /resume",
    },
    "menu_push": {"ar": "نشر خبر برابطه أو نصّه", "en": "Publish a link or a text"},
    "menu_status": {"ar": "حال النشر الآن", "en": "How things stand"},
    "menu_why": {"ar": "قصة خبر", "en": "The life of a story"},
    "menu_pause": {"ar": "إيقاف النشر مؤقتًا", "en": "Stop posting"},
    "menu_resume": {"ar": "استئناف النشر", "en": "Post again"},
    "menu_help": {"ar": "المساعدة", "en": "Help"},
}

STATES: Mapping[State, Mapping[Language, str]] = {
    State.PLANNED: {"ar": "⏳ ينتظر دوره", "en": "⏳ waiting"},
    State.SENDING: {"ar": "⏳ يُرسل الآن", "en": "⏳ being sent"},
    State.SENT: {"ar": "✅ نُشر", "en": "✅ posted"},
    State.REFUSED: {"ar": "❌ رُفض", "en": "❌ refused"},
    State.EXPIRED: {"ar": "⌛ فات وقته", "en": "⌛ too late"},
    State.REMOVED: {"ar": "🗑 حُذف", "en": "🗑 deleted"},
    State.UNCERTAIN: {"ar": "❓ غير مؤكد: راجع القناة بنفسك", "en": "❓ uncertain: look at the channel yourself"},
}

ERRANDS: Mapping[Errand, Mapping[Language, str]] = {
    Errand.POST: {"ar": "إعادة نشر", "en": "posted anew"},
    Errand.EDIT: {"ar": "تعديل", "en": "edit"},
    Errand.REPOST: {"ar": "حذف ثم إعادة نشر", "en": "delete and post anew"},
    Errand.DELETE: {"ar": "حذف", "en": "deletion"},
}
"""What a change of a post is called; `DONE` stands in the place of its state once it was made."""

DONE: Mapping[Language, str] = {"ar": "✅ تم", "en": "✅ done"}

VERDICTS: Mapping[str, Mapping[Language, str]] = {
    "breaking": {"ar": "عاجل", "en": "breaking"},
    "ordinary": {"ar": "عادي", "en": "ordinary"},
    "held": {"ar": "ينتظر محرّرًا", "en": "held for an editor"},
    "ignored": {"ar": "متروك", "en": "ignored"},
}

REASONS: Mapping[Why, Mapping[Language, str]] = {
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
}


class Replies:
    """The words in one language."""

    def __init__(self, language: Language) -> None:
        """Choose the language."""
        self._language: Language = language

    def __call__(self, name: str, **parts: object) -> str:
        """One text with its parts filled in."""
        return TEXTS[name][self._language].format(**parts)

    def state(self, state: State) -> str:
        """A delivery's state in words."""
        return STATES[state][self._language]

    def change(self, errand: Errand, state: State) -> str:
        """A change of a post and how it stands, in words: `edit: ✅ done`."""
        how = DONE[self._language] if state is State.SENT else self.state(state)
        return f"{ERRANDS[errand][self._language]}: {how}"

    def verdict(self, verdict: str) -> str:
        """A verdict in a word."""
        return VERDICTS[verdict][self._language]

    def reason(self, reason: str) -> str:
        """A verdict's reason in words."""
        return REASONS[Why(reason)][self._language]
