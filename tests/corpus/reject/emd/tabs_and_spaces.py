import torch


def emd(u_values, v_values, u_weights=None, v_weights=None):
    u = u_values.sort().values
	v = v_values.sort().values
    return (u - v).abs().mean()
