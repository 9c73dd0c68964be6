"""Reports for people: each renderer is a function of a `Report` and of nothing else."""
