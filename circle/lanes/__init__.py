"""Gates, missing links and lanes: what a passage is worth, and what each lane has."""
