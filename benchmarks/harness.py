"""Ratios of CPU time (user and system) between pages, in one process.

Every round calls each page in turn, so that a busy machine slows all of them alike; the ratio is
formed inside the round. One page is measured against itself: where that ratio leaves
`SELF_RANGE`, the machine was too unsteady and the run is void, which is not a failure."""

import gc
import io
import random
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.middleware.csrf import CSRF_SECRET_LENGTH
from django.test import Client, RequestFactory

ROUNDS = 40
CALLS = 5  # of each page in a round
WARM_UP = 10
SELF_RANGE = (0.96, 1.04)

Call = Callable[[], None]


def nothing() -> None:
    """What happens before a page that finds the data as it left them."""


@dataclass(frozen=True)
class Case:
    """A page and what is done before each call of it; only the call is timed."""

    call: Call
    before: Callable[[], None] = nothing


class PageError(Exception):
    """A page that does not answer 200 cannot be measured."""


@dataclass(frozen=True)
class Ratio:
    """Cost of a page in units of its reference: median and quartiles over the rounds."""

    low: float
    median: float
    high: float

    @classmethod
    def of(cls, numerator: list[float], denominator: list[float]) -> "Ratio":
        ratios = [over / under for over, under in zip(numerator, denominator, strict=True)]
        return cls(*statistics.quantiles(ratios, n=4))

    def __str__(self) -> str:
        return f"{self.median:.2f}（{self.low:.2f}–{self.high:.2f}）"


def is_void(against_itself: Ratio) -> bool:
    lowest, highest = SELF_RANGE
    return not lowest <= against_itself.median <= highest


def page(url: str, user: object, handler: WSGIHandler, backend: str | None = None) -> Case:
    """The page as a server makes it for a browser that was here before; the test client's own work
    is left out. `backend`: by which the account is found, the product's own if none is named."""
    client = Client()
    client.force_login(user, backend)
    known = {name: morsel.value for name, morsel in client.cookies.items()}
    known[settings.CSRF_COOKIE_NAME] = "s" * CSRF_SECRET_LENGTH
    cookie = "; ".join(f"{name}={value}" for name, value in known.items())
    environ = RequestFactory().get(url, HTTP_COOKIE=cookie).environ

    def call() -> None:
        read(handler, environ)

    expect_success(url, handler, environ)
    return Case(call)


def read(handler: WSGIHandler, environ: dict) -> tuple[str, bytes]:
    statuses: list[str] = []
    response = handler(
        {**environ, "wsgi.input": io.BytesIO()}, lambda status, headers: statuses.append(status)
    )
    body = b"".join(response)
    response.close()
    return statuses[0], body


def expect_success(url: str, handler: WSGIHandler, environ: dict) -> None:
    status, _ = read(handler, environ)
    if not status.startswith("200"):
        raise PageError(f"{url} 返回 {status}，无法测量。")


def measure(
    cases: dict[str, Case], clock: Callable[[], float] = time.process_time
) -> dict[str, list[float]]:
    """CPU seconds of each page in each round."""
    for case in list(cases.values()) * WARM_UP:
        case.before()
        case.call()
    gc.collect()
    gc.freeze()  # what was loaded before is nobody's garbage to look through
    lots = random.Random(0)
    rounds = [one_round(cases, clock, lots) for _ in range(ROUNDS)]
    gc.unfreeze()
    return {name: [times[name] for times in rounds] for name in cases}


def one_round(
    cases: dict[str, Case], clock: Callable[[], float], lots: random.Random
) -> dict[str, float]:
    """Who comes after whom is drawn by lot: after a heavy neighbour, which has the processor's
    cache to itself, a light page costs a quarter more than after itself."""
    spent = dict.fromkeys(cases, 0.0)
    names = list(cases)
    for _ in range(CALLS):
        lots.shuffle(names)
        for name in names:
            cases[name].before()
            start = clock()
            cases[name].call()
            spent[name] += clock() - start
    return spent
