"""How do drillholes become a block model with a table of tonnes, step by step?"""

#: Top-level tables of a study of drillholes, beside [study] and [layers].
STUDY_TABLES = (
    "drillholes",
    "samples",
    "domains",
    "estimation",
    "blocks",
    "density",
    "classification",
    "tonnage",
    "validation",
    "synthetic",
)
