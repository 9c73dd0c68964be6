import torch


def make_emd(normalise=lambda w: w / w.sum()):
    def mass(x, w):
        if x.dim() != 1:
            raise ValueError("need a vector of positions")
        if w is None:
            w = x.new_ones(x.shape[0])
        if w.shape != x.shape:
            raise ValueError("need as many weights as positions")
        return normalise(w)

    def emd(u_values, v_values, u_weights=None, v_weights=None):
        signed = torch.hstack([mass(u_values, u_weights), -mass(v_values, v_weights)])
        position, permutation = torch.hstack([u_values, v_values]).sort()
        # carried past each point; nothing is carried past the last
        carried = signed.gather(0, permutation).cumsum(0)
        return (carried[:-1].abs() @ (position[1:] - position[:-1])).squeeze()

    return emd


emd = make_emd()
