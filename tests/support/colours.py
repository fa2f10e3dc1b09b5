"""How far apart are colours for every eye?"""

from itertools import combinations
from math import dist

from maps import palettes


def smallest_distance(colours):
    """Return the least CIELAB distance of any two colours, over ordinary and deficient vision.

    It is Delta E (1976); about 2.3 is just noticeable.
    """
    visions = (None, *palettes.DEFICIENCIES)
    return min(
        dist(palettes.as_seen(one, vision), palettes.as_seen(other, vision))
        for vision in visions
        for one, other in combinations(colours, 2)
    )
