"""indicators/sentences.py against domain.md §5; pure, no database."""

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from indicators.progress import (
    Judgement,
    Status,
)
from indicators.sentences import summary_sentence

steady = settings(deadline=None, derandomize=True)


def judged(status, *, early=False):
    """A judgement of which only the status matters."""
    label = "提前完成" if early else status.label
    return Judgement(status, early, label, Decimal(1), None, None, None, None, None)


def test_summary_sentence_of_the_design():
    binding = [judged(Status.MET, early=True)] * 2 + [judged(Status.AHEAD)] * 2
    binding += [judged(Status.SLIGHTLY_BEHIND)]
    anticipatory = [judged(Status.MET, early=True)] * 2 + [judged(Status.ON_PACE)] * 7
    anticipatory += [judged(Status.WORSE_THAN_BASE)]
    assert summary_sentence(binding, anticipatory) == (
        "15项主要指标（约束性5项、预期性10项）：提前完成4项，快于或符合序时9项，"
        "滞后2项（约束性1项、预期性1项）。"
    )


def test_summary_sentence_with_every_group_in_order():
    everything = [judged(status) for status in Status] + [judged(Status.MET, early=True)]
    assert summary_sentence([judged(Status.BELOW)], everything) == (
        "14项主要指标（约束性1项、预期性13项）：提前完成1项，已达标1项，快于或符合序时2项，"
        "滞后5项（约束性1项、预期性4项），未达目标1项，暂不评价1项，不适用1项，未填报1项，基期1项。"
    )


def test_summary_sentence_of_one_kind_has_no_brackets():
    lagging = [judged(Status.FAR_BEHIND), judged(Status.MET)]
    assert summary_sentence([], lagging, "正文量化目标") == "2项正文量化目标：已达标1项，滞后1项。"


def test_summary_sentence_of_nothing():
    assert summary_sentence([], []) == "0项主要指标。"


@steady
@given(st.lists(st.sampled_from(Status)), st.lists(st.sampled_from(Status)))
def test_groups_of_the_sentence_add_up_to_the_total(binding, anticipatory):
    sentence = summary_sentence(
        [judged(s) for s in binding], [judged(s, early=s is Status.MET) for s in anticipatory]
    )
    outside = "".join(part.split("）")[-1] for part in sentence.split("（"))
    numbers_said = [int("".join(filter(str.isdigit, part))) for part in outside.split("项")[:-1]]
    assert numbers_said[0] == sum(numbers_said[1:]) == len(binding) + len(anticipatory)
