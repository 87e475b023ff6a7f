"""A place: countries and cities as headlines name them, so that two headlines about two towns are never one story."""

from collections.abc import Iterable
from dataclasses import dataclass

from newsroom.arabic import key_text

# Country, its other names and its people's adjective | its towns and provinces. Not every town need be here: an
# unknown name that one headline has and the other lacks is caught by `newsroom.conflict` without this list. Names
# that are everyday words in headlines too («صور»، «الخبر»، «الجديدة»، «مالي»، «مشهد») are left out on purpose.
_GAZETTEER = """
مصر، المصري | القاهرة، الجيزة، الإسكندرية، القليوبية، الدقهلية، المنوفية، كفر الشيخ، دمياط، بورسعيد،
  الإسماعيلية، السويس، الفيوم، بني سويف، المنيا، أسيوط، سوهاج، قنا، الأقصر، أسوان، مطروح، مرسى مطروح، البحر الأحمر، الغردقة، شرم الشيخ،
  العريش، سيناء، الوادي الجديد، المنصورة، طنطا، الزقازيق، بنها، حلوان، العلمين، العاشر من رمضان، مدينة نصر، شبرا، المحلة، الهرم
السعودية، السعودي | الرياض، جدة، مكة، مكة المكرمة، المدينة المنورة، الدمام، الظهران، الأحساء، القطيف، الجبيل، الطائف، تبوك،
  أبها، عسير، جازان، جيزان، نجران، الباحة، حائل، القصيم، بريدة، عنيزة، الجوف، سكاكا، عرعر، ينبع، خميس مشيط، بيشة، الخرج، الزلفي، المجمعة، شقراء،
  حفر الباطن، نيوم، عفيف
الإمارات، الإماراتي | أبوظبي، دبي، الشارقة، عجمان، رأس الخيمة، الفجيرة، أم القيوين
قطر، القطري | الدوحة
الكويت، الكويتي | الأحمدي، حولي
البحرين، البحريني | المنامة
سلطنة عمان، العماني | مسقط، عمان، صلالة، ظفار، صحار
اليمن، اليمني | صنعاء، عدن، تعز، الحديدة، مأرب، حضرموت، المكلا، ذمار، صعدة، شبوة، أبين، لحج، الضالع، سقطرى
العراق، العراقي | بغداد، البصرة، الموصل، نينوى، أربيل، السليمانية، دهوك، كركوك، الأنبار، الرمادي، الفلوجة، النجف، كربلاء، بابل، الحلة، ديالى، ذي قار،
  الناصرية، ميسان، واسط، المثنى، الديوانية، صلاح الدين، تكريت، سامراء، كردستان
سوريا، سورية، السوري | دمشق، حلب، حمص، حماة، اللاذقية، طرطوس، إدلب، درعا، السويداء، القنيطرة، دير الزور، الرقة، الحسكة، القامشلي، منبج، عفرين، كوباني،
  تدمر
لبنان، اللبناني | بيروت، صيدا، طرابلس، النبطية، بعلبك، الهرمل، زحلة، البقاع، الضاحية، الضاحية الجنوبية، جبيل، عكار، بنت جبيل، مرجعيون،
  عيتا الشعب، ميس الجبل، كفركلا
الأردن، الأردني | عمّان، إربد، الزرقاء، العقبة، الكرك، معان، المفرق، جرش، عجلون، مادبا، البلقاء، الرصيفة
فلسطين، الفلسطيني | غزة، قطاع غزة، خان يونس، رفح، دير البلح، جباليا، بيت لاهيا، بيت حانون، النصيرات، القدس، رام الله، نابلس، جنين، الخليل، طولكرم، قلقيلية،
  بيت لحم، أريحا، الضفة، الضفة الغربية، سلفيت، طوباس
إسرائيل، الإسرائيلي | تل أبيب، حيفا، يافا، عسقلان، أسدود، بئر السبع، إيلات، الناصرة، الجليل
السودان، السوداني | الخرطوم، أم درمان، ود مدني، بورتسودان، الفاشر، نيالا، كسلا، دارفور، كردفان، سنار، القضارف، النيل الأزرق
ليبيا، الليبي | طرابلس، بنغازي، مصراتة، سرت، سبها، درنة، طبرق، غريان، زوارة، ترهونة، الكفرة
تونس، التونسي | صفاقس، سوسة، القيروان، بنزرت، قابس، قفصة، نابل، المنستير، المهدية، القصرين، سيدي بوزيد، جندوبة، الكاف، سليانة، مدنين، تطاوين، توزر،
  زغوان، باجة، أريانة، منوبة، بن عروس، جربة، جرجيس، المتلوي، الحمامات، الهوارية، قليبية، القلعة الكبرى
الجزائر، الجزائري | وهران، قسنطينة، عنابة، سطيف، باتنة، تلمسان، بجاية، تيزي وزو، ورقلة، تمنراست، بسكرة، البليدة، الشلف، سكيكدة، مستغانم
المغرب، المغربي | الرباط، الدار البيضاء، مراكش، فاس، طنجة، أكادير، مكناس، وجدة، تطوان، الحوز، الناظور، آسفي
موريتانيا، الموريتاني | نواكشوط، نواذيبو
الصومال، الصومالي | مقديشو، هرجيسا، كيسمايو، بونتلاند
جيبوتي، الجيبوتي |
جزر القمر | موروني
إيران، الإيراني | طهران، أصفهان، شيراز، تبريز، الأهواز، بندر عباس، نطنز، فوردو، بوشهر
تركيا، التركي | أنقرة، إسطنبول، اسطنبول، إزمير، أنطاليا، غازي عنتاب، ديار بكر، أضنة، هطاي
الولايات المتحدة، أمريكا، أميركا، الأمريكي، الأميركي | واشنطن، نيويورك، لوس أنجلوس، شيكاغو، هيوستن، تكساس، كاليفورنيا، فلوريدا، ميامي، بوسطن، سياتل
روسيا، الروسي | موسكو، سان بطرسبرغ، كورسك، بيلغورود، الكرملين، الشيشان، القرم
أوكرانيا، الأوكراني | كييف، خاركيف، أوديسا، خيرسون، دونيتسك، لوغانسك، زابوريجيا، دنيبرو، لفيف
بريطانيا، المملكة المتحدة، إنجلترا، البريطاني، الإنجليزي | لندن، مانشستر، ليفربول، برمنغهام، اسكتلندا، ويلز
فرنسا، الفرنسي | باريس، مرسيليا، ليون، ستراسبورغ، الإليزيه
ألمانيا، الألماني | برلين، ميونخ، ميونيخ، فرانكفورت، هامبورغ، كولونيا
إيطاليا، الإيطالي | روما، ميلانو، نابولي، تورينو، صقلية، لامبيدوزا
إسبانيا، الإسباني | مدريد، برشلونة، فالنسيا، إشبيلية، سبتة، مليلية
البرتغال، البرتغالي | لشبونة
بلجيكا، البلجيكي | بروكسل
هولندا، الهولندي | أمستردام، لاهاي، روتردام
سويسرا، السويسري | جنيف، زيورخ، برن، دافوس
النمسا، النمساوي | فيينا
اليونان، اليوناني | أثينا، كريت، لسبوس
قبرص، القبرصي | نيقوسيا
السويد، السويدي | ستوكهولم، مالمو
النرويج، النرويجي | أوسلو
الدنمارك، الدنماركي | كوبنهاغن
بولندا، البولندي | وارسو
المجر، المجري | بودابست
صربيا، الصربي | بلغراد
رومانيا، الروماني | بوخارست
كندا، الكندي | أوتاوا، تورونتو، تورنتو، مونتريال
المكسيك، المكسيكي | مكسيكو
البرازيل، البرازيلي | برازيليا، ريو دي جانيرو، ساو باولو
الأرجنتين، الأرجنتيني | بوينس آيرس
فنزويلا، الفنزويلي | كاراكاس
كولومبيا، الكولومبي | بوغوتا
كوبا، الكوبي | هافانا
تشيلي، التشيلي | سانتياغو
الصين، الصيني | بكين، شنغهاي، هونغ كونغ، ووهان، شينجيانغ
تايوان، التايواني | تايبيه
اليابان، الياباني | طوكيو، أوساكا، هيروشيما
كوريا الشمالية، الكوري الشمالي | بيونغ يانغ، بيونغيانغ
كوريا الجنوبية، الكوري الجنوبي | سيول
الهند، الهندي | نيودلهي، مومباي، دلهي، كشمير، غوجارات
باكستان، الباكستاني | إسلام آباد، كراتشي، لاهور، بيشاور، كويتا
أفغانستان، الأفغاني | كابول، قندهار، هرات
بنغلادش، البنغلادشي | دكا
إندونيسيا، الإندونيسي | جاكرتا، سومطرة، جاوة
ماليزيا، الماليزي | كوالالمبور
الفلبين، الفلبيني | مانيلا، مينداناو
تايلاند، التايلاندي | بانكوك
فيتنام، الفيتنامي | هانوي
ميانمار، الميانماري | يانغون
نيبال، النيبالي | كاتماندو
سريلانكا، السريلانكي | كولومبو
أستراليا، الأسترالي | سيدني، ملبورن، كانبرا
نيوزيلندا، النيوزيلندي | أوكلاند
إثيوبيا، الإثيوبي | أديس أبابا، تيغراي
إريتريا، الإريتري | أسمرة
كينيا، الكيني | نيروبي
أوغندا، الأوغندي | كمبالا
رواندا، الرواندي | كيغالي
الكونغو، الكونغولي | كينشاسا، غوما
نيجيريا، النيجيري | أبوجا، لاغوس
النيجر | نيامي
جمهورية مالي | باماكو
تشاد، التشادي | نجامينا
السنغال، السنغالي | داكار
غانا، الغاني | أكرا
الكاميرون، الكاميروني | ياوندي
جنوب السودان | جوبا
جنوب أفريقيا، جنوب إفريقيا | بريتوريا، جوهانسبرغ، كيب تاون
بوركينا فاسو | واغادوغو
أذربيجان، الأذربيجاني | باكو، ناغورني قره باغ
أرمينيا، الأرميني | يريفان
جورجيا، الجورجي | تبليسي
كازاخستان، الكازاخي | أستانا
أوزبكستان، الأوزبكي | طشقند
بيلاروسيا، البيلاروسي | مينسك
"""
_LONGEST = 3
_CLITICS = ("وبال", "وال", "بال", "لل", "ولل", "فال", "كال", "وب", "ول", "و", "ب", "ل", "ف")


@dataclass(frozen=True, slots=True)
class Place:
    """A country (its people's adjective counts as the country) or a town in one."""

    name: str
    """Key text; the first name of a country stands for all its names."""
    countries: frozenset[str]
    """More than one where a name is ambiguous: «عمان»."""
    is_country: bool = False

    def agrees(self, other: "Place") -> bool:
        """Both may be said of one event: the same place, or a country and a town in it."""
        return self.name == other.name or (
            (self.is_country or other.is_country) and not self.countries.isdisjoint(other.countries)
        )


def places_of(words: Iterable[str]) -> frozenset[Place]:
    """The places that a headline's key words name, the longest names first: «كوريا الشمالية» is not «كوريا»."""
    row = tuple(words)
    found: set[Place] = set()
    at = 0
    while at < len(row):
        place, length = _place_at(row, at)
        if place:
            found.add(place)
        at += length
    return frozenset(found)


def disagree(these: frozenset[Place], those: frozenset[Place]) -> bool:
    """Each names a place that nothing in the other agrees with: two events in two places.

    Two towns disagree even beside one country: «ميس الجبل جنوب لبنان»، «عيتا الشعب جنوب لبنان».
    """
    if not (these and those):
        return False
    if _has_stranger(these, those) and _has_stranger(those, these):
        return True
    ours, theirs = _towns(these), _towns(those)
    return bool(ours - theirs and theirs - ours)


def _towns(places: frozenset[Place]) -> frozenset[str]:
    return frozenset(place.name for place in places if not place.is_country)


def _has_stranger(these: frozenset[Place], those: frozenset[Place]) -> bool:
    return any(not any(place.agrees(other) for other in those) for place in these)


def _place_at(row: tuple[str, ...], at: int) -> tuple[Place | None, int]:
    firsts = [first for first in _without_clitics(row[at]) if first in _FIRST_WORDS]
    for length in range(min(_LONGEST, len(row) - at), 0, -1) if firsts else ():
        rest = row[at + 1 : at + length]
        for first in firsts:
            place = _PLACES.get(" ".join((first, *rest)))
            if place:
                return place, length
    return None, 1


def _without_clitics(word: str) -> tuple[str, ...]:
    """The word as it stands, then freed of «و», «ب», «ل» with the article given back: «بالقاهرة», «للأردن»."""
    if not word.startswith(_CLITICS):
        return (word,)
    forms = [word]
    for clitic in _CLITICS:
        if word.startswith(clitic) and len(word) - len(clitic) >= 2:
            rest = word[len(clitic) :]
            forms.append("ال" + rest if clitic[-1] == "ل" and len(clitic) > 1 and clitic != "ول" else rest)
    return tuple(forms)


def _read(gazetteer: str) -> dict[str, Place]:
    places: dict[str, Place] = {}
    for line in gazetteer.replace("،\n", "، ").strip().splitlines():
        countries, _, towns = line.partition("|")
        names = [key_text(name) for name in countries.split("،")]
        country = frozenset({names[0]})
        whole = Place(names[0], country, is_country=True)
        for name in names:
            places |= dict.fromkeys(_forms(name), whole)
        for town in filter(None, (key_text(town) for town in towns.split("،"))):
            known = places.get(town)
            # A town that bears a country's name («الجزائر», «تونس») is the country's; one in two countries is both's.
            if known is None or not known.is_country:
                places[town] = Place(town, country | (known.countries if known else frozenset()))
    return places


def _forms(name: str) -> tuple[str, ...]:
    """A people's adjective as headlines inflect it: «المصري»، «مصرية»، «المصريين»."""
    if not name.endswith("ي") or " " in name or not name.startswith("ال"):
        return (name,)
    stems = (name, name.removeprefix("ال"))
    return tuple(stem + ending for stem in stems for ending in ("", "ه", "ين", "ون", "ان", "ات", "تين"))


_PLACES = _read(_GAZETTEER)
_FIRST_WORDS = frozenset(name.split(" ")[0] for name in _PLACES)
