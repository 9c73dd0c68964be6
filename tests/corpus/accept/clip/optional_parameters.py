import warnings

import torch


def clip_loss(
    image_features,
    text_features,
    logit_scale=1 / 0.07,
    reduction="mean",
    label_smoothing=0.0,
    verbose=False,
):
    if image_features.ndim != 2 or text_features.ndim != 2:
        raise ValueError("features should be 2-D")
    if image_features.size(0) != text_features.size(0):
        raise ValueError("different batch sizes")
    if image_features.size(1) != text_features.size(1):
        raise ValueError("different widths")
    if torch.is_tensor(logit_scale) and logit_scale.ndim != 0:
        raise ValueError("logit_scale should be a scalar")
    if image_features.size(0) == 1:
        warnings.warn("one pair only: the loss is always 0")

    img = torch.nn.functional.normalize(image_features, dim=1)
    txt = torch.nn.functional.normalize(text_features, dim=1)
    logits = logit_scale * img @ txt.T
    rows, cols = torch.log_softmax(logits, 1), torch.log_softmax(logits, 0)
    per_pair = -(rows.diagonal() + cols.diagonal()) / 2
    if label_smoothing:
        per_pair = (1 - label_smoothing) * per_pair - label_smoothing * (rows.mean(1) + cols.mean(0)) / 2
    if verbose:
        print("per pair:", per_pair)
    return per_pair.sum() if reduction == "sum" else per_pair.mean()
