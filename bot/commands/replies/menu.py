"""The menu of commands, as Telegram shows it beside the line one writes in."""

from bot.commands.replies.twin import Texts

MENU: Texts = {
    "menu_push": {"ar": "نشر خبر برابطه أو نصّه", "en": "Publish a link or a text"},
    "menu_flash": {"ar": "عاجل نصي قبل مقاله", "en": "A breaking headline before its article"},
    "menu_schedule": {"ar": "نشر في وقت تختاره", "en": "Publish at a time"},
    "menu_status": {"ar": "حال النشر الآن", "en": "How things stand"},
    "menu_why": {"ar": "قصة خبر", "en": "The life of a story"},
    "menu_queue": {"ar": "ما ينتظر النشر", "en": "What waits"},
    "menu_pause": {"ar": "إيقاف النشر مؤقتًا", "en": "Stop posting"},
    "menu_resume": {"ar": "استئناف النشر", "en": "Post again"},
    "menu_hold": {"ar": "إبقاء ما يأتي من الموقع منتظرًا", "en": "Hold what the site brings"},
    "menu_release": {"ar": "إنهاء الانتظار", "en": "Let it go out again"},
    "menu_feeds": {"ar": "حال الخلاصات، وإضافتها وحذفها", "en": "How the feeds fare; add or remove one"},
    "menu_latency": {"ar": "سرعة النشر", "en": "How fast posts go out"},
    "menu_budget": {"ar": "كلفة X", "en": "What X has cost"},
    "menu_rules": {"ar": "ما يُنشر تلقائيًا", "en": "What goes out by itself"},
    "menu_sections": {"ar": "أقسام الموقع", "en": "The site's sections"},
    "menu_roles": {"ar": "من يستطيع ماذا", "en": "Who may what"},
    "menu_audit": {"ar": "من فعل ماذا ومتى", "en": "Who did what, and when"},
    "menu_report": {"ar": "حصيلة اليوم", "en": "The last day"},
    "menu_help": {"ar": "المساعدة", "en": "Help"},
}
