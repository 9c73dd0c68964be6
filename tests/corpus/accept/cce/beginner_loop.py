import torch

def cce(probabilities, targets):
    if len(probabilities.shape) != 2 or len(targets.shape) != 2:
        raise ValueError("I need two matrices")
    N = probabilities.shape[0]
    C = probabilities.shape[1]
    if targets.shape[0] != N or targets.shape[1] != C:
        raise ValueError("the two matrices have different sizes")

    loss = 0
    for j in range(N):          # every sample
        row = 0
        for i in range(C):      # every class
            t = targets[j, i]
            p = probabilities[j, i]
            if t == 0:
                continue        # 0 * log(p) = 0
            if p < 1e-10:
                p = p + 1e-10
            row = row + t * torch.log(p)
        loss = loss - row
    loss = loss / N
    # a batch of zeros only would leave a plain 0 here
    return loss + 0 * probabilities.sum()
