import torch

def bce(probabilities, targets):
    # check the sizes first
    if probabilities.dim() != targets.dim():
        raise Exception("number of dimensions is different")
    for i in range(probabilities.dim()):
        if probabilities.size(i) != targets.size(i):
            raise Exception("size is different in dimension " + str(i))

    # make them one long list
    prob_list = probabilities.reshape(-1)
    target_list = targets.reshape(-1)

    n = 0
    total = 0
    for i in range(len(prob_list)):
        p = prob_list[i]
        t = target_list[i]
        if t != 0:
            if p < 1e-7:
                p1 = p * 0 + 1e-7
            else:
                p1 = p
            total = total - t * torch.log(p1)
        if t != 1:
            q = 1 - p
            if q < 1e-7:
                q = q * 0 + 1e-7
            total = total - (1 - t) * torch.log(q)
        n = n + 1

    answer = total / n
    return answer
