"""From a text, or a query, to the words that the search compares.

The engines cut texts into words each in its own way, so that is done here, once for the record and
for the query, and the engines only compare what comes out: the same words find the same records.

- Case, accents and compatibility forms make no difference (Unicode NFKD, casefold). Of the marks,
  those above and below letters go (and the points of Hebrew and Arabic); vowel signs stay.
- A word is a run of letters, digits and vowel signs; 's at its end goes, and U.S. is a word. Only
  its first `LONGEST` characters count. No word is too common to be looked for.
- Words are compared by their English stems (Snowball: Porter 2001), -ise being -ize; beside its
  stem a word is kept as it is, for the prefixes that queries look for.
- In scripts without spaces between words every character is a word and so is every pair of
  neighbours; a query looks for the pairs.
"""

import re
import threading
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

# Always the one in Python: the package's own choice would be another if PyStemmer were there.
from snowballstemmer.english_stemmer import EnglishStemmer  # type: ignore[import-untyped]

LONGEST = 64
"""The characters of a word that count: PostgreSQL keeps no word of more than 2,046 bytes."""

LARGEST = 2**19
"""The bytes of words that are kept of a record: PostgreSQL keeps no more than 2**20 of a row."""

MOST_WORDS = 32
LONGEST_QUERY = 1000

STEM = "="
"""What a stem begins with, to be told from a word as it is."""

_JOINED = "\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff"  # Han, kana
_JOINED += "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"  # Thai and Lao, Burmese, Khmer
_RUN = re.compile(f"([{_JOINED}]+)|([^ .'*{_JOINED}]+)(\\*?)")
_INITIALS = re.compile(r"\b[^\W\d_](?:\.[^\W\d_])+\b(?:\.(?!\w))?")
_POSSESSIVE = re.compile(r"(?<=\w)'s\b")
_BRITISH = re.compile(r"(?<=\w{4})is(?=(?:e|ed|er|ers|es|ing|ation|ations)$)")
_IGNORED = re.compile("[\u034f\u180b-\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef]")

_stemmer = EnglishStemmer()
_stemming = threading.Lock()


class Unsearchable(ValueError):
    """A query that nothing can be looked for by; its text says what to write instead."""


@dataclass(frozen=True, slots=True)
class Term:
    """What a query looks for: one of the kept words, or the beginning of one."""

    word: str
    is_prefix: bool = False


def kept_words(texts: Iterable[str | None]) -> str | None:
    """The words by which `texts` are found, each once, with spaces between; None without any.

    What they are does not depend on the order of the texts. If there are more than `LARGEST` bytes
    of them, the last in the order of the code points are left out.
    """
    plain = {
        word
        for text in texts
        if text
        for run, is_joined, _ in _runs(text)
        for word in (_characters_and_pairs(run) if is_joined else [run])
    }
    kept: set[str] = set()
    room = LARGEST
    for word in sorted(plain):
        stem = STEM + _stem(word)
        room -= len(word.encode()) + len(stem.encode()) + 2
        if room < 0:
            break
        kept |= {word, stem}
    return " ".join(sorted(kept)) or None


def read_terms(query: str) -> list[Term]:
    """What `query` looks for, each once. Raises Unsearchable.

    A word with a star right after it is the beginning of words. Every other character is a space.
    """
    if len(query) > LONGEST_QUERY:
        raise Unsearchable(f"At most {LONGEST_QUERY} characters; this has {len(query)}.")
    terms = list(dict.fromkeys(_terms(query)))
    if not terms:
        raise Unsearchable(
            "There is no word in this: give one or more, such as: sanctions relief, or sanction*."
        )
    if len(terms) > MOST_WORDS:
        raise Unsearchable(f"At most {MOST_WORDS} words; this has {len(terms)}.")
    return terms


def _terms(query: str) -> Iterator[Term]:
    for run, is_joined, is_prefix in _runs(query):
        if is_joined:
            pairs = [run[i : i + 2] for i in range(len(run) - 1)]
            yield from map(Term, pairs or [run])
        elif is_prefix:
            yield Term(run, is_prefix=True)
        else:
            yield Term(STEM + _stem(run))


def _runs(text: str) -> Iterator[tuple[str, bool, bool]]:
    """The runs of word characters: the run, whether its script joins words, whether a star follows.

    A run has a letter or a digit, no upper case, and, unless it is joined words, `LONGEST`
    characters at most.
    """
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    folded = unicodedata.normalize("NFC", folded.translate(_Characters()))
    folded = _INITIALS.sub(lambda initials: initials[0].replace(".", ""), folded)
    for joined, apart, star in _RUN.findall(_POSSESSIVE.sub("", folded)):
        if any(map(str.isalnum, joined or apart)):
            yield joined or apart[:LONGEST], bool(joined), bool(star)


class _Characters:
    """What becomes of each character, for str.translate."""

    def __getitem__(self, code: int) -> str | None:
        return _character(code)


@lru_cache(4096)
def _character(code: int) -> str | None:
    """The character that stands for another: itself, a space, or none at all."""
    character = chr(code)
    if character in ".'*":
        return character
    if character == "\u2019":
        return "'"
    match unicodedata.category(character)[0]:
        case "L" | "N":
            return character
        case "M":
            return character if _is_spelt(character) else None
    return None if unicodedata.category(character) == "Cf" else " "


def _is_spelt(mark: str) -> bool:
    """Whether a mark is part of the spelling: a vowel sign, a virama, the voicing of kana."""
    if unicodedata.category(mark) == "Me" or _IGNORED.match(mark):
        return False
    # Classes 10 to 36 are points of Hebrew, Arabic and Syriac, from 200 on what stands around a
    # letter, 1 what strikes it through (Unicode Standard Annex 44, table 15).
    combining = unicodedata.combining(mark)
    return combining != 1 and not 10 <= combining <= 36 and combining < 200


def _characters_and_pairs(run: str) -> Iterator[str]:
    yield from run
    for start in range(len(run) - 1):
        yield run[start : start + 2]


@lru_cache(4096)
def _stem(word: str) -> str:
    with _stemming:  # a stemmer keeps the word in itself while it works on it
        stem: str = _stemmer.stemWord(_BRITISH.sub("iz", word))
    return stem
