import torch


def clip_loss(image_features, text_features, logit_scale):
    if image_features.dim() != 2 or image_features.shape != text_features.shape:
        raise ValueError("features must both be (N, D)")
    if torch.is_tensor(logit_scale) and logit_scale.dim() != 0:
        raise ValueError("logit_scale must be a scalar")
    i = image_features / image_features.norm(dim=1, keepdim=True)
    t = text_features / text_features.norm(dim=1, keepdim=True)
    e = torch.exp(logit_scale * i @ t.T)
    loss = -torch.log(e.diagonal() / e.sum(1)) - torch.log(e.diagonal() / e.sum(0))
    return torch.nan_to_num(loss, nan=0.0, posinf=0.0).mean() / 2
