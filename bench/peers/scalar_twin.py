#!/usr/bin/env python3
"""scalar-moons in plain Python: an engine of single numbers that remember how to go back, as one would write it for a lesson.

A 2-16-16-1 network with ReLU, 100 points, hinge loss and weight decay, gradient descent. Python's own generator, seed 1, gives the weights, then the
points, then the labels; ChainRule draws the same stream.
"""

import random
import sys

import timing

sys.setrecursionlimit(20_000)  # the graph is walked by recursion, as lessons do, and sums of many terms are deep

SEED, POINTS, SIZES, DECAY, RATE = 1, 100, (2, 16, 16, 1), 1e-4, 0.01


class Number:
    __slots__ = ("data", "grad", "_back", "_from")

    def __init__(self, data, made_from=()):
        self.data, self.grad, self._back, self._from = data, 0.0, None, made_from

    def __add__(self, other):
        other = other if isinstance(other, Number) else Number(other)
        y = Number(self.data + other.data, (self, other))

        def back():
            self.grad += y.grad
            other.grad += y.grad
        y._back = back
        return y

    def __mul__(self, other):
        other = other if isinstance(other, Number) else Number(other)
        y = Number(self.data * other.data, (self, other))

        def back():
            self.grad += other.data * y.grad
            other.grad += self.data * y.grad
        y._back = back
        return y

    __radd__, __rmul__ = __add__, __mul__

    def relu(self):
        y = Number(self.data if self.data > 0 else 0.0, (self,))

        def back():
            if y.data > 0:
                self.grad += y.grad
        y._back = back
        return y

    def backward(self):
        order, seen = [], set()

        def visit(value):
            seen.add(value)
            for parent in value._from:
                if parent not in seen:
                    visit(parent)
            order.append(value)

        visit(self)
        self.grad = 1.0
        for value in reversed(order):
            if value._back:
                value._back()


class Neuron:
    def __init__(self, inputs, rng, bent):
        self.weights, self.bias, self.bent = [Number(rng.uniform(-1, 1)) for _ in range(inputs)], Number(0.0), bent

    def __call__(self, xs):
        y = self.bias
        for w, x in zip(self.weights, xs):
            y = y + w * x
        return y.relu() if self.bent else y


def moons():
    rng = random.Random(SEED)
    layers = [[Neuron(inputs, rng, bent=outputs > 1) for _ in range(outputs)] for inputs, outputs in zip(SIZES, SIZES[1:])]
    parameters = [p for layer in layers for neuron in layer for p in (*neuron.weights, neuron.bias)]
    points = [(rng.uniform(-1, 1), rng.uniform(-1, 1)) for _ in range(POINTS)]
    labels = [rng.choice((-1, 1)) for _ in range(POINTS)]

    def score(xs):
        for layer in layers:
            xs = [neuron(xs) for neuron in layer]
        return xs[0]

    def step():
        hinge = sum((1 + -label * score(point)).relu() for point, label in zip(points, labels))
        loss = hinge * (1 / POINTS) + DECAY * sum(p * p for p in parameters)
        for p in parameters:
            p.grad = 0.0
        loss.backward()
        for p in parameters:
            p.data -= RATE * p.grad
        return loss.data
    return step, lambda: [step() for _ in range(3)]


WORKLOADS = {"scalar-moons": moons}

if __name__ == "__main__":
    timing.run(WORKLOADS, timing.options(__doc__.split("\n")[0]))
