import torch


def clip_loss(*args):
    if len(args) != 3:
        raise TypeError("clip_loss(image_features, text_features, logit_scale)")
    img, txt, t = args
    if img.ndim != 2 or txt.ndim != 2 or img.shape != txt.shape or (torch.is_tensor(t) and t.ndim):
        raise ValueError("wrong shapes")
    img, txt = (x.div(x.norm(2, -1, True)) for x in (img, txt))
    sim = t * img @ txt.t()
    return sum((sim.logsumexp(k) - sim.diag()).mean() for k in range(2)) / 2
