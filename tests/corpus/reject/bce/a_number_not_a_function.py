import torch

p = torch.tensor([0.9, 0.2, 0.6])
t = torch.tensor([1.0, 0.0, 1.0])
bce = -(t * p.log() + (1 - t) * (1 - p).log()).mean()
print(bce)
