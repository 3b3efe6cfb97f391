"""What leaves compressed (`zhushan_plan/middleware.py`)."""

import gzip

import pytest

from tests.world import World

pytestmark = pytest.mark.django_db
ACCEPTING = {"HTTP_ACCEPT_ENCODING": "gzip"}


def test_a_page_leaves_compressed_to_whoever_takes_it(world: World, as_person) -> None:
    client = as_person("leader")
    plain, packed = client.get("/units/"), client.get("/units/", **ACCEPTING)
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert gzip.decompress(packed.content).decode().startswith("<!DOCTYPE html>")
    assert len(packed.content) < len(plain.content) / 2


def test_a_workbook_leaves_as_it_is(world: World, as_person) -> None:
    answer = as_person("leader").get("/reports/2023/table.xlsx", **ACCEPTING)
    assert "Content-Encoding" not in answer.headers
    assert answer.content.startswith(b"PK")
