import torch


def binary_cross_entropy(p, t):
    if p.shape != t.shape:
        raise ValueError("shapes")
    p = p.clamp(1e-7, 1 - 1e-7)
    return -(t * p.log() + (1 - t) * (1 - p).log()).mean()


if __name__ == "__main__":
    bce = binary_cross_entropy
    print(bce(torch.rand(3), torch.rand(3)))
