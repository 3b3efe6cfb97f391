"""The sample as `make run` serves it, in a folder of its own, on a port of its own, staged for the
table of pages; and the same rows as `make serve` serves them."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from playwright.sync_api import Page

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 240  # seconds: two cores that do something else as well
# What the caller's shell or test run says about another database or folder is not meant for us.
OWN = ("MODE", "DATABASE_URL", "VAR_DIR", "PORT", "PLAIN_HTTP", "BEHIND_PROXY", "BIND")
OWN += ("SECRET_KEY", "ALLOWED_HOSTS", "DJANGO_ALLOW_ASYNC_UNSAFE")


class NotStarted(Exception):
    """The site ended before it answered; the message is what it said last."""


@dataclass(frozen=True)
class Site:
    """`places`: what {words} in addresses stand for; `people`: role → account; `names`: accounts and codes."""

    url: str
    folder: Path
    places: Mapping[str, object]
    people: Mapping[str, str]
    names: Collection[str]
    password: str

    @property
    def database(self) -> str:
        return f"sqlite:///{self.folder / 'sample.sqlite3'}"


def log_in(page: Page, site: Site, who: str) -> None:
    """As the account of that role; nobody stays outside."""
    if who == "nobody":
        return
    page.goto(f"{site.url}/accounts/login/")
    page.fill("[name=username]", site.people[who])
    page.fill("[name=password]", site.password)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url(lambda url: "/login/" not in url)


@contextmanager
def sample_site(folder: Path) -> Iterator[Site]:
    environment = _environment(folder)
    with _serving(environment, "--sample") as url:
        told = ask(folder, "tests.screenshots.staging")
        yield Site(url, folder, **told)


@contextmanager
def production_site(sample: Site) -> Iterator[Site]:
    """The rows of the sample behind the settings, the static files and the server of production;
    plain HTTP, as on an intranet."""
    environment = _environment(sample.folder)
    environment |= {"PLAIN_HTTP": "1", "BIND": "127.0.0.1", "DATABASE_URL": sample.database}
    with _serving(environment) as url:
        yield replace(sample, url=url)


def ask(folder: Path, module: str) -> dict:
    """What a module prints as JSON when it runs on the rows of the sample."""
    database = f"sqlite:///{folder / 'sample.sqlite3'}"
    environment = _environment(folder)
    environment |= {"MODE": "sample", "DATABASE_URL": database, "PYTHONWARNINGS": "ignore"}
    command = [sys.executable, "-m", module]
    done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, check=True)
    return json.loads(done.stdout)


def _environment(folder: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in OWN}
    return kept | {"VAR_DIR": str(folder)}


@contextmanager
def _serving(environment: Mapping[str, str], *options: str) -> Iterator[str]:
    port = _free_port()
    command = [sys.executable, "-m", "zhushan_plan.serve", *options]
    said = Path(environment["VAR_DIR"]) / f"server-{port}.log"
    with said.open("w+", encoding="utf-8") as log:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**environment, "PORT": str(port)},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait(process, port, said)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(timeout=30)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait(process: subprocess.Popen, port: int, said: Path) -> None:
    until = time.monotonic() + PATIENCE
    while not _answers(port):
        if process.poll() is not None or time.monotonic() > until:
            raise NotStarted(said.read_text(encoding="utf-8")[-2000:])
        time.sleep(0.2)


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def empty_folder(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder
