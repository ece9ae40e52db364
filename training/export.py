"""Ship trained members: python -m training.export --data ../shared/data/ferplus --members a=/runs/a b=/runs/b"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor, nn

from training import data, operate, shipped
from training.network import Reader, mean
from training.winograd import Swift

OPSET = 17


class Graph(nn.Module):
    """The contract of a shipped file around a trained net: crops (n, 48, 48) in, logits and embedding out.

    A mirrored member looks at the mirror image: an ensemble that sees both sides errs less, for no more time.
    """

    def __init__(self, net: nn.Module, mirrored: bool = False) -> None:
        super().__init__()
        self.net, self.mirrored = net, mirrored

    def forward(self, crops: Tensor) -> tuple[Tensor, Tensor]:
        logits, embedding = self.net((crops.flip(2) if self.mirrored else crops)[:, None])
        return logits, embedding


def main() -> None:
    """Write every member's file, choose the operating point, describe both in reader.json."""
    made = argparse.ArgumentParser(description=__doc__)
    made.add_argument("--data", type=Path, required=True)
    made.add_argument("--film", type=Path, required=True, help="folder of judged film faces, to choose the point by")
    made.add_argument("--wild", type=Path, required=True, help="folder of wild.npz, likewise")
    made.add_argument("--members", nargs="+", required=True, help="name=folder of a run, or of its cycles: a=a1,a2")
    made.add_argument("--models", type=Path, default=shipped.MODELS)
    made.add_argument(
        "--blend", nargs="*", default=[], help="members that are the mean of their last two, or of name=N"
    )
    made.add_argument("--mirrored", nargs="*", default=[], help="names of the members that look at the mirror image")
    made.add_argument(
        "--onward", action="store_true", help="the runs went on from the members that ship: keep their logs"
    )
    wanted = made.parse_args()
    pairs = [member.split("=", 1) for member in wanted.members]
    blend = {name: int(count or 2) for name, _, count in (each.partition("=") for each in wanted.blend)}
    paths = []
    for name, runs in pairs:
        cycles = [Path(run) for run in runs.split(",")]
        paths.append(ship(name, cycles, wanted.models, blend.get(name, 1), name in wanted.mirrored, wanted.onward))
    point = operate.choose(paths, operate.Folders(wanted.data, wanted.film, wanted.wild))
    said = description(paths, point)
    (wanted.models / "reader.json").write_text(json.dumps(said, indent=2) + "\n")


def ship(
    name: str, cycles: list[Path], models: Path, blend: int = 1, mirrored: bool = False, onward: bool = False
) -> Path:
    """The last cycles' weights as reader-<name>.onnx; the logs of all cycles beside the code."""
    path = models / f"reader-{name}.onnx"
    models.mkdir(parents=True, exist_ok=True)
    write(trained(*cycles[-blend:]), path, mirrored)
    write_log(name, cycles, onward)
    return path


def write_log(name: str, cycles: list[Path], onward: bool) -> None:
    """Put the logs of all cycles beside the code, after those that lie there already where these went on."""
    path = Path(__file__).parent / f"log-{name}.csv"
    logs = [(cycle / "log.csv").read_text().splitlines() for cycle in cycles]
    lines = path.read_text().splitlines() if onward else [f"cycle,{logs[0][0]}"]
    first = int(lines[-1].split(",")[0]) + 1 if onward else 1
    lines += [f"{n},{line}" for n, log in enumerate(logs, first) for line in log[1:]]
    path.write_text("\n".join(lines) + "\n")


def trained(*runs: Path) -> Reader:
    """The net of a run with its averaged weights; of several runs that went on from each other, the mean of theirs."""
    kept = [torch.load(run / "member.pt", map_location="cpu", weights_only=True) for run in runs]
    plan = kept[0]["plan"]
    net = Reader(plan["size"], classes=len(kept[0]["weights"]["head.bias"]), even=bool(plan.get("even")))
    net.load_state_dict(mean([each["weights"] for each in kept]))
    return net.eval()


def write(net: Reader, path: Path, mirrored: bool = False) -> None:
    """The graph: batch norms folded into the convolutions, the last of these swift, weights in half precision."""
    batch = {name: {0: "n"} for name in ("crops", "logits", "embedding")}
    names = {"input_names": ["crops"], "output_names": ["logits", "embedding"], "dynamic_axes": batch}
    example = (torch.zeros(2, 48, 48),)
    graph = Graph(Swift(net), mirrored).eval()
    # Nothing is worked out beforehand: the kernels' form for Winograd's products is larger than they are.
    kept = {"opset_version": OPSET, "do_constant_folding": False, "dynamo": False}
    torch.onnx.export(graph, example, str(path), **kept, **names)  # type: ignore[arg-type]
    model = halved(onnx.load(path))
    onnx.checker.check_model(model, full_check=True)
    onnx.save(model, path)


def halved(model: onnx.ModelProto) -> onnx.ModelProto:
    """Large weights stored as float16 and cast back when the file is loaded: half the size, the same speed."""
    graph = model.graph
    for weight in list(graph.initializer):
        if weight.data_type == TensorProto.FLOAT and np.prod(weight.dims) >= 1024:
            small = numpy_helper.to_array(weight).astype(np.float16)
            graph.initializer.remove(weight)
            graph.initializer.append(numpy_helper.from_array(small, f"{weight.name}.half"))
            cast = helper.make_node("Cast", [f"{weight.name}.half"], [weight.name], to=TensorProto.FLOAT)
            graph.node.insert(0, cast)
    return model


def description(paths: list[Path], point: shipped.Point) -> dict[str, object]:
    """What reader.json tells the program that runs the members."""
    return {
        "name": "builtin",
        "version": "1",
        "labels": list(data.LABELS),
        "members": [{"file": path.name, "sha256": shipped.sha256(path)} for path in paths],
        **operate.described(point),
        "crop": {"size": 48, "grey": True, "range": [0, 255]},
        "embedding": sum(shipped.width(path) for path in paths),
    }


if __name__ == "__main__":
    main()
