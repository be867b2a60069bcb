from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from app import create_app
from catalogue.portal import Portal


@pytest.fixture
def visitor(seeded: Portal) -> FlaskClient:
    """A visitor of the seeded portal."""
    app = create_app(portal=seeded)
    app.testing = False
    return app.test_client()
