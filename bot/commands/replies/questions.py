"""Questions to the desk, the words on their buttons, and what became of them."""

from bot.commands.replies.twin import Texts

QUESTIONS: Texts = {
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
    "press_unknown": {
        "ar": "هذا الزر قديم أو ليس منا، فلم يُنفَّذ شيء",
        "en": "This button is too old, or not ours: nothing was done",
    },
    "press_taken": {"ar": "سبقك {name} إلى هذا الزر، فلم يُنفَّذ شيء", "en": "{name} was first: nothing was done"},
    "candidate_countdown": {
        "ar": "⏳ مرشّح للنشر: «{headline}»\nيخرج تلقائيًا عند {time} إن لم يوقفه أحد.\n{lines}{x}",
        "en": "⏳ Candidate: {headline}\nIt goes out by itself at {time} unless somebody stops it.\n{lines}{x}",
    },
    "candidate_approve": {
        "ar": "🟡 مرشّح ينتظر الموافقة: «{headline}»\nإن لم يوافق أحد حتى {time} فلن يُنشر.\n{lines}{x}",
        "en": "🟡 Candidate, waiting for approval: {headline}\nWithout one until {time} it is not posted.\n{lines}{x}",
    },
    "candidate_now": {"ar": "🚀 نشر الآن", "en": "🚀 Publish now"},
    "candidate_cancel": {"ar": "✖️ إلغاء", "en": "✖️ Cancel"},
    "candidate_headline": {"ar": "✏️ تعديل العنوان", "en": "✏️ Edit the headline"},
    "candidate_picture": {"ar": "🖼 تغيير الصورة", "en": "🖼 Change the picture"},
    "candidate_silent": {"ar": "🔕 صامت", "en": "🔕 Silent"},
    "candidate_telegram": {"ar": "تيليجرام فقط", "en": "Telegram only"},
    "candidate_delay": {"ar": "⏰ بعد ١٠ دقائق", "en": "⏰ In 10 minutes"},
    "candidate_now_done": {"ar": "يخرج الآن", "en": "It goes out now"},
    "candidate_cancel_done": {"ar": "أُلغي: لن يُنشر", "en": "Cancelled: it is not posted"},
    "candidate_silent_done": {"ar": "سيخرج صامتًا", "en": "It goes out without a sound"},
    "candidate_telegram_done": {"ar": "لن يُنشر في X", "en": "It is not posted on X"},
    "candidate_delay_done": {"ar": "تأخّر عشر دقائق", "en": "Ten minutes later"},
    "candidate_picture_done": {"ar": "تغيّرت الصورة", "en": "The picture is changed"},
    "candidate_headline_ask": {
        "ar": "أرسل العنوان ردًا على هذه الرسالة. العنوان الآن:\n{headline}",
        "en": "Reply to this message with the headline. It reads now:\n{headline}",
    },
    "candidate_picture_ask": {
        "ar": "أرسل الصورة ردًا على هذه الرسالة، للخبر:\n{headline}",
        "en": "Reply to this message with the picture, for:\n{headline}",
    },
    "candidate_picture_how": {
        "ar": "هذه ليست صورة: اضغط الزر ثانية وأرسل صورة ردًا على السؤال.",
        "en": "This is no photo: press the button again and reply with one.",
    },
    "receipt_undo": {"ar": "↩️ تراجع", "en": "↩️ Undo"},
    "receipt_correct": {"ar": "✏️ تصحيح العنوان", "en": "✏️ Correct the headline"},
    "receipt_retract": {"ar": "🗑 سحب", "en": "🗑 Retract"},
    "undo_late": {
        "ar": "فات وقت التراجع: بعد دقيقتين من النشر يبقى التصحيح والسحب",
        "en": "Too late to undo: two minutes after it was posted, correct and retract remain",
    },
    "correct_ask": {
        "ar": "أرسل العنوان الصحيح ردًا على هذه الرسالة. العنوان الآن:\n{headline}",
        "en": "Reply to this message with the right headline. It reads now:\n{headline}",
    },
    "correct_how": {
        "ar": "هذا ليس عنوانًا: أرسل سطرًا واحدًا ردًا على السؤال نفسه بعد الضغط على زر التصحيح ثانية.",
        "en": "This is no headline: press the button again and reply with one line.",
    },
    "corrected": {"ar": "سيُصحّح العنوان في المنشورات", "en": "The headline is being corrected"},
    "nothing_stands": {"ar": "لا منشور لهذا الخبر الآن", "en": "No post of this story stands now"},
    "retract_ask": {
        "ar": "كيف يُسحب هذا الخبر؟ «{headline}»\nالحذف يحتاج إلى موافقة شخص ثانٍ.",
        "en": "How is this story to be retracted? {headline}\nDeleting it takes a second person.",
    },
    "second_key_ask": {
        "ar": "🔑 يريد {name} حذف هذا الخبر من كل مكان: «{headline}»\nالحذف يحتاج إلى موافقة رئيس تحرير أو مسؤول آخر.",
        "en": "🔑 {name} wants this story deleted everywhere: {headline}\nIt takes the word of another chief editor or admin.",
    },
    "second_key_agree": {"ar": "أوافق على الحذف", "en": "I agree: delete"},
    "second_key_refuse": {"ar": "لا يُحذف", "en": "Keep it"},
    "second_key_asked": {"ar": "طُلبت موافقة شخص ثانٍ", "en": "A second person was asked"},
    "second_key_is_anothers": {
        "ar": "الموافقة لشخص آخر غير من طلب الحذف",
        "en": "Another person than the one who asked must agree",
    },
    "second_key_nobody": {
        "ar": "الحذف بعد دقيقتين يحتاج إلى شخصين، ولا أحد غيرك يملك هذه الصلاحية. علّم الخبر أنه سُحب، أو أضف رئيس تحرير بأمر /roles",
        "en": "Deleting after two minutes takes two people, and nobody else may. Mark the story as withdrawn, or add a chief editor with /roles",
    },
    "press_stale": {"ar": "فات أوان هذا الزر: حُسم الأمر", "en": "Too late: it is settled"},
}
