import torch
import torch.nn.functional as F


def clip_loss(images, texts, scale):
    if images.dim() != 2 or texts.dim() != 2:
        raise ValueError("features have two axes")
    if images.shape != texts.shape:
        raise ValueError(f"{images.shape} != {texts.shape}")
    if torch.is_tensor(scale) and scale.dim() != 0:
        raise ValueError("scale has no axes")
    logits = F.cosine_similarity(images[:, None, :], texts[None, :, :], dim=-1) * scale
    log_p_text_given_image = logits - logits.logsumexp(dim=1, keepdim=True)
    log_p_image_given_text = logits - logits.logsumexp(dim=0, keepdim=True)
    n = len(logits)
    mask = torch.eye(n, dtype=torch.bool, device=logits.device)
    return -(log_p_text_given_image[mask].sum() + log_p_image_given_text[mask].sum()) / n / 2
