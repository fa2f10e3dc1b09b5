"""Does an answer hold? Checked with the nouns alone, sharing no code with what found it."""
