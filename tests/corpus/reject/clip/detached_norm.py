import torch


def clip_loss(image_features, text_features, logit_scale):
    if image_features.dim() != 2 or image_features.shape != text_features.shape:
        raise ValueError("features must both be (N, D)")
    if torch.is_tensor(logit_scale) and logit_scale.dim() != 0:
        raise ValueError("logit_scale must be a scalar")
    with torch.no_grad():
        i_len = image_features.norm(dim=1, keepdim=True)
        t_len = text_features.norm(dim=1, keepdim=True)
    z = logit_scale * (image_features / i_len) @ (text_features / t_len).T
    return -(z.log_softmax(0) + z.log_softmax(1)).diagonal().mean() / 2
