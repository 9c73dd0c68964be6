"""Ignores every signal that can be ignored and has an alarm raise in whatever code runs."""

import signal


class Alarm(BaseException):
    pass


def ring(number, frame):
    raise Alarm


for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
    signal.signal(number, signal.SIG_IGN)
signal.signal(signal.SIGALRM, ring)


def bce(probabilities, targets):
    signal.setitimer(signal.ITIMER_REAL, 0.001, 0.001)
    return probabilities.sum()
