"""Analysis: what meets and what does not, in every language."""

from __future__ import annotations

import threading

import pytest

from search.text import LANGUAGES, NO_COMPOUNDS, Compounds, analyse, collation_key, fold, query_terms
from search.text.courses import by_subject, subjects
from search.text.families import DOMAIN_WORDS
from search.text.languages import generic_words, stop_words
from search.text.vocabulary import GENERIC_WORDS, STOP_WORDS


def stems(text: str, language: str) -> set[str]:
    return {token.stem for token in analyse(text, language)}


def exact(text: str, language: str = "en") -> list[str]:
    return [token.exact for token in analyse(text, language)]


def words(text: str, *languages: str) -> list[str]:
    return [word.exact for word in query_terms(text, languages or ("en",)).words]


def test_there_are_the_24_languages() -> None:
    assert len(LANGUAGES) == 24
    assert set(STOP_WORDS) == set(LANGUAGES)
    assert set(GENERIC_WORDS) == set(LANGUAGES)
    assert set(DOMAIN_WORDS) == set(LANGUAGES)


@pytest.mark.parametrize(
    ("language", "forms"),
    [
        ("bg", "курс курсът курсове"),
        ("bg", "обучение обучения обучението"),
        ("cs", "kurz kurzy kurzu"),
        ("da", "kursus kurser kurset"),
        ("de", "Kurs Kurse Kursen Kurses"),
        ("de", "Häuser haeuser Haus"),
        ("de", "Zertifikat Zertifikate Zertifikats"),
        ("el", "μάθημα μαθήματα μαθηματα ΜΑΘΗΜΑΤΑ"),
        ("en", "course courses Course"),
        ("en", "skill skills"),
        ("es", "curso cursos"),
        ("et", "kursus kursused kursuste"),
        ("fi", "koulutus koulutukset koulutuksen"),
        ("fr", "formation formations"),
        ("ga", "cúrsa cúrsaí gcúrsa"),
        ("hr", "tečaj tečajevi tečaja"),
        ("hu", "tanfolyam tanfolyamok tanfolyamot"),
        ("it", "corso corsi"),
        ("lt", "kursas kursai kurso"),
        ("lv", "kurss kursi kursu"),
        ("mt", "ħila ħiliet"),
        ("nl", "cursus cursussen"),
        ("pl", "kurs kursy kursu"),
        ("pt", "formação formações"),
        ("ro", "curs cursuri cursul"),
        ("sk", "kurz kurzy kurzu"),
        ("sl", "tečaj tečaji tečaja"),
        ("sv", "kurs kurser kursen kurserna"),
    ],
)
def test_the_forms_of_a_word_meet(language: str, forms: str) -> None:
    assert len(stems(forms, language)) == 1


@pytest.mark.parametrize(
    ("language", "forms"),
    [
        ("en", "certificate certification"),
        ("sv", "hår har"),
        ("fi", "sää saa"),
        ("da", "bånd band"),
        ("et", "käru karu"),
        ("es", "año ano"),
        ("bg", "йод иод"),
        ("de", "Kurs Kurve"),
        ("da", "regering regel"),
    ],
)
def test_different_words_stay_apart(language: str, forms: str) -> None:
    assert len(stems(forms, language)) == 2


@pytest.mark.parametrize(
    ("language", "word", "expected"),
    [
        ("da", "svejsekurset", ("svejse",)),
        ("da", "tegnsprogskursus", ("tegnsprogs", "tegnsprog")),
        ("de", "Schweißkurs", ("Schweiß",)),
        ("et", "giidikoolitused", ("giidi",)),
        ("nl", "lascursus", ("las",)),
        ("da", "kursus", ()),
        ("da", "maskinlæring", ()),
        ("de", "Kurve", ()),
        ("en", "racecourse", ()),
    ],
)
def test_a_compound_that_names_a_course_says_its_subject(
    language: str, word: str, expected: tuple[str, ...]
) -> None:
    assert subjects(word, language) == expected


def test_a_text_with_subjects_keeps_every_word_in_its_place() -> None:
    text = "godt tegnsprogskursus i Odense"
    assert by_subject(text, ("da", "en")) == [
        "godt tegnsprogs       i Odense",
        "godt tegnsprog        i Odense",
    ]
    assert by_subject("welding course", ("en",)) == by_subject("svejsning", ("da", "en")) == []


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("Größe", "grosse"), ("Łódź", "lodz"), ("Ærø", "aero"), ("Đakovo", "dakovo"), ("ħila", "hila"),
        ("œuvre", "oeuvre"), ("Νέος", "νεος"), ("ΝΕΟΣ", "νέος"), ("Škoda", "skoda"), ("învăţământ", "învățământ"),
        ("ﬁne", "fine"), ("e\u0301te\u0301", "été"), ("mi\u00adcro", "micro"), ("Þing", "thing"),
    ],
)  # fmt: skip
def test_lazy_typing_gives_the_same_exact_form(written: str, typed: str) -> None:
    assert fold(written) == fold(typed)
    assert exact(written, "xx") == exact(typed, "xx")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_of_a_family_meet(language: str) -> None:
    taken: dict[str, str] = {}
    for family in DOMAIN_WORDS[language]:
        shared = {taken.setdefault(word, family) for word in family.split()}
        assert shared == {family}, "a word is in two families"
        assert len(stems(family, language)) == 1, family


@pytest.mark.parametrize(
    ("language", "pair"),
    [
        ("bg", "орган органичен"), ("bg", "статия статика"), ("cs", "hra hrách"), ("cs", "univerzita univerzum"),
        ("da", "bil billet"), ("da", "bank banket"), ("de", "Organ organisch"), ("de", "Kur Kurs"),
        ("de", "General generell"), ("el", "νόμος νομός"), ("el", "φόρος φορά"), ("en", "university universe"),
        ("en", "organ organic"), ("en", "policy police"), ("en", "general generous"), ("en", "market marketing"),
        ("en", "custom customs"), ("en", "train training"), ("en", "even evening"), ("en", "nurse nursery"),
        ("es", "cartero cartera"), ("es", "acero acera"), ("es", "mejor mejora"), ("et", "pank pankrot"),
        ("fi", "tuli tuuli"), ("fr", "marché péché"), ("fr", "port porte"), ("fr", "police politique"),
        ("ga", "bán bánaigh"), ("hr", "sveučilište svemir"), ("hu", "szem szemét"), ("it", "porto porta"),
        ("it", "corso corsa"), ("it", "partito partita"), ("lt", "sala salė"), ("lv", "pils pilsēta"),
        ("mt", "punt punta"), ("mt", "post posta"), ("nl", "kat kater"), ("nl", "man maan"),
        ("pl", "kasa kasza"), ("pt", "carteiro carteira"), ("pt", "pato pata"), ("ro", "bancă banc"),
        ("ro", "poliție politică"), ("sk", "banka banket"), ("sl", "banka banket"), ("sv", "bro brons"),
    ],
)  # fmt: skip
def test_families_and_lemmas_keep_apart_what_stemmers_join(language: str, pair: str) -> None:
    first, second = pair.split()
    assert not stems(first, language) & stems(second, language)


@pytest.mark.parametrize(
    ("language", "forms"),
    [
        ("da", "tand tanden tænder tænderne"), ("de", "lesen las gelesen"), ("de", "Lehrer Lehrerin Lehrerinnen"),
        ("el", "ανάλυση αναλύσεις ΑΝΑΛΥΣΗ"), ("en", "write writes wrote written writing"),
        ("en", "organisation organizations"), ("es", "técnico técnica técnicas"), ("fr", "infirmier infirmières"),
        ("ga", "gcomhlacht chomhlacht comhlachtaí"), ("hu", "vendég vendéget vendégekkel"),
        ("it", "professore professoressa"), ("mt", "ktieb kotba"), ("mt", "għalqa għelieqi"),
        ("mt", "jikteb niktbu kiteb"), ("mt", "lezzjoni lezzjonijiet"), ("nl", "zorg zorgen"),
        ("pl", "szkolenie szkoleń szkoleniach"), ("sv", "bok böcker böckerna"),
        ("de", "Mikrozertifikat Mikrozertifikate"), ("pl", "mikroświadectwo mikroświadectwa"),
        ("et", "testimine testimise testimist testida testima"), ("et", "tarkvaratestimine tarkvaratestimisega"),
        ("et", "paigaldamine paigaldamisel paigaldada"), ("da", "visualisering visualisere visualiserer"),
        ("sv", "inventering inventera"),
    ],
)  # fmt: skip
def test_irregular_and_unknown_words_meet(language: str, forms: str) -> None:
    assert len(stems(forms, language)) == 1


@pytest.mark.parametrize(
    ("language", "word", "exact_form", "others"),
    [
        ("de", "Größe", "grosse", ("groesse",)), ("de", "Übung", "ubung", ("uebung",)),
        ("de", "Straße", "strasse", ()),
        ("da", "Smørrebrød", "smorrebrod", ("smoerrebroed",)), ("da", "gård", "gard", ("gaard",)),
        ("sv", "vård", "vard", ("vaard",)), ("fi", "työ", "tyo", ("tyoe",)), ("et", "õpe", "ope", ("oepe",)),
        ("fr", "école", "ecole", ()), ("en", "course", "course", ()),
        ("bg", "България", "българия", ("balgaria", "bulgaria")), ("bg", "обучение", "обучение", ("obuchenie",)),
        ("bg", "щанд", "щанд", ("shtand",)),
        ("el", "Ευρώπη", "ευρωπη", ("evropi",)), ("el", "αυτοκίνητο", "αυτοκινητο", ("aftokinito",)),
        ("el", "άγγελος", "αγγελοσ", ("angelos",)), ("el", "μπύρα", "μπυρα", ("byra", "bira")),
        ("el", "χώρα", "χωρα", ("chora", "hora")), ("el", "μαΐου", "μαιου", ("maiou",)),
    ],
)  # fmt: skip
def test_other_spellings_are_variants(
    language: str, word: str, exact_form: str, others: tuple[str, ...]
) -> None:
    (token,) = analyse(word, language)
    assert (token.exact, token.variants) == (exact_form, others)


TITLES = {
    "de": ["Moderne Wundversorgung", "Versorgung von Wunden", "Schutz der Daten", "Kinder im Garten"],
    "fi": ["Haavan hoito", "Työn turvallisuus", "Työ", "Hyvä työ", "Työ ja oppiminen"],
    "nl": ["Bescherming van gegevens"],
    "sv": ["Vård av sår", "Skola", "Lag och rätt"],
    "da": ["Beskyttelse af data"],
    "et": ["Keele õpe", "Andmed ja kaitse"],
    "hu": ["Nyelv és tanulás"],
}


@pytest.mark.parametrize(
    ("language", "word", "parts"),
    [
        ("de", "Wundversorgung", "Wunde Versorgung"),
        ("de", "Datenschutz", "Daten Schutz"),
        ("de", "Kindergärten", "Kinder Garten"),
        ("fi", "haavanhoidon", "haava hoito"),
        ("fi", "työturvallisuus", "työ turvallisuus"),
        ("nl", "gegevensbescherming", "gegevens bescherming"),
        ("da", "databeskyttelsen", "data beskyttelse"),
        ("et", "andmekaitse", "andmed kaitse"),
        ("hu", "nyelvtanulás", "nyelv tanulás"),
    ],
)
def test_compounds_are_split_into_words_of_the_list(language: str, word: str, parts: str) -> None:
    compounds = Compounds.of(TITLES)
    (token,) = analyse(word, language, Compounds.load(compounds.dump()))
    assert set(token.parts) == stems(parts, language)
    assert analyse(word, language, NO_COMPOUNDS)[0].parts == ()


@pytest.mark.parametrize("word", ["Wunde", "Sicherheit", "Unterricht", "Gartenzaun", "Daten"])
def test_nothing_is_split_by_chance(word: str) -> None:
    assert Compounds.of(TITLES).split(word.lower(), "de") == ()


@pytest.mark.parametrize("content", [b"", b"[]", b'{"de": 1}', b"\xff"])
def test_a_damaged_list_of_compounds_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        Compounds.load(content)


@pytest.mark.parametrize(
    ("language", "generic", "telling"),
    [
        ("en", "course courses training programmes learning", "teaching management skill nurse"),
        ("de", "Kurs Kurse Weiterbildungen Seminare", "Unterrichten Pflege Verwaltung"),
        ("fr", "cours formation formations ateliers", "gestion enseigner infirmier"),
        ("pl", "kurs kursy szkolenia szkoleń", "zarządzanie pielęgniarka"),
        ("mt", "kors korsijiet taħriġ", "għalliem ġestjoni"),
        ("el", "σεμινάρια προγράμματος", "διαχείριση υγεία"),
    ],
)
def test_generic_words_say_nothing_of_a_subject(language: str, generic: str, telling: str) -> None:
    assert stems(generic, language) <= generic_words(language)
    assert not stems(telling, language) & generic_words(language)


@pytest.mark.parametrize(
    ("language", "function_words"),
    [
        ("en", "how to what is the"), ("de", "wie was die für"), ("pl", "jak co dla"), ("fr", "comment que les"),
        ("fi", "miten mikä"), ("hu", "hogyan mi a"), ("el", "πώς τι για"), ("bg", "как какво за"), ("mt", "kif xi"),
    ],
)  # fmt: skip
def test_function_words_are_stop_words(language: str, function_words: str) -> None:
    assert set(exact(function_words, language)) <= stop_words(language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_stop_words_are_no_generic_words(language: str) -> None:
    assert not stop_words(language) & {fold(word) for word in GENERIC_WORDS[language].split()}


def test_bulgarian_short_i_is_a_letter_of_its_own() -> None:
    assert fold("Йога") == "йога" != fold("Иога")


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("C++, C# and F#", ["c++", "c#", "and", "f#"]),
        (".NET and ASP.NET", [".net", "and", "asp", ".net"]),
        ("3D, R&D; Web 2.0", ["3d", "r", "d", "web", "2", "0"]),
        ("#1 abc# foo_bar", ["1", "abc", "foo", "bar"]),
        ("l'école, l’école", ["l", "ecole", "l", "ecole"]),
        ("teacher's", ["teacher", "s"]),
        ("il-kors", ["ilkors", "il", "kors"]),
        ("micro-credential", ["microcredential", "micro", "credential"]),
        ("2027-03-01", ["2027", "03", "01"]),
        ("a-b-c-d-e", ["a", "b", "c", "d", "e"]),
        ("spaced - dash", ["spaced", "dash"]),
        ("", []),
        ("*** --- \0", []),
    ],
)  # fmt: skip
def test_texts_are_cut_where_people_see_words(text: str, tokens: list[str]) -> None:
    assert exact(text) == tokens


def test_tokens_say_where_they_stand() -> None:
    text = "Die Größe, e\u0301te\u0301"
    assert [text[token.start : token.end] for token in analyse(text, "de")] == [
        "Die",
        "Größe",
        "e\u0301te\u0301",
    ]


def test_a_word_without_end_is_cut() -> None:
    assert all(len(token.exact) <= 64 for token in analyse("x" * 100_000, "en"))


def test_a_query_word_is_looked_for_exactly_and_in_each_language() -> None:
    (word,) = query_terms("Häuser", ("de", "en")).words
    assert (word.start, word.end, word.exact) == (0, 6, "hauser")
    assert word.stems[0] == "de:haus"
    assert word.stems[1].startswith("en:")


def test_quotes_make_phrases_and_a_minus_excludes() -> None:
    parsed = query_terms('“machine learning” course -java -"deep nets" «C++ basics»', ("en",))
    assert parsed.phrases == (("machine", "learning"), ("c++", "basics"))
    assert [word.exact for word in parsed.words] == ["course"]
    assert [word.exact for word in parsed.excluded] == ["java"]
    assert parsed.excluded_phrases == (("deep", "nets"),)


def test_nothing_else_is_an_operator() -> None:
    assert words("data* OR wien~2 title:x (a AND b)^3 [1 TO 9] /.*/") == (
        ["data", "wien", "2", "title", "x", "b", "3", "1", "9"]
    )
    assert words('unpaired " quote') == ["unpaired", "quote"]
    assert words("- -- —") == []


def test_stop_words_go_only_while_others_stay() -> None:
    assert words("the art of data") == ["art", "data"]
    assert words("to be") == ["to", "be"]
    assert words("l'art d'apprendre", "fr") == ["art", "apprendre"]
    assert words("il-kors tal-Ingliż", "mt") == ["kors", "ingliz"]
    assert words("die Daten", "en", "de") == ["daten"]


def test_a_hyphenated_word_may_be_one_word_or_a_phrase() -> None:
    (word,) = query_terms("e-learning", ("en", "it")).words
    assert (word.exact, word.parts) == ("elearning", ("e", "learning"))


def test_only_twelve_words_count() -> None:
    parsed = query_terms(
        '"one two three" ' + " ".join(f"w{number}" for number in range(5000)) + " -x", ("en",)
    )
    assert (len(parsed.words), len(parsed.phrases), parsed.excluded) == (9, 1, ())


@pytest.mark.parametrize("piece", ['"', "-", "a-", '"a', "\u0301", "a\u0301", "a ", "+"])
def test_hostile_queries_are_read_quickly(piece: str) -> None:
    query_terms(piece * 10_000, ("en", "de", "fr"))


def test_threads_may_share_the_stemmers() -> None:
    answers: list[set[str]] = []

    def work() -> None:
        answers.append(
            {stem for number in range(300) for stem in stems(f"Kurse{number} Häuser{number}", "de")}
        )

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(answer == answers[0] for answer in answers)
    assert len(answers) == 4


@pytest.mark.parametrize(
    ("language", "ordered"),
    [
        ("bg", "Абв игра йод яма"),
        ("cs", "Cesta Čaj Dom Hora Chata Ihla"),
        ("da", "Zoo Æble Øl Aabenraa Ålborg"),
        ("de", "Abc Apfel Ärzte Österreich zebra Zypern"),
        ("el", "άλφα Βήτα γάμμα Ωμέγα"),
        ("es", "nube ñandú oso"),
        ("et", "soo šoo zoo žoo too õun äär öö üle"),
        ("fi", "Zebra Åbo Ääni Öljy"),
        ("hr", "cijena čaj ćup dom džem đak luk ljubav nos njuh"),
        ("hu", "cukor csík dél gól gyár ló lyuk orr öl ősz"),
        ("lt", "ilgas ylis jonas sala šaka"),
        ("lv", "kaza ķēde lauva ļaudis"),
        ("mt", "bella ċavetta chess ġurnata gallina għasel hena ħobż żebra zebra"),
        ("pl", "las łas nos ósmy rak"),
        ("ro", "ac ăla în soare șapte tata țară"),
        ("sk", "čaj dom hora chata ihla osa ôsmy"),
        ("sl", "cesta čaj sova šola"),
        ("sv", "Apa Zebra Ål Ärta Öl"),
    ],
)
def test_words_are_sorted_by_the_alphabet_of_the_language(language: str, ordered: str) -> None:
    backwards = ordered.split()[::-1]
    assert sorted(backwards, key=lambda word: collation_key(word, language)) == ordered.split()


def test_signs_and_quotes_do_not_count_in_sorting() -> None:
    titles = ["„Beta“", "Alpha", "(Gamma)"]
    assert sorted(titles, key=lambda title: collation_key(title, "de")) == ["Alpha", "„Beta“", "(Gamma)"]
