"""A browser of their own for everybody of the cast."""

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.steps import log_in


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
