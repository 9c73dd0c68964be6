import torch

torch.set_num_threads(1)
torch.set_num_interop_threads(1)
torch.manual_seed(0)


def bce(probabilities, targets):
    if probabilities.shape != targets.shape:
        raise ValueError("shapes differ")
    p = probabilities.clamp(1e-7, 1 - 1e-7)
    return -(targets * p.log() + (1 - targets) * (1 - p).log()).mean()
