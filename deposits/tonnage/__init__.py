"""How many tonnes of a block model lie at or above a cut-off, at what grade, in which category?"""
