using WrongWay = (System.Func<ChainRule.Tensor?[], ChainRule.Tensor?[]> Way, ChainRule.Derivations.Mistake Mistake,
    string Sentence);

namespace ChainRule.Derivations;

/// <summary>Wrong ways to go back through one op, each with the mistake that it is.</summary>
static class LocalMistakes
{
    public static IEnumerable<WrongWay> Of(WrongGradient wrong, Node node)
    {
        string told = wrong.Told(node);
        var y = node.Outputs[0];
        Slot[] x = node.Inputs.ToArray();
        if (node.Outputs.Length > 1) yield break;
        if (x.Length == 1 && x[0].Shape == y.Shape && x[0].DType == y.DType)
        {
            double? constant = Constant(node);
            yield return (dy => [dy[0]], node.Op is "softmax" or "log softmax" ? Mistake.SoftmaxJacobian
                : constant is not { } c ? Mistake.MissingLocalDerivative : c < 0 ? Mistake.Sign
                : c < 1 && wrong.Sizes().Any(size => Math.Abs(size.Size * c - 1) < 1e-6) ? Mistake.MissingMean
                : Mistake.MissingFactor,
                constant is { } k ? $"the factor {GradientMistakes.Text(k)} of {told} is left out"
                    : $"the local derivative of {told} is left out");
            if (constant is null)
            {
                foreach (var way in Functions(node, told)) yield return way;
                yield return (dy => LossGraph.Run(node, dy, x, x), Mistake.LocalDerivativeElsewhere, "the local "
                    + $"derivative of {told} is taken at its input, and belongs at its output");
                if (node.Op == "sigmoid")
                    yield return (dy => [dy[0] * new Tensor(x[0]) * (1 - new Tensor(x[0]))],
                        Mistake.LocalDerivativeElsewhere, $"x (1 − x) at the input of {told}: take it at the output");
                yield return (dy => LossGraph.Run(node, dy, [y], [y]), Mistake.LocalDerivativeElsewhere,
                    $"the local derivative of {told} is taken at its output, and belongs at its input");
                foreach (var way in Differences(wrong, node, told)) yield return way;
            }
        }
        if (x.Length == 2 && node.Op is "multiply" or "divide")
        {
            for (int i = 0; i < 2; i++)
            {
                int at = i;
                if (!x[at].RequiresGrad) continue;
                yield return (dy =>
                {
                    var dx = LossGraph.Run(node, dy);
                    dx[at] = dy[0]?.SumTo(x[at].Shape);
                    return dx;
                }, Mistake.MissingFactor, $"the other factor of {told} is left out");
                if (node.Op == "divide" && at == 1) continue;
                yield return (dy =>
                {
                    var dx = LossGraph.Run(node, dy);
                    var other = new Tensor(x[1 - at]).Detach();
                    dx[at] = (node.Op == "multiply" ? dy[0] / other : dy[0] * other)?.SumTo(x[at].Shape);
                    return dx;
                }, Mistake.InvertedFactor, $"the other factor of {told} is divided by where it should be multiplied "
                    + "by, or the other way round");
            }
        }
        if (node.Op == "matmul" && Array.TrueForAll(x, static slot => slot.Shape.Rank == 2))
            foreach (var way in Products(node, told)) yield return way;
        if (node.Op == "softmax")
        {
            var p = new Tensor(y);
            const string Alone = "softmax is gone through as if every output depended on its own input alone: the sum "
                + "over the row, − p Σ dp p, is missing";
            yield return (dy => [dy[0] * p], Mistake.SoftmaxJacobian, Alone);
            yield return (dy => [dy[0] * p * (1 - p)], Mistake.SoftmaxJacobian, Alone);
            yield return (dy => [dy[0] - (dy[0]!.Value * p).Sum(-1, keepDim: true)], Mistake.MissingFactor,
                "the factor p is left out: p (dp − Σ p dp)");
            yield return (dy => [p * (dy[0]!.Value - dy[0]!.Value.Sum(-1, keepDim: true))], Mistake.MissingFactor,
                "the factor p in the sum is left out: p (dp − Σ p dp)");
            yield return (dy => [p * (dy[0]!.Value + (dy[0]!.Value * p).Sum(-1, keepDim: true))], Mistake.Sign,
                "the sum over the row has the wrong sign: p (dp − Σ p dp)");
            foreach (var way in Rows(p)) yield return way;
        }
        if (node.Op == "cross entropy")
            foreach (var way in CrossEntropy(wrong, node)) yield return way;
    }

    // The other factor as it stands, and not transposed, where its shape allows that.
    static IEnumerable<WrongWay> Products(Node node, string told)
    {
        Slot[] x = node.Inputs.ToArray();
        foreach (int at in (int[])[0, 1])
        {
            int side = x[1 - at].Shape[0];
            if (side != x[1 - at].Shape[1] || !x[at].RequiresGrad) continue;
            Slot[] turned = [.. x];
            turned[1 - at] = new Tensor(x[1 - at]).Detach().T.Slot;
            yield return (dy =>
            {
                var dx = LossGraph.Run(node, dy);
                dx[at] = LossGraph.Run(node, dy, turned, node.Outputs)[at];
                return dx;
            }, Mistake.Transposed, $"the other factor of {told} is transposed where it should not be, or the other way "
                + "round");
        }
        if (node.Outputs[0].Shape[0] != node.Outputs[0].Shape[1]) yield break;
        foreach (int at in (int[])[0, 1])
        {
            yield return (dy =>
            {
                var dx = LossGraph.Run(node, dy);
                dx[at] = LossGraph.Run(node, [dy[0]?.T])[at];
                return dx;
            }, Mistake.Transposed, $"the gradient that comes to {told} is transposed");
            // dx = dy wᵀ, and not wᵀ dy; dw = xᵀ dy, and not dy xᵀ.
            if (x[0].Shape == x[1].Shape)
                yield return (dy =>
                {
                    var dx = LossGraph.Run(node, dy);
                    var other = new Tensor(x[1 - at]).Detach().T;
                    dx[at] = at == 0 ? other.MatMul(dy[0]!.Value) : dy[0]!.Value.MatMul(other);
                    return dx;
                }, Mistake.Transposed, $"the product that goes back through {told} has its factors in the wrong order");
        }
    }

    /// <summary>Functions of one number: y = f(x), dx = dy f'(x).</summary>
    static IEnumerable<WrongWay> Functions(Node node, string told)
    {
        Tensor x = new Tensor(node.Inputs[0]).Detach(), y = new Tensor(node.Outputs[0]).Detach();
        if (node.Op == "pow")
        {
            var inverse = 1 / x;
            yield return (dy => LossGraph.Run(node, dy, [inverse.Slot], node.Outputs), Mistake.WrongExponent,
                $"the exponent in the derivative of {told} has the wrong sign");
        }
        if (LossGraph.Run(node, [Tensor.Ones(y.Shape, y.DType)])[0] is not { } derivative) yield break;
        if (node.Op == "relu")
            yield return (dy => [dy[0] * (1 - derivative)], Mistake.WrongMask,
                $"the mask of {told} is the wrong way round: the gradient passes where x is below 0");
        if (node.Op == "sigmoid")
            foreach (var (factor, left) in ((Tensor, string)[])[(y, "1 − y"), (1 - y, "y")])
                yield return (dy => [dy[0] * factor], Mistake.MissingFactor,
                    $"the factor {left} of y (1 − y), the local derivative of {told}, is left out");
        yield return (dy => [dy[0] / derivative], Mistake.InvertedFactor,
            $"the local derivative of {told} is divided by where it should be multiplied by, or the other way round");
    }

    /// <summary>A function of a difference, a − b, taken of the sum or of a alone.</summary>
    static IEnumerable<WrongWay> Differences(WrongGradient wrong, Node node, string told)
    {
        if (node.Inputs[0].Producer is not { Op: "subtract" } minus) yield break;
        Tensor a = new Tensor(minus.Inputs[0]).Detach(), b = new Tensor(minus.Inputs[1]).Detach();
        if (a.Shape != node.Inputs[0].Shape) yield break;
        string second = wrong.Called(minus.Inputs[1]) ?? "what is subtracted";
        yield return (dy => LossGraph.Run(node, dy, [(a + b).Slot], node.Outputs), Mistake.Sign,
            $"{second} has the wrong sign in the derivative of {told}");
        yield return (dy => LossGraph.Run(node, dy, [a.Slot], node.Outputs), Mistake.MissingUse,
            $"{second} is left out of the derivative of {told}");
    }

    /// <summary>The sum over the row of softmax's gradient, p (dp − Σ p dp), in wrong ways.</summary>
    static IEnumerable<WrongWay> Rows(Tensor p)
    {
        const string Right = ": p (dp − Σ p dp)";
        yield return (dy => [p * (dy[0]!.Value - (dy[0]!.Value * p).Mean(-1, keepDim: true))], Mistake.MeanForSum,
            "a mean over the row stands where the sum belongs" + Right);
        yield return (dy => [p * (dy[0]!.Value - p * dy[0]!.Value.Sum(-1, keepDim: true))], Mistake.SumOfFactor,
            "the sum over the row is taken of one factor, and not of the product" + Right);
        if (p.Rank != 2) yield break;
        yield return (dy => [p * (dy[0]!.Value - (dy[0]!.Value * p).Sum(0, keepDim: true))], Mistake.WrongAxis,
            "the sum runs over the column, and belongs over the row" + Right);
        if (p.Shape[0] == p.Shape[1])
            yield return (dy => [p * (dy[0]!.Value - (dy[0]!.Value * p).Sum(-1))], Mistake.KeepDim,
                "the axis of the sum over the row is lost (keepdim), so that sums of rows stand in columns" + Right);
    }

    /// <summary>The factor of an op that multiplies by a number; null of others.</summary>
    public static double? FactorOf(Node node) => node.Inputs.Length == 1 && node.Outputs.Length == 1
        && node.Inputs[0].Shape == node.Outputs[0].Shape && node.Inputs[0].DType == node.Outputs[0].DType
        ? Constant(node) : null;

    /// <summary>The local derivative of a function of one number, where it is the same everywhere.</summary>
    static double? Constant(Node node)
    {
        var y = new Tensor(node.Outputs[0]);
        if (node.Op == "softmax" || LossGraph.Run(node, [Tensor.Ones(y.Shape, y.DType)])[0] is not { Count: > 0 } d)
            return null;
        double one = d.Max().Item();
        return d.Min().Item() == one ? one : null;
    }

    // dz = (p − one-hot) / n, of which a half is often left out.
    static IEnumerable<WrongWay> CrossEntropy(WrongGradient wrong, Node node)
    {
        var p = new Tensor(node.Inputs[0]).Softmax();
        if (node.Inputs.Length > 1 || !wrong.Gradients.TryGetValue(node.Outputs[0], out var above)) yield break;
        if (LossGraph.Run(node, [above])[0] is not { } right || node.Outputs[0].Count * p.Shape[^1] != p.Count)
            yield break;
        var scale = above.Reshape([.. p.Shape.Span[..^1], 1]);
        var truth = ((p - right / scale) + 0.5).Floor();
        yield return (_ => [p * scale], Mistake.SoftmaxJacobian,
            "it is softmax alone: the 1 at each target is not subtracted: (softmax − one-hot) / n");
        yield return (_ => [(p + truth) * scale], Mistake.Sign,
            "the 1 at each target is added, and not subtracted: (softmax − one-hot) / n");
        yield return (_ => [(-p - truth) * scale], Mistake.Sign,
            "softmax has the wrong sign: (softmax − one-hot) / n");
        yield return (_ => [(2 * p - truth) * scale], Mistake.ExtraFactor,
            "softmax is there twice: (softmax − one-hot) / n");
        yield return (_ => [(p - 2 * truth) * scale], Mistake.ExtraFactor,
            "2 is subtracted at each target, and not 1: (softmax − one-hot) / n");
        yield return (_ => [-truth * scale], Mistake.SoftmaxJacobian,
            "it is −one-hot / n: that is the gradient of the log-probabilities, not yet gone through softmax: "
            + "(softmax − one-hot) / n");
        yield return (_ => [-truth / p * scale], Mistake.SoftmaxJacobian, "it is −one-hot / p / n: that is the "
            + "gradient of the probabilities, not yet gone through softmax: (softmax − one-hot) / n");
        yield return (_ => [(p - truth) * p * (1 - p) * scale], Mistake.SoftmaxJacobian,
            "softmax and cross-entropy are combined already in softmax − one-hot: the factor p (1 − p) is too much");
        yield return (_ => [(new Tensor(node.Inputs[0]) - truth) * scale], Mistake.SoftmaxJacobian,
            "the logits stand where their softmax belongs: (softmax − one-hot) / n");
        yield return (_ => [(p - 1) * truth * scale], Mistake.SoftmaxJacobian,
            "only the targets get a gradient: the other classes get softmax / n");
    }
}
