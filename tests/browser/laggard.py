"""Runs inside the sample database (`python -m tests.browser.laggard`): what a leader has to be told
of the worst binding laggard, as JSON, taken from the rows that dashboard and workbook print."""

import json
import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhushan_plan.settings")
django.setup()

from django.test import RequestFactory  # noqa: E402  — Django is set up first

from organization.models import Role, User  # noqa: E402
from reports.choice import choose  # noqa: E402
from reports.summary import summarize  # noqa: E402


def main() -> None:
    request = RequestFactory().get("/")
    request.user = next(u for u in User.objects.order_by("pk") if u.has_role(Role.LEADER))
    choice = choose(request)
    summary = summarize(choice.plan, choice.year, choice.layer, choice.rounds, choice.visible)
    worst = next(row for row in summary.laggards if row.is_binding)
    told = {
        "name": worst.name,
        "value": worst.current.number.text,
        "label": worst.label,
        "gap": worst.gap_text,
        "cause": worst.cause,
        "responsible": worst.responsible,
        "supervisor": worst.supervisor,
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main()
