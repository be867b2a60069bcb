"""Analysis: what meets and what does not, in every language."""

from __future__ import annotations

import threading

import pytest

from search.text import LANGUAGES, analyse, collation_key, fold, query_terms
from search.text.families import DOMAIN_WORDS
from search.text.vocabulary import STOP_WORDS


def stems(text: str, language: str) -> set[str]:
    return {token.stem for token in analyse(text, language)}


def exact(text: str, language: str = "en") -> list[str]:
    return [token.exact for token in analyse(text, language)]


def words(text: str, *languages: str) -> list[str]:
    return [word.exact for word in query_terms(text, languages or ("en",)).words]


def test_there_are_the_24_languages() -> None:
    assert len(LANGUAGES) == 24
    assert set(STOP_WORDS) == set(LANGUAGES)
    assert set(DOMAIN_WORDS) <= set(LANGUAGES)


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
        ("et", "mõõt moot"),
        ("es", "año ano"),
        ("bg", "йод иод"),
        ("de", "Kurs Kurve"),
    ],
)
def test_different_words_stay_apart(language: str, forms: str) -> None:
    assert len(stems(forms, language)) == 2


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
