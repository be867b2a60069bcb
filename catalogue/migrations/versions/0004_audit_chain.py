"""the hash chain of the audit log"""

from __future__ import annotations

import datetime as dt
import hashlib

import rfc8785
import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ENTRY = sa.table(
    "audit_entry",
    *(sa.column(name) for name in ("id", "actor", "action", "subject_id", "position", "previous", "hash")),
    sa.column("at", sa.DateTime(timezone=True)),
    sa.column("details", sa.JSON()),
)
HEAD = sa.table("audit_head", sa.column("id"), sa.column("position"), sa.column("hash"))


def upgrade() -> None:

    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.add_column(sa.Column("position", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("previous", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("hash", sa.String(length=64), nullable=True))
        batch_op.create_unique_constraint(batch_op.f("uq_audit_entry_position"), ["position"])
    _chain(op.get_bind())


def _chain(connection) -> None:
    """Chain what is there, as `catalogue.audit.chain` did when this migration was written."""
    position, last = 0, "0" * 64
    rows = connection.execute(sa.select(ENTRY).order_by(ENTRY.c.id)).all()
    for row in rows:
        position, previous = position + 1, last
        last = _hash(row, position, previous)
        values = {"position": position, "previous": previous, "hash": last}
        connection.execute(sa.update(ENTRY).where(ENTRY.c.id == row.id).values(**values))
    if rows:
        connection.execute(sa.insert(HEAD).values(id=1, position=position, hash=last))


def _hash(row, position, previous):
    # SQLite gives moments in UTC without saying so.
    at = row.at.replace(tzinfo=dt.UTC) if row.at.tzinfo is None else row.at.astimezone(dt.UTC)
    content = {
        "position": position,
        "previous": previous,
        "at": at.isoformat(timespec="microseconds"),
        "actor": row.actor,
        "action": row.action,
        "subject_id": row.subject_id,
        "details": row.details,
    }
    return hashlib.sha256(rfc8785.dumps(content)).hexdigest()


def downgrade() -> None:

    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_audit_entry_position"), type_="unique")
        batch_op.drop_column("hash")
        batch_op.drop_column("previous")
        batch_op.drop_column("position")
    op.drop_table("audit_head")
