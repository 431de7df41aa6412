"""Records classical models from scikit-learn into classical.json: fitted weights and predictions.

inputs hold x and, of a regression, y; ids hold the classes. output holds weights and intercept of a regression; of the others what they predict for x.
"""

import warnings

import numpy as np
import torch
from sklearn.cluster import KMeans
from sklearn.linear_model import LinearRegression, LogisticRegression, Ridge
from sklearn.svm import SVR

from golden import Recording, generator, given, single, tensor

warnings.filterwarnings("error")
recording = Recording("classical.json")


def draw(name, *shape):
    return single(torch.randn(shape, generator=generator(name))).numpy()


def record(op, name, inputs, output, ids=None, state=None, **args):
    case = recording.add(op, f"{op}: {name}", args, inputs=[given(torch.as_tensor(x)) for x in inputs])
    if ids is not None:
        case["ids"] = given(torch.as_tensor(ids))
    case["output"] = tensor(torch.as_tensor(np.asarray(output, dtype=float)))
    if state:
        case["state"] = {key: tensor(torch.as_tensor(np.asarray(value, dtype=float))) for key, value in state.items()}


def linear():
    for name, n, d, offset in (("one column", 6, 1, 0), ("five columns", 30, 5, 0), ("far from the origin", 40, 3, 1000), ("as many rows as weights", 5, 4, 0)):
        x = single(torch.as_tensor(draw(name, n, d) + offset)).numpy()
        y = single(torch.as_tensor(x @ np.arange(1, d + 1) + 3 + draw(name + " y", n))).numpy()
        for ridge in (0, 0.5, 10):
            model = (Ridge(alpha=ridge, solver="svd") if ridge else LinearRegression()).fit(x, y)
            record("linear", f"{name}, ridge {ridge}", [x, y], [*model.coef_, model.intercept_], ridge=ridge)


def logistic():
    for name, n, d, classes in (("two classes", 60, 3, 2), ("three classes", 90, 4, 3), ("seven classes", 140, 5, 7)):
        x = draw(name, n, d)
        y = (x @ draw(name + " weights", d, classes) + draw(name + " noise", n, classes)).argmax(1)
        for c, weights in ((1.0, None), (100.0, None), (0.01, None), (1.0, [1.0 + 2 * k for k in range(classes)])):
            # The default solver, lbfgs, stops where the sum hardly falls, some 1e-4 of the weights early; Newton's method comes to the same minimum exactly.
            model = LogisticRegression(C=c, tol=1e-7, max_iter=100000, solver="newton-cg", multi_class="auto" if classes == 2 else "multinomial", class_weight=None if weights is None else dict(enumerate(weights))).fit(x, y)
            record("logistic", f"{name}, C {c}" + (", weighted" if weights else ""), [x] + ([np.array(weights)] if weights else []), model.predict_proba(x), ids=y,
                   state={"weights": model.coef_, "intercepts": model.intercept_}, c=c, classes=classes, weighted=weights is not None)


def support_vectors():
    for name, n, d in (("a line", 30, 1), ("a curve", 60, 2), ("120 rows", 120, 4)):
        x = draw(name, n, d)
        y = single(torch.as_tensor(np.sin(x.sum(1) * 1.5) + x[:, 0] + 0.1 * draw(name + " noise", n))).numpy()
        for kernel, c, epsilon, gamma in (("linear", 1.0, 0.1, "scale"), ("linear", 10.0, 0.0, "scale"), ("rbf", 1.0, 0.1, "scale"), ("rbf", 10.0, 0.01, 0.5),
                                          ("rbf", 0.1, 0.3, 2.0)):
            model = SVR(kernel=kernel, C=c, epsilon=epsilon, gamma=gamma, tol=1e-8).fit(x, y)
            args = {} if gamma == "scale" else {"gamma": gamma}
            record("svr", f"{name}, {kernel}, C {c}, epsilon {epsilon}, gamma {gamma}", [x, y], model.predict(x), kernel=kernel, c=c, epsilon=epsilon, **args)


def clusters():
    for name, n, d, k in (("three heaps", 60, 2, 3), ("eight of 100", 100, 4, 8)):
        x = draw(name, n, d) + 3 * draw(name + " places", k, d)[np.arange(n) % k]
        x = single(torch.as_tensor(x)).numpy()
        start = x[:k]
        model = KMeans(k, init=start, n_init=1, max_iter=1000, tol=0, algorithm="lloyd").fit(x)
        record("k_means", name, [x, start], model.cluster_centers_, ids=model.labels_, k=k)


for part in (linear, logistic, support_vectors, clusters):
    part()
recording.write()
