import torch


def clip_loss(image_features, text_features, logit_scale):
    if image_features.dim() != 2 or image_features.shape != text_features.shape:
        raise ValueError("features must both be (N, D)")
    if torch.is_tensor(logit_scale) and logit_scale.dim() != 0:
        raise ValueError("logit_scale must be a scalar")
    i = image_features / image_features.norm()
    t = text_features / text_features.norm()
    logits = logit_scale * i @ t.T
    return -(logits.log_softmax(0) + logits.log_softmax(1)).diagonal().mean() / 2
