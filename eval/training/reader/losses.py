"""What the reader is trained to make small."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from eval.training.reader.batches import Batch
from eval.training.reader.claims import OF_PAPERS, Claim
from eval.training.reader.passages import Passage
from eval.training.reader.questions import Group


@dataclass
class Losses:
    """The losses of one step, and the share of its pairs whose answerable question has the higher log-odds."""

    answers: Tensor
    order: Tensor
    claims: Tensor
    lists: Tensor
    twins_right: float


def losses_of(taken: Batch, scores: Tensor, order: float) -> Losses:
    """From the model's outputs for the batch's parts, in the order of its rows (parts × outputs). `order` weighs that of claims about one paper."""
    edge = sum(group.sentences for group in taken.groups)
    listed = sum(len(passage.sentences) for _, passage, _ in taken.listed)
    answers, odds = answer_loss(taken.groups, scores[:edge, 0])
    both = torch.stack(odds[: 2 * taken.twins]).view(-1, 2)
    return Losses(
        answers,
        functional.softplus(both[:, 1] - both[:, 0]).mean(),
        claim_loss(scores[edge + listed :, 1:], [claim for *_, claim in taken.claims], order),
        member_loss(scores[edge : edge + listed, 0], taken.listed),
        float((both[:, 0] > both[:, 1]).float().mean()),
    )


def answer_loss(groups: Sequence[Group], scores: Tensor) -> tuple[Tensor, list[Tensor]]:
    """The weighted mean of the groups' losses, and each group's log-odds of being answered. `scores` has one value per sentence, group by group."""
    total, weight, odds = scores.new_zeros(()), 0.0, []
    for group, own in zip(groups, scores.split([group.sentences for group in groups]), strict=True):
        loss, odd = group_loss(own, group)
        total = total + group.weight * loss
        weight += group.weight
        odds.append(odd)
    return total / weight, odds


def group_loss(scores: Tensor, group: Group) -> tuple[Tensor, Tensor]:
    """(loss, log-odds that some sentence answers) of one question."""
    judged = [i for i in range(len(scores)) if i not in group.aside]
    total = torch.logsumexp(torch.cat([scores[judged], scores.new_zeros(1)]), 0)
    aim = torch.logsumexp(scores[group.gold], 0) if group.gold else scores.new_zeros(())
    return total - aim, torch.logsumexp(scores, 0)


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
        if yes.source == no.source in OF_PAPERS and yes.title == no.title and yes.target[0] == 1.0 and no.target[0] == 0.0
    ]
    if wrong_order:
        loss = loss + order * torch.stack(wrong_order).mean()
    return loss


def member_loss(scores: Tensor, asked: Sequence[tuple[str, Passage, float]]) -> Tensor:
    """Mean logistic loss of whether abstracts belong to what questions list, by the log-odds that some sentence answers."""
    parts = scores.split([len(passage.sentences) for _, passage, _ in asked])
    odds = torch.stack([torch.logsumexp(own, 0) for own in parts])
    return functional.binary_cross_entropy_with_logits(odds, torch.tensor([belongs for *_, belongs in asked]))
