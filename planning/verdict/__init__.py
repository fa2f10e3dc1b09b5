"""Does the plan hold up?"""
