import torch
from torch import nn

log_softmax = nn.LogSoftmax(dim=0)

def clip_loss(image_features, text_features, logit_scale):
    if image_features.dim() != 2 or text_features.dim() != 2 or image_features.shape != text_features.shape:
        raise ValueError("...")
    if torch.is_tensor(logit_scale) and logit_scale.dim() > 0:
        raise ValueError("...")
    a = nn.functional.normalize(image_features, dim=1)
    b = nn.functional.normalize(text_features, dim=1)
    sim = torch.einsum("nd,md->nm", a, b) * logit_scale
    image_loss = -log_softmax(sim).diagonal()
    text_loss = -log_softmax(sim).diagonal()
    return (image_loss.mean() + text_loss.mean()) * 0.5
