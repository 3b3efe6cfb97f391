"""The shape of the code, written down once and checked on every run."""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
# Who may know whom: each only those to its left.
LAYERS = [
    "organization",
    "plans",
    "exchange",
    "indicators",
    "programs",
    "reports",
    "api",
    "zhushan_plan",
]
PURE = [
    "indicators/calculation.py",
    "indicators/checks/rules.py",
    "indicators/gaps.py",
    "indicators/printing.py",
    "indicators/progress.py",
    "indicators/sentences.py",
    "reports/charts/__init__.py",
    "reports/charts/marks.py",
    "reports/charts/placing.py",
    "reports/charts/shown.py",
    "reports/charts/small.py",
    "reports/charts/svg.py",
    "reports/charts/trend.py",
    "reports/search_words.py",
]
PURE_MODULES = {name.removesuffix(".py").replace("/", ".") for name in PURE}


def modules(*folders: str) -> list[str]:
    found = (path for folder in folders for path in sorted((ROOT / folder).rglob("*.py")))
    return [str(path.relative_to(ROOT)) for path in found]


def tree(module: str) -> ast.Module:
    return ast.parse((ROOT / module).read_text(encoding="utf-8"), module)


def imported(node: ast.AST, module: str) -> list[str]:
    """What an import statement names, in full: `from plans import models` gives plans.models."""
    if isinstance(node, ast.Import):
        return [name.name for name in node.names]
    if not isinstance(node, ast.ImportFrom):
        return []
    package = list(Path(module).parent.parts)
    start = package[: len(package) - node.level + 1] if node.level else []
    source = ".".join([*start, *([node.module] if node.module else [])])
    return [f"{source}.{name.name}" for name in node.names]


def imports(module: str) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree(module)):
        for name in imported(node, module):
            yield node.lineno, name


def above(module: str) -> set[str]:
    return set(LAYERS[LAYERS.index(Path(module).parts[0]) + 1 :])


def test_imports_flow_one_way():
    wrong = [
        f"{module}:{line} imports {name}"
        for module in modules(*LAYERS)
        for line, name in imports(module)
        if name.split(".")[0] in above(module)
    ]
    assert wrong == []


def test_no_import_inside_functions():
    functions = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
    wrong = {
        f"{module}:{node.lineno}"
        for module in modules(*LAYERS, "benchmarks")
        for function in ast.walk(tree(module))
        if isinstance(function, functions)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    assert wrong == set()


@pytest.mark.parametrize("module", [name for name in PURE if (ROOT / name).exists()])
def test_rules_import_only_the_standard_library_and_each_other(module):
    def allowed(name: str) -> bool:
        own = {name, name.rpartition(".")[0]} & PURE_MODULES
        return name.split(".")[0] in sys.stdlib_module_names or bool(own)

    assert [name for _, name in imports(module) if not allowed(name)] == []


def test_numbers_of_the_plan_are_never_floats():
    wrong = [
        f"{module}:{node.lineno}"
        for module in modules("indicators")
        for node in ast.walk(tree(module))
        if (isinstance(node, ast.Constant) and isinstance(node.value, float))
        or (isinstance(node, ast.Call) and ast.unparse(node.func) == "float")
    ]
    assert wrong == []


# What the content security policy would block, and what an office without internet would miss.
INLINE = re.compile(
    r"<style\b|\sstyle\s*=|\son[a-z]+\s*=|javascript:|<script\b(?![^>]*\bsrc\s*=)", re.IGNORECASE
)
OUTSIDE = re.compile(
    r"""(?:\b(?:src|href|action|poster)\s*=\s*|\burl\(\s*|@import\s+|\b(?:fetch|import)\(\s*)"""
    r"""["']?(?:https?:)?//""",
    re.IGNORECASE,
)


def lines_with(pattern: re.Pattern[str], *endings: str) -> list[str]:
    files = (path for folder in ("templates", "static") for path in (ROOT / folder).rglob("*"))
    return [
        f"{path.relative_to(ROOT)}:{number} {line.strip()}"
        for path in sorted(files)
        if path.suffix in endings
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if pattern.search(line)
    ]


def test_templates_hold_no_inline_style_script_or_handler():
    assert lines_with(INLINE, ".html", ".svg") == []


def test_nothing_is_loaded_from_outside():
    assert lines_with(OUTSIDE, ".html", ".svg", ".css", ".js") == []


@pytest.mark.parametrize(
    "line",
    [
        '<p style="color: red">',
        "<script>go()</script>",
        '<button onclick="go()">',
        '<a href="javascript:go()">',
        "<style>",
    ],
)
def test_inline_code_is_recognised(line):
    assert INLINE.search(line)


@pytest.mark.parametrize(
    "line",
    [
        '<script src="https://cdn.example/a.js">',
        "<img src=//example/a.png>",
        "background: url('http://example/a.png')",
        '@import "https://example/a.css"',
        'fetch("https://example/")',
    ],
)
def test_outside_addresses_are_recognised(line):
    assert OUTSIDE.search(line)


@pytest.mark.parametrize(
    "line",
    [
        '<script src="{% static "entry.js" %}" defer></script>',
        '<svg xmlns="http://www.w3.org/2000/svg" class="chart">',
        '<option value="1" data-on="x">',
    ],
)
def test_our_own_files_are_allowed(line):
    assert not INLINE.search(line) and not OUTSIDE.search(line)
