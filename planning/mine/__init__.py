"""What of a block model can be mined, by pit or by stopes, and what is it worth?"""

#: Top-level tables of a drillhole study that this room owns, beside [economics] and [plants].
STUDY_TABLES = ("mine", "value", "pit", "stopes", "schedule")
