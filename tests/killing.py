"""Runs verbs that are killed at a given statement: `python -m tests.killing DATABASE FOLDER`.

A process of its own without any thread, because forking a process that has some (a browser, a live
server) may leave the child waiting for ever. Reads one line per attempt (a pickled callable and the
number of the statement, in base64), answers `killed` or `finished`."""

import base64
import os
import pickle
import signal
import sys

import django


class Killer:
    """Kills its own process when the n-th statement is about to run."""

    def __init__(self, after: int) -> None:
        self.left = after

    def __call__(self, execute, sql, params, many, context):
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        self.left -= 1
        return execute(sql, params, many, context)


def attempt(line: str) -> str:
    child = os.fork()
    if child == 0:
        verb, after = pickle.loads(base64.b64decode(line))
        with connection.execute_wrapper(Killer(after)):
            verb()
        os._exit(0)
    _, status = os.waitpid(child, 0)
    return "finished" if status == 0 else "killed"


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhushan_plan.settings")
    django.setup()
    from django.conf import settings
    from django.db import connection

    connection.settings_dict["NAME"], settings.MEDIA_ROOT = sys.argv[1:3]
    for line in sys.stdin:
        print(attempt(line), flush=True)
