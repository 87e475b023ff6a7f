"""What a platform, the store or the fetcher answered, known again by its English words and said in Arabic.

The other rooms write their reasons in English, where logs and tests read them. The desk reads Arabic: each known sentence
has its twin here, and what a network added in its own words stays behind it as a detail. One that is not known is shown
as it came, and named as that, so that nothing is hidden.
"""

import re

UNKNOWN = "كما ورد: {why}"

_TWINS: tuple[tuple[str, str], ...] = (
    # Telegram
    (r"The bot may not post photos there(.*)", r"لا يحق للبوت نشر الصور هناك\1"),
    (
        r"Telegram does not know the chat, or the bot is not in it(.*)",
        r"القناة غير معروفة لتيليجرام أو أن البوت ليس فيها\1",
    ),
    (
        r"The group became a supergroup(?: and has a new id|.*?the id (-?\d+).*)(?:: .*)?",
        r"تغيّر رقم المجموعة \1؛ صحّحه في الإعدادات",
    ),
    (r"The topic is (?:gone|closed)(.*)", r"الموضوع داخل المجموعة مغلق أو محذوف\1"),
    (r"The bot lacks the right to post there(.*)", r"ليس للبوت حق النشر هناك\1"),
    (r"Telegram restricted the (?:chat|bot)(.*)", r"قيّدت تيليجرام النشر هناك\1"),
    (r"The post to be changed is gone(.*)", r"المنشور المراد تعديله لم يعد موجودًا\1"),
    (r"The post can no longer be changed(.*)", r"لم يعد تعديل هذا المنشور ممكنًا\1"),
    (r"The button was pressed too long ago(.*)", r"ضُغط الزر قبل وقت طويل\1"),
    (r"The bot may not pin posts there(.*)", r"لا يحق للبوت تثبيت المنشورات هناك\1"),
    (r"Telegram does not take the bot's token.*", "رمز البوت مرفوض، أو أن عنوان الخادم خطأ"),
    (r"Telegram keeps the bot out of the chat(.*)", r"البوت ممنوع من هذه القناة\1"),
    (r"Telegram refuses this form of the post(.*)", r"رفضت تيليجرام هذا الشكل من المنشور\1"),
    (r"Telegram never told the number of this post.*", "لم تُعلمنا تيليجرام برقم المنشور، فلا يمكن تعديله"),
    (r"Telegram asks to wait ([\d.]+) s\.", r"طلبت تيليجرام الانتظار (الثواني: \1)"),
    (r"Another worker uses the bot at the same time.*", "نسخة أخرى تستعمل البوت نفسه الآن"),
    # X
    (r"X wants credits to be bought.*", "رصيد X نفد: اشحن الرصيد ليعود النشر هناك"),
    (r"X refuses the post(.*)", r"رفضت X المنشور\1"),
    (r"X refuses the picture(.*)", r"رفضت X الصورة\1"),
    (r"X does not take the keys.*", "مفاتيح X مرفوضة، أو أن ساعة الجهاز غير مضبوطة"),
    (r"X keeps the app or the account from posting(.*)", r"تمنع X التطبيق أو الحساب من النشر\1"),
    (r"The plan's posts are used up(.*)", r"نفدت منشورات باقة X\1"),
    (r"X asks to wait and does not say how long\.", "طلبت X الانتظار دون أن تذكر المدة"),
    (r"X asks to wait (\d+) s\.", r"طلبت X الانتظار (الثواني: \1)"),
    (r"X never told the number of this post.*", "لم تُعلمنا X برقم المنشور، فلا يمكن تعديله"),
    (r"X took the post and named no number.*", "قبلت X المنشور دون أن تذكر رقمه؛ ربما نُشر"),
    # A stranger's number and name: nobody's words
    (r"(\d+(?: .*)?)", r"\1"),
    # Both networks
    (r"A fault of ours .*the post may stand there\.", "خلل من جهتنا أثناء الإرسال؛ ربما نُشر هناك"),
    (r"A fault of ours \((.*)\); the log has all of it\.", r"خلل من جهتنا (\1)، وتفاصيله في السجل"),
    (r"A fault of ours .*kept us from looking\.", "خلل من جهتنا منعنا من النظر هناك"),
    (r".*the post may stand there.*", "لم يصل جواب واضح؛ ربما نُشر هناك"),
    (r"No connection to (?:Telegram|X).*", "لا اتصال بالمنصة"),
    (r"The connection to (?:Telegram|X) failed.*", "انقطع الاتصال قبل الإرسال"),
    (r"The request was broken off.*", "انقطع الطلب قبل الإرسال"),
    (r"The post is larger than.*", "المنشور أكبر مما يُسمح به"),
    (r"The words of the post cannot be written in UTF-8\.", "في النص رموز لا تُكتب"),
    (r"The API's address .*", "عنوان خادم المنصة خطأ في الإعدادات"),
    # What became of a delivery
    (r"it did not arrive, and is no longer news", "لم يصل، ولم يعد خبرًا"),
    (r"it did not arrive the first time", "لم يصل في المرة الأولى"),
    (r"an editor dropped it", "تركه محرّر"),
    (r"an editor took it back", "سحبه محرّر قبل نشره"),
    (r"the old post is deleted, the new one follows", "حُذف المنشور القديم، والجديد في الطريق"),
    (r"it was no longer news when its turn came", "لم يعد خبرًا حين جاء دوره"),
    (r"the post itself goes out with these words", "يُنشر الخبر نفسه بهذا النص"),
    (r"a newer change took its place", "حل محله تعديل أحدث"),
    (r"the post does not stand any more", "المنشور لم يعد موجودًا"),
    (r"the worker that was sending it did not report back", "انقطع العامل أثناء الإرسال"),
    (r"the store moved, and may have lost that it was sent", "انتقلت الذاكرة إلى خادم آخر، وربما ضاع منها أنه أُرسل"),
    (r"no replica has confirmed the claim", "لم تؤكد النسخة الاحتياطية للذاكرة هذا الإرسال بعد"),
    (r"posts that waited and are forgotten: (\d+)", r"منشورات كانت تنتظر وضاعت: \1"),
    (
        r"posts that waited and are looked for before they are sent: (\d+)",
        r"منشورات كانت تنتظر، ونبحث عنها في القنوات قبل إرسالها: \1",
    ),
    (r"edited (\d+) times already, so it stays as it is", r"عُدّل \1 مرات من قبل، فبقي كما هو"),
    (r"TELEGRAM_DESK is not set.*", "لم تُضبط مجموعة التحرير TELEGRAM_DESK، فلا يمكن النظر في القناة"),
    (r"the channel cannot be read back(.*)", r"تعذّر النظر في القناة\1"),
    (r"nothing was posted there before.*", "لم يُنشر هناك شيء من قبل، فلا يُعرف أين نبحث"),
    (r"messages stand there that cannot be looked into.*", "في القناة رسائل لا يمكن الاطلاع عليها، وقد يكون إحداها"),
    (r"many messages came after it; they are still .*", "جاءت بعده رسائل كثيرة، وما زلنا نبحث فيها"),
    (r"(\d+) messages came after it; not found among them", r"جاءت بعده رسائل كثيرة (\1) ولم نجده بينها"),
    (r"the account cannot be read back: the answer shows .*", "تعذّر النظر في الحساب: جواب X ناقص"),
    (r"the account cannot be read back(.*)", r"تعذّر النظر في الحساب\1"),
    (r"the account posted (\d+) times since; not found among those", r"نشر الحساب كثيرًا بعده (\1) ولم نجده"),
    (r"over today's budget", "نفدت ميزانية X لهذا اليوم"),
    (r"over this month's budget", "نفدت ميزانية X لهذا الشهر"),
    (r"[Tt]he time for this attempt was over before .*", "انتهى وقت المحاولة قبل الإرسال"),
    # Pages and texts
    (r"there is no headline in it|There is no headline in the text.*|.* has no headline.*", "لا عنوان فيه"),
    (r".* is a feed, not an article.*", "هذا عنوان خلاصة؛ أرسل رابط خبر واحد"),
    (r".* is .*, not a page\.", "هذا الرابط ليس صفحة خبر"),
    (r".* cannot be read: its letters are of another charset than it says\.", "تعذّرت قراءة حروف الصفحة"),
    (r"the site did not answer in time", "لم يجب الموقع في الوقت"),
    (r"the name of the site has no address", "لا وجود لموقع بهذا الاسم"),
    (r"the certificate of the site is not valid", "شهادة الموقع غير صالحة"),
    (r"no secure connection could be made", "تعذّر الاتصال الآمن بالموقع"),
    (r"the address is not valid", "الرابط غير صحيح"),
    (r"the site answered (\d+).*", r"أجاب الموقع بالرمز \1"),
    (r"the site (?:refused|reset|closed) the connection.*", "رفض الموقع الاتصال"),
    (r".* is no article: .*", "هذا الرابط ليس خبرًا: قائمة أو بحث أو صفحة بلا نص"),
    (r"the body is larger than (\d+) MB", r"الملف كبير جدًا (أكثر من \1 ميغابايت)"),
    (r"the site sends too slowly", "الموقع بطيء جدًا"),
    (r"the site redirects .*", "الموقع يحيل إلى عناوين أخرى بلا نهاية"),
    (r"the answer is not proper HTTP|the answer cannot be understood.*", "جواب الموقع غير مفهوم"),
    (r"there is no way to the site|the site cannot be reached.*", "لا سبيل إلى الموقع الآن"),
    (r"the connection ended in the middle of the body.*", "انقطع الاتصال قبل أن تكتمل الصفحة"),
    # Feeds
    (r".* is no feed: it answered with an HTML page.*", "هذا الرابط صفحة وليس خلاصة"),
    (r".* is no feed: it answered with .*", "هذا الرابط ليس خلاصة"),
    (r".* cannot be read as a feed: .*", "تعذّرت قراءة الخلاصة"),
    (r".* breaks off before its first entry is complete.*|the end of the feed is missing", "الخلاصة مبتورة"),
    (
        r".* has (?:more than \d+ elements|an element with more than \d+ attributes|an entry with more than \d+ categories): .*",
        "الخلاصة مفرطة في الطول، ولا خلاصة أخبار مثلها",
    ),
    (r"the feed could not be parsed in (\d+) seconds", r"طالت قراءة الخلاصة (الثواني: \1) فتُركت"),
    (r"the feed broke the parser", "تعذّرت قراءة الخلاصة"),
    (r"the address \S+ is refused: .*", "هذا العنوان ممنوع: شبكة داخلية أو محجوزة"),
    (r"only http and https are fetched, .*|the address names no host", "الرابط غير صحيح"),
)
_KNOWN = tuple((re.compile(english, re.DOTALL), arabic) for english, arabic in _TWINS)


def is_known(why: str) -> bool:
    """Whether it has a twin."""
    return any(english.fullmatch(why) for english, _ in _KNOWN)


def said_in_arabic(why: str) -> str:
    """The twin of a reason; empty for none."""
    for english, arabic in _KNOWN:
        if found := english.fullmatch(why):
            return re.sub(r"\s+", " ", found.expand(arabic)).strip()
    return UNKNOWN.format(why=why) if why else ""
