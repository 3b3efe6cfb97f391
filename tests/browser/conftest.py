"""A browser of their own for everybody of the cast."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.steps import log_in
from tests.screenshots.site import Site, production_site, sample_site


@pytest.fixture(scope="session")
def site(tmp_path_factory) -> Iterator[Site]:
    """The sample as `make run` serves it, staged for the table of pages; nobody writes to it."""
    with sample_site(tmp_path_factory.mktemp("site")) as started:
        yield started


@pytest.fixture(scope="session")
def production(site: Site) -> Iterator[Site]:
    """The same rows as `make serve` serves them."""
    with production_site(site) as started:
        yield started


@pytest.fixture
def visit(browser: Browser, live_server, browser_context_args):
    """visit("clerk") → a page, logged in. Script errors and policy violations fail the test."""
    contexts, errors = [], []

    def start(name: str, quiet: bool = False) -> Page:
        """`quiet`: axe styles elements inline while it measures, which the policy reports."""
        context = browser.new_context(**browser_context_args, base_url=live_server.url)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(f"script error: {error}"))
        if not quiet:
            page.on("console", lambda message: errors.extend(_reported(message)))
        page.goto("/accounts/login/")
        log_in(page, name)
        return page

    yield start
    for context in contexts:
        context.close()
    assert errors == []


def _reported(message) -> list[str]:
    """Refused entries answer 409 and 422, which Chromium reports as errors."""
    expected = ("status of 409", "status of 422")
    told = message.type == "error" and not any(word in message.text for word in expected)
    return [message.text] if told else []
