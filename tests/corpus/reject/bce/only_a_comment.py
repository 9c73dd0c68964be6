# bce: tomorrow
