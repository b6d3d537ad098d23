from __future__ import annotations

import pytest
from tiny_model import make_bundle


@pytest.fixture(scope="session")
def tiny_bundle(tmp_path_factory: pytest.TempPathFactory):
    """A model that marks dark pixels; read-only."""
    return make_bundle(tmp_path_factory.mktemp("bundle") / "tiny")
