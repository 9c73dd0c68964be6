import torch


def _sum_of_losses(queries, keys, start, stop, scale):
    if stop - start == 1:
        scores = scale * (keys * queries[start]).sum(1)
        return scores.logsumexp(0) - scores[start]
    middle = (start + stop) // 2
    return _sum_of_losses(queries, keys, start, middle, scale) + _sum_of_losses(queries, keys, middle, stop, scale)


def clip_loss(image_features, text_features, logit_scale):
    if image_features.dim() != 2:
        raise ValueError("image_features is not (N, D)")
    if text_features.dim() != 2:
        raise ValueError("text_features is not (N, D)")
    n, d = image_features.shape
    if tuple(text_features.shape) != (n, d):
        raise ValueError("text_features does not match image_features")
    if torch.is_tensor(logit_scale) and logit_scale.dim() > 0:
        raise ValueError("logit_scale is not a scalar")
    i = image_features / image_features.norm(dim=1, keepdim=True)
    t = text_features / text_features.norm(dim=1, keepdim=True)
    both = _sum_of_losses(i, t, 0, n, logit_scale) + _sum_of_losses(t, i, 0, n, logit_scale)
    return both / n / 2
