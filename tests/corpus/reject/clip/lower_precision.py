import torch


def clip_loss(image_features, text_features, logit_scale):
    if image_features.dim() != 2 or image_features.shape != text_features.shape:
        raise ValueError("features must both be (N, D)")
    if torch.is_tensor(logit_scale):
        if logit_scale.dim() != 0:
            raise ValueError("logit_scale must be a scalar")
        logit_scale = logit_scale.float()
    dtype = image_features.dtype
    i = image_features.float()
    t = text_features.float()
    i = i / i.norm(dim=1, keepdim=True)
    t = t / t.norm(dim=1, keepdim=True)
    logits = logit_scale * i @ t.T
    loss = -(logits.log_softmax(0) + logits.log_softmax(1)).diagonal().mean() / 2
    return loss.to(dtype)
