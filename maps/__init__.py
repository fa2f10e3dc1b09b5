"""How do people see the result, on a map, in QGIS and in a table?"""

#: Top-level tables of a study file that this storey owns.
STUDY_TABLES = ("map",)
