"""`python -m bench`: measure part by part, and write the page after each of them."""

import datetime as dt
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field

from bench import agreement, imports, load, machine, memory, plot, postgresql, rates, report, tools
from bench.options import PROFILE, ROOT, Options, read
from bench.record import Figure, Record
from bench.stage import Stage, staged
from bench.work import BY_RATE, GROWING, Work


@dataclass
class Run:
    """A run under way."""

    options: Options
    record: Record
    begun: float = field(default_factory=time.monotonic)

    def part(self, name: str, measure: Callable[[dict[str, str]], Iterable[Figure]]) -> None:
        """Measure a part, unless it is done or it is too late; note what goes wrong with it."""
        if name in self.record.done:
            return
        begun = time.monotonic()
        if begun - self.begun > self.options.minutes * 60:
            self.record.problems[name] = "not begun in time (--minutes); --resume measures it"
            return
        told: dict[str, str] = {}
        try:
            figures = list(measure(told))
        except Exception as error:  # noqa: BLE001  # whatever it is, the other parts go on
            self.record.problems[name] = f"{type(error).__name__}: {error}"
            figures = []
        else:
            self.record.finish(name, figures)
        self.record.problems |= told
        for key, problem in self.record.problems.items():
            self.record.problems[key] = machine.without_paths(problem)
        self.write()
        print(f"{time.strftime('%H:%M:%S')} {name}: {time.monotonic() - begun:.0f} s")
        for figure in figures:
            print(f"    {figure.engine:10} {figure.label:36} {figure.median:10,.2f} {figure.unit}")
        if name in self.record.problems or told:
            print("    " + "\n    ".join([self.record.problems.get(name, ""), *told.values()]))

    def write(self) -> None:
        """Write the record and the page."""
        self.record.write(self.options.work / "record.json")
        publish(self.record, self.options)

    def wanted(self, size: int) -> list[str]:
        """The parts of a size that are still to be measured."""
        ends = (min(self.options.sizes), max(self.options.sizes))
        works = BY_RATE if size in ends else GROWING
        parts: list[str] = [work for work in works if self.options.wants(work)]
        if size == max(self.options.sizes):
            parts += [part for part in (Work.MEMORY, PROFILE) if self.options.wants(part)]
        return [part for part in parts if f"{part} {size}" not in self.record.done]


def main() -> None:
    """Measure what the command line asks for."""
    options = read()
    options.work.mkdir(parents=True, exist_ok=True)
    options.out.mkdir(parents=True, exist_ok=True)
    path = options.work / "record.json"
    if options.report:
        publish(Record.read(path), options)
        return
    if missing := tools.missing():
        sys.exit("\n".join(missing))
    cores = {options.server_core, options.load_core, options.database_core}
    if absent := cores - os.sched_getaffinity(0):
        sys.exit(f"There is no core {absent}: choose others (--server-core, --load-core, ...).")
    for stopping in (signal.SIGTERM, signal.SIGINT):
        signal.signal(stopping, lambda *_: sys.exit("Stopped; --resume goes on."))
    about = _about(options)
    record = Record.read(path) if options.resume and path.exists() else Record(about)
    if record.about["commit"] != about["commit"]:
        sys.exit(f"The last run was of commit {record.about['commit']}: begin anew, no --resume.")
    run = Run(options, record)
    measure(run)
    run.write()
    print(f"{options.out / 'RESULTS.md'} is written, after {time.monotonic() - run.begun:.0f} s.")


def measure(run: Run) -> None:
    """All parts that are wanted and not done."""
    options = run.options
    with ExitStack() as stack:
        server = stack.enter_context(postgresql.measured_server(options.database_core))
        if options.wants(Work.AGREEMENT):
            run.part(Work.AGREEMENT, lambda told: agreement.measure(options, server, told))
        if options.wants(Work.IMPORT):
            run.part(Work.IMPORT, lambda _: imports.measure(options, server))
        # What matters most comes first: a run that is stopped has the ends of the growth.
        for size in sorted(options.sizes, key=lambda one: (one in options.sizes[1:-1], -one)):
            parts = run.wanted(size)
            if not parts:
                continue
            begun = time.monotonic()
            with staged(size, options, server) as stage:
                print(f"{size:,} positions are there after {time.monotonic() - begun:.0f} s")
                for part in parts:
                    run.part(f"{part} {size}", _measure(run, stage, part))


def _measure(run: Run, stage: Stage, part: str) -> Callable[[dict[str, str]], Iterable[Figure]]:
    if part == Work.MEMORY:
        return lambda _: memory.measure(stage)
    if part == PROFILE:
        return lambda _: _profile(run, stage)
    return lambda told: rates.measure(stage, Work(part), told)


def _profile(run: Run, stage: Stage) -> Iterable[Figure]:
    """The profile is no figure: it goes into the record as it is."""
    finished = subprocess.run(
        [sys.executable, "-m", "bench.profiled", stage.contenders[0].place.url],
        check=True,
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=os.environ | {"NEGOTIATIONS_CACHE_MB": "0"},
    )
    run.record.profile = finished.stdout
    return ()


def _about(options: Options) -> dict[str, object]:
    return machine.described(options.server_core, options.load_core, options.database_core) | {
        "begun": f"{dt.datetime.now(dt.UTC):%Y-%m-%d %H:%M} UTC",
        "command": machine.without_paths(" ".join(["python -m bench", *sys.argv[1:]])),
        "load": {
            "connections": load.CONNECTIONS,
            "runs": options.runs,
            "seconds": options.seconds,
            "slow": load.SLOW,
        },
        "commands": machine.COMMANDS,
    }


def publish(record: Record, options: Options) -> None:
    """Write RESULTS.md and growth.svg."""
    notes = ROOT / "bench" / "notes.md"
    text = report.page(record, notes.read_text() if notes.exists() else "")
    (options.out / "RESULTS.md").write_text(text)
    if len(record.sizes()) > 1:
        plot.draw(record, options.out / "growth.svg")


if __name__ == "__main__":
    main()
