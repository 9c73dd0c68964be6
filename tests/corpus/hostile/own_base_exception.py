"""Raises a BaseException of its own."""

class Escape(BaseException):
    pass


def bce(probabilities, targets):
    raise Escape("past every `except Exception`")
