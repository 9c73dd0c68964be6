"""What was handed in and what follows from it: the ledger of attempts, progress, the weekly post, calendar and feed."""
