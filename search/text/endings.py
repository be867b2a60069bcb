"""Rules of regular inflection, by language, as data.

A rule is written "ending>instead" or "ending>instead|witness". It leads from a form to what may be its base; the
first that fits is the best, so that longer endings stand before shorter. A witness is an ending that the dictionary
must know as another form of that base: only a verb has the forms of a verb.

INFLECTIONS count if the dictionary has the base. PREFERRED ones come before what the dictionary says; one that
replaces nothing keeps a word as it is. REDUCTIONS are for words that the dictionary takes for words of their own
("feeding", "mesure"). JOININGS lead from a base to a stem it shares with its other gender, or a verb with the noun
of doing it ("testimine", "testima"); they always count, so that they must be safe. UNKNOWN ones cut words of which
the dictionary has no form, STEMMED ones what a stemmer left of them. MUTATIONS and SPELLINGS change other letters
than the last.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple


class Rule(NamedTuple):
    """Replace an ending; what stays before it has at least `least` letters."""

    ending: str
    instead: str
    witness: str = ""
    least: int = 2


class Rules:
    """Rules in their order, quick to ask for those that fit a word."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._rules = tuple(rules)
        self._by_letter: dict[str, list[Rule]] = {}
        for rule in self._rules:
            self._by_letter.setdefault(rule.ending[-1], []).append(rule)

    def __add__(self, other: Rules) -> Rules:
        return Rules(self._rules + other._rules)

    def fitting(self, word: str) -> Iterator[tuple[str, Rule]]:
        """The rules whose ending a word has, each with what stands before it."""
        for rule in self._by_letter.get(word[-1:], ()):
            before = len(word) - len(rule.ending)
            if before >= rule.least and word.endswith(rule.ending):
                yield word[:before], rule


NO_RULES: Final = Rules(())


def _rules(text: str, least: int = 2) -> Rules:
    rules = []
    for item in text.split():
        ending, target = item.split(">")
        instead, _, witness = target.partition("|")
        rules.append(Rule(ending, instead, witness, least))
    return Rules(rules)


def _crossed(endings: str, bases: str, least: int = 3) -> Rules:
    """Every ending with every ending of a base; "-" is a base without ending."""
    instead = [base.removeprefix("-") for base in bases.split()]
    return Rules(Rule(ending, base, "", least) for ending in endings.split() for base in instead)


def replaced(word: str, rules: Rules) -> Iterator[str]:
    """The word with each ending replaced that it has."""
    return (front + rule.instead for front, rule in rules.fitting(word))


def witnessed(word: str, rules: Rules) -> Iterator[tuple[str, str]]:
    """Bases, each with the form that must be one of its forms; "" where no witness is asked for."""
    for front, rule in rules.fitting(word):
        yield front + rule.instead, front + rule.witness if rule.witness else ""


def unmutated(word: str, language: str) -> Iterator[str]:
    """The word with each beginning replaced that it has."""
    for beginning, instead in MUTATIONS.get(language, ()):
        if word.startswith(beginning) and len(word) > len(beginning) + 1:
            yield instead + word[len(beginning) :]


def respelled(word: str, language: str) -> Iterator[str]:
    """How a dictionary may spell a word that was typed without marks."""
    if language == "el":
        yield from _accented(word)
        return
    changed = word
    for plain, marked in SPELLINGS.get(language, ()):
        changed = changed.replace(plain, marked)
    if changed != word:
        yield changed


_TONOS: Final = dict(zip("αεηιουω", "άέήίόύώ", strict=True))
_NO_TONOS: Final = str.maketrans({marked: plain for plain, marked in _TONOS.items()} | {"ϊ": "ι", "ΐ": "ι"})
_ACCENTED_SYLLABLES: Final = 4


def _accented(word: str) -> Iterator[str]:
    """A Greek word with its accent on each of its last vowels: endings move it, and capitals go without."""
    plain = word.translate(_NO_TONOS)
    places = [place for place in range(len(plain) - 1, -1, -1) if plain[place] in _TONOS]
    for place in places[:_ACCENTED_SYLLABLES]:
        accented = plain[:place] + _TONOS[plain[place]] + plain[place + 1 :]
        if accented != word:
            yield accented


# Slavic and Latvian paradigms: every case ending may stand for every ending of the base.
_CZECH: Final = (
    "ového ovými ových ovému ovou ové ová ování ého ému ými ých ým ího ímu ími ích ím ovi ové ami emi ech ích ách "
    "ům em ou ám mi ů y u e ě i í a o é á ý"
)
_SLOVAK: Final = (
    "ového ovými ových ovému ovou ové ová ého ému ými ých ým ieho iemu ími ích ím ovi ovia ami mi och iach ách om "
    "ám iam ov em ou ej y u e i í a á o é ý"
)
_POLISH: Final = (
    "owego owej owych owym owymi ego emu ych ymi ym iej ej ach ami om ów owi em iem ie ą ę y i u a e o"
)
_CROATIAN: Final = "ovima evima ovi evi ova eva ove eve ima ama om em og oga omu oj ih im ega emu a e i o u"
_LATVIAN: Final = "iem ajā ajam ajai ajās ajos ais ām ēm ās ēs ā ē ī os is us am im um as es a e i u o"
_SLOVENE: Final = "ega emu imi ima ih im ami ama em om ev ov oma ema ah ih eh i a e o u"

INFLECTIONS: Final[dict[str, Rules]] = {
    "bg": _rules(
        "овете> евете>й ията>ия иите>ия ният>ен ната>ен ните>ен ното>ен ският>ски ската>ски ските>ски ското>ски "
        "ска>ски ско>ски ата>а ята>я ета>е ите>и ите> ът> ят> ят>й та> то> те> ове> еве>й ци>к ци>ец ци>ка ца>ец "
        "ците>к ците>ец ецът>ец еца>ец ии>ия на>ен но>ен ни>ен на>нен ни>нен а> я>й я> и> и>а и>я и>о и>е ета>е ия>"
    ),
    "cs": _crossed(_CZECH, "- a o e í ý ec"),
    "da": _rules(
        "ernes> erne> erne>e erne>el ernes>e rne>r ene> ene>e enes> ens> en> en>e ens>e ets> et> et>e ets>e "
        "tten>t tter>t tterne>t mmen>m mmer>m mmet>m kken>k kker>k ssen>s sser>s ssene>s llen>l ller>l nnen>n "
        "er> er>e ere>e ne> e> t> ede>e ende>e n> r> s> te>e"
    ),
    "de": _rules(
        "innen>in ungen>ung heiten>heit keiten>keit nisse>nis nissen>nis en> en>e n> es> e> er> ern> em> s> ns>n "
        "st> t>en te>en ten>en end>en ende>en enden>en ender>en"
    ),
    "el": _rules(
        "ματος>μα ματα>μα μάτων>μα μάτων>μα ματων>μα εων>η εις>η εως>η ους>ος ούς>ός οι>ος οί>ός ου>ος ού>ός "
        "ων>ος ών>ός ων>ο ών>ό ου>ο ού>ό α>ο ά>ό ων>α ών>ά ων>η ών>ή ες>α ές>ά ες>η ές>ή ας>α άς>ά ης>η ής>ή "
        "ιού>ι ιά>ι ιών>ι ια>ι ιων>ι ιου>ι ες>ης ές>ής ων>ης ών>ής η>ης ή>ής ο>ος ό>ός ε>ος α>ας ων>ας ες>ας "
        "η>ος ή>ός ο>ος α>ος ά>ός ει>ω εί>ώ ουν>ω ούν>ώ ουμε>ω ούμε>ώ εται>ομαι ονται>ομαι είται>ούμαι"
    ),
    "en": _rules("ies>y es> es>e s> ied>y ed> ed>e ing> ing>e er>e er> ers>e ers> ically>ic ly> est> est>e"),
    "es": _rules("ces>z iones>ión es> s> as>o a>o os>o"),
    "et": _rules(
        "mise>ma misse>ma mist>ma mises>ma misest>ma misesse>ma misel>ma misele>ma miselt>ma misega>ma miseks>ma "
        "miseta>ma misena>ma miseni>ma mised>ma miste>ma misi>ma "
        "desse>de tesse>te dest>de test>te dele>de tele>te delt>de telt>te dega>de tega>te deks>de teks>te "
        "deta>de teta>te deni>de teni>te dena>de tena>te des>de tes>te del>de tel>te desse>d sse> st> le> lt> l> "
        "s> ga> ta> ni> na> ks> ks>t de> te> d> t> id> i> e> a> u> ja>ma jate>ma"
    ),
    "fi": _rules(
        "vat>a vät>ä vat>da vät>dä ssa>n ssä>n sta>n stä>n lla>n llä>n lta>n ltä>n lle>n ksi>n na>n nä>n tta>n "
        "ttä>n nsa>n nsä>n mme>n nne>n ni>n si>n ssaan>n ssään>n staan>n stään>n llaan>n t>n a> ä> n> een>e "
        "iin>i oon>o aan>a ään>ä seen>s kin> kaan> kään> ko> kö> han> hän>"
    ),
    "fr": _rules("aux>al eaux>eau es>e es> s> x> e> ée>er és>er ées>er é>er ant>er ent>er ons>er ez>er ait>er"),
    "ga": _rules(
        "eanna> anna> eacha> acha> aí> í> eanna>e aí>a í>e a> e> ta> te> the> tha> anna>a acha>a eacha>e ithe> "
        "ithe>iú aithe>ú aíochta>aíocht íochta>íocht óra>óir eora>eoir óirí>óir eoirí>eoir ála>áil anna>ann "
        "ann> eann> íonn>igh aíonn>aigh ochta>ocht eachta>eacht achta>acht"
    ),
    "hr": _rules("ci>k cima>k ci>ka zi>g zi>ga si>h ka>ak ke>ak ca>ac ce>ac ci>ac ca>ec", least=2)
    + _crossed(_CROATIAN, "- a o e i"),
    "hu": _rules(
        "arat>ár arak>ár arakat>ár eret>ér erek>ér ereket>ér ávak>ó okat> eket> öket> akat> jait> jeit> okban> "
        "ekben> okból> ekből> okról> ekről> okra> ekre> oknak> eknek> okhoz> ekhez> októl> ektől> ok> ek> ök> ak> "
        "jában> jében> jának> jének> ját> jét> ában> ében> ának> ének> ára> ére> ából> éből> áról> éről> ával> ével> "
        "ban> ben> ból> ből> ba> be> ról> ről> ra> re> nak> nek> val> vel> hoz> hez> höz> tól> től> ig> ért> ként> "
        "nál> nél> ot> et> öt> at> on> en> ön> án>a én>e jai> jei> ai> ei> ja> je> uk> ük> juk> jük> unk> ünk> "
        "ási>ás ési>és ós>ó ős>ő k> t> n> a> e> i> á>a é>e át>a ét>e ák>a ék>e ában>a ében>e ákat>a éket>e"
    ),
    "it": _rules("che>ca ghe>ga chi>co ghi>go ii>io i>io i>o i>e e>a e>o a>o ando>are endo>ere endo>ire ato>are"),
    "lt": _rules(
        "iuose> uose> iais> ais> iams> ams> iaus>ius aus>us yje>is ėje>ė oje>a iai>is iai>ys iai>ias ai>as "
        "io>is io>ys io>ias o>as ų>as ų>a ų>ė ių>is ių>ys ių>ė ių>ia os>a ės>ė ą>as ą>a ę>ė į>is į>ys u>as u>a "
        "e>as e>ė ose>a ėse>ė omis>a ėmis>ė oms>a ėms>ė iui>is ui>as us>as as>a es>ė čio>tis čiai>tis čių>tis "
        "džio>dis džiai>dis džių>dis"
    ),
    "lv": _crossed(_LATVIAN, "s š a e is us")
    + _rules("ņa>nis ņi>nis ņu>nis ļa>lis ļi>lis ļu>lis ša>tis ši>tis šu>tis ša>sis ža>dis ži>dis žu>dis"),
    "nl": _rules(
        "heden>heid iteiten>iteit ssen>s llen>l kken>k tten>t nnen>n ppen>p ven>f zen>s eren>eer elen>eel alen>aal "
        "aren>aar oren>oor omen>oom enen>een olen>ool uren>uur ieën>ie eeën>ee en> s> 's> e> er> en>e t>en d>en "
        "tje> je> pje> etje>"
    ),
    "pl": _rules("eń>enie ań>anie eń>eni iń>inia") + _crossed(_POLISH, "- a o e y i ek", least=3),
    "pt": _rules("ções>ção ões>ão ães>ão ãs>ã ais>al eis>el óis>ol is>il ns>m res>r zes>z ses>s s> as>o a>o os>o"),
    "ro": _rules(
        "urilor> urile> uri> ului> ul> elor>ă elor> ele>ă ele> ilor> ilor>e ile>e ile> ii>ie ii>iu iei>ie ia>ie "
        "ției>ție țiile>ție țiilor>ție ții>ție ării>are ările>are ărilor>are ări>are arii>ar i> i>e e>ă e> a>ă "
        "toare>tor toarea>tor toarei>tor oarele>or lei>"
    ),
    "sk": _rules("ník>ník níci>ník nícka>ník") + _crossed(_SLOVAK, "- a o e ý ie ec"),
    "sl": _rules("ca>ec ci>ec ce>ec cu>ec cev>ec") + _crossed(_SLOVENE, "- a o e i"),
    "sv": _rules(
        "arnas> arna> arna>a arna>are ornas>a orna>a ernas> erna> erna>e anden>ande nden>nde ens> en> en>e ets> et> "
        "et>e ns> n> na> ar> ar>e or>a er> er>e t> as> a> s> de>a te>a at>a ande>a lar>el rar>er nar>en ler>el"
    ),
}  # fmt: skip

# Inflections that dictionaries often take for forms of a rarer word: tried before the dictionary's own answer.
PREFERRED: Final[dict[str, Rules]] = {
    "bg": _rules("а>|ът и>|ът ове>|ът и>а|ата"),
    "da": _rules("te>e|er te>e|ede ede>e", least=2),
    "el": _rules("σεις>ση ξεις>ξη ψεις>ψη ιών>ι ιού>ι", least=2),
    "en": _rules("elling>el elled>el olling>ol olled>ol", least=3),
    "et": _rules("st>ne ste>ne", least=4),
    "fi": _rules("vat>a vät>ä ista>inen istä>inen sta>s stä>s aan>ata|aavat ään>ätä|äävät", least=3),
    "fr": _rules("ive>if ives>if", least=3),
    "ga": _rules("aigh>aigh|aíonn igh>igh|íonn"),
    "hu": _rules(
        "ízzel>íz izet>íz izek>íz eket>|ek elet>él elek>él avat>ó avak>ó ovat>ó ovak>ó övet>ő övek>ő öveket>ő "
        "rmet>rem rmek>rem rmeket>rem"
    )
    + INFLECTIONS["hu"],
    "it": _rules("lo>lo|li ro>ro|ri mo>mo|mi no>no|ni po>po|pi bo>bo|bi go>go|ghi"),
    "lv": _rules("i>s|ais i>š|ais o>s|ais u>s|ais ie>s|ais"),
    "pl": _rules("eń>enie ań>anie", least=3),
    "pt": _rules("oras>or ora>or", least=3),
    "sk": _rules("ení>enie aní>anie raví>ravie é>ý|ých á>ý|ých a>y|ych e>y|ych e>ny|nych ov>", least=3),
    "sl": _rules("il>ilo|ili", least=3),
    "sv": _rules(
        "arnas>are arna>are arnas> arna> arna>a ornas>a orna>a ernas> erna> ar> ars> or>a er> en> ens> et> ets>"
    ),
}

# Words that dictionaries keep as words of their own, although they are forms of another.
REDUCTIONS: Final[dict[str, Rules]] = {
    "bg": _rules("ати>ат енти>ент ори>ор ции>ция сти>ст ери>ер а>|ът о>|и а>|и и>|ът", least=3),
    "cs": _rules("ím>í ími>í ích>í", least=4),
    "da": _rules("ningerne>ning ninger>ning elser>else ste>se|ser er>e|en erne>e|en", least=2),
    "en": _rules(
        "tting>t nning>n pping>p mming>m gging>g dding>d bbing>b rring>r ying>y ing>e ing>", least=2
    ),
    "es": _rules("a>ar|an e>er|en", least=2),
    "fi": _rules(
        "lmat>lma lmät>lmä jat>ja jät>jä set>nen ukset>us ykset>ys okset>os iset>inen iä>i ia>i", least=3
    ),
    "fr": _rules(
        "e>er|ez é>er|ez ée>er|ez ées>er|ez és>er|ez rit>rire|rivent uit>uire|uisent uite>uire|uisent i>ir|issent "
        "ie>ir|issent u>re|ent che>c",
        least=2,
    ),
    "nl": _rules("eerd>eren eerde>eren en>|er"),
    "pt": _rules("a>ar|am ido>er|emos ido>ir|imos", least=2),
    "sk": _rules("á>ý|ých é>ý|ých", least=3),
    "sv": _rules("ningar>ning ningarna>ning elser>else"),
}

JOININGS: Final[dict[str, Rules]] = {
    "da": _rules("ering>", least=4) + _rules("ere> e>", least=3),
    "de": _rules("erinnen>er erin>er", least=3),
    "el": _rules("ίστρια>ιστής τρια>τής", least=3),
    "en": _rules("isation>ization ise>ize yse>yze our>or", least=3),
    "es": _rules("dora>dor tora>tor sora>sor era>ero ica>ico aria>ario osa>oso iva>ivo ada>ado", least=4),
    "et": _rules("minema>ma mine>ma mise>ma", least=3),
    "fr": _rules("trice>teur ière>ier euse>eur ienne>ien enne>en", least=2),
    "ga": _rules("eoig>eog óig>óg áimh>ámh ois>os uic>uc aigh>ú igh>iú", least=1),
    "it": _rules(
        "ica>ico trice>tore oressa>ore tessa>te iera>iere aria>ario aia>aio osa>oso iva>ivo", least=4
    ),
    "pt": _rules("dora>dor tora>tor sora>sor eira>eiro ica>ico ária>ário osa>oso iva>ivo", least=4),
    "sv": _rules("ering>", least=4) + _rules("era> a> e>", least=3),
}

# What is cut off a word that no dictionary has any form of, where there is no stemmer to do so.
UNKNOWN: Final[dict[str, Rules]] = {
    "bg": _rules("овете> ията> ите> ът> ят> та> то> те> ове> ии> ия> а> я> и> о> е>", least=4),
    "ga": _rules("eanna> anna> eacha> acha> aí> í> a> e>", least=4),
    "lv": _crossed(_LATVIAN + " īm īs o s š", "-", 4),
    "mt": _rules("ura>ura ajiet> ijiet> jiet> iet> iċi>ik ers>er ors>or à> i> a> u>", least=3),
    "sl": _crossed(_SLOVENE, "-", 4),
}

# Where a stemmer stops at the genitive of a noun of doing something.
STEMMED: Final[dict[str, Rules]] = {"et": _rules("mise>ma", least=3)}

# Irish eclipsis and lenition, and the participles of Dutch.
MUTATIONS: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    "ga": (
        ("bhf", "f"), ("mb", "b"), ("gc", "c"), ("nd", "d"), ("ng", "g"), ("bp", "p"), ("dt", "t"), ("ts", "s"),
        ("bh", "b"), ("ch", "c"), ("dh", "d"), ("fh", "f"), ("gh", "g"), ("mh", "m"), ("ph", "p"), ("sh", "s"),
        ("th", "t"), ("n", ""), ("h", ""), ("t", ""),
    ),
    "nl": (("ge", ""), ("geï", "i"), ("geë", "e")),
}  # fmt: skip

SPELLINGS: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    "da": (("ae", "æ"), ("oe", "ø"), ("aa", "å")),
    "de": (("ae", "ä"), ("oe", "ö"), ("ue", "ü")),
    "et": (("ae", "ä"), ("oe", "ö"), ("ue", "ü")),
    "fi": (("ae", "ä"), ("oe", "ö")),
    "ro": (("ş", "ș"), ("ţ", "ț")),
    "sv": (("ae", "ä"), ("oe", "ö"), ("aa", "å")),
}
