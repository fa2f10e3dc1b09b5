"""What can go wrong between a finished study and what people see?

::

    MapError
      UnfinishedStudy (ValueError)     the folder is not a finished study, or a part cannot be read
      UnusableLayer (ValueError)       a layer that cannot be placed on a map
      UnavailableFormat (ValueError)   a format that is not, or not yet, written
      UnknownAsset (ValueError)        a page would need something from outside itself
      MissingProgram (RuntimeError)    a program that a format needs is not there, or fails
"""

from __future__ import annotations


class MapError(Exception):
    """Anything this storey refuses to do."""


class UnfinishedStudy(MapError, ValueError):
    """A folder that is not what ``anzob study`` leaves behind."""


class UnusableLayer(MapError, ValueError):
    """A layer that does not say where it is, or lacks a column that its drawing needs."""


class UnavailableFormat(MapError, ValueError):
    """A format that is not written; the message names those that are."""


class UnwritableFile(MapError, OSError):
    """A file that GDAL could not write to its end."""


class UnknownAsset(MapError, ValueError):
    """A script or style sheet that is not among the vendored files."""


class MissingProgram(MapError, RuntimeError):
    """A program that a format needs is not installed, or does not do its work."""
