"""What the desk is told unasked: what is the matter, and what to do about it.

The first line says it in short; it stands alone when several are folded into one message, and when it is over.
"""

from bot.commands.replies.twin import Texts

ALARMS: Texts = {
    "alert_parked": {
        "ar": "⛔ {about} ترفض منشوراتنا\n{why}\nما العمل: أصلح صلاحيات البوت أو الحساب ثم أرسل /resume. كل ما ينتظر محفوظ.",
        "en": "⛔ {about} refuses our posts\n{why}\nWhat to do: mend the rights of the bot or the account, then send /resume. What waits is kept.",
    },
    "alert_store_forgot": {
        "ar": "🧠 عادت الذاكرة فارغة\n{why}\nما العمل: ما هو في الخلاصات الآن لن يُنشر ثانية. راجع القنوات، وانشر ما ينقص بأمر /push.",
        "en": "🧠 The store came back empty\n{why}\nWhat to do: what stands in the feeds now is not posted again. Look at the channels and /push what is missing.",
    },
    "alert_store_moved": {
        "ar": "🧠 ذاكرة أخرى تجيب\n{why}\nما العمل: لا شيء الآن؛ ننظر في القنوات قبل أن ننشر. راجع /queue بعد دقائق.",
        "en": "🧠 Another store answers\n{why}\nWhat to do: nothing now; the channels are read back before anything is sent. Look at /queue in a few minutes.",
    },
    "alert_store_evicts": {
        "ar": "🧠 الذاكرة امتلأت وتحذف ما فيها\n{why}\nما العمل: اضبط maxmemory-policy على noeviction أو زد سعتها؛ ننظر في القنوات قبل أن ننشر. راجع /queue بعد دقائق.",
        "en": "🧠 The store is full and drops what it keeps\n{why}\nWhat to do: set maxmemory-policy to noeviction, or give it more memory; the channels are read back before anything is sent. Look at /queue in a few minutes.",
    },
    "alert_feed_silent": {
        "ar": "🔕 الخلاصة صامتة أطول من عادتها: {about}\n{why}\nما العمل: افتح الموقع؛ إن نُشر فيه جديد فانشره بأمر /push وأخبر مسؤول الموقع.",
        "en": "🔕 A feed is silent for longer than is its habit: {about}\n{why}\nWhat to do: open the site; if there is news, /push it and tell the site's keeper.",
    },
    "alert_feed_down": {
        "ar": "🔌 لا نستطيع قراءة الخلاصة: {about}\n{why}\nما العمل: أخبر مسؤول الموقع، وانشر العاجل بأمر /push. نواصل المحاولة.",
        "en": "🔌 A feed cannot be read: {about}\n{why}\nWhat to do: tell the site's keeper, and /push what is breaking. We keep trying.",
    },
    "alert_budget": {
        "ar": "💳 النشر في X متوقف لنفاد المال: {about}\n{why}\nما العمل: اشحن رصيد X أو ارفع X_BUDGET_DAY وX_BUDGET_MONTH. تيليجرام يعمل.",
        "en": "💳 X has stopped for want of money: {about}\n{why}\nWhat to do: buy credits, or raise X_BUDGET_DAY and X_BUDGET_MONTH. Telegram goes on.",
    },
    "alert_not_sent": {
        "ar": "❌ خبر لم يُنشر: {about}\n{why}\nما العمل: انظر /queue، ثم انشره بأمر /push إن كان ما زال خبرًا.",
        "en": "❌ A story was not posted: {about}\n{why}\nWhat to do: look at /queue, then /push it if it is still news.",
    },
    "alert_not_sent_many": {
        "ar": {
            "zero": "✅ نُشر كل شيء",
            "one": "❌ خبر لم يُنشر: {about}\n{why}\nما العمل: انظر /queue",
            "two": "❌ خبران لم يُنشرا، آخرهما: {about}\n{why}\nما العمل: انظر /queue، ثم انشر بأمر /push ما زال خبرًا.",
            "few": "❌ {count} أخبار لم تُنشر، آخرها: {about}\n{why}\nما العمل: انظر /queue، ثم انشر بأمر /push ما زال خبرًا.",
            "many": "❌ {count} خبرًا لم تُنشر، آخرها: {about}\n{why}\nما العمل: انظر /queue، ثم انشر بأمر /push ما زال خبرًا.",
            "other": "❌ {count} خبر لم تُنشر، آخرها: {about}\n{why}\nما العمل: انظر /queue، ثم انشر بأمر /push ما زال خبرًا.",
        },
        "en": {
            "one": "❌ {count} story was not posted: {about}\n{why}\nWhat to do: look at /queue.",
            "other": "❌ {count} stories were not posted, the newest: {about}\n{why}\nWhat to do: look at /queue, then /push what is still news.",
        },
    },
    "alert_moved": {
        "ar": "📍 تغيّر رقم القناة أو المجموعة: {about}\n{why}\nما العمل: صحّح الرقم في الإعدادات حين تستطيع؛ المنشورات تصل كما هي.",
        "en": "📍 A chat has another number now: {about}\n{why}\nWhat to do: put the new number into the settings when you can; posts reach it all the same.",
    },
    "alert_broken": {
        "ar": "🛠 خلل يتكرر في البرنامج: {about}\n{why}\nما العمل: أخبر المسؤول عن النظام؛ الأخبار تُنشر كالمعتاد، ونحاول كل نصف دقيقة.",
        "en": "🛠 A part of the program breaks again and again: {about}\n{why}\nWhat to do: tell whoever runs the system; news goes out as usual, and we try every half minute.",
    },
    "alert_stranger": {
        "ar": "👤 غريب حاول استعمال البوت: {why}\nما العمل: لا شيء، فلم يُنفَّذ له أمر. إن كان زميلًا فأضفه بأمر /roles add",
        "en": "👤 A stranger tried to use the bot: {why}\nWhat to do: nothing, no order of theirs was done. A colleague is added with /roles add",
    },
    "alert_other": {
        "ar": "⚠️ {trouble}: {about}\n{why}\nما العمل: أرسل /status لترى الحال، وأخبر المسؤول عن النظام.",
        "en": "⚠️ {trouble}: {about}\n{why}\nWhat to do: send /status to see how things stand, and tell whoever runs the system.",
    },
    "alert_over": {"ar": "✅ انتهى ({time}): {what}", "en": "✅ Over ({time}): {what}"},
    "alert_folded": {
        "ar": {
            "zero": "لا تنبيهات أخرى",
            "one": "⚠️ وتنبيه آخر:",
            "two": "⚠️ وتنبيهان آخران:",
            "few": "⚠️ و{count} تنبيهات أخرى:",
            "many": "⚠️ و{count} تنبيهًا آخر:",
            "other": "⚠️ و{count} تنبيه آخر:",
        },
        "en": {"one": "⚠️ And {count} more alert:", "other": "⚠️ And {count} more alerts:"},
    },
    "alert_folded_over": {"ar": "✅ انتهت التنبيهات الأخرى", "en": "✅ The other alerts are over"},
}
