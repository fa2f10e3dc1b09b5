"""How do the field's units convert, and what can a mineral hold at most?"""

from __future__ import annotations

#: How a note begins where less ore lies above a cut-off than can be selected at once.
LESS_THAN_A_UNIT = "< 1 mining unit"

#: Grams in a troy ounce, exact (31.1034768 g; International yard and pound agreement, 1959).
GRAMS_PER_TROY_OUNCE = 31.1034768

#: Pounds in a tonne, exact to the printed digits (1 lb = 0.45359237 kg).
POUNDS_PER_TONNE = 1000.0 / 0.45359237

#: Antimony in pure stibnite Sb2S3 [% by mass], from atomic masses Sb 121.760, S 32.06.
STIBNITE_SB_PCT = 71.7

#: Said wherever a grade is so low that it is probably a fraction.
PER_CENT_SLIP = "Grades are per cent: 0.025 as a fraction is 2.5."

#: Densities between which rock lies: pumiceous tuff to massive iron ore [t/m3].
DENSITY_RANGE_T_PER_M3 = (1.0, 5.5)

#: Density of stibnite [t/m3].
STIBNITE_DENSITY_T_PER_M3 = 4.63


def kilograms_to_ounces(kilograms: float) -> float:
    """Convert kilograms to troy ounces.

    Parameters
    ----------
    kilograms : float
        Mass [kg].

    Returns
    -------
    float
        Mass [troy oz].

    Examples
    --------
    >>> round(kilograms_to_ounces(49_900))
    1604322
    """
    return kilograms * 1000.0 / GRAMS_PER_TROY_OUNCE


def usd_per_pound_to_usd_per_tonne(price: float) -> float:
    """Convert a price per pound to a price per tonne.

    Parameters
    ----------
    price : float
        Price [USD/lb].

    Returns
    -------
    float
        Price [USD/t].

    Examples
    --------
    >>> round(usd_per_pound_to_usd_per_tonne(10.24))
    22575
    """
    return price * POUNDS_PER_TONNE
