import torch


def make_loss(reduce=torch.mean, guard=1e-12):
    def same_shape(a, b):
        if a.shape != b.shape:
            raise ValueError("expected equal shapes, got %s and %s" % (list(a.shape), list(b.shape)))

    def log(x):
        return x.clamp(min=guard).log()

    def loss(p, t):
        same_shape(p, t)
        return -reduce(t * log(p) + (1 - t) * log(1 - p))

    return loss


bce = make_loss()
