"""Where things stand in a picture: charts, balances and rings, as numbers that the macros draw.

Sizes are SVG user units. Line charts come wide and ``narrow``: a phone must not shrink their letters.
A count that may not be shown is None; it is drawn as hatching with the words that the page gives.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, cos, log10, pi, sin


@dataclass(frozen=True, slots=True)
class Line:
    """One series of a line chart; ``points`` is an SVG path, the end is where its label stands."""

    name: str
    path: str
    end_x: float
    end_y: float
    label_y: float
    last: int


@dataclass(frozen=True, slots=True)
class Tick:
    """A place along an axis and its text."""

    at: float
    text: str


@dataclass(frozen=True, slots=True)
class LineChart:
    """A chart of at most two series over the same labels."""

    width: int
    height: int
    left: int
    right: int
    floor: int
    lines: tuple[Line, ...]
    values: tuple[Tick, ...]
    labels: tuple[Tick, ...]


def line_chart(
    labels: Sequence[str], series: Sequence[tuple[str, Sequence[int]]], *, narrow: bool = False
) -> LineChart:
    """A chart of counts: ``series`` are (name, values) pairs as long as ``labels``, all values known."""
    width, left, right, top, height = (380, 40, 372, 26, 284) if narrow else (1040, 40, 860, 46, 306)
    floor = height - (34 if narrow else 36)
    step, steps = _round_steps(max((value for _, values in series for value in values), default=0))
    scale = (floor - top) / (step * steps)
    xs = _spread(left, right, len(labels))

    def y(value: float) -> float:
        return round(floor - value * scale, 1)

    lines = [
        Line(
            name, _path(xs, [y(value) for value in values]), xs[-1], y(values[-1]), y(values[-1]), values[-1]
        )
        for name, values in series
        if values
    ]
    every = max(1, ceil(len(labels) / 4)) if narrow else max(1, ceil(len(labels) / 12))
    return LineChart(
        width,
        height,
        left,
        right,
        floor,
        _apart(lines, top, floor) if not narrow else _above_or_below(lines, floor),
        tuple(Tick(y(step * place), str(step * place)) for place in range(steps + 1)),
        tuple(
            Tick(x, label)
            for place, (x, label) in enumerate(zip(xs, labels, strict=True))
            if place % every == 0 or place == len(labels) - 1
        ),
    )


def _apart(lines: list[Line], top: float, floor: float) -> tuple[Line, ...]:
    """End labels at least 20 units from each other, none below the floor, where the names of the months stand."""
    placed: dict[str, float] = {}
    by_height = sorted(lines, key=lambda line: line.end_y)
    least = top - 20.0
    for line in by_height:
        placed[line.name] = least = max(line.end_y, least + 20)
    most = floor + 20.0
    for line in reversed(by_height):
        placed[line.name] = most = min(placed[line.name], most - 20)
    return tuple(_labelled(line, placed[line.name] + 5) for line in lines)


def _above_or_below(lines: list[Line], floor: float) -> tuple[Line, ...]:
    """On a phone the upper line's label stands above the chart's end, the lower line's near its floor."""
    by_height = sorted(lines, key=lambda line: line.end_y)
    places = {line.name: 16.0 if line is by_height[0] else floor - 10.0 for line in by_height}
    return tuple(_labelled(line, places[line.name]) for line in lines)


def _labelled(line: Line, y: float) -> Line:
    return Line(line.name, line.path, line.end_x, line.end_y, y, line.last)


def _spread(low: float, high: float, count: int) -> list[float]:
    if count < 2:
        return [low] * count
    return [round(low + (high - low) * place / (count - 1), 1) for place in range(count)]


def _path(xs: Sequence[float], ys: Sequence[float]) -> str:
    return "M" + "L".join(f"{x} {y}" for x, y in zip(xs, ys, strict=True))


def _round_steps(highest: int) -> tuple[int, int]:
    """A step of 1, 2, 5 or 10 times a power of ten, and how many (at most 5) reach the highest value."""
    if highest <= 4:
        return 1, max(1, highest)
    size = 10 ** int(log10(highest / 4))
    step = next(size * factor for factor in (1, 2, 5, 10) if highest / (size * factor) <= 5)
    return int(step), ceil(highest / step)


@dataclass(frozen=True, slots=True)
class Column:
    """One column: ``late`` ones are drawn in amber, one without a count as hatching."""

    x: float
    y: float
    width: float
    height: float
    centre: float
    count: int | None
    words: tuple[str, ...]
    late: bool


@dataclass(frozen=True, slots=True)
class ColumnChart:
    """Columns in order, with the promise as a dotted line after some of them."""

    width: int
    height: int
    floor: int
    columns: tuple[Column, ...]
    promise_x: float | None


def column_chart(
    rows: Sequence[tuple[str, int | None]], *, promise_after: int | None = None, width: int = 380
) -> ColumnChart:
    """``rows`` are (label, count); a label may hold one ``|`` where it breaks into two lines."""
    floor, top = 190, 42
    slot = width / max(1, len(rows))
    highest = max((count or 0 for _, count in rows), default=0) or 1
    columns = []
    for place, (label, count) in enumerate(rows):
        height = round((floor - top) * (count or 0) / highest, 1) if count is not None else 30.0
        late = promise_after is not None and place >= promise_after
        words = tuple(label.split("|"))
        x = round(slot * place + 6, 1)
        columns.append(
            Column(x, floor - height, slot - 12, height, round(slot * (place + 0.5), 1), count, words, late)
        )
    promise_x = None if promise_after is None else round(slot * promise_after, 1)
    return ColumnChart(width, 236, floor, tuple(columns), promise_x)


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole as a filled bar inside a rim; None is hidden."""

    label: str
    part: int | None
    whole: int | None
    part_width: float
    whole_width: float
    y: int


@dataclass(frozen=True, slots=True)
class ShareChart:
    """Bars under each other."""

    width: int
    height: int
    rows: tuple[Share, ...]


def share_chart(rows: Sequence[tuple[str, int | None, int | None]], *, width: int = 380) -> ShareChart:
    """``rows`` are (label, part, whole); a hidden row has None for both."""
    highest = max((whole or 0 for _, _, whole in rows), default=0) or 1
    scale = (width - 2) / highest
    shares = [
        Share(label, part, whole, round((part or 0) * scale, 1), round((whole or 0) * scale, 1), place * 46)
        for place, (label, part, whole) in enumerate(rows)
    ]
    return ShareChart(width, len(shares) * 46 - 2, tuple(shares))


def bar_chart(rows: Sequence[tuple[str, int | None]], *, width: int = 380) -> ShareChart:
    """``rows`` are (label, count); a hidden one has None."""
    return share_chart([(label, None, count) for label, count in rows], width=width)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two values out of a hundred on one line: ours and theirs."""

    label: str
    ours: int
    theirs: int
    ours_x: float
    theirs_x: float
    y: int


def pair_chart(rows: Sequence[tuple[str, int, int]], *, width: int = 380) -> tuple[Pair, ...]:
    """``rows`` are (label, ours, theirs), each 0 to 100."""
    scale = (width - 84) / 100
    return tuple(
        Pair(label, ours, theirs, round(34 + ours * scale, 1), round(34 + theirs * scale, 1), 64 * place + 44)
        for place, (label, ours, theirs) in enumerate(rows)
    )


@dataclass(frozen=True, slots=True)
class End:
    """One end of the bands: who helps on the left, who asks on the right; its name stands above its bar."""

    label: str
    count: int
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class FlowChart:
    """Bands from who helps to who asks, each as wide as its count; ``bands`` are closed SVG paths."""

    width: int
    height: int
    bar: int
    left: tuple[End, ...]
    right: tuple[End, ...]
    bands: tuple[str, ...]


def flow_chart(flows: Sequence[tuple[str, str, int]], *, width: int = 380) -> FlowChart:
    """``flows`` are (from, to, count), every pair once, all counts known and above 0."""
    bar, above, high, thin = 12, 26, 150, 3.0
    whole = sum(count for _, _, count in flows) or 1
    thick = [max(thin, round(count * high / whole, 1)) for _, _, count in flows]

    def ends(names: list[str]) -> tuple[tuple[End, ...], list[float]]:
        """The bars of a side from above down, and where each band meets its own."""
        placed: list[End] = []
        meets = [0.0] * len(flows)
        y = 24.0
        for name in dict.fromkeys(names):
            y += above
            own = [place for place, other in enumerate(names) if other == name]
            for place in own:
                meets[place] = round(y + sum(thick[one] for one in own if one < place), 1)
            height = round(sum(thick[place] for place in own), 1)
            placed.append(End(name, sum(flows[place][2] for place in own), round(y, 1), height))
            y += height + 8
        return tuple(placed), meets

    (left, starts), (right, stops) = ends([flow[0] for flow in flows]), ends([flow[1] for flow in flows])
    middle, far = width // 2, width - bar
    bands = tuple(
        f"M{bar} {start}C{middle} {start} {middle} {stop} {far} {stop}V{round(stop + size, 1)}"
        f"C{middle} {round(stop + size, 1)} {middle} {round(start + size, 1)} {bar} {round(start + size, 1)}Z"
        for start, stop, size in zip(starts, stops, thick, strict=True)
    )
    lowest = max((end.y + end.height for end in (*left, *right)), default=0.0)
    return FlowChart(width, ceil(lowest) + 4, bar, left, right, bands)


@dataclass(frozen=True, slots=True)
class Seat:
    """A person in a ring: place of the petal, its turn towards the middle, and the arrow to the next one."""

    name: str
    help: str
    x: float
    y: float
    turn: float
    arrow: str
    text_x: float
    text_y: float
    anchor: str


def ring(seats: Sequence[tuple[str, str]]) -> tuple[Seat, ...]:
    """``seats`` are (name, what this person does for the next one); two to six of them, clockwise."""
    centre_x, centre_y, radius = 175.0, 148.0, 96.0
    count = len(seats)

    def at(turn: float, distance: float = radius) -> tuple[float, float]:
        return centre_x + distance * sin(turn), centre_y - distance * cos(turn)

    placed = []
    gap = min(0.42, pi / count * 0.5)
    for place, (name, help_) in enumerate(seats):
        turn = 2 * pi * place / count
        following = 2 * pi * (place + 1) / count
        (x, y), (start, end) = at(turn), (at(turn + gap), at(following - gap))
        text_x, text_y = at((turn + following) / 2, radius + 22)
        side = text_x - centre_x
        anchor = "middle" if abs(side) < 20 else "start" if side > 0 else "end"
        arrow = f"M{start[0]:.1f} {start[1]:.1f}A{radius} {radius} 0 0 1 {end[0]:.1f} {end[1]:.1f}"
        below = 12 if text_y > centre_y and anchor == "middle" else 5
        placed.append(
            Seat(name, help_, round(x, 1), round(y, 1), round(turn * 180 / pi - 45, 1), arrow,
                 round(text_x, 1), round(text_y + below, 1), anchor)
        )  # fmt: skip
    return tuple(placed)
