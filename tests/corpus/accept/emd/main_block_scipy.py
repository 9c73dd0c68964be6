"""usage: python emd.py --n 100 --m 50"""
import torch


def emd(u_values, v_values, u_weights=None, v_weights=None, *, p=1):
    if p != 1:
        raise NotImplementedError("only p = 1")
    if u_values.dim() != 1 or v_values.dim() != 1:
        raise ValueError("values: 1-D")
    n, m = len(u_values), len(v_values)
    if u_weights is None:
        u_weights = u_values.new_ones(n)
    if v_weights is None:
        v_weights = v_values.new_ones(m)
    if list(u_weights.shape) != [n] or list(v_weights.shape) != [m]:
        raise ValueError("weights: as long as the values")
    joined = torch.cat([u_values, v_values])
    rank = joined.argsort().argsort()
    slots = joined.new_zeros(n + m)
    mass = slots.index_add(0, rank[:n], u_weights / u_weights.sum()).index_add(0, rank[n:], -v_weights / v_weights.sum())
    ordered = slots.scatter(0, rank, joined)
    return (mass.cumsum(0)[:-1].abs() * (ordered[1:] - ordered[:-1])).sum()


def with_library(u, v):
    return torch.nn.functional.l1_loss(u.sort().values, v.sort().values)


if __name__ == "__main__":
    import argparse

    from scipy.stats import wasserstein_distance

    parser = argparse.ArgumentParser()
    parser.add_argument("--n", type=int, default=10)
    parser.add_argument("--m", type=int, default=10)
    options = parser.parse_args()
    a, b = torch.randn(options.n), torch.randn(options.m) + 1
    print(float(emd(a, b)), wasserstein_distance(a.numpy(), b.numpy()))
