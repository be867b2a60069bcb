"""The whole of ESCO, asked in languages that no offer is written in."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from sqlalchemy import select

from catalogue.concepts.loading import load_esco
from catalogue.concepts.model import Concept, ConceptLabel
from catalogue.db import Database
from catalogue.migrate import upgrade
from catalogue.offers.facets import FACETS
from catalogue.search import with_meanings
from search.document import FieldText, SearchDocument
from search.engine import Engine
from search.engines.tantivy import TantivyEngine
from search.engines.whoosh import WhooshEngine
from search.query import SearchQuery
from tests.seeded import NOW

ESCO: Final = Path(__file__).resolve().parents[3] / "shared" / "vocabularies" / "esco-1.0"
ENGINES: Final = {"tantivy": TantivyEngine, "whoosh": WhooshEngine}
OFFERS: Final = 200
PROMISED: Final = 0.95
LANGUAGES: Final = ("fr", "es")

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not ESCO.is_dir(), reason="ESCO is not beside the checkout"),
]


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    made = Database(f"sqlite:///{tmp_path_factory.mktemp('esco') / 'esco.db'}")
    upgrade(made)
    load_esco(made, ESCO)
    yield made
    made.close()


@pytest.fixture(scope="module")
def labels(database: Database) -> dict[str, dict[str, str]]:
    """Preferred label by language of skills drawn at random, each with labels in all languages asked in."""
    with database.read() as session:
        rows = session.execute(
            select(Concept.uri, ConceptLabel.language, ConceptLabel.label)
            .join(ConceptLabel, ConceptLabel.concept_id == Concept.id)
            .where(Concept.kind == "skill", ConceptLabel.position == 0, ConceptLabel.source != "packaged")
            .where(ConceptLabel.language.in_(LANGUAGES))
        ).all()
    found: dict[str, dict[str, str]] = {}
    for uri, language, label in rows:
        found.setdefault(uri, {})[language] = label
    complete = sorted(uri for uri, known in found.items() if len(known) == len(LANGUAGES))
    return {uri: found[uri] for uri in random.Random(7).sample(complete, OFFERS)}


@pytest.mark.parametrize("name", sorted(ENGINES))
def test_offers_are_found_by_a_skill_named_in_another_language(
    name: str, database: Database, labels: dict[str, dict[str, str]], tmp_path: Path
) -> None:
    engine: Engine = ENGINES[name](tmp_path, FACETS)
    with engine.rebuild() as rebuild:
        rebuild.add(
            SearchDocument(uri, 1, "en", NOW, (FieldText("title", "en", "Offer"),), concepts=(uri,))
            for uri in labels
        )
        rebuild.swap()
    found = []
    with database.read() as session:
        for uri, by_language in labels.items():
            for language, label in by_language.items():
                query = with_meanings(session, engine, SearchQuery(label, (language, "en")))
                hits = engine.search(query, as_of=NOW, facets=()).hits
                found.append(uri in [hit.id for hit in hits])
    share = sum(found) / len(found)
    print(f"{name}: {share:.3f} of {len(found)} questions in {', '.join(LANGUAGES)}")
    assert share >= PROMISED
