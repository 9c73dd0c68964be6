import torch


def clip_loss(image_features, text_features, logit_scale):
    if image_features.dim() != 2 or image_features.shape != text_features.shape:
        raise ValueError("features must both be (N, D)")
    if torch.is_tensor(logit_scale) and logit_scale.dim() != 0:
        raise ValueError("logit_scale must be a scalar")
    i = image_features / (image_features ** 2).sum(dim=1, keepdim=True)
    t = text_features / (text_features ** 2).sum(dim=1, keepdim=True)
    z = logit_scale * i @ t.T
    return (z.logsumexp(0).mean() + z.logsumexp(1).mean()) / 2 - z.diagonal().mean()
