"""What plan does a mine follow, what comes of it, and does it hold the rate that is asked?"""
