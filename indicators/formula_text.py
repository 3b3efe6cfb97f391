"""How an indicator is counted, in words: for `docs/indicators.md` and for its page.

Asks only for `terms__item` and `bands`, which the caller prefetches."""

from decimal import Decimal

from indicators.models import (
    DataItem,
    GrowthBasis,
    Indicator,
    ItemKind,
    Method,
    Term,
    TermRole,
)


def formula(indicator: Indicator) -> str:
    """How the value is counted, in words, with code, unit, factor and lag of every input."""
    return FORMULAS[Method(indicator.method)](indicator)


def _direct(indicator: Indicator) -> str:
    return _sum(indicator, TermRole.NUMERATOR)


def _ratio(indicator: Indicator) -> str:
    parts = [_bracketed(indicator, role) for role in (TermRole.NUMERATOR, TermRole.DENOMINATOR)]
    return f"{' ÷ '.join(parts)}{_scale(indicator)}"


def _growth(indicator: Indicator) -> str:
    cumulative = indicator.growth_basis == GrowthBasis.CUMULATIVE
    since = "基期年" if cumulative else "上年"
    series = [_term(term) for term in _terms(indicator, TermRole.SERIES)]
    each = "分别按" if len(series) > 1 else "按"
    least = "，取较小者" if len(series) > 1 else ""
    text = f"{'、'.join(series)}，{each}（当年 ÷ {since} − 1）× 100 计算{least}"
    bars = [_term(term) for term in _terms(indicator, TermRole.BAR)]
    compounded = "（规划期内逐年连乘）" if cumulative else ""
    return text + "".join(f"；参照值：{bar}{compounded}" for bar in bars)


def _band(indicator: Indicator) -> str:
    amount, size = (
        _term(term, per_township=True)
        for role in (TermRole.AMOUNT, TermRole.SIZE)
        for term in _terms(indicator, role)[:1]
    )
    bands = "，".join(
        f"{plain(band.size_from)} 起不少于 {plain(band.minimum)}" for band in indicator.bands.all()
    )
    head = f"{amount}达到分档标准的乡镇数 ÷ 当年有效的乡镇数{_scale(indicator)}"
    return f"{head}；分档按 {size}：{bands}"


FORMULAS = {
    Method.DIRECT: _direct,
    Method.RATIO: _ratio,
    Method.GROWTH: _growth,
    Method.BAND: _band,
}


def _terms(indicator: Indicator, role: TermRole) -> list[Term]:
    return [term for term in indicator.terms.all() if term.role == role]


def _sum(indicator: Indicator, role: TermRole) -> str:
    """A term that is taken away comes with − instead of a factor below 0."""
    first, *others = _terms(indicator, role)
    signed = [f" {'−' if term.factor < 0 else '+'} {_term(term, unsigned=True)}" for term in others]
    return _term(first) + "".join(signed)


def _bracketed(indicator: Indicator, role: TermRole) -> str:
    several = len(_terms(indicator, role)) > 1
    return f"［{_sum(indicator, role)}］" if several else _sum(indicator, role)


def _term(term: Term, *, per_township: bool = False, unsigned: bool = False) -> str:
    number = abs(term.factor) if unsigned else term.factor
    lag = {0: "", 1: "上年 "}.get(term.lag, f"{term.lag} 年前 ")
    name = _named(term.item, per_township) if term.item else _townships(term)
    return f"{lag}{name}" if number == 1 else f"（{lag}{name} × {plain(number)}）"


def _townships(term: Term) -> str:
    return "有效的乡镇数" if term.lag else "当年有效的乡镇数"


def _named(item: DataItem, per_township: bool) -> str:
    said = [item.measure] if item.measure else []
    if item.by_township and not per_township:
        said.append("“是”的乡镇数" if item.kind == ItemKind.YESNO else "各乡镇合计")
    return f"{item.code} {item.name}" + (f"（{'，'.join(said)}）" if said else "")


def _scale(indicator: Indicator) -> str:
    return "" if indicator.scale == 1 else f" × {plain(indicator.scale)}"


def plain(number: Decimal | None) -> str:
    """100.000000 → 100."""
    return "" if number is None else format(Decimal(number).normalize(), "f")
