# What each target does is printed by `make help`, from the text behind ##.
PYTHON3 ?= python3
VENV := .venv
BIN := $(VENV)/bin
PYTHON := $(BIN)/python

.DEFAULT_GOAL := help
.PHONY: help venv setup setup-serve run serve test check bench screenshots lock clean

help: ## 列出所有命令
	@echo '竹山规划通'
	@sed -n 's/^\([a-z]*\):.*## /\1 /p' Makefile | while read -r name text; do \
	  printf '  make %-11s %s\n' "$$name" "$$text"; done
	@echo '可加的设置：PORT=端口  PLAIN_HTTP=1（不加密，仅限可信内网）  PYTHON3=解释器'

venv:
	@$(PYTHON3) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo '需要 Python 3.11 或更新的版本；装在别处时请写明，例如 make setup PYTHON3=python3.12'; exit 1; }
	@$(PYTHON) -m pip --version >/dev/null 2>&1 || $(PYTHON3) -m venv --clear $(VENV) || { \
	  echo '无法建立 $(VENV)：请先安装 venv 模块（Debian、Ubuntu：apt-get install python3-venv）'; exit 1; }

# The copy of the lock file beside the interpreter says what was installed from it.
setup: venv ## 建立 .venv 并安装锁定的依赖（没有变化时跳过）
	@cmp -s requirements-dev.txt $(VENV)/requirements-dev.txt || { \
	  echo '正在安装依赖……'; \
	  $(PYTHON) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt && \
	  cp requirements-dev.txt $(VENV)/requirements-dev.txt; }

# Production installs nothing it does not run; a developer's environment has it all already.
setup-serve: venv
	@cmp -s requirements-dev.txt $(VENV)/requirements-dev.txt || \
	  cmp -s requirements.txt $(VENV)/requirements.txt || { \
	  echo '正在安装依赖……'; \
	  $(PYTHON) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt && \
	  cp requirements.txt $(VENV)/requirements.txt; }

run: setup-serve ## 用演示数据启动，单独的临时数据库（默认端口 8000）
	@$(PYTHON) -m zhushan_plan.serve --sample

serve: setup-serve ## 正式启动，HTTPS（默认端口 8443；首次启动建立第一个管理员）
	@$(PYTHON) -m zhushan_plan.serve

test: setup ## 运行全部测试：SQLite 一遍，PostgreSQL 一遍
	@$(PYTHON) -m tests.run

check: setup ## 静态检查：代码、类型、模板、迁移、锁文件、部署设置
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	MODE=test $(BIN)/mypy
	$(BIN)/djlint --lint --quiet templates
	MODE=test DATABASE_URL=sqlite://:memory: $(PYTHON) manage.py makemigrations --check --dry-run
	@echo 'no address in requirements*.txt'; ! grep -n '://' requirements*.txt
	$(PYTHON) -m zhushan_plan.serve --check

bench: setup ## 测量性能，以比值输出
	@$(PYTHON) -m benchmarks

# PAGES="names from tests/screenshots/pages.py" takes these alone.
screenshots: setup ## 给全部页面拍图（三种宽度和打印），存入 var/screenshots，并更新 README 用图
	@$(PYTHON) -m tests.screenshots $(PAGES)

LOCK := $(BIN)/uv pip compile --quiet --generate-hashes --no-emit-index-url --no-emit-find-links \
	--no-annotate --no-header --universal --python-version 3.11 pyproject.toml
lock: setup ## 重新生成锁文件
	$(LOCK) --output-file requirements.txt
	$(LOCK) --extra dev --output-file requirements-dev.txt
	@! grep -n '://' requirements*.txt

clean: ## 删除缓存和演示数据库（不动正式数据）
	rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage htmlcov
	rm -f var/sample.sqlite3*
	rm -rf var/sample-evidence var/screenshots
	find . -path ./$(VENV) -prune -o -name __pycache__ -type d -prune -exec rm -rf {} +
