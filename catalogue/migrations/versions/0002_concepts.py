"""concepts and their labels"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def _key(length):
    """Compared by code points also on PostgreSQL."""
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")


def upgrade() -> None:

    op.create_table(
        "concept",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("uri", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_concept")),
        sa.UniqueConstraint("uri", name=op.f("uq_concept_uri")),
    )
    op.create_table(
        "concept_label",
        sa.Column("concept_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("language", sa.String(length=3), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("label", sa.String(length=400), nullable=False),
        sa.Column("key_exact", _key(400), nullable=True),
        sa.Column("key_stem", _key(400), nullable=True),
        sa.Column("key_tail", _key(64), nullable=True),
        sa.PrimaryKeyConstraint(
            "concept_id", "language", "source", "position", name=op.f("pk_concept_label")
        ),
    )
    with op.batch_alter_table("concept_label", schema=None) as batch_op:
        batch_op.create_index("ix_concept_label_exact", ["language", "key_exact"], unique=False)
        batch_op.create_index("ix_concept_label_tail", ["language", "key_tail"], unique=False)
        batch_op.create_index("ix_concept_label_stem", ["key_stem"], unique=False)

    op.create_table(
        "concept_word",
        sa.Column("language", sa.String(length=3), nullable=False),
        sa.Column("word", _key(64), nullable=False),
        sa.Column("concept_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "language", "word", "concept_id", "source", "position", name=op.f("pk_concept_word")
        ),
    )
    with op.batch_alter_table("concept_word", schema=None) as batch_op:
        batch_op.create_index("ix_concept_word_concept", ["concept_id"], unique=False)

    op.create_table(
        "occupation_skill",
        sa.Column("occupation_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("skill_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("essential", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("occupation_id", "skill_id", "source", name=op.f("pk_occupation_skill")),
    )
    op.create_table(
        "concept_broader",
        sa.Column("concept_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("broader_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("concept_id", "broader_id", "source", name=op.f("pk_concept_broader")),
    )
    op.create_table(
        "concept_source",
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("checksum", sa.String(length=64), nullable=False),
        sa.Column("analysis", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("source", name=op.f("pk_concept_source")),
    )


def downgrade() -> None:

    op.drop_table("concept_source")
    op.drop_table("concept_broader")
    op.drop_table("occupation_skill")
    op.drop_table("concept_word")
    with op.batch_alter_table("concept_label", schema=None) as batch_op:
        batch_op.drop_index("ix_concept_label_stem")
        batch_op.drop_index("ix_concept_label_tail")
        batch_op.drop_index("ix_concept_label_exact")

    op.drop_table("concept_label")
    op.drop_table("concept")
