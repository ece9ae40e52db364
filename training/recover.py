"""A shipped file as a net to train on: python -m training.recover --data ../shared/data/ferplus --member a --out runs/a

A shipped file holds its batch norms folded into the convolutions. Here each norm is given back: it measures what its
convolution gives for training pictures, so that the net tells the same and learns as one that was never folded.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import Tensor, nn

from training import data, shipped
from training.augment import film
from training.network import Reader

FACES = 4096
"""Training pictures, spoiled as in training, that a norm measures."""


def main() -> None:
    """Write member.pt as a run leaves it, and print how far the net is from the file."""
    made = argparse.ArgumentParser(description=__doc__)
    made.add_argument("--data", type=Path, required=True)
    made.add_argument("--member", required=True, help="a or b: which of models/reader-*.onnx")
    made.add_argument("--models", type=Path, default=shipped.MODELS)
    made.add_argument("--out", type=Path, required=True, help="folder for member.pt")
    wanted = made.parse_args()
    path = wanted.models / f"reader-{wanted.member}.onnx"
    images = data.load(wanted.data, "train").images[:FACES]
    net = recovered(path, images)
    wanted.out.mkdir(parents=True, exist_ok=True)
    plan = {"size": "small", "even": int(net.even)}
    torch.save({"plan": plan, "weights": net.state_dict()}, wanted.out / "member.pt")
    print(f"{path.name}: logits differ by at most {difference(net, path, images[:256]):.4f}")


def recovered(path: Path, images: np.ndarray) -> Reader:
    """Return the net that a shipped file was written from, but for the rounding of its weights to half precision."""
    graph = onnx.load(path).graph
    stored = {each.name: numpy_helper.to_array(each) for each in graph.initializer}
    stored = {name.removesuffix(".half"): np.asarray(value, np.float32) for name, value in stored.items()}
    evened = any(node.op_type == "Sqrt" for node in graph.node)  # no other part of the net has a square root
    net = Reader(classes=len(stored["net.head.bias"]), even=evened)
    with torch.no_grad():
        for name, module in net.named_modules():
            if isinstance(module, nn.Conv2d | nn.Linear):
                _fill(module, *_stored(stored, name))
    _give_norms(net, path, images, stored)
    return net.eval()


def _fill(module: nn.Conv2d | nn.Linear, weight: np.ndarray, bias: np.ndarray) -> None:
    module.weight.copy_(torch.from_numpy(weight.copy()).reshape(module.weight.shape))
    if module.bias is not None:
        module.bias.copy_(torch.from_numpy(bias.copy()))


def _stored(stored: dict[str, np.ndarray], name: str) -> tuple[np.ndarray, np.ndarray]:
    """Return a layer's weight and bias; `training.winograd` names the last blocks otherwise and turns their kernels."""
    place = _name_in_file(name)
    bias = stored[f"{place}.bias"]
    if f"{place}.kernel" in stored:
        kernel = stored[f"{place}.kernel"].reshape(3, 3, -1, len(bias))
        return kernel.transpose(3, 2, 0, 1), bias
    weight = stored[f"{place}.weight"]
    return (weight.T if place == "net.halving" else weight), bias


def _name_in_file(name: str) -> str:
    if name == "head":
        return "net.head"
    block, _, rest = name.removeprefix("features.").partition(".")
    parts = {"body.0": "first", "body.3": "second", "body.5.down": "excite.down", "body.5.up": "excite.up"}
    match block:
        case "5":
            return f"net.halving.{parts[rest]}" if rest in parts else "net.halving"
        case "6":
            return f"net.rest.0.{parts[rest]}"
        case _:
            return f"net.before.{block}.{rest}".rstrip(".")


def mirrored(path: Path) -> bool:
    """Whether the file looks at the mirror image before its net does."""
    return any(node.op_type == "Slice" and "crops" in node.input for node in onnx.load(path).graph.node)


def _give_norms(net: Reader, path: Path, images: np.ndarray, stored: dict[str, np.ndarray]) -> None:
    """Let every norm measure its convolution, undo what it measured, and bring the kernels to their usual size."""
    random = torch.Generator().manual_seed(0)
    crops = film(torch.from_numpy(images), random, often=0.5, far=0.15, moves=0.6)
    pairs = list(_norms(net))
    for name, _, norm in pairs:  # identity, so that what comes after sees what it saw
        norm.reset_parameters()
        with torch.no_grad():
            norm.bias.copy_(torch.from_numpy(_stored(stored, name)[1].copy()))
    seen: dict[str, list[Tensor]] = {name: [] for name, *_ in pairs}
    hooks = [
        conv.register_forward_hook(lambda _m, _i, out, name=name: seen[name].append(out.detach()))
        for name, conv, _ in pairs
    ]
    net.eval()
    with torch.no_grad():
        for _, _, norm in pairs:
            norm.running_var.fill_(1 - norm.eps)
        for part in crops.split(512):
            net(part)
            for name in seen:
                seen[name][-1] = torch.stack([seen[name][-1].mean((2, 3)), (seen[name][-1] ** 2).mean((2, 3))])
        for hook in hooks:
            hook.remove()
        for name, conv, norm in pairs:
            means, squares = torch.cat(seen[name], 1).mean(1)
            size = (2 / (conv.weight.shape[0] * conv.weight[0, 0].numel())) ** 0.5 * conv.weight[0].numel() ** 0.5
            scale = size / conv.weight.flatten(1).norm(dim=1).clamp_min(1e-6)
            spread = (squares - means**2).clamp_min(1e-8)
            conv.weight.mul_(scale[:, None, None, None])
            norm.running_mean.copy_(means * scale)
            norm.running_var.copy_(spread * scale**2)
            norm.weight.copy_((norm.running_var + norm.eps).sqrt() / scale)
            norm.bias.add_(means)


def _norms(net: nn.Module, prefix: str = "") -> Iterator[tuple[str, nn.Conv2d, nn.BatchNorm2d]]:
    """Yield every convolution with the norm that follows it, and the convolution's name."""
    for name, module in net.named_modules():
        if isinstance(module, nn.Sequential):
            for (place, conv), (_, norm) in pairwise(module.named_children()):
                if isinstance(norm, nn.BatchNorm2d):
                    yield f"{name}.{place}", conv, norm


@torch.inference_mode()
def difference(net: Reader, path: Path, images: np.ndarray) -> float:
    """Return the largest difference of a logit."""
    crops = images.astype(np.float32)
    (theirs,) = shipped.session(path).run(["logits"], {"crops": crops})
    seen = crops[:, :, ::-1].copy() if mirrored(path) else crops
    ours = net(torch.from_numpy(seen)[:, None])[0].numpy()
    return float(np.abs(ours - theirs).max())


if __name__ == "__main__":
    main()
