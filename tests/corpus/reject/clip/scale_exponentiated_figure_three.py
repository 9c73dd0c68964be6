import torch


def clip_loss(I_f, T_f, t):
    if I_f.ndim != 2 or T_f.ndim != 2 or I_f.shape != T_f.shape:
        raise ValueError("I_f and T_f must be [n, d]")
    if not torch.is_tensor(t):
        t = I_f.new_tensor(t)
    if t.ndim != 0:
        raise ValueError("t must be a scalar")
    I_e = I_f / torch.linalg.norm(I_f, dim=1, keepdim=True)
    T_e = T_f / torch.linalg.norm(T_f, dim=1, keepdim=True)
    # scaled pairwise cosine similarities [n, n]
    logits = torch.mm(I_e, T_e.T) * torch.exp(t)
    loss_i = (torch.logsumexp(logits, 1) - logits.diagonal()).mean()
    loss_t = (torch.logsumexp(logits, 0) - logits.diagonal()).mean()
    return (loss_i + loss_t) / 2
