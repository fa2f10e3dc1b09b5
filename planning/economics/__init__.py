"""What is a tonne worth, and what may it cost?"""
