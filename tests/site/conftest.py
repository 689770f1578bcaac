from collections.abc import Iterator

import pytest

from tests.site.visit import Site, running_site


@pytest.fixture(scope="session")
def site() -> Iterator[Site]:
    """One for all tests of a process: nothing they do changes what the next one sees."""
    with running_site() as site:
        yield site
        print(site.portal.log.read_text(errors="replace")[-20_000:])  # shown where a test failed
