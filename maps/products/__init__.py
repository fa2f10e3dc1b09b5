"""How does a layer or a table become a file?"""
