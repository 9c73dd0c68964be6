import torch


def clip_loss(image_features, text_features, logit_scale):
    n, d = image_features.shape
    if text_features.shape != (n, d):
        raise ValueError("image and text features must have the same shape")
    if torch.is_tensor(logit_scale) and logit_scale.ndim:
        raise ValueError("logit_scale is one number")

    inv_i = torch.einsum("nd,nd->n", image_features, image_features).rsqrt()
    inv_t = torch.einsum("nd,nd->n", text_features, text_features).rsqrt()
    logits = logit_scale * torch.einsum("id,jd,i,j->ij", image_features, text_features, inv_i, inv_t)

    target = torch.arange(n, device=logits.device).unsqueeze(1)
    per_image = logits.log_softmax(dim=1).gather(1, target)
    per_text = logits.t().log_softmax(dim=1).gather(1, target)
    return -(per_image.mean() + per_text.mean()) / 2
