"""Burns processor time in threads that hold no interpreter lock, while the main one waits."""

import hashlib
import threading


def burn():
    while True:
        hashlib.pbkdf2_hmac("sha512", b"password", b"salt", 100_000)


def bce(probabilities, targets):
    threads = [threading.Thread(target=burn, daemon=True) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
