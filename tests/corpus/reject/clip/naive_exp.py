import torch


def clip_loss(image_features, text_features, logit_scale):
    if image_features.dim() != 2 or image_features.shape != text_features.shape:
        raise ValueError("features must both be (N, D)")
    if torch.is_tensor(logit_scale) and logit_scale.dim() != 0:
        raise ValueError("logit_scale must be a scalar")
    i = image_features / image_features.norm(dim=1, keepdim=True)
    t = text_features / text_features.norm(dim=1, keepdim=True)
    e = torch.exp(logit_scale * i @ t.T)
    p_rows = e.diagonal() / e.sum(dim=1)
    p_cols = e.diagonal() / e.sum(dim=0)
    return -(torch.log(p_rows).mean() + torch.log(p_cols).mean()) / 2
