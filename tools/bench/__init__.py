"""`make bench`: what Staffel costs, as ratios to a peer and to a floor measured beside it in the same run."""
