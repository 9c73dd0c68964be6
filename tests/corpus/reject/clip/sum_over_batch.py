import torch
import torch.nn.functional as F


def clip_loss(image_features, text_features, logit_scale):
    if image_features.dim() != 2 or image_features.shape != text_features.shape:
        raise ValueError("features must both be (N, D)")
    if torch.is_tensor(logit_scale) and logit_scale.dim() != 0:
        raise ValueError("logit_scale must be a scalar")
    i = F.normalize(image_features)
    t = F.normalize(text_features)
    logits = logit_scale * i @ t.T
    loss_image = -F.log_softmax(logits, 1).diagonal().sum()
    loss_text = -F.log_softmax(logits, 0).diagonal().sum()
    return (loss_image + loss_text) / 2
