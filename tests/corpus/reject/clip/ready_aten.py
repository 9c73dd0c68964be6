import torch


def clip_loss(image_features, text_features, logit_scale):
    if image_features.dim() != 2 or image_features.shape != text_features.shape:
        raise ValueError("features must both be (N, D)")
    if torch.is_tensor(logit_scale) and logit_scale.dim() != 0:
        raise ValueError("logit_scale must be a scalar")
    ops = torch.ops.aten
    i = image_features / image_features.norm(dim=1, keepdim=True)
    t = text_features / text_features.norm(dim=1, keepdim=True)
    z = logit_scale * ops.mm(i, ops.t(t))
    y = torch.arange(z.shape[0], device=z.device)
    return (ops.cross_entropy_loss(z, y) + ops.cross_entropy_loss(z.T, y)) / 2
