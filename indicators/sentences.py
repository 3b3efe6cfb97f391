"""The summary sentence over many judgements, as an official would write it. Pure."""

from collections.abc import Callable, Iterable, Sequence

from indicators.progress import BEHIND_ON_THE_WAY, ON_TRACK, Judgement, Status

_Group = tuple[str, Callable[[Judgement], bool]]


def _is(*statuses: Status) -> Callable[[Judgement], bool]:
    return lambda judgement: judgement.status in statuses


_LAGGARDS: _Group = ("滞后", _is(*BEHIND_ON_THE_WAY))


_GROUPS: tuple[_Group, ...] = (
    ("提前完成", lambda judgement: judgement.early),
    ("已达标", lambda judgement: judgement.status is Status.MET and not judgement.early),
    ("快于或符合序时", _is(*ON_TRACK)),
    _LAGGARDS,
    *(
        (status.label, _is(status))
        for status in (
            Status.MISSED_TARGET,
            Status.NOT_JUDGED,
            Status.NOT_APPLICABLE,
            Status.NOT_REPORTED,
            Status.BASE,
        )
    ),
)


def summary_sentence(
    binding: Sequence[Judgement],
    anticipatory: Sequence[Judgement],
    group_name: str = "主要指标",
) -> str:
    """“15项主要指标（约束性5项、预期性10项）：提前完成4项，…”; the groups add up to the total.

    未达目标 is an end verdict and counted apart from 滞后. Binding comes first, never averaged in.
    """
    total = len(binding) + len(anticipatory)
    both = bool(binding and anticipatory)
    head = f"{total}项{group_name}"
    if both:
        head += f"（{_split(binding, anticipatory)}）"
    parts = [_part(group, binding, anticipatory, both) for group in _GROUPS]
    said = "，".join(part for part in parts if part)
    return f"{head}：{said}。" if said else f"{head}。"


def _part(
    group: _Group,
    binding: Iterable[Judgement],
    anticipatory: Iterable[Judgement],
    both: bool,
) -> str:
    """“滞后2项（约束性1项、预期性1项）”, or nothing for an empty group."""
    name, belongs = group
    of_binding = [one for one in binding if belongs(one)]
    of_anticipatory = [one for one in anticipatory if belongs(one)]
    count = len(of_binding) + len(of_anticipatory)
    if not count:
        return ""
    split = f"（{_split(of_binding, of_anticipatory)}）" if both and group is _LAGGARDS else ""
    return f"{name}{count}项{split}"


def _split(binding: Sequence[Judgement], anticipatory: Sequence[Judgement]) -> str:
    kinds = (("约束性", binding), ("预期性", anticipatory))
    return "、".join(f"{name}{len(some)}项" for name, some in kinds if some)
