"""How much can the plant take in each period, and how much concentrate can its line give?"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from deposits.errors import DataError, Problem
from planning.economics.config import Plant
from planning.mine.config import MineConfig
from planning.mine.schedule_config import RampTable, ScheduleTable
from planning.scheduling.calendar import Calendar

FloatArray = NDArray[np.float64]
MONTHS = 12.0


def plant_tonnes(config: MineConfig, table: ScheduleTable, calendar: Calendar) -> FloatArray:
    """Return the ore the plant can take in each period.

    Parameters
    ----------
    config : MineConfig
        With the plant.
    table : ScheduleTable
        With the plant's ramp-up.
    calendar : Calendar
        The periods.

    Returns
    -------
    ndarray of float, shape (t,)
        Nameplate times availability, or the rate (``mine.throughput_t_per_year``) where no
        nameplate is stated, for the length of each period, times the mean part of it that the
        ramp allows [t].
    """
    most = plant_most_t_per_year(config)
    rate = config.mine.throughput_t_per_year.base if most is None else most
    return rate * running_years(table.plant_ramp, calendar)


def target_tonnes(config: MineConfig, table: ScheduleTable, calendar: Calendar) -> FloatArray:
    """Return the ore the plant is to have in each period.

    Parameters
    ----------
    config, table, calendar
        As in `plant_tonnes`.

    Returns
    -------
    ndarray of float, shape (t,)
        The rate, or what the plant can take where that is less, with the ramp as there [t].
    """
    rate = config.mine.throughput_t_per_year.base * running_years(table.plant_ramp, calendar)
    return np.minimum(rate, plant_tonnes(config, table, calendar))


def plant_most_t_per_year(config: MineConfig) -> float | None:
    """Return nameplate times availability [t/yr]; None where no nameplate is stated."""
    plant = _plant(config)
    if plant.nameplate_t_per_year is None:
        return None
    running = 1.0 if plant.availability_fraction is None else plant.availability_fraction.base
    return plant.nameplate_t_per_year.base * running


def concentrate_tonnes(
    config: MineConfig, table: ScheduleTable, calendar: Calendar
) -> FloatArray | None:
    """Return what the line of the concentrate can give in each period.

    Parameters
    ----------
    config, table, calendar
        As in `plant_tonnes`.

    Returns
    -------
    ndarray of float, shape (t,), or None
        Dry concentrate [t], 0 while the plant stands; None where the study states no limit
        (``concentrate_line_limit_t_per_year`` of the plant).
    """
    line = _plant(config).concentrate_line_limit_t_per_year
    if line is None:
        return None
    ramp = table.plant_ramp
    stands = None
    if ramp is not None:
        runs = tuple(1.0 if part > 0 else 0.0 for part in ramp.fraction)
        stands = RampTable(from_month=ramp.from_month, fraction=runs)
    return line.base * running_years(stands, calendar)


def running_years(ramp: RampTable | None, calendar: Calendar) -> FloatArray:
    """Return the length of each period times the mean part of it that a ramp allows [years].

    Examples
    --------
    >>> from planning.scheduling.calendar import equal_years
    >>> ramp = RampTable(from_month=(0.0, 6.0), fraction=(0.0, 0.5))
    >>> running_years(ramp, equal_years(2, 0.1, "mid_year")).tolist()
    [0.25, 0.5]
    """
    if ramp is None:
        return calendar.length_years.copy()
    starts, ends = calendar.starts(), calendar.ends()
    marks = np.append(np.array(ramp.from_month) / MONTHS, np.inf)
    total = np.zeros(starts.size)
    for begin, end, part in zip(marks[:-1], marks[1:], ramp.fraction, strict=True):
        total += part * np.clip(np.minimum(ends, end) - np.maximum(starts, begin), 0.0, None)
    return total


def _plant(config: MineConfig) -> Plant:
    """Return the plant that takes the ore."""
    name = config.value.plant
    if name not in config.plants:
        raise DataError([Problem("no such plant in the study", "key value.plant", name)])
    return config.plants[name]
