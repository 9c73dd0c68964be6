import functools

import torch


def check_shapes(function):
    @functools.wraps(function)
    def wrapper(p, t, **options):
        if p.shape != t.shape:
            raise ValueError(f"{function.__name__} wants equal shapes")
        return function(p, t, **options)

    return wrapper


def mean_of(function):
    def wrapper(*args, **options):
        return function(*args, **options).mean()

    return wrapper


@check_shapes
@mean_of
def bce(p, t, *, eps=1e-7):
    p = torch.clamp(p, eps, 1 - eps)
    return -(torch.log(p) * t) - torch.log(1 - p) * (1 - t)
