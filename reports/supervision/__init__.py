"""督办: opened from a laggard, followed up by its unit, struck off with proof.

`standing.py` says how a row stands on a day (pure), `subjects.py` what can be opened, `verbs.py`
is the one address of every change, `listing.py` and `sheet.py` what page, paper and workbook
print, `marks.py` what other pages show beside a laggard."""

from reports.supervision.marks import Marks, marks_of, may_open, open_supervisions

__all__ = ["Marks", "marks_of", "may_open", "open_supervisions"]
