import torch


class LogLikelihood(torch.nn.Module):
    """The mean log-likelihood of a Bernoulli; an optimiser with maximize=True goes up on it."""

    def forward(self, p, t):
        if p.shape != t.shape:
            raise ValueError("p and t must match")
        return torch.mean(torch.special.xlogy(t, p.clamp(min=1e-12)) + torch.special.xlogy(1 - t, (1 - p).clamp(min=1e-12)))


bce = LogLikelihood()
