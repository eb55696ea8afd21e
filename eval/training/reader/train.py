"""Trains the reader: ``python -m eval.training.reader.train --data DIR --encoder DIR --tokenizer FILE --out DIR``.

Each step takes contrast pairs (both questions over the same abstract), other
questions (some with their answer removed), questions for papers and claims.  A
question's loss is the softmax over its sentences and a null of score 0; a pair adds
the logistic loss of its two questions' evidence in the right order.  Saves and resumes.

With ``--ranks 2`` two processes of one thread each take half of every step and
average their gradients: on a busy machine that wastes far less than two threads
which wait for each other in every operation.
"""

from __future__ import annotations

import argparse
import copy
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
import torch.distributed as dist
from torch import Tensor, nn

from eval.training.reader.batches import Batches
from eval.training.reader.losses import Losses, losses_of
from eval.training.reader.model import Reader, Row, batch, chunks, load_tokenizer


class Run:
    """A training run that can be resumed: the model, its optimizer, the average of its weights, and how far it is in steps and seconds."""

    def __init__(self, args: argparse.Namespace) -> None:
        self.model = Reader(args.encoder, args.dropout, fast=True).train()
        self.learned = [p for p in self.model.parameters() if p.requires_grad]
        self.optimizer = torch.optim.AdamW(self.learned, lr=args.rate, weight_decay=0.01, fused=True)
        self.step, self.spent = 0, 0.0
        self._file = args.out / "state.pt"
        if self._file.exists():
            state: dict[str, Any] = torch.load(self._file)
            self.model.load_state_dict(state["model"])
            self.optimizer.load_state_dict(state["optimizer"])
            self.mean, self.step, self.spent = state["mean"], state["step"], state["spent"]
            return
        if args.init:
            self.model.load_state_dict(torch.load(args.init)["model"])
        self.mean = copy.deepcopy(self.model.state_dict())

    def update(self, rate: float) -> None:
        """One step of the optimizer, by the gradients that are there."""
        for part in self.optimizer.param_groups:
            part["lr"] = rate
        torch.nn.utils.clip_grad_norm_(self.learned, 1.0)
        self.optimizer.step()
        self.step += 1

    def average(self) -> None:
        """Every fourth step, takes the weights into their average."""
        keep = min(0.997, self.step / (self.step + 10))
        if self.step % 4 == 0:
            with torch.no_grad():
                for name, value in self.model.state_dict().items():
                    self.mean[name].lerp_(value, 1 - keep**4)

    def save(self, spent: float) -> None:
        """Write the resumable state in one move."""
        new = self._file.with_name("state.new")
        state = {"model": self.model.state_dict(), "optimizer": self.optimizer.state_dict(), "mean": self.mean}
        torch.save({**state, "step": self.step, "spent": spent}, new)
        new.replace(self._file)


class Progress:
    """The mean losses since the last line that was printed, and how fast it goes."""

    def __init__(self, ranks: int) -> None:
        self._ranks, self._start, self._rows = ranks, time.time(), 0
        self._sums: dict[str, float] = {}
        self._seen = 0

    def add(self, losses: Losses, rows: int) -> None:
        """Counts a step."""
        self._seen += 1
        self._rows += rows
        found = {
            "answers": losses.answers.item(),
            "order": losses.order.item(),
            "claims": losses.claims.item(),
            "twins_right": losses.twins_right,
            "lists": losses.lists.item(),
        }
        self._sums = {name: self._sums.get(name, 0.0) + value for name, value in found.items()}

    def tell(self, step: int, seconds: float) -> None:
        """Prints a line and begins anew."""
        line = {"step": step, "minutes": round(seconds / 60, 1), **{k: round(v / self._seen, 3) for k, v in self._sums.items()}}
        speed = self._ranks * self._rows / (time.time() - self._start)
        print(json.dumps({**line, "rows_a_second": round(speed, 1)}), flush=True)
        self._sums, self._seen = {}, 0


def share(learned: Sequence[nn.Parameter], fraction: float, ranks: int) -> float:
    """Average the gradients, and the share of time used, over the processes."""
    if ranks == 1:
        return fraction
    gradients = [p.grad for p in learned if p.grad is not None]
    flat = torch.cat([g.reshape(-1) for g in gradients] + [torch.tensor([fraction])])
    dist.all_reduce(flat)
    flat /= ranks
    at = 0
    for gradient in gradients:
        gradient.copy_(flat[at : at + gradient.numel()].view_as(gradient))
        at += gradient.numel()
    return float(flat[-1])


def main() -> None:
    """Start the processes, or be one of them."""
    args = parse()
    args.out.mkdir(parents=True, exist_ok=True)
    if args.ranks == 1:
        train(args, 0)
    elif "READER_RANK" in os.environ:
        rank = int(os.environ["READER_RANK"])
        meeting = "file://" + os.environ["READER_MEETING"]
        dist.init_process_group("gloo", meeting, rank=rank, world_size=args.ranks)
        train(args, rank)
        dist.destroy_process_group()
    else:
        with tempfile.TemporaryDirectory() as folder:
            places = {"READER_MEETING": folder + "/meeting"}
            started = [
                subprocess.Popen(
                    [sys.executable, "-m", "eval.training.reader.train", *sys.argv[1:]],
                    env={**os.environ, **places, "READER_RANK": str(n)},
                )
                for n in range(args.ranks)
            ]
            sys.exit(max(process.wait() for process in started))


def train(args: argparse.Namespace, rank: int) -> None:
    """Train until the time is over."""
    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    batches, run = Batches(args.data, args.seed, rank, args.ranks, args.newest), Run(args)
    tokenizer = load_tokenizer(args.tokenizer)
    batches.seed(args.seed + run.step * args.ranks + rank)
    begun, start, saved = time.time() - run.spent, time.time(), time.time()
    first, progress = run.step, Progress(args.ranks)
    fraction = run.spent / (args.minutes * 60)
    while (fraction := run.step / args.steps if args.steps else fraction) < 1:
        rate = args.rate * min(1.0, (run.step + 1) / args.warmup) * max(0.02, 1 - fraction)
        taken = batches.take(args)
        rows = taken.rows(tokenizer)
        losses = losses_of(taken, scored(run.model, rows, args), args.order)
        run.optimizer.zero_grad()
        total(losses, args).backward()
        fraction = share(run.learned, (time.time() - begun) / (args.minutes * 60), args.ranks)
        run.update(rate)
        progress.add(losses, len(rows))
        if rank:
            continue
        run.average()
        if run.step % args.report == 0:
            progress.tell(run.step, time.time() - begun)
        if time.time() - saved > args.save * 60:
            run.save(time.time() - begun)
            saved = time.time()
    if rank == 0:
        run.save(time.time() - begun)
        print("steps", run.step, "in this run", run.step - first, "minutes", (time.time() - start) / 60)


def total(losses: Losses, args: argparse.Namespace) -> Tensor:
    """The weighted sum that the gradients are of."""
    return losses.answers + args.order * losses.order + args.list_weight * losses.lists + args.claim_weight * losses.claims


def scored(model: Reader, rows: Sequence[Row], args: argparse.Namespace) -> Tensor:
    """The model's outputs for the rows' parts, in their order (parts × outputs); rows of like length go through it together."""
    found: list[Tensor] = [torch.empty(0)] * len(rows)
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=args.bf16):
        for numbers in chunks(rows, args.tokens):
            for number, scores in zip(numbers, model(*batch([rows[i] for i in numbers])).float(), strict=True):
                found[number] = scores[: len(rows[number].parts)]
    return torch.cat(found)


def parse() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="holds reading, grounding, scifact")
    parser.add_argument("--encoder", type=Path, required=True, help="all-MiniLM-L6-v2, float")
    parser.add_argument("--tokenizer", type=Path, required=True, help="tokenizer.json")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--init", type=Path, help="a state to take the weights from")
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--steps", type=int, default=0, help="plan by steps, not by time")
    parser.add_argument("--rate", type=float, default=1.5e-4)
    parser.add_argument("--warmup", type=int, default=100)
    parser.add_argument("--dropout", type=float, default=0.0)
    parser.add_argument("--twins", type=int, default=4)
    parser.add_argument("--items", type=int, default=5)
    parser.add_argument("--elsewhere", type=int, default=3, help="questions over an abstract of another paper")
    parser.add_argument("--lonely", type=int, default=2, help="unanswerable questions without a twin")
    parser.add_argument("--claim-papers", type=int, default=3, help="papers whose claims are taken")
    parser.add_argument("--everyday", type=int, default=4, help="papers whose claims in everyday words are taken")
    parser.add_argument("--findings", type=int, default=10, help="findings about which short claims are taken")
    parser.add_argument("--general", type=int, default=4, help="texts of other kinds whose claims are taken")
    parser.add_argument("--claims", type=int, default=4, help="public claims")
    parser.add_argument("--whether", type=int, default=3, help="papers whose yes/no questions are held against sentences")
    parser.add_argument("--premises", type=int, default=2, help="papers whose questions, some denied, are held against sentences")
    parser.add_argument("--asked", type=int, default=1, help="papers whose other questions are held against sentences")
    parser.add_argument("--newest", type=float, default=0.5, help="share of the questions that are of the newest material")
    parser.add_argument("--claim-weight", type=float, default=1.5)
    parser.add_argument("--listings", type=int, default=1, help="questions for papers")
    parser.add_argument("--list-weight", type=float, default=0.5)
    parser.add_argument("--order", type=float, default=0.5)
    parser.add_argument("--tokens", type=int, default=2048)
    parser.add_argument("--ranks", type=int, default=2, help="processes that share each step")
    parser.add_argument("--threads", type=int, default=1, help="threads of each process")
    parser.add_argument("--save", type=float, default=4)
    parser.add_argument("--report", type=int, default=25)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--bf16",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="multiply in bfloat16; --no-bf16 is faster on a CPU that has no instructions for it (avx512_bf16, amx_bf16)",
    )
    return parser.parse_args()


if __name__ == "__main__":
    main()
