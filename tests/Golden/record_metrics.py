"""Records metrics from scikit-learn, and paired t-tests from SciPy, into metrics.json: of predictions with ties, absent classes, weights and nothing at all.

inputs hold the scores or predicted numbers (row-major), then the actual numbers of a regression, then the weights if args say "weighted".
ids hold the classes: the actual ones, or [2, n] with the predicted ones first. What scikit-learn lacks (the calibration errors, a Brier
score of several classes) is computed here by its definition.
"""

import warnings

import numpy as np
import torch
from scipy import stats
from sklearn import metrics
from sklearn.calibration import calibration_curve

from golden import Recording, exact, generator, given, single, tensor

warnings.filterwarnings("ignore")
recording = Recording("metrics.json")


def record(op, name, inputs, ids, output, **args):
    case = recording.add(op, f"{op}: {name}", args, inputs=[given(torch.as_tensor(x)) for x in inputs])
    if ids is not None:
        case["ids"] = given(torch.as_tensor(ids))
    output = np.asarray(output, dtype=float)
    case["output"] = tensor(torch.as_tensor(output))


def draw(name, *shape):
    return single(torch.randn(shape, generator=generator(name))).numpy()


def weights_of(name, n):
    return single(torch.rand(n, generator=generator(name + " weights")) * 2).numpy()


def regression():
    cases = {
        "7 rows": (7, 1.0, 0.3), "8 rows": (8, 1.0, 0.3), "worse than the mean": (9, 5.0, 3.0), "2 rows": (2, 1.0, 0.5),
        "large numbers": (20, 1e6, 1e5), "200 rows": (200, 2.0, 1.0),
    }
    for name, (n, scale, error) in cases.items():
        actual = single(torch.as_tensor(draw(name, n) * scale)).numpy()
        predicted = single(torch.as_tensor(actual + draw(name + " error", n) * error + error)).numpy()
        for weighted in (False, True):
            w = weights_of(name, n) if weighted else None
            output = [
                metrics.mean_squared_error(actual, predicted, sample_weight=w),
                metrics.mean_squared_error(actual, predicted, sample_weight=w, squared=False),
                metrics.mean_absolute_error(actual, predicted, sample_weight=w),
                metrics.r2_score(actual, predicted, sample_weight=w),
                metrics.explained_variance_score(actual, predicted, sample_weight=w),
                metrics.median_absolute_error(actual, predicted),
            ]
            record("regression", name + (", weighted" if weighted else ""), [predicted, actual] + ([w] if weighted else []), None, output,
                   weighted=weighted)


def labels():
    cases = {
        "two classes": ([0, 1, 1, 0, 1, 1, 0, 0], [0, 1, 0, 0, 1, 1, 1, 0]),
        "nothing predicted positive": ([0, 0, 0, 0], [0, 1, 0, 1]),
        "all right": ([2, 0, 1], [2, 0, 1]),
        "all wrong": ([1, 0, 0], [0, 1, 1]),
        "three classes": ([0, 2, 1, 1, 2, 0, 0, 2, 1, 1], [0, 2, 1, 0, 2, 1, 0, 1, 1, 2]),
        "a class that is never actual": ([0, 2, 1, 1], [0, 1, 1, 0]),
        "a class that is never predicted": ([0, 0, 1, 1, 0], [0, 2, 1, 2, 1]),
        "a class that never occurs": ([0, 3, 1, 1, 3], [0, 3, 1, 3, 1]),
        "one class": ([0, 0, 0], [0, 0, 0]),
    }
    for name, (predicted, actual) in cases.items():
        for weighted in (False, True):
            w = weights_of(name, len(actual)) if weighted else None
            classes = max(predicted + actual) + 1
            output = [metrics.accuracy_score(actual, predicted, sample_weight=w),
                      metrics.balanced_accuracy_score(actual, predicted, sample_weight=w),
                      metrics.matthews_corrcoef(actual, predicted, sample_weight=w)]
            for average in ("macro", "weighted", "micro"):
                output += list(metrics.precision_recall_fscore_support(actual, predicted, average=average, sample_weight=w, zero_division=0))[:3]
            each = metrics.precision_recall_fscore_support(actual, predicted, labels=range(classes), sample_weight=w, zero_division=0)
            output += [v for one in each for v in one]
            output += list(metrics.confusion_matrix(actual, predicted, labels=range(classes), sample_weight=w).ravel())
            record("labels", name + (", weighted" if weighted else ""), [w] if weighted else [], [predicted, actual], output, weighted=weighted, classes=classes)


def curves():
    cases = {
        "four rows": ([0.25, 0.5, 0.375, 0.75], [0, 0, 1, 1]),
        "ties": ([0.5, 0.5, 0.25, 0.25, 0.75, 0.75, 0.75, 0.125], [1, 0, 0, 1, 1, 0, 1, 0]),
        "all tied": ([0.5, 0.5, 0.5, 0.5], [1, 0, 1, 1]),
        "perfect": ([0.125, 0.25, 0.75, 0.875], [0, 0, 1, 1]),
        "upside down": ([0.875, 0.75, 0.25, 0.125], [0, 0, 1, 1]),
        "negative scores": ([-3.0, -1.5, 0.0, 2.0, -1.5], [0, 1, 0, 1, 0]),
        "one positive row of many": ([0.5, 0.25, 0.125, 0.75, 0.375, 0.625], [0, 0, 0, 0, 1, 0]),
    }
    g = torch.Generator().manual_seed(5)
    scores = (torch.rand(100, generator=g) * 16).round() / 16
    cases["100 rows with ties"] = (scores.tolist(), (torch.rand(100, generator=g) < scores * 0.8 + 0.1).int().tolist())
    for name, (scores, actual) in cases.items():
        for weighted in (False, True):
            w = weights_of(name, len(actual)) if weighted else None
            inputs, label = [np.array(scores)] + ([w] if weighted else []), name + (", weighted" if weighted else "")
            fpr, tpr, _ = metrics.roc_curve(actual, scores, sample_weight=w, drop_intermediate=False)
            record("roc", label, inputs, actual, [fpr, tpr], weighted=weighted, area=exact(metrics.roc_auc_score(actual, scores, sample_weight=w)))
            precision, recall, thresholds = metrics.precision_recall_curve(actual, scores, sample_weight=w)
            record("precision_recall", label, inputs, actual, [precision[::-1], recall[::-1]], weighted=weighted,
                   average_precision=exact(metrics.average_precision_score(actual, scores, sample_weight=w)))


def probabilities():
    cases = {
        "two classes": ([0.25, 0.5, 0.875, 0.0625, 0.75, 0.5], [0, 1, 1, 0, 0, 1]),
        "certain and wrong": ([0.0, 1.0, 0.5], [1, 0, 1]),
        "certain and right": ([0.0, 1.0], [0, 1]),
        "on the edges of bins": ([0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0], [0, 0, 1, 0, 0, 1, 1, 0, 1, 1, 1]),
    }
    g = torch.Generator().manual_seed(6)
    p = torch.rand(300, generator=g)
    cases["300 rows"] = (p.tolist(), (torch.rand(300, generator=g) < p * p).int().tolist())
    for name, (p, actual) in cases.items():
        p, actual = np.array(p), np.array(actual)
        for weighted in (False, True):
            w = weights_of(name, len(actual)) if weighted else None
            record("binary_probabilities", name + (", weighted" if weighted else ""), [p] + ([w] if weighted else []), actual,
                   [metrics.log_loss(actual, p, sample_weight=w, labels=[0, 1]), metrics.brier_score_loss(actual, p, sample_weight=w)], weighted=weighted)
        for bins in (10, 4):
            true, mean = calibration_curve(actual, p, n_bins=bins)
            edges = np.linspace(0, 1, bins + 1)
            index = np.searchsorted(edges[1:-1], p)
            error = [abs(actual[index == b].mean() - p[index == b].mean()) for b in range(bins) if (index == b).any()]
            rows = [(index == b).mean() for b in range(bins) if (index == b).any()]
            record("calibration", f"{name}, {bins} bins", [p], actual, [mean, true], bins=bins, expected=exact(np.dot(rows, error)), largest=exact(max(error)))

    for name, n, classes in (("3 classes", 12, 3), ("10 classes", 200, 10), ("2 columns", 20, 2)):
        logits = draw(name, n, classes) * 2
        p = torch.as_tensor(logits).softmax(-1).numpy()
        actual = torch.as_tensor(logits + draw(name + " noise", n, classes) * 2).argmax(-1).numpy()
        actual[:classes] = range(classes)
        for weighted in (False, True):
            w = weights_of(name, n) if weighted else None
            one_hot = np.eye(classes)[actual]
            brier = np.average(((p - one_hot) ** 2).sum(-1), weights=w) / (2 if classes == 2 else 1)
            output = [metrics.log_loss(actual, p, sample_weight=w, labels=range(classes)), brier]
            if classes > 2:
                # The averages are written out: of columns of labels, scikit-learn's "weighted" goes by their plain sums.
                for area in (metrics.roc_auc_score, metrics.average_precision_score):
                    areas = [area(one_hot[:, c], p[:, c], sample_weight=w) for c in range(classes)]
                    support = [((actual == c) * (1 if w is None else w)).sum() for c in range(classes)]
                    output += [np.mean(areas), np.average(areas, weights=support), area(one_hot, p, average="micro", sample_weight=w)]
                output += [metrics.roc_auc_score(actual, p, multi_class="ovr", average="macro", sample_weight=w)]
                output += [metrics.top_k_accuracy_score(actual, p, k=k, labels=range(classes), sample_weight=w) for k in (1, 2)]
            else:
                output += [metrics.roc_auc_score(actual, p[:, 1], sample_weight=w), metrics.average_precision_score(actual, p[:, 1], sample_weight=w)]
            record("probabilities", name + (", weighted" if weighted else ""), [p] + ([w] if weighted else []), actual, output, weighted=weighted, classes=classes)


def rankings():
    for name, scores, relevance in (
        ("five items", [0.1, 0.9, 0.5, 0.3, 0.7], [0, 1, 3, 0, 2]),
        ("ties", [0.5, 0.5, 0.5, 0.25, 0.25, 0.75], [1, 0, 2, 0, 3, 1]),
        ("all tied", [1.0, 1.0, 1.0], [0, 1, 2]),
        ("one relevant item", [4.0, 3.0, 2.0, 1.0], [0, 0, 1, 0]),
    ):
        output = [metrics.ndcg_score([relevance], [scores], k=k) for k in (1, 2, 3, 10)]
        record("ndcg", name, [np.array(scores), np.array(relevance, dtype=float)], None, output)
    ranked = [[3, 1, 4, 0, 2], [0, 1, 2, 3, 4], [4, 3, 2, 1, 0], [2, 0, 3, 1, 4]]
    relevant = [[4], [3, 4], [4, 2, 0], [1]]
    relevance = np.array([[float(i in one) for i in range(5)] for one in relevant])
    scores = np.array([[-float(one.index(i)) for i in range(5)] for one in ranked])
    first = [1 / (1 + min(one.index(i) for i in wanted)) for one, wanted in zip(ranked, relevant)]
    output = [metrics.ndcg_score(relevance, scores, k=k) for k in (1, 3, 5)] + [np.mean(first)]
    record("rankings", "four queries", [], [ranked], output)


def paired():
    for pairs, shift in ((2, 0.1), (3, 0.0), (5, 0.3), (5, -2.0), (30, 0.2), (1000, 0.05)):
        name = f"{pairs} pairs, {shift} apart"
        a, noise = draw(name, pairs), draw(f"{name}: noise", pairs)
        b = single(torch.as_tensor(a + shift + 0.4 * noise)).numpy()
        d, found = b - a, stats.ttest_rel(b, a)
        reach = stats.t.ppf(0.975, pairs - 1) * d.std(ddof=1) / np.sqrt(pairs)
        record("paired", name, [a, b], None, [d.mean(), d.mean() - reach, d.mean() + reach, found.statistic, found.pvalue])


for part in (regression, labels, curves, probabilities, rankings, paired):
    part()
recording.write()
