"""In which period is each activity done, within every limit, for the most value?"""
