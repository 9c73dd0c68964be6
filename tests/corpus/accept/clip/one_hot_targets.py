import torch
import torch.nn.functional as F


def clip_loss(image_features, text_features, logit_scale):
    n = image_features.shape[0]
    if image_features.dim() != 2 or text_features.dim() != 2 or text_features.shape[0] != n:
        raise ValueError("batches differ")
    if image_features.shape[1] != text_features.shape[1]:
        raise ValueError("embedding widths differ")
    if torch.is_tensor(logit_scale) and logit_scale.dim() != 0:
        raise ValueError("bad logit_scale")

    image_features = F.normalize(image_features, dim=-1)
    text_features = F.normalize(text_features, dim=-1)
    logits_per_image = logit_scale * image_features @ text_features.T
    logits_per_text = logits_per_image.T

    targets = F.one_hot(torch.arange(n, device=image_features.device), num_classes=n).to(image_features.dtype)

    def soft_ce(logits):
        return -(targets * F.log_softmax(logits, dim=-1)).sum(dim=-1).mean()

    return (soft_ce(logits_per_image) + soft_ce(logits_per_text)) / 2
