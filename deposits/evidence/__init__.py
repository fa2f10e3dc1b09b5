"""What do published statements say is in the ground?"""
