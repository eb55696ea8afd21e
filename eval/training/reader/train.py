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
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

import torch
import torch.distributed as dist
from torch import Tensor, nn
from torch.nn import functional

from eval.training.material import MATERIAL
from eval.training.reader.claims import Claim, Claims, own_claims, public_claims, scifact_claims
from eval.training.reader.listings import draw_listing, read_listings
from eval.training.reader.model import Reader, Row, batch, chunks, load_tokenizer, pair_rows, passage_rows
from eval.training.reader.passages import Passage
from eval.training.reader.questions import Group, Questions
from eval.training.reader.reading_set import read_papers, split_papers

T = TypeVar("T")


def rounds(items: Sequence[T], draw: random.Random) -> Iterator[T]:
    """The items forever, reshuffled each round."""
    while True:
        order = list(items)
        draw.shuffle(order)
        yield from order


def group_loss(scores: Tensor, group: Group) -> tuple[Tensor, Tensor]:
    """(loss, log-odds that some sentence answers) of one question."""
    judged = [i for i in range(len(scores)) if i not in group.aside]
    total = torch.logsumexp(torch.cat([scores[judged], scores.new_zeros(1)]), 0)
    aim = torch.logsumexp(scores[group.gold], 0) if group.gold else scores.new_zeros(())
    return total - aim, torch.logsumexp(scores, 0)


def denial_odds(scores: Tensor) -> Tensor:
    """For each sentence the log-odds that it denies what the question supposes, from its logits (supported, not stated, contradicted)."""
    return scores[:, 2] - torch.logsumexp(scores[:, :2], -1)


def denial_loss(groups: Sequence[Group], scores: Tensor) -> Tensor:
    """Mean over the groups where it is known: the softmax of which sentence denies what the question supposes, with a null of score 0."""
    losses = []
    for group, own in zip(groups, denial_odds(scores).split([group.sentences for group in groups]), strict=True):
        if group.denying is not None:
            total = torch.logsumexp(torch.cat([own, own.new_zeros(1)]), 0)
            losses.append(total - torch.logsumexp(own[group.denying], 0) if group.denying else total)
    return torch.stack(losses).mean()


def claim_loss(scores: Tensor, claims: Sequence[Claim], order: float) -> Tensor:
    """Mean cross-entropy; where only "not supported" is known its two kinds are summed.

    Right and wrong claims about one paper add the logistic loss of their order.
    """
    logs = functional.log_softmax(scores, -1)
    either = torch.logsumexp(logs[:, 1:], -1)
    target = torch.tensor([c.target for c in claims])
    binary = torch.tensor([c.binary for c in claims])
    full = -(target * logs).sum(-1)
    half = -(target[:, 0] * logs[:, 0] + (1 - target[:, 0]) * either)
    loss = torch.where(binary, half, full).mean()
    odds = scores[:, 0] - torch.logsumexp(scores[:, 1:], -1)
    wrong_order = [
        functional.softplus(odds[n] - odds[y])
        for y, yes in enumerate(claims)
        for n, no in enumerate(claims)
        if yes.source == "own" == no.source and yes.title == no.title and yes.target[0] == 1.0 and no.target[0] == 0.0
    ]
    if wrong_order:
        loss = loss + order * torch.stack(wrong_order).mean()
    return loss


def member_loss(scores: Tensor, asked: Sequence[tuple[str, Passage, float]]) -> Tensor:
    """Mean logistic loss of whether abstracts belong to what questions list, by the log-odds that some sentence answers."""
    parts = scores.split([len(passage.sentences) for _, passage, _ in asked])
    odds = torch.stack([torch.logsumexp(own, 0) for own in parts])
    return functional.binary_cross_entropy_with_logits(odds, torch.tensor([belongs for *_, belongs in asked]))


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
    draw = random.Random(args.seed)

    papers, _ = split_papers(read_papers(args.data / "reading" / "train.jsonl"))
    papers += read_papers(
        MATERIAL / "reading.jsonl.gz",
        MATERIAL / "reading_more.jsonl.gz",
        MATERIAL / "claims.jsonl.gz",
        MATERIAL / "denials.jsonl.gz",
    )
    questions = Questions(papers)
    claims = Claims(
        own_claims(papers)
        + scifact_claims(args.data / "scifact", False)
        + public_claims(args.data / "grounding" / "train.jsonl.gz", False),
        args.seed,
    )
    twins = rounds(questions.twins[rank :: args.ranks], draw)
    items = rounds(questions.items[rank :: args.ranks], draw)
    lonely = rounds(questions.lonely[rank :: args.ranks], draw)
    denied = rounds(questions.denied[rank :: args.ranks], draw)
    denied_alone = rounds(questions.denied_alone[rank :: args.ranks], draw)
    shared = read_listings(args.data / "reading" / "lists.jsonl", args.data / "reading" / "lists_papers.jsonl")[::2]
    shared += read_listings(MATERIAL / "lists.jsonl.gz", MATERIAL / "lists_papers.jsonl.gz")
    listings = rounds([listing for own in shared for listing in own][rank :: args.ranks], draw)
    sizes = (len(questions.twins), len(questions.items), len(questions.lonely))
    print("pairs, answerable, unanswerable kept:", *sizes, flush=True)
    print("claims:", {k: len(v) for k, v in claims.sources.items()}, flush=True)

    model = Reader(args.encoder, args.dropout, fast=True).train()
    tokenizer = load_tokenizer(args.tokenizer)
    learned = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(learned, lr=args.rate, weight_decay=0.01, fused=True)
    step, spent = 0, 0.0
    mean = copy.deepcopy(model.state_dict())
    state_file = args.out / "state.pt"
    if state_file.exists():
        state: dict[str, Any] = torch.load(state_file)
        model.load_state_dict(state["model"])
        optimizer.load_state_dict(state["optimizer"])
        mean, step, spent = state["mean"], state["step"], state["spent"]
    elif args.init:
        model.load_state_dict(torch.load(args.init)["model"])
        mean = copy.deepcopy(model.state_dict())

    draw.seed(args.seed + step * args.ranks + rank)
    claims.draw.seed(args.seed + step * args.ranks + rank)
    begun, saved = time.time() - spent, time.time()
    seen = pairs_done = 0
    start_step, start = step, time.time()
    sums = [0.0] * 6
    fraction = spent / (args.minutes * 60)
    while True:
        if args.steps:
            fraction = step / args.steps
        if fraction >= 1:
            break
        rate = args.rate * min(1.0, (step + 1) / args.warmup) * max(0.02, 1 - fraction)
        for part in optimizer.param_groups:
            part["lr"] = rate
        groups: list[Group] = []
        for _ in range(args.twins):
            groups += questions.twin(next(twins), draw)
        for _ in range(args.denied):
            groups += questions.twin(next(denied), draw)
        groups += [questions.item(next(items), draw) for _ in range(args.items)]
        groups += [questions.alone(next(lonely), draw) for _ in range(args.lonely)]
        groups += [questions.alone(next(denied_alone), draw) for _ in range(args.denied_alone)]
        taken = claims.take(args.claim_papers, args.claims)
        rows = [row for g in groups for p in g.passages for row in passage_rows(tokenizer, g.question, p.title, p.sentences)]
        edge = sum(group.sentences for group in groups)
        asked = [one for _ in range(args.listings) for one in draw_listing(next(listings), draw)]
        rows += [row for question, p, _ in asked for row in passage_rows(tokenizer, question, p.title, p.sentences)]
        listed = sum(len(passage.sentences) for _, passage, _ in asked)
        rows += pair_rows(tokenizer, [(claim, evidence) for claim, evidence, _ in taken])
        scores = scored(model, rows, args)
        answer, odds = answer_loss(groups, scores[:edge, 0])
        both = torch.stack(odds[: 2 * (args.twins + args.denied)]).view(-1, 2)
        order_loss = functional.softplus(both[:, 1] - both[:, 0]).mean()
        member = member_loss(scores[edge : edge + listed, 0], asked)
        support = claim_loss(scores[edge + listed :, 1:], [c for *_, c in taken], args.order)
        denial = denial_loss(groups, scores[:edge, 1:])
        total = (
            answer
            + args.order * order_loss
            + args.list_weight * member
            + args.claim_weight * support
            + args.denial_weight * denial
        )
        optimizer.zero_grad()
        total.backward()
        fraction = share(learned, (time.time() - begun) / (args.minutes * 60), args.ranks)
        torch.nn.utils.clip_grad_norm_(learned, 1.0)
        optimizer.step()
        step += 1
        keep = min(0.997, step / (step + 10))
        if step % 4 == 0 and rank == 0:
            with torch.no_grad():
                for name, value in model.state_dict().items():
                    mean[name].lerp_(value, 1 - keep**4)
        seen += 1
        pairs_done += len(rows)
        right = float((both[:, 0] > both[:, 1]).float().mean())
        for n, value in enumerate((answer.item(), order_loss.item(), support.item(), right, member.item(), denial.item())):
            sums[n] += value
        if step % args.report == 0 and rank == 0:
            line = {
                "step": step,
                "minutes": round((time.time() - begun) / 60, 1),
                "answers": round(sums[0] / seen, 3),
                "order": round(sums[1] / seen, 3),
                "claims": round(sums[2] / seen, 3),
                "twins_right": round(sums[3] / seen, 3),
                "lists": round(sums[4] / seen, 3),
                "denials": round(sums[5] / seen, 3),
                "rows_a_second": round(args.ranks * pairs_done / (time.time() - start), 1),
            }
            print(json.dumps(line), flush=True)
            seen, sums = 0, [0.0] * 6
        if rank == 0 and time.time() - saved > args.save * 60:
            save(args.out, model, optimizer, mean, step, time.time() - begun)
            saved = time.time()
    if rank:
        return
    save(args.out, model, optimizer, mean, step, time.time() - begun)
    print("steps", step, "in this run", step - start_step, "minutes", (time.time() - start) / 60)


def scored(model: Reader, rows: Sequence[Row], args: argparse.Namespace) -> Tensor:
    """The model's outputs for the rows' parts, in their order (parts × outputs); rows of like length go through it together."""
    found: list[Tensor] = [torch.empty(0)] * len(rows)
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=args.bf16):
        for numbers in chunks(rows, args.tokens):
            for number, scores in zip(numbers, model(*batch([rows[i] for i in numbers])).float(), strict=True):
                found[number] = scores[: len(rows[number].parts)]
    return torch.cat(found)


def answer_loss(groups: Sequence[Group], scores: Tensor) -> tuple[Tensor, list[Tensor]]:
    """The weighted mean of the groups' losses, and each group's log-odds of being answered. `scores` has one value per sentence, group by group."""
    total, weight, odds = scores.new_zeros(()), 0.0, []
    for group, own in zip(groups, scores.split([group.sentences for group in groups]), strict=True):
        loss, odd = group_loss(own, group)
        total = total + group.weight * loss
        weight += group.weight
        odds.append(odd)
    return total / weight, odds


def save(
    out: Path,
    model: Reader,
    optimizer: torch.optim.Optimizer,
    mean: dict[str, Tensor],
    step: int,
    spent: float,
) -> None:
    """Write the resumable state in one move."""
    new = out / "state.new"
    state = {"model": model.state_dict(), "optimizer": optimizer.state_dict(), "mean": mean}
    torch.save({**state, "step": step, "spent": spent}, new)
    new.replace(out / "state.pt")


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
    parser.add_argument("--items", type=int, default=4)
    parser.add_argument("--lonely", type=int, default=2, help="unanswerable questions without a twin")
    parser.add_argument("--denied", type=int, default=2, help="pairs of which one supposes what a known sentence denies")
    parser.add_argument("--denied-alone", type=int, default=1, help="such questions without a twin")
    parser.add_argument("--denial-weight", type=float, default=1.0)
    parser.add_argument("--claim-papers", type=int, default=3, help="papers whose claims are taken")
    parser.add_argument("--claims", type=int, default=4, help="public claims")
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
    parser.add_argument("--bf16", action=argparse.BooleanOptionalAction, default=True)
    return parser.parse_args()


if __name__ == "__main__":
    main()
