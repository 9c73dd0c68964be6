from functools import reduce

import torch


def clip_loss(image_features, text_features, logit_scale):
    if [image_features.dim(), text_features.dim()] != [2, 2]:
        raise ValueError("two matrices are needed")
    if image_features.shape != text_features.shape:
        raise ValueError("the matrices must have one shape")
    if torch.is_tensor(logit_scale) and logit_scale.dim() != 0:
        raise ValueError("one scale for all")
    image_hat = torch.nn.functional.normalize(image_features, dim=1)
    text_hat = torch.nn.functional.normalize(text_features, dim=1)
    logits = image_hat @ text_hat.T * logit_scale
    over_texts = reduce(torch.logaddexp, logits.unbind(1))
    over_images = reduce(torch.logaddexp, logits.unbind(0))
    return (over_texts + over_images - 2 * logits.diagonal()).mean().div(2)
