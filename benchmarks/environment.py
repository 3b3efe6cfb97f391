"""Importing this sets Django up on a temporary database, which ends with the process."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

import django

_folder = tempfile.mkdtemp(prefix="zhushan-bench-")
atexit.register(shutil.rmtree, _folder, ignore_errors=True)
(Path(_folder) / "static").mkdir()  # WhiteNoise warns where it is missing

# Sample mode: only there may sample figures be loaded. Nothing else of the machine's settings
# may reach a measurement.
for _name in ("DEBUG", "PLAIN_HTTP", "BEHIND_PROXY", "DATABASE_URL"):
    os.environ.pop(_name, None)
os.environ |= {
    "DJANGO_SETTINGS_MODULE": "zhushan_plan.settings",
    "MODE": "sample",
    "VAR_DIR": _folder,
}
django.setup()
