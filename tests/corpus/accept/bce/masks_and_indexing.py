import torch


def bce(p, t):
    if p.shape != t.shape:
        raise ValueError("p and t disagree")
    n = p.numel()
    p = p.reshape(n)
    t = t.reshape(n)
    yes = t > 0
    no = t < 1
    # 0 log 0 never comes up: those elements are not selected
    loss_yes = (t[yes] * p[yes].clamp(min=1e-7).log()).sum()
    loss_no = ((1 - t[no]) * (1 - p[no]).clamp(min=1e-7).log()).sum()
    return -(loss_yes + loss_no) / n
