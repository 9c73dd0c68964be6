import torch
import torch.nn.functional as F


def clip_loss(image_features, text_features, logit_scale):
    if image_features.dim() != 2 or image_features.shape != text_features.shape:
        raise ValueError("features must both be (N, D)")
    if torch.is_tensor(logit_scale) and logit_scale.dim() != 0:
        raise ValueError("logit_scale must be a scalar")
    i = F.normalize(image_features)
    t = F.normalize(text_features)
    per_image = logit_scale * i @ t.detach().T
    per_text = logit_scale * t @ i.detach().T
    return -(F.log_softmax(per_image, 1).diagonal() + F.log_softmax(per_text, 1).diagonal()).mean() / 2
