"""Which ore field is meant by this spelling of its name?

One mine stands as Джижикрут, Ҷиҷикрут, Dzhizhikrut and Jijikrut in four reports. Names are compared
by a key that does not depend on script, case, accents, blanks or remarks in brackets; which
spellings are one field is stated in the study (aliases), never guessed from likeness.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

#: Cyrillic to Latin: Russian letters, then those of Tajik and its neighbours. The Tajik letter for
#: the sound in "jam" becomes j while Russian spells that sound dzh: the key keeps what was written,
#: and aliases join the two.
LETTERS = (
    "а=a б=b в=v г=g д=d е=e ё=e ж=zh з=z и=i й=y к=k л=l м=m н=n о=o п=p р=r с=s т=t у=u ф=f "
    "х=kh ц=ts ч=ch ш=sh щ=shch ъ= ы=y ь= э=e ю=yu я=ya "
    "ғ=gh ӣ=i қ=q ӯ=u ҳ=h ҷ=j ө=o ү=u ң=ng ў=o ә=a і=i һ=h"
)
LATIN = dict(pair.split("=") for pair in LETTERS.split())

#: Letter groups that several transliterations write differently, longest first; suggestions only.
SOUNDS = (("dzh", "j"), ("zh", "j"), ("dj", "j"), ("dz", "j"), ("kh", "h"), ("y", "i"), ("q", "k"))


def name_key(text: str) -> str:
    """Reduce a name to what is compared.

    Parameters
    ----------
    text : str
        A name as somebody wrote it.

    Returns
    -------
    str
        Latin letters and digits in lower case; remarks in brackets are left out. Letters of other
        scripts than Cyrillic stay as they are.

    Examples
    --------
    >>> name_key("Джижикрут"), name_key("Ҷиҷикрут"), name_key("JIJIKRUT (Sb)"), name_key("Küçük-Su")
    ('dzhizhikrut', 'jijikrut', 'jijikrut', 'kucuksu')
    """
    bare = re.sub(r"\([^)]*\)", " ", text)
    folded = unicodedata.normalize("NFKC", bare if bare.strip() else text).casefold()
    latin = "".join(LATIN.get(letter, letter) for letter in folded)
    plain = unicodedata.normalize("NFKD", latin)
    return "".join(letter for letter in plain if letter.isalnum())


def same_name(a: str, b: str, aliases: Iterable[Iterable[str]] = ()) -> bool:
    """Tell whether two spellings are one name.

    Parameters
    ----------
    a, b : str
        Two names.
    aliases : iterable of iterable of str
        Groups of names that are one.

    Returns
    -------
    bool
        True when their keys agree, or both stand in one group. A blank name is nobody's.

    Examples
    --------
    >>> same_name("Dzhizhikrut", "Джижикрут"), same_name("Jijikrut", "Джижикрут")
    (True, False)
    >>> same_name("Jijikrut", "Джижикрут", aliases=[("Jijikrut", "Dzhizhikrut")])
    True
    """
    first, second = name_key(a), name_key(b)
    if not first or not second:
        return False
    return first == second or any(
        {first, second} <= {name_key(name) for name in group} for group in aliases
    )


def resolve_field(name: str, fields: Mapping[str, Sequence[str]]) -> str | None:
    """Find the field that a name belongs to.

    Parameters
    ----------
    name : str
        The name as a layer or a table writes it.
    fields : mapping of str to sequence of str
        Names and aliases of each field, by its id.

    Returns
    -------
    str or None
        The field's id; None when no field, or more than one, is called so.

    Examples
    --------
    >>> fields = {"jijikrut": ("Jijikrut", "Dzhizhikrut"), "konchoch": ("Konchoch", "Kanchoch")}
    >>> resolve_field("ДЖИЖИКРУТ", fields), resolve_field("Chore", fields)
    ('jijikrut', None)
    """
    key = name_key(name)
    found = [
        field
        for field, names in fields.items()
        if key and key in {name_key(field), *(name_key(other) for other in names)}
    ]
    return found[0] if len(found) == 1 else None


def suggest_field(name: str, fields: Mapping[str, Sequence[str]]) -> str:
    """Suggest which field a name that resolves to none may mean.

    Parameters
    ----------
    name : str
        The unresolved name.
    fields : mapping of str to sequence of str
        Names and aliases of each field, by its id.

    Returns
    -------
    str
        A question with the nearest spelling, or "" when none is near.

    Examples
    --------
    >>> suggest_field("Жижикрут", {"jijikrut": ("Jijikrut",)})
    'Did you mean "Jijikrut"? Then list "Жижикрут" among the aliases of the field jijikrut.'
    """
    spellings = {
        _sound(spelling): (spelling, field)
        for field, names in fields.items()
        for spelling in (field, *reversed(names))
    }
    near = difflib.get_close_matches(_sound(name), list(spellings), n=1, cutoff=0.7)
    if not near:
        return ""
    spelling, field = spellings[near[0]]
    return f'Did you mean "{spelling}"? Then list "{name}" among the aliases of the field {field}.'


def listed(names: Iterable[object], shown: int = 5) -> str:
    """Write the first few names and how many follow.

    Examples
    --------
    >>> listed("abcdefg")
    'a, b, c, d, e and 2 more'
    """
    every = [str(name) for name in names]
    more = f" and {len(every) - shown} more" if len(every) > shown else ""
    return ", ".join(every[:shown]) + more


def _sound(text: str) -> str:
    """Fold the spellings of one sound together, so that near names come near."""
    key = name_key(text)
    for written, sound in SOUNDS:
        key = key.replace(written, sound)
    return re.sub(r"(.)\1+", r"\1", key)
