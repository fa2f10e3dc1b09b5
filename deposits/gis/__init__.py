"""Where does a layer lie, how well, and is its geometry sound?"""
