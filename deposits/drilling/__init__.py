"""What did the drillholes meet, where, and what do the samples say together?"""
