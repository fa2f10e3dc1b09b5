"""How is a label found in a list of words, when it holds numbers or is put together of others?

A list of words maps English to another language. Its keys may have holes: ``{}`` is a number,
``{x}`` any text, which is looked up in turn, ``{k}`` a text that must be known. Several sentences
are said one by one. What is not found stays as it was, and its numbers too: half a sentence in
another language would be worse than a whole one in English.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

#: A day or a month of the calendar, a number with thousands and decimals, or a power of ten.
NUMBER: Final = re.compile(
    r"(?<![\w.,^-])(?:\d{4}[-‑]\d{2}(?:[-‑]\d{2})?|(?:(?<![^\s(<~±])[-−+])?"
    r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:e[+-]?\d+)?)(?![\w^]|[.,]\d)"
)
#: Where labels are put together, the loosest seam first.
SEAMS: Final = ("; ", " · ", " | ", ": ", ", ", " (", ")", " and ", " / ")
#: What stands before a figure or between two, told apart from its unit.
_FIGURE: Final = re.compile(r"^([≥≤<>~±$]?\s?)\{\}( to \{\}|[–-]\{\})?(?: (.+))?$")
_CALENDAR: Final = re.compile(r"\d{4}[-‑]\d{2}(?:[-‑]\d{2})?")
#: A sentence longer than this is no label.
LONGEST: Final = 280
#: Where one sentence ends and the next begins.
_SENTENCES: Final = re.compile(r"(?<=[.?!]) (?=[A-Z\d])")
_HOLES: Final = re.compile(r"(\{x\}|\{k\}|\{\})")
#: What stands before the sentences of a synthetic study.
_MARK: Final = "SYNTHETIC: "
_FORMS: Final = re.compile(r"\[([^|\]]+)\|([^|\]]+)\|([^|\]]+)\]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wordbook:
    """Labels of one language and how it writes numbers.

    Parameters
    ----------
    labels : mapping of str to str
        English -> the language; ``{}``, ``{x}`` and ``{k}`` are holes. ``[one|few|many]`` in a
        value is the form that goes with the number before it.
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
        holed = [k for k in self.labels if "{x}" in k or "{k}" in k]
        # The key that says most is tried first: holes say nothing.
        keys = sorted(holed, key=lambda k: (len(_HOLES.sub("", k)), len(k)), reverse=True)
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
            return self._sentences(label)
        return (
            self._whole(label)
            or self._figure(label)
            or self._split(label, " · ")
            or self._sentences(label)
            or self._split(label, "; ")
            or self._holed(label)
            or self._seamed(label)
            or (self._renumbered(label) if NUMBER.search(label) else None)
        )

    def passage(self, text: str) -> str | None:
        """Return several sentences with those in the language that are known, None with none.

        Parameters
        ----------
        text : str
            English, without blanks at its ends; may be longer than a label.

        Returns
        -------
        str or None
            A sentence is translated whole or stays whole, its numbers with it.
        """
        mark = _MARK if text.startswith(_MARK) else ""
        parts = _SENTENCES.split(text.removeprefix(mark))
        said = [self._sentence(part) for part in parts]
        if all(one is None for one in said):
            return None
        return mark + " ".join(one or part for one, part in zip(said, parts, strict=True))

    def _sentence(self, sentence: str) -> str | None:
        """Translate one sentence; of a long list its parts, if every one of them is known."""
        bare = sentence.strip()
        if len(bare) <= LONGEST:
            return self.say(bare) if bare else None
        listed = [self.say(part) for part in bare.split("; ")]
        return None if None in listed else "; ".join(str(one) for one in listed)

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
            # Without a number before it a unit stands for many: "days" of work.
            return _FORMS.sub(r"\3", found)
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
                inner = {k: self.say(v) for k, v in given.items() if k[0] in "xk"}
                if any(said is None for k, said in inner.items() if k[0] == "k"):
                    continue
                numbers = [v for k, v in given.items() if k.startswith("n")]
                filled = self._filled(words, numbers) if numbers else words
                for k, said in inner.items():
                    filled = filled.replace(f"{{{k[0]}}}", said or given[k], 1)
                return filled[0].lower() + filled[1:] if label[0].islower() else filled
        return None

    def _seamed(self, label: str) -> str | None:
        """Translate a label part by part, if every part of it is known."""
        seam = next((seam for seam in SEAMS if seam in label), None)
        return None if seam is None else self._split(label, seam)

    def _split(self, label: str, seam: str) -> str | None:
        if seam not in label:
            return None
        said = [self._part(part) for part in label.split(seam)]
        joint = f" {self.labels.get('and', 'and')} " if seam == " and " else seam
        return None if None in said else joint.join(str(part) for part in said)

    def _sentences(self, label: str) -> str | None:
        """Translate several sentences, if every one of them is known."""
        parts = _SENTENCES.split(label)
        if len(parts) < 2:
            return None
        said = [self.say(part) for part in parts]
        return None if None in said else " ".join(str(part) for part in said)

    def _part(self, part: str) -> str | None:
        if not part.strip():
            return part
        return self.say(part) or self._renumbered(part)

    def _renumbered(self, label: str) -> str | None:
        """Write the numbers of a label that needs no words, None where it needs some."""
        if not _needs_no_words(label):
            return None
        return NUMBER.sub(lambda found: self.number(found[0]), label)


def _needs_no_words(part: str) -> bool:
    """Say whether a part reads the same everywhere: signs, formulas, codes in capitals."""
    return re.fullmatch(r"[^a-z]*|(?:[%\W\d]*(?:Sb|Au|As|Hg|P10|P50|P90)\W*)+", part) is not None


def _pattern(key: str) -> re.Pattern[str]:
    """Return what a key with holes matches; names of groups tell texts from numbers."""
    made = ""
    if re.match(r"[A-Z][a-z ]", key):
        # A label inside another begins small.
        made, key = f"[{key[0]}{key[0].lower()}]", key[1:]
    for i, part in enumerate(_HOLES.split(key)):
        hole = {
            "{x}": f"(?P<x{i}>.+?)",
            "{k}": f"(?P<k{i}>.+?)",
            "{}": f"(?P<n{i}>{NUMBER.pattern})",
        }
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
