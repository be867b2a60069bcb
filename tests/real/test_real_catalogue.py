"""Real catalogues of three universities go in, nothing vanishes silently, and named courses are found."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import func, select

from catalogue.changes import indexer
from catalogue.db import Database
from catalogue.exchange.importing import Options, Report, import_file
from catalogue.offers import queries
from catalogue.offers.facets import FACETS
from catalogue.offers.model import OfferVersion
from catalogue.offers.queries import PublishedOffer
from catalogue.portal import Portal
from catalogue.providers import service as providers
from catalogue.search import find, make_engine
from catalogue.security.actor import OPERATOR
from search.query import SearchQuery
from tests.conftest import Clock, settings_for
from tests.factories import NOW
from tests.real.convert import Conversion, convert

SOURCE = Path(__file__).resolve().parents[3] / "shared" / "real" / "ec2u-universities"
pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not SOURCE.is_dir(), reason="the real catalogues are not beside the checkout"),
]

COIMBRA, PAVIA, POITIERS = "universidade-de-coimbra", "universita-di-pavia", "universite-de-poitiers"
# Records in the source, rows after conversion, rows published.
COUNTS = {COIMBRA: (690, 309, 309), PAVIA: (41, 34, 27), POITIERS: (201, 144, 144)}
# Activities of Pavia of which the source has neither contents nor outcomes.
EMPTY = {"510397", "505041", "500000", "502815", "511422", "OFA-INF/01", "OFA-LIN/12"}


@dataclass
class Imported:
    """A portal that holds all three catalogues, and how they got there."""

    portal: Portal
    conversions: dict[str, Conversion]
    reports: dict[str, Report]
    files: dict[str, Path]

    def take(self, slug: str) -> Report:
        options = Options(slug, publish=True, policy="minimal")
        return import_file(self.portal.database, OPERATOR, self.files[slug], None, options, clock=Clock())

    def search(
        self, words: str, languages: tuple[str, ...] = ("en",), **selections: str
    ) -> list[PublishedOffer]:
        """Offers found, best first, whatever they lead to: none of these universities has declared it."""
        args = [
            *([("q", words)] if words else []),
            ("leads_to", "all"),
            ("page_size", "100"),
            *selections.items(),
        ]
        query, problems = SearchQuery.from_args(args, FACETS, languages)
        assert problems == ()
        with self.portal.database.read() as session:
            hits = find(session, self.portal.engine, query, as_of=NOW).hits
            offers = queries.published(session, [hit.id for hit in hits])
        return [offers[hit.id] for hit in hits]

    def total(self, **selections: str) -> int:
        query, _ = SearchQuery.from_args([*selections.items()], FACETS)
        with self.portal.database.read() as session:
            return find(session, self.portal.engine, query, as_of=NOW).total


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path) -> Iterator[Imported]:
    place = tmp_path_factory.mktemp("real")
    shutil.copy(migrated_sqlite, place / "portolan.db")
    database = Database(f"sqlite:///{place / 'portolan.db'}")
    settings = settings_for(database, place)
    conversions = {made.provider["slug"]: made for made in convert(SOURCE, place)}
    files = {slug: place / f"{slug}.jsonl" for slug in conversions}
    made = Imported(Portal(settings, database, make_engine(settings), Clock()), conversions, {}, files)
    for slug, conversion in conversions.items():
        with database.write() as session:
            providers.save(session, OPERATOR, conversion.provider, at=NOW)
        made.reports[slug] = made.take(slug)
    indexer.rebuild(database, made.portal.engine)
    yield made
    database.close()


def references(offers: list[PublishedOffer]) -> list[str]:
    return [offer.reference for offer in offers]


@pytest.mark.parametrize("slug", COUNTS)
def test_every_record_becomes_a_row_or_is_left_out_with_a_reason(imported: Imported, slug: str) -> None:
    made = imported.conversions[slug]
    records, rows, _ = COUNTS[slug]
    assert (made.records, len(made.rows)) == (records, rows)
    assert len(made.rows) + len(made.left_out) == made.records
    assert all(reason for _, reason in made.left_out)
    assert len({row["reference"] for row in made.rows}) == rows


def test_the_report_of_the_conversion_is_written_down(imported: Imported) -> None:
    reports = json.loads((imported.files[COIMBRA].parent / "report.json").read_text("utf-8"))
    assert {report["provider"]: report["rows"] for report in reports} == {
        slug: rows for slug, (_, rows, _) in COUNTS.items()
    }


@pytest.mark.parametrize("slug", COUNTS)
def test_every_row_is_published_or_has_a_message(imported: Imported, slug: str) -> None:
    report, (_, rows, published) = imported.reports[slug], COUNTS[slug]
    assert report.outcomes["new"] == published
    assert sum(report.outcomes.values()) == rows
    assert len({problem.row for problem in report.problems}) == report.outcomes["wrong"] == rows - published
    assert imported.total(leads_to="all", provider=slug) == published


def test_only_activities_without_any_content_are_refused(imported: Imported) -> None:
    problems = imported.reports[PAVIA].problems
    assert {problem.reference for problem in problems} == EMPTY
    assert {(problem.field, problem.message) for problem in problems} == {
        ("description", "State a description or learning outcomes.")
    }


def test_a_second_import_changes_nothing(imported: Imported) -> None:
    def versions() -> int:
        with imported.portal.database.read() as session:
            return session.scalar(select(func.count()).select_from(OfferVersion)) or 0

    before = versions()
    for slug, (_, rows, published) in COUNTS.items():
        assert imported.take(slug).outcomes == {"unchanged": published} | (
            {"wrong": rows - published} if rows > published else {}
        )
    assert versions() == before


def test_what_is_not_declared_to_lead_to_a_micro_credential_is_left_out_by_default(
    imported: Imported,
) -> None:
    assert imported.total() == 0
    assert imported.total(leads_to="not-stated") == sum(published for _, _, published in COUNTS.values())


@pytest.mark.parametrize(
    ("words", "languages", "slug", "reference"),
    [
        ("latim elementar", ("pt", "en"), COIMBRA, "20174021"),
        ("Elementary Latin II", ("en",), COIMBRA, "20174021"),
        ("imprensa regional", ("pt",), COIMBRA, "8379"),
        ("como escrever canções", ("pt",), COIMBRA, "20184000"),
        ("write songs", ("en",), COIMBRA, "20184000"),
        ("valorizacao biomassa", ("pt",), COIMBRA, "20164008"),
        ("diritto d’autore pubblicità", ("it",), PAVIA, "502808"),
        ("copyright and advertising law", ("en",), PAVIA, "502808"),
        ("algoritmi apprendimento automatico", ("it",), PAVIA, "509701"),
        ("negoziazione", ("it",), PAVIA, "510522"),
        ("notariat", ("fr",), POITIERS, "DDV101"),
        ("mathématiques accès santé", ("fr",), POITIERS, "F1MAS1"),
        ("MATHEMATIQUES ACCES SANTE", ("fr", "en"), POITIERS, "F1MAS1"),
    ],
)
def test_a_named_course_is_found_among_the_first(
    imported: Imported, words: str, languages: tuple[str, ...], slug: str, reference: str
) -> None:
    first = imported.search(words, languages)[:3]
    assert (slug, reference) in [(offer.provider.slug, offer.reference) for offer in first]


def test_the_singular_finds_the_plural_in_the_language_of_the_text(imported: Imported) -> None:
    """The title says "modelli e tecniche"."""
    assert "502785" in references(imported.search("modello e tecnica di scrittura", ("it",)))


def test_facets_lead_to_the_courses_too(imported: Imported) -> None:
    law = imported.search("", isced="0421", provider=PAVIA)
    assert "502808" in references(law)
    assert all("IUS/" in offer.content.further_information.text["it"].text for offer in law)
    assert set(references(imported.search("", language="en"))) == {"502786"}
    assert references(imported.search("", ects_min="12", ects_max="12")) == ["506594"]
    assert len(imported.search("", ects="30-", provider=POITIERS)) == 100
    assert {offer.provider.slug for offer in imported.search("", country="IT")} == {PAVIA}
    assert len(imported.search("", assessment="oral-examination", supervision="not-stated")) > 10
    assert all(
        offer.content.runs for offer in imported.search("", starts_from="2024-09-01", starts_to="2025-03-01")
    )
    assert set(references(imported.search("", isced="05"))) == set(
        references(imported.search("", isced="05", country="FR"))
    )


def test_a_syllabus_arrives_whole(imported: Imported) -> None:
    """Compared with the source by eye: copyright and advertising law at Pavia."""
    offer = next(offer for offer in imported.search("copyright") if offer.reference == "502808")
    said = offer.content
    assert said.title["it"].text == "DIRITTO D'AUTORE E DELLA PUBBLICITA'"
    assert said.title["en"].origin == "translated"
    assert (
        said.learning_outcomes[0]
        .text["en"]
        .text.startswith("The course aims to provide students with knowledge")
    )
    assert said.description["it"].text.startswith(
        "Il diritto d’autore -Introduzione storica sull’evoluzione della"
    )
    assert (str(said.workload.ects), str(said.workload.hours), said.workload.hours_kind) == (
        "6",
        "40",
        "contact",
    )
    assert (said.languages, said.assessment.types, said.level.cycle) == (
        ("it",),
        ("oral-examination",),
        "first",
    )
    assert [(str(run.start), str(run.end)) for run in said.runs] == [("2024-09-30", "2024-12-13")]
    assert said.leads_to is None


def test_no_names_of_teachers_and_no_markup_get_in(imported: Imported) -> None:
    everything = "\n".join(path.read_text("utf-8") for path in imported.files.values())
    for trace in ("Dott.", "Prof.", "redacted@", "<p>", "&nbsp;", "&amp;", "\\u0000", "   "):
        assert trace not in everything


def test_texts_are_in_the_languages_they_are_said_to_be_in(imported: Imported) -> None:
    originals = {COIMBRA: "pt", PAVIA: "it", POITIERS: "fr"}
    with imported.portal.database.read() as session:
        for offer in queries.all_published(session):
            own = originals[offer.provider.slug]
            assert offer.content.default_language == own
            for language, text in offer.content.title.items():
                assert text.origin == ("original" if language == own else "translated")
