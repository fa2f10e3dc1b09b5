"""What is in the ground, and how sure are we?"""

#: Top-level tables of a study file that this storey owns.
STUDY_TABLES = ("study", "evidence", "fields", "layers")
