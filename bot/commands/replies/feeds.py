"""What a trial of a feed came to."""

from bot.commands.replies.twin import Texts

FEEDS: Texts = {
    "feed_test_how": {
        "ar": "أرسل رابط الخلاصة بعد الأمر، مثل:\n/feeds test https://alwasat.example.com/feed/",
        "en": "Send the feed's address after the command, like:\n/feeds test https://alwasat.example.com/feed/",
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
        "ar": "هذه تجربة، ولم يُضَف شيء. الخلاصات تُضاف في إعدادات النظام (FEEDS).",
        "en": "This was a trial; nothing was added. Feeds are added in the settings (FEEDS).",
    },
}
