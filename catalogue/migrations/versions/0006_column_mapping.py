"""remembered mappings of columns"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:

    op.create_table(
        "column_mapping",
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("author", sa.String(length=80), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_column_mapping_organisation_id_organisation"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "fingerprint", name=op.f("pk_column_mapping")),
    )


def downgrade() -> None:

    op.drop_table("column_mapping")
