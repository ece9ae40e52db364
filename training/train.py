"""Train one member: python -m training.train --data ../shared/data/ferplus --epochs 30 --seed 1 --out runs/a"""

from __future__ import annotations

import argparse
import csv
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional
from torch.optim.swa_utils import AveragedModel

from training import data
from training.augment import film
from training.network import SIZES, Reader


@dataclass(frozen=True, slots=True)
class Plan:
    """All that decides a run, apart from the pictures."""

    size: str = "small"
    epochs: int = 30
    seed: int = 1
    batch: int = 128
    rate: float = 2e-3
    """Highest learning rate of the one cycle (AdamW)."""
    decay: float = 0.03
    """Weight decay of convolutions and linear layers; norms and biases have none."""
    mixup: float = 0.15
    """Both parameters of the beta distribution that blends two faces; 0: never."""
    small_px: int = 40
    """Side of the crops in the first epochs, which saves a third of their time."""
    small_share: float = 0.6
    """Share of the epochs that see small crops."""
    taught: float = 0.0
    """How much of the target is the teachers' opinion instead of the votes."""
    film: float = 1.0
    """How often faces are spoiled, as a multiple of the usual chances."""


def main() -> None:
    """Train as the command line says; the log, the plan and the weights go to --out."""
    wanted = parser().parse_args()
    plan = Plan(**{name: getattr(wanted, name) for name in Plan.__dataclass_fields__})
    torch.set_num_threads(wanted.threads)
    torch.manual_seed(plan.seed)
    faces, valid = data.load(wanted.data, "train"), data.load(wanted.data, "valid")
    targets = torch.from_numpy(faces.targets)
    if wanted.teacher:
        opinion = torch.from_numpy(np.load(wanted.teacher)["train"])
        targets = (1 - plan.taught) * targets + plan.taught * opinion
    wanted.out.mkdir(parents=True, exist_ok=True)
    net = Reader(plan.size)
    if wanted.start:
        net.load_state_dict(torch.load(wanted.start, weights_only=True)["weights"])
    fit(plan, net, torch.from_numpy(faces.images), targets, valid, wanted.out)


def parser() -> argparse.ArgumentParser:
    """One option per field of Plan, and where things are."""
    made = argparse.ArgumentParser(description=__doc__)
    made.add_argument("--data", type=Path, required=True, help="folder of train.npz and valid.npz")
    made.add_argument("--out", type=Path, required=True, help="folder for log.csv and member.pt")
    made.add_argument("--teacher", type=Path, help="opinions.npz of training.teach, for self-distillation")
    made.add_argument("--start", type=Path, help="member.pt to go on from, for a second cycle")
    made.add_argument("--threads", type=int, default=2)
    for name, default in asdict(Plan()).items():
        choices = sorted(SIZES) if name == "size" else None
        made.add_argument(f"--{name.replace('_', '-')}", type=type(default), default=default, choices=choices)
    return made


def fit(plan: Plan, net: Reader, images: Tensor, targets: Tensor, valid: data.Faces, out: Path) -> None:
    """Run the plan; keep the averaged weights after every epoch."""
    net.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    mean = AveragedModel(net, multi_avg_fn=follow, use_buffers=True)
    steps = len(images) // plan.batch
    optimizer = torch.optim.AdamW(groups(net, plan.decay), lr=plan.rate)
    cycle = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, plan.rate, total_steps=plan.epochs * steps, pct_start=0.15, div_factor=10, final_div_factor=100
    )
    random = torch.Generator().manual_seed(plan.seed)
    for epoch in range(1, plan.epochs + 1):
        start, net_loss = time.time(), 0.0
        net.train()
        order = torch.randperm(len(images), generator=random)[: steps * plan.batch]
        for chosen in order.view(steps, plan.batch):
            crops, wanted = batch(plan, epoch, images[chosen], targets[chosen], random)
            loss = step(net, optimizer, crops, wanted)
            cycle.step()
            mean.update_parameters(net)
            net_loss += loss / steps
        row = {"epoch": epoch, "train_loss": net_loss, **check(mean, valid), "seconds": time.time() - start}
        note(out / "log.csv", row)
        torch.save(
            {"plan": asdict(plan), "weights": mean.module.state_dict(), "last": net.state_dict()}, out / "member.pt"
        )


def batch(plan: Plan, epoch: int, images: Tensor, targets: Tensor, random: torch.Generator) -> tuple[Tensor, Tensor]:
    """Spoiled crops and their targets; blended in pairs except in the last epochs."""
    px = plan.small_px if epoch <= plan.small_share * plan.epochs else 48
    crops = film(images, random, px, plan.film)
    if plan.mixup and epoch <= 0.85 * plan.epochs:
        share = float(
            np.random.default_rng(int(torch.randint(1 << 31, (1,), generator=random))).beta(plan.mixup, plan.mixup)
        )
        crops, targets = crops.lerp(crops.flip(0), share), targets.lerp(targets.flip(0), share)
    return crops.contiguous(memory_format=torch.channels_last), targets


def step(net: Reader, optimizer: torch.optim.Optimizer, crops: Tensor, targets: Tensor) -> float:
    """One step downhill; the loss before it."""
    with torch.autocast("cpu", torch.bfloat16):
        logits, _ = net(crops)
    loss = functional.cross_entropy(logits.float(), targets)
    optimizer.zero_grad(set_to_none=True)
    loss.backward()
    optimizer.step()
    return float(loss.detach())


def follow(means: list[Tensor], now: list[Tensor], count: Tensor | int) -> None:
    """Move the averaged weights towards the present ones, faster in the beginning."""
    pace = max(0.002, 9 / (10 + int(count)))
    for mean, value in zip(means, now, strict=True):
        if mean.is_floating_point():
            mean.lerp_(value, pace)
        else:
            mean.copy_(value)


def groups(net: torch.nn.Module, decay: float) -> list[dict[str, object]]:
    """Matrices and kernels shrink, norms and biases do not."""
    weights = [weight for weight in net.parameters() if weight.ndim > 1]
    rest = [weight for weight in net.parameters() if weight.ndim <= 1]
    return [{"params": weights, "weight_decay": decay}, {"params": rest, "weight_decay": 0.0}]


@torch.inference_mode()
def check(net: torch.nn.Module, faces: data.Faces) -> dict[str, float]:
    """Loss over eight classes and accuracy over seven, on pictures as they are."""
    net.eval()
    crops = torch.from_numpy(faces.images)[:, None].float()
    with torch.autocast("cpu", torch.bfloat16):
        logits = torch.cat([net(part)[0].float() for part in crops.split(256)])
    loss = functional.cross_entropy(logits, torch.from_numpy(faces.targets))
    seven = faces.labels != data.CONTEMPT
    right = logits[:, : data.CONTEMPT].argmax(1).numpy()[seven] == faces.labels[seven]
    return {"valid_loss": float(loss), "valid_accuracy": float(right.mean())}


def note(path: Path, row: dict[str, float]) -> None:
    """Add one line to the run's log."""
    new = not path.exists()
    with path.open("a", newline="") as file:
        writer = csv.DictWriter(file, list(row))
        if new:
            writer.writeheader()
        writer.writerow({name: round(value, 4) for name, value in row.items()})
    print(row, flush=True)


if __name__ == "__main__":
    main()
