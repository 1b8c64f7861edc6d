"""What happened, in order, as a page and as a table."""

from itertools import groupby

from negotiations_api.compare.timeline import Entry, Timeline
from negotiations_api.render.page import Page, Section, Table
from negotiations_api.render.words import count, kind, one_line, period_words

_YEAR = 4


def timeline_page(timeline: Timeline) -> Page:
    """A list with a heading for each year: a line reads faster than a table of long titles."""
    years = (
        Section(year, items=tuple(_item(entry) for entry in entries))
        for year, entries in groupby(timeline.entries, key=lambda entry: entry.date[:_YEAR])
    )
    entries = count(len(timeline.entries), "entry", "entries")
    return Page(
        f"Timeline of {period_words(timeline.period)}", (Section(None, (f"{entries}.",)), *years)
    )


def _item(entry: Entry) -> str:
    """``2019-03-11, position of usa: conditional: Sanctions relief (hardened)``."""
    lasts = entry.until not in {None, entry.date}
    date = f"{entry.date} to {entry.until}" if lasts else entry.date
    who = f" of {', '.join(entry.parties)}" if entry.parties else ""
    title = one_line(entry.title)
    says = kind(entry.says or "")
    told = says if says and not title.startswith(f"{says}:") else ""
    more = ", ".join(text for text in (told, kind(entry.change or "")) if text)
    return f"{date}, {entry.kind}{who}: {title}{f' ({more})' if more else ''}"


def timeline_table(timeline: Timeline) -> Table:
    """A row for each entry; slugs of a list have a space between them."""
    return Table(
        (
            *("kind", "key", "date", "until", "title", "says", "change"),
            *("parties", "issues", "demands", "meeting", "text"),
        ),
        tuple(
            (
                entry.kind,
                entry.key,
                entry.date,
                entry.until,
                entry.title,
                entry.says,
                entry.change,
                " ".join(entry.parties) or None,
                " ".join(entry.issues) or None,
                " ".join(entry.demands) or None,
                entry.meeting,
                entry.text,
            )
            for entry in timeline.entries
        ),
    )
