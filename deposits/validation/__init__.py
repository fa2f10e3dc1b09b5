"""Can the estimate be believed when it is held against the samples and simpler estimates?"""
