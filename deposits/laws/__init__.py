"""How do grades spread, and what does the size of the selection unit do to that?"""
