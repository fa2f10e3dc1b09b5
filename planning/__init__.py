"""What to dig, when, for how much, and does the plan hold?"""

#: Top-level tables of a study file that this storey owns.
STUDY_TABLES = ("plan", "plants", "economics", "market", "verdict", "claims", "scenario")
