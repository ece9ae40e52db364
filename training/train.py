"""Train one member: python -m training.train --data ../shared/data/ferplus --epochs 30 --seed 1 --out runs/a"""

from __future__ import annotations

import argparse
import csv
import math
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.optim.swa_utils import AveragedModel

from training import data
from training.augment import FAR, film, smeared, spoiled, uniform
from training.network import SIZES, Reader, mean
from training.place import Mouths, placed

CLIMB = 0.15
"""Share of a run in which the learning rate rises."""

TALKING = {"neutral": 1.0, "sad": 0.8, "angry": 0.7, "fear": 0.4, "disgust": 0.4, "contempt": 0.6, "happy": 0.25}
"""How often a face of each class gets the mouth of somebody who speaks, as shares of the plan's: a surprise is one by
its mouth, and many a joy."""

CAST = {"neutral": 1.0, "happy": 0.6, "angry": 0.6, "contempt": 0.6, "sad": 0.3, "disgust": 0.3}
"""The same for eyes that look down."""

TEETH = {"neutral": 1.0, "sad": 0.8, "angry": 0.8, "fear": 0.4, "disgust": 0.4, "contempt": 0.6}
"""The same for another's teeth."""

TOOTHY, SHOWN = 0.8, 0.3
"""Share of the votes for joy from which on a face may lend its mouth, and of these the share with the brightest."""

FLAT = 0.7
"""How far the target of a face that nobody can read moves to the shares of all classes."""


@dataclass(frozen=True, slots=True)
class Plan:
    """All that decides a run, apart from the pictures."""

    size: str = "small"
    epochs: int = 30
    minutes: float = 0.0
    """End the cycle by then at the latest, for a machine that is shared; 0: no limit. Such a run does not repeat."""
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
    far: float = FAR
    """Share of the faces seen from afar."""
    moves: float = 1.0
    """How far crops are turned, scaled and shifted, as a multiple of the usual."""
    talk: float = 0.0
    """Share of the neutral faces that get the mouth of somebody who speaks; see TALKING. Needs the faces' points."""
    cast: float = 0.0
    """Share of the neutral faces whose eyes are cast down; see CAST."""
    teeth: float = 0.0
    """Share of the neutral faces that get the teeth of somebody who laughs, between straight lips; see TEETH."""
    smear: float = 0.0
    """Share of the faces that nobody can read any more, with targets that say so."""
    balance: float = 0.0
    """How much oftener rare classes are seen: each face as often as the mean of its classes' shares to minus this."""
    coloured: float = 1.0
    """How often each of the coloured pictures is seen for once of FER+'s."""
    even: int = 0
    """1: the net sees every crop at the same middle and spread of grey."""
    keep: int = 0
    """1: keep the weights after every epoch, not only the last."""


def main() -> None:
    """Train as the command line says; the log, the plan and the weights go to --out."""
    wanted = parser().parse_args()
    plan = Plan(**{name: getattr(wanted, name) for name in Plan.__dataclass_fields__})
    torch.set_num_threads(wanted.threads)
    torch.manual_seed(plan.seed)
    valid = data.load(wanted.data, "valid")
    lessons = pooled(wanted.pool, plan) if wanted.pool else gathered(wanted.data, wanted.teacher, plan)
    wanted.out.mkdir(parents=True, exist_ok=True)
    net = Reader(plan.size, classes=lessons.targets.shape[1], even=bool(plan.even))
    if wanted.start:
        begin(net, mean([torch.load(path, weights_only=True)["weights"] for path in wanted.start]))
    fit(plan, net, lessons, valid, wanted.out)


@dataclass(frozen=True, slots=True)
class Lessons:
    """What is learned from."""

    images: Tensor
    """(n, 48, 48) uint8."""
    targets: Tensor
    """(n, classes), each row's sum 1."""
    often: Tensor
    """(n,) how often each is seen, as weights."""
    points: Tensor | None = None
    """(n, 5, 2) eyes, nose, mouth corners as shares of the side."""
    mouths: Mouths | None = None
    """Laughing faces, to borrow teeth from."""


def gathered(folder: Path, teacher: Path | None, plan: Plan) -> Lessons:
    """The pictures and votes of a folder, with a teacher's opinion mixed in."""
    faces = data.load(folder, "train")
    targets = torch.from_numpy(faces.targets)
    if teacher:
        targets = (1 - plan.taught) * targets + plan.taught * torch.from_numpy(np.load(teacher)["train"])
    return Lessons(torch.from_numpy(faces.images), targets, frequency(targets, plan))


def pooled(file: Path, plan: Plan) -> Lessons:
    """What `training.pool` gathered."""
    with np.load(file) as kept:
        images, targets, points, origin = (
            torch.from_numpy(kept[name]) for name in ("images", "targets", "points", "origin")
        )
    often = frequency(targets, plan) * torch.where(origin == 1, plan.coloured, 1.0)
    return Lessons(images, targets, often, points, laughing(images, targets, points))


def laughing(images: Tensor, targets: Tensor, points: Tensor) -> Mouths:
    """The joyful faces whose mouths are brightest beside the rest of the face."""
    joyful = torch.nonzero(targets[:, data.LABELS.index("happy")] >= TOOTHY)[:, 0]
    faces, corners = images[joyful].float(), points[joyful, 3:].mul(48).long().clamp(0, 47)
    rows = corners[:, :, 1].float().mean(1).long()[:, None] + torch.arange(4)
    columns = corners[:, :, 0].float().mean(1).long()[:, None] + torch.arange(-4, 5)
    inside = faces[
        torch.arange(len(faces))[:, None, None], rows.clamp_max(47)[:, :, None], columns.clamp(0, 47)[:, None]
    ]
    bright = inside.mean((1, 2)) - faces.mean((1, 2))
    lent = joyful[bright.argsort(descending=True)[: int(SHOWN * len(joyful))]]
    return Mouths(images[lent], points[lent])


def frequency(targets: Tensor, plan: Plan) -> Tensor:
    """How often each face is seen, as weights (n,)."""
    return targets @ targets.mean(0).clamp_min(1e-3) ** -plan.balance


def begin(net: Reader, weights: dict[str, Tensor]) -> None:
    """Go on from these weights; a head for other classes is begun anew."""
    fits = weights["head.weight"].shape == net.head.weight.shape
    kept = weights if fits else {name: value for name, value in weights.items() if not name.startswith("head.")}
    net.load_state_dict(kept, strict=fits)


def parser() -> argparse.ArgumentParser:
    """One option per field of Plan, and where things are."""
    made = argparse.ArgumentParser(description=__doc__)
    made.add_argument("--data", type=Path, required=True, help="folder of train.npz and valid.npz")
    made.add_argument("--out", type=Path, required=True, help="folder for log.csv and member.pt")
    made.add_argument("--teacher", type=Path, help="opinions.npz of training.teach, for self-distillation")
    made.add_argument("--pool", type=Path, help="file of training.pool to learn from, in place of --data's train.npz")
    made.add_argument("--start", type=Path, nargs="+", help="member.pt to go on from; of several, the mean of theirs")
    made.add_argument("--threads", type=int, default=2)
    for name, default in asdict(Plan()).items():
        choices = sorted(SIZES) if name == "size" else None
        made.add_argument(f"--{name.replace('_', '-')}", type=type(default), default=default, choices=choices)
    return made


def fit(plan: Plan, net: Reader, lessons: Lessons, valid: data.Faces, out: Path) -> None:
    """Run the plan; keep the averaged weights after every epoch."""
    net.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    averaged = AveragedModel(net, multi_avg_fn=follow, use_buffers=True)
    optimizer = torch.optim.AdamW(groups(net, plan.decay), lr=plan.rate)
    random = torch.Generator().manual_seed(plan.seed)
    steps, begun, epoch, progress = len(lessons.images) // plan.batch, time.time(), 0, 0.0
    while progress < 1:
        epoch, start, losses = epoch + 1, time.time(), []
        net.train()
        for number, chosen in enumerate(batches(lessons.often, plan.batch, random), steps * (epoch - 1) + 1):
            for group in optimizer.param_groups:
                group["lr"] = plan.rate * cycle(progress)
            crops, wanted = batch(plan, progress, lessons, chosen, random)
            losses.append(step(net, optimizer, crops, wanted))
            averaged.update_parameters(net)
            progress = max(number / (plan.epochs * steps), (time.time() - begun) / (60 * plan.minutes or math.inf))
            if progress >= 1:
                break
        row = {"epoch": epoch, "train_loss": sum(losses) / len(losses), **check(averaged, valid)}
        note(out / "log.csv", row | {"seconds": time.time() - start})
        kept = {"plan": asdict(plan), "weights": averaged.module.state_dict(), "last": net.state_dict()}
        torch.save(kept, out / "member.pt")
        if plan.keep:
            torch.save(kept, out / f"member-{epoch}.pt")


def batches(often: Tensor, size: int, random: torch.Generator) -> Tensor:
    """Places of one epoch's faces in random order, (steps, size); where all are seen equally often, each once."""
    count = len(often) // size * size
    if torch.allclose(often, often[:1]):
        return torch.randperm(len(often), generator=random)[:count].view(-1, size)
    return torch.multinomial(often, count, replacement=True, generator=random).view(-1, size)


def cycle(progress: float) -> float:
    """Share of the highest learning rate: a short climb, then half a cosine down to a hundredth."""
    if progress < CLIMB:
        return 0.1 + 0.9 * progress / CLIMB
    return 0.01 + 0.99 * (1 + math.cos(math.pi * min(1, (progress - CLIMB) / (1 - CLIMB)))) / 2


def batch(
    plan: Plan, progress: float, lessons: Lessons, chosen: Tensor, random: torch.Generator
) -> tuple[Tensor, Tensor]:
    """Spoiled crops and their targets; blended in pairs except towards the end."""
    px = plan.small_px if progress < plan.small_share else 48
    images, targets = lessons.images[chosen], lessons.targets[chosen]
    if lessons.points is None:
        crops = film(images, random, px, plan.film, plan.far, plan.moves)
    else:
        talking = some(targets, plan.talk, TALKING, random)
        cast = some(targets, plan.cast, CAST, random)
        teeth = some(targets, plan.teeth, TEETH, random)
        borrowing = (teeth, lessons.mouths) if lessons.mouths else None
        there = placed(images, lessons.points[chosen], talking & ~teeth, cast, random, px, plan.moves, borrowing)
        crops = spoiled(there, random, plan.film, plan.far)
    if plan.smear:
        lost = torch.nonzero(uniform(len(crops), random) < plan.smear)[:, 0]
        crops[lost] = smeared(crops[lost], random)
        targets[lost] = targets[lost].lerp(lessons.targets.mean(0), FLAT)
    if plan.mixup and progress < 0.85:
        seed = int(torch.randint(1 << 31, (1,), generator=random))
        share = float(np.random.default_rng(seed).beta(plan.mixup, plan.mixup))
        crops, targets = crops.lerp(crops.flip(0), share), targets.lerp(targets.flip(0), share)
    return crops.contiguous(memory_format=torch.channels_last), targets


def some(targets: Tensor, share: float, often: dict[str, float], random: torch.Generator) -> Tensor:
    """Which faces something happens to, (n,): a share of them that depends on their class."""
    chances = torch.tensor([often.get(label, 0.0) for label in data.LABELS])
    return uniform(len(targets), random) < share * chances[targets.argmax(1)]


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
    for average, value in zip(means, now, strict=True):
        if average.is_floating_point():
            average.lerp_(value, pace)
        else:
            average.copy_(value)


def groups(net: nn.Module, decay: float) -> list[dict[str, object]]:
    """Matrices and kernels shrink, norms and biases do not."""
    weights = [weight for weight in net.parameters() if weight.ndim > 1]
    rest = [weight for weight in net.parameters() if weight.ndim <= 1]
    return [{"params": weights, "weight_decay": decay}, {"params": rest, "weight_decay": 0.0}]


@torch.inference_mode()
def check(net: nn.Module, faces: data.Faces) -> dict[str, float]:
    """Loss over all classes and accuracy, of FER+'s over the seven that are told, on pictures as they are."""
    net.eval()
    crops = torch.from_numpy(faces.images)[:, None].float()
    with torch.autocast("cpu", torch.bfloat16):
        logits = torch.cat([net(part)[0].float() for part in crops.split(256)])
    loss = functional.cross_entropy(logits, torch.from_numpy(faces.targets))
    told = data.CONTEMPT if faces.classes == data.LABELS else len(faces.classes)
    known = faces.labels != told
    right = logits[:, :told].argmax(1).numpy()[known] == faces.labels[known]
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
