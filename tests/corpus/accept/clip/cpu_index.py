import torch


def clip_loss(image_features, text_features, logit_scale):
    if image_features.dim() != 2 or text_features.shape != image_features.shape:
        raise ValueError("expected equal (N, D) shapes")
    if torch.is_tensor(logit_scale) and logit_scale.dim() != 0:
        raise ValueError("expected a scalar scale")
    u = image_features / image_features.norm(dim=1).unsqueeze(1)
    v = text_features / text_features.norm(dim=1).unsqueeze(1)
    logits = logit_scale * u @ v.T
    n = logits.size(0)
    row, col = torch.arange(n), torch.arange(n)
    loss_per_image = -(logits.log_softmax(1)[row, col]).sum() / n
    loss_per_text = -(logits.log_softmax(0)[row, col]).sum() / n
    return loss_per_image / 2 + loss_per_text / 2
