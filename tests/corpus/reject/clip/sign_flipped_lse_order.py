import torch


def clip_loss(img, txt, scale):
    if img.ndim != 2 or txt.ndim != 2 or img.shape != txt.shape:
        raise ValueError("need equal (N, D) inputs")
    if getattr(scale, "ndim", 0) != 0:
        raise ValueError("need a scalar")
    img = img / img.norm(dim=1, keepdim=True)
    txt = txt / txt.norm(dim=1, keepdim=True)
    s = scale * torch.einsum("id,jd->ij", img, txt)
    match = torch.einsum("ii->i", s)
    loss = 0.0
    for axis in (0, 1):
        loss = loss + 0.5 * (match - torch.logsumexp(s, axis)).mean()
    return loss
