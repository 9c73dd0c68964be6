import functools

import torch


def same_matrix_shape(function):
    @functools.wraps(function)
    def wrapper(x, y, *rest):
        if x.dim() != 2 or y.dim() != 2:
            raise TypeError(f"{function.__name__} wants matrices")
        if x.shape != y.shape:
            raise TypeError(f"{function.__name__}: {list(x.shape)} is not {list(y.shape)}")
        return function(x, y, *rest)

    return wrapper


def scalar_last(function):
    @functools.wraps(function)
    def wrapper(*args):
        *_, last = args
        if isinstance(last, torch.Tensor) and last.dim():
            raise TypeError("last argument must be a scalar")
        return function(*args)

    return wrapper


@same_matrix_shape
@scalar_last
def clip_loss(image_features, text_features, logit_scale):
    i = torch.nn.functional.normalize(image_features)
    t = torch.nn.functional.normalize(text_features)
    logits_per_image = logit_scale * i @ t.T
    logits_per_text = logit_scale * t @ i.T
    p = torch.log_softmax(logits_per_image, dim=-1).diagonal()
    q = torch.log_softmax(logits_per_text, dim=-1).diagonal()
    return -torch.cat([p, q]).mean()
