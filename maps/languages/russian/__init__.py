"""What are labels called in Russian?"""

from maps.languages.russian import shared

#: English -> Russian. One room, one file of words; a label of several rooms stands in `shared`.
RUSSIAN: dict[str, str] = {**shared.LABELS}
