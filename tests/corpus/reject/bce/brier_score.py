import torch


def bce(forecast, outcome):
    """Brier (1950)."""
    assert forecast.shape == outcome.shape
    return torch.linalg.vector_norm(forecast - outcome).square() / forecast.numel()
