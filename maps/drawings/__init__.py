"""How does a result become a layer or a figure?"""
