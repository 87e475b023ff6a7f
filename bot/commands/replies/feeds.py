"""What a trial of a feed came to, and what is said of the list of feeds."""

from bot.commands.replies.twin import Texts

FEEDS: Texts = {
    "feed_how": {
        "ar": "أرسل رابط الخلاصة بعد الأمر، مثل:\n/feeds {what} https://alwasat.example.com/feed/",
        "en": "Send the feed's address after the command, like:\n/feeds {what} https://alwasat.example.com/feed/",
    },
    "feed_test": {"ar": "✅ {feed}\n{entries}", "en": "✅ {feed}\n{entries}"},
    "feed_test_entries": {
        "ar": {
            "zero": "خلاصة سليمة، لكنها خالية الآن.",
            "one": "خلاصة سليمة، فيها خبر واحد.",
            "two": "خلاصة سليمة، فيها خبران.",
            "few": "خلاصة سليمة، فيها {count} أخبار.",
            "many": "خلاصة سليمة، فيها {count} خبرًا.",
            "other": "خلاصة سليمة، فيها {count} خبر.",
        },
        "en": {"one": "A sound feed, with {count} entry.", "other": "A sound feed, with {count} entries."},
    },
    "feed_test_newest": {
        "ar": "الأحدث: «\u2068{title}\u2069» ({at})",
        "en": "Newest: \u2068{title}\u2069 ({at})",
    },
    "feed_test_undated": {"ar": "بلا تاريخ", "en": "without a date"},
    "feed_test_validators": {
        "ar": "يعلن الموقع متى تغيّرت، فسؤاله المتكرر لا يثقل عليه.",
        "en": "The site says when it changed, so asking often costs it little.",
    },
    "feed_test_no_validators": {
        "ar": "⚠️ لا يعلن الموقع متى تغيّرت، فتُجلب كاملة في كل مرة.",
        "en": "⚠️ The site does not say when it changed, so it is fetched whole each time.",
    },
    "feed_test_hub": {
        "ar": "تُبلِّغ عن جديدها فور نشره (WebSub) عبر {hub}",
        "en": "It tells of news at once (WebSub), through {hub}",
    },
    "feed_test_no_hub": {
        "ar": "لا تُبلِّغ عن جديدها (WebSub)، فتُسأل عنه دوريًا.",
        "en": "It does not tell of news by itself (WebSub); it has to be asked regularly.",
    },
    "feed_test_moved": {
        "ar": "➡️ انتقلت نهائيًا، فاستعمل هذا الرابط: {to}",
        "en": "➡️ It has moved for good; use this address: {to}",
    },
    "feed_test_known": {"ar": "وهي من خلاصاتنا.", "en": "It is one of our feeds."},
    "feed_test_not_added": {
        "ar": "هذه تجربة، ولم يُضَف شيء. لإضافتها: /feeds add ثم الرابط.",
        "en": "This was a trial; nothing was added. To add it: /feeds add and the address.",
    },
    "feed_added": {
        "ar": "أُضيفت إلى خلاصاتنا. ما فيها الآن لا يُنشر، ويُنشر ما يأتي بعده.",
        "en": "Added to our feeds. What stands in it now is not posted; what comes after it is.",
    },
    "feed_added_again": {
        "ar": "أُضيفت إلى خلاصاتنا من جديد. ما عرفناه منها من قبل لا يُنشر ثانية، وإن جاء كثير معًا سُئلتم عنه.",
        "en": "Added to our feeds again. What we knew of it is not posted again; if much comes at once, you are asked.",
    },
    "feed_not_added": {"ar": "لم تُضَف.", "en": "It was not added."},
    "feed_there": {"ar": "{feed} من خلاصاتنا من قبل", "en": "{feed} is one of our feeds already"},
    "feeds_full": {
        "ar": {
            "zero": "لا يُضاف من هنا شيء. أضفها في إعدادات النظام (FEEDS).",
            "one": "لا تُضاف من هنا إلا خلاصة واحدة، وقد أُضيفت. أضف غيرها في إعدادات النظام (FEEDS).",
            "two": "لا تُضاف من هنا إلا خلاصتان، وقد أُضيفتا. أضف غيرهما في إعدادات النظام (FEEDS).",
            "few": "لا تُضاف من هنا إلا {count} خلاصات، وقد أُضيفت. أضف غيرها في إعدادات النظام (FEEDS).",
            "many": "لا تُضاف من هنا إلا {count} خلاصة، وقد أُضيفت. أضف غيرها في إعدادات النظام (FEEDS).",
            "other": "لا تُضاف من هنا إلا {count} خلاصة، وقد أُضيفت. أضف غيرها في إعدادات النظام (FEEDS).",
        },
        "en": {
            "one": "No more than {count} feed is added here. Add others in the settings (FEEDS).",
            "other": "No more than {count} feeds are added here. Add others in the settings (FEEDS).",
        },
    },
    "feed_removed": {
        "ar": "🚫 {feed}: لن تُقرأ بعد الآن. ما نُشر منها باقٍ، وما قُبل منها يخرج. لإعادتها: /feeds add {feed}",
        "en": "🚫 {feed}: it is read no longer. What was posted stays, and what was taken in goes out. To have it back: /feeds add {feed}",
    },
    "feed_unknown": {"ar": "{feed} ليست من خلاصاتنا", "en": "{feed} is none of our feeds"},
    "feeds_several": {
        "ar": "أكثر من خلاصة لها هذا الرابط. أرسل واحدًا من هذه:",
        "en": "More than one feed has this address. Send one of these:",
    },
    "feed_gone": {"ar": "🚫 {feed}", "en": "🚫 {feed}"},
    "feed_elsewhere": {"ar": "🔁 {feed} (تقرأها نسخة أخرى من النظام)", "en": "🔁 {feed} (another worker reads it)"},
    "feed_added_by": {"ar": "أضافها {name}، {at}", "en": "added by {name}, {at}"},
    "feed_removed_by": {"ar": "حذفها {name}، {at}", "en": "removed by {name}, {at}"},
}
