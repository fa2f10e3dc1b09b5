"""Where does mining stop: slopes, precedence, pits, shells, pushbacks and stopes?"""
