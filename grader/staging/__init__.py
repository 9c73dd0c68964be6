"""From plan, ledger and members' files to the Markdown pages that the site is built from. No grading, and no torch."""
