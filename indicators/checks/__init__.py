from indicators.checks.faults import *  # noqa: F403
from indicators.checks.faults import (
    contradictions,
    entry_faults,
    submission_faults,
    unexplained_laggards,
)
