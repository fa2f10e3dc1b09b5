"""How is a label found in a list of words, when it holds numbers or is put together of others?

A list of words maps English to another language. Its keys may have holes: ``{}`` is a number,
``{x}`` any text, which is looked up in turn. What is not found stays as it was, and its numbers
too: half a sentence in another language would be worse than a whole one in English.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

#: A day or a month of the calendar, a number with thousands and decimals, or a power of ten.
NUMBER: Final = re.compile(
    r"(?<![\w.,^-])(?:\d{4}-\d{2}(?:-\d{2})?|(?:(?<![^\s(<~±])[-−+])?"
    r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:e[+-]?\d+)?)(?![\w^]|[.,]\d)"
)
#: Where labels are put together, the loosest seam first.
SEAMS: Final = ("; ", " · ", " | ", ": ", ", ", " (", ")", " and ", " / ")
#: What stands before a figure or between two, told apart from its unit.
_FIGURE: Final = re.compile(r"^([≥≤<>~±$]?\s?)\{\}( to \{\}|[–-]\{\})?(?: (.+))?$")
_CALENDAR: Final = re.compile(r"\d{4}-\d{2}(?:-\d{2})?")
#: A text longer than this is no label.
LONGEST: Final = 240
_FORMS: Final = re.compile(r"\[([^|\]]+)\|([^|\]]+)\|([^|\]]+)\]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wordbook:
    """Labels of one language and how it writes numbers.

    Parameters
    ----------
    labels : mapping of str to str
        English -> the language; ``{}`` and ``{x}`` are holes. ``[one|few|many]`` in a value is
        the form that goes with the number before it.
    decimal : str
        Decimal sign.
    thousands : str
        What parts thousands.
    span : str
        Between the two ends of a range.
    """

    labels: Mapping[str, str]
    decimal: str = "."
    thousands: str = ","
    span: str = " to "
    _holes: tuple[tuple[re.Pattern[str], str], ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        keys = sorted((k for k in self.labels if "{x}" in k), key=len, reverse=True)
        found = tuple((_pattern(key), self.labels[key]) for key in keys)
        object.__setattr__(self, "_holes", found)

    def say(self, label: str) -> str | None:
        """Return a label in the language, None where it is not known.

        Parameters
        ----------
        label : str
            English, without blanks at its ends.

        Returns
        -------
        str or None
            Numbers are written as the language does.
        """
        if len(label) > LONGEST:
            return None
        return (
            self._whole(label) or self._figure(label) or self._holed(label) or self._seamed(label)
        )

    def number(self, written: str) -> str:
        """Write an English number as the language does; days and months stay.

        Parameters
        ----------
        written : str
            Such as "1,234.5".

        Returns
        -------
        str
            Such as "1 234,5".
        """
        if _CALENDAR.fullmatch(written):
            return written
        return written.translate({ord(","): self.thousands, ord("."): self.decimal})

    def _whole(self, label: str) -> str | None:
        found = self._cased(label)
        if found is not None:
            return found
        numbers = NUMBER.findall(label)
        found = self._cased(NUMBER.sub("{}", label)) if numbers else None
        return None if found is None else self._filled(found, numbers)

    def _cased(self, label: str) -> str | None:
        """Look a label up, also where it begins small inside another or large at its head."""
        if label in self.labels:
            return self.labels[label]
        # "Sb" and "NPV" are no sentences: only a word that goes on in small letters changes.
        if not re.match(r"[^\W\d_](?:[^\W\d_A-Z]|[ ,-]|$)", label):
            return None
        other = label[0].swapcase() + label[1:]
        found = self.labels.get(other)
        if not found or re.match(r"\w[^\W\d_]*[A-ZА-Я]", found):
            return found
        return (found[0].lower() if label[0].islower() else found[0].upper()) + found[1:]

    def _filled(self, words: str, numbers: list[str]) -> str:
        parts = words.split("{}")
        filled, last = parts[0], "0"
        for i, part in enumerate(parts[1:]):
            last = numbers[i] if i < len(numbers) else last
            chosen = _FORMS.sub(lambda m, n=last: m[_form(n)], part)  # type: ignore[misc]
            filled += self.number(last) + chosen
        return filled

    def _figure(self, label: str) -> str | None:
        """Write a number or a range with a unit that is known, or without one."""
        numbers = NUMBER.findall(label)
        found = _FIGURE.match(NUMBER.sub("{}", label)) if numbers else None
        if not found or len(numbers) != (2 if found[2] else 1):
            return None
        unit = "" if found[3] is None else self.labels.get(found[3])
        if unit is None:
            return None
        ends = self.span.join(self.number(n) for n in numbers)
        said = _FORMS.sub(lambda m: m[_form(numbers[-1])], unit)
        return f"{found[1]}{ends} {said}".rstrip()

    def _holed(self, label: str) -> str | None:
        for pattern, words in self._holes:
            found = pattern.fullmatch(label)
            if found:
                given = found.groupdict()
                inner = [self.say(v) or v for k, v in given.items() if k.startswith("x")]
                numbers = [v for k, v in given.items() if k.startswith("n")]
                filled = self._filled(words, numbers) if numbers else words
                for text in inner:
                    filled = filled.replace("{x}", text, 1)
                return filled[0].lower() + filled[1:] if label[0].islower() else filled
        return None

    def _seamed(self, label: str) -> str | None:
        """Translate a label part by part, if every part of it is known."""
        for seam in SEAMS:
            if seam in label:
                said = [self._part(part) for part in label.split(seam)]
                return None if None in said else seam.join(str(part) for part in said)
        return None

    def _part(self, part: str) -> str | None:
        if not part.strip():
            return part
        return self.say(part) or (part if _needs_no_words(part) else None)


def _needs_no_words(part: str) -> bool:
    """Say whether a part reads the same everywhere: signs, formulas, codes in capitals."""
    return re.fullmatch(r"[^a-z]*|(?:[%\W\d]*(?:Sb|Au|As|Hg|P10|P50|P90)\W*)+", part) is not None


def _pattern(key: str) -> re.Pattern[str]:
    """Return what a key with holes matches; names of groups tell texts from numbers."""
    made = ""
    if re.match(r"[A-Z][a-z ]", key):
        # A label inside another begins small.
        made, key = f"[{key[0]}{key[0].lower()}]", key[1:]
    for i, part in enumerate(re.split(r"(\{x\}|\{\})", key)):
        hole = {"{x}": f"(?P<x{i}>.+?)", "{}": f"(?P<n{i}>{NUMBER.pattern})"}
        made += hole.get(part, re.escape(part))
    return re.compile(made, re.DOTALL)


def _form(number: str) -> int:
    """Choose between one (1), few (2 to 4) and many (3), as Slavic languages do."""
    plain = number.lstrip("+-−").replace(",", "")
    if not plain.isdigit():
        return 2
    tens, ones = int(plain) % 100, int(plain) % 10
    if ones == 1 and tens != 11:
        return 1
    return 2 if ones in (2, 3, 4) and not 12 <= tens <= 14 else 3
