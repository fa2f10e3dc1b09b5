"""Which files of other programs does mine planning read and write?"""
