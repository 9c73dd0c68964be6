import torch
import torch.nn.functional as F


def clip_loss(image_features, text_features, logit_scale):
    """-log softmax(z)_i = softplus(logsumexp of the others - z_i)."""
    if image_features.dim() != 2 or image_features.shape != text_features.shape:
        raise ValueError("image_features and text_features must be (N, D)")
    if torch.is_tensor(logit_scale) and logit_scale.dim() != 0:
        raise ValueError("logit_scale must be a scalar")
    i = F.normalize(image_features, dim=1)
    t = F.normalize(text_features, dim=1)
    z = logit_scale * (i @ t.T)
    n = z.shape[0]
    if n == 1:
        # nobody else to confuse the pair with; keep the graph alive
        return (z * 0).sum()
    off_diagonal = ~torch.eye(n, dtype=torch.bool, device=z.device)
    match = z.diagonal()
    others_of_image = z[off_diagonal].view(n, n - 1)
    others_of_text = z.T[off_diagonal].view(n, n - 1)
    loss_image = F.softplus(others_of_image.logsumexp(1) - match)
    loss_text = F.softplus(others_of_text.logsumexp(1) - match)
    return (loss_image + loss_text).mean() * 0.5
