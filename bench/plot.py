"""bench/growth.svg: answers a second over the number of positions, both scales logarithmic."""

from pathlib import Path

from matplotlib.figure import Figure as Drawing

from bench.record import Record
from bench.work import GROWING, TITLES

_STYLES = {"SQLite": "-", "PostgreSQL": "--"}


def draw(record: Record, path: Path) -> None:
    """Draw a panel a work, a line a contender and engine; the same colour for one contender."""
    works = [work for work in GROWING if any(figure.work == work for figure in record.figures)]
    labels = list(dict.fromkeys(f.label for f in record.figures if f.work in works))
    drawing = Drawing(figsize=(11, 4.2 * ((len(works) + 1) // 2)), layout="constrained")
    for place, work in enumerate(works, start=1):
        axes = drawing.add_subplot((len(works) + 1) // 2, 2, place)
        axes.set_title(TITLES[work].partition(",")[0], fontsize=10)
        lines: dict[tuple[str, str], list[tuple[int, float]]] = {}
        for figure in record.figures:
            if figure.work == work:
                at = lines.setdefault((figure.label, figure.engine), [])
                at.append((figure.size, figure.median))
        for (label, engine), points in lines.items():
            xs, ys = zip(*sorted(points), strict=True)
            axes.plot(
                xs,
                ys,
                _STYLES.get(engine, ":"),
                marker="o",
                markersize=3,
                linewidth=2.2 if label.startswith("ours") else 1,
                color=f"C{labels.index(label) % 10}",
                label=f"{label}, {engine}",
            )
        axes.set_xscale("log")
        axes.set_yscale("log")
        axes.set_xlabel("positions", fontsize=9)
        axes.set_ylabel("answers a second", fontsize=9)
        axes.grid(visible=True, which="both", linewidth=0.3)
        axes.legend(fontsize=6)
    drawing.savefig(path, format="svg", metadata={"Date": None})
