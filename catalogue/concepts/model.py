"""The tables of concepts. Everything in them can be made again from what is packaged and from ESCO's own files.

A concept's number is made from its URI, so that a file can be loaded without asking which concepts there are, and
labels, of which there may be millions, need not repeat the URI.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import Final

from sqlalchemy import BigInteger, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from catalogue.db import Base

KINDS: Final = ("occupation", "skill", "isced", "nace")  # the likeliest meaning first
PACKAGED: Final = "packaged"
ESCO: Final = "esco-"  # and the version, as in esco-1.1.1
LONGEST_LABEL: Final = 400  # characters

_BYTES: Final = 8


def number(uri: str) -> int:
    """The number of a concept: 63 bits of a hash of its URI."""
    return int.from_bytes(blake2b(uri.encode(), digest_size=_BYTES).digest()) >> 1


def _key(length: int) -> String:
    """A text compared by its code points also on PostgreSQL, so that those with a common beginning stand together."""
    return String(length).with_variant(String(length, collation="C"), "postgresql")


class Concept(Base):
    """A thing that has a name in many languages. `source` is the newest that knows it."""

    __tablename__ = "concept"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    uri: Mapped[str] = mapped_column(String(200), unique=True)
    kind: Mapped[str] = mapped_column(String(12))
    source: Mapped[str] = mapped_column(String(20))


class ConceptLabel(Base):
    """A label of a concept in a language as one source gives it; position 0 is the preferred one.

    The keys are those of `catalogue.concepts.keys`: empty for a label too long to be typed.
    """

    __tablename__ = "concept_label"
    __table_args__ = (
        Index("ix_concept_label_exact", "language", "key_exact"),
        Index("ix_concept_label_tail", "language", "key_tail"),
        Index("ix_concept_label_stem", "key_stem"),
    )

    concept_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    language: Mapped[str] = mapped_column(String(3), primary_key=True)
    source: Mapped[str] = mapped_column(String(20), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    label: Mapped[str] = mapped_column(String(LONGEST_LABEL))
    key_exact: Mapped[str | None] = mapped_column(_key(LONGEST_LABEL))
    key_stem: Mapped[str | None] = mapped_column(_key(LONGEST_LABEL))
    key_tail: Mapped[str | None] = mapped_column(_key(64))


class ConceptWord(Base):
    """A form of a telling word of a label. `size` is how many telling words the label has."""

    __tablename__ = "concept_word"
    __table_args__ = (Index("ix_concept_word_concept", "concept_id"),)

    language: Mapped[str] = mapped_column(String(3), primary_key=True)
    word: Mapped[str] = mapped_column(_key(64), primary_key=True)
    concept_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    source: Mapped[str] = mapped_column(String(20), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    size: Mapped[int]


class OccupationSkill(Base):
    """A skill that an occupation needs, in the order of the source."""

    __tablename__ = "occupation_skill"

    occupation_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    skill_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    source: Mapped[str] = mapped_column(String(20), primary_key=True)
    position: Mapped[int]
    essential: Mapped[bool]


class ConceptBroader(Base):
    """The next broader concept. It may be a group that has no label here, only something broader again."""

    __tablename__ = "concept_broader"

    concept_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    broader_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    source: Mapped[str] = mapped_column(String(20), primary_key=True)


class ConceptSource(Base):
    """What was loaded: a checksum of packaged data, and the analysis the keys of its labels were made with."""

    __tablename__ = "concept_source"

    source: Mapped[str] = mapped_column(String(20), primary_key=True)
    checksum: Mapped[str] = mapped_column(String(64))
    analysis: Mapped[str] = mapped_column(String(20))
