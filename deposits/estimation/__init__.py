"""What are the grades between the drillholes, and how sure is the estimate?"""
