namespace ChainRule.Derivations;

/// <summary>Looks for sums over axes, transposes and kept axes that went wrong.</summary>
static class GradientShapes
{
    /// <summary>Of a gradient of another shape.</summary>
    public static NamedMistake? Find(WrongGradient wrong)
    {
        var (mine, right) = (wrong.Mine, wrong.Right);
        string shapes = $"its shape is {mine.Shape}, and that of the tensor is {right.Shape}";
        if (mine.Count == right.Count)
        {
            if (Squeezed(mine.Shape).SequenceEqual(Squeezed(right.Shape)))
            {
                if (wrong.IsRight(mine.Reshape(right.Shape.Span)))
                    return new(Mistake.KeepDim, $"the numbers are right, but {shapes}: an axis of size 1 is "
                        + $"{(mine.Rank > right.Rank ? "kept" : "lost")} (keepdim)");
            }
            else if (mine.Rank == 2 && right.Rank == 2 && wrong.IsRight(mine.T))
                return new(Mistake.Transposed, $"it is the transpose of the gradient: {shapes}");
            else if (wrong.IsRight(mine.Reshape(right.Shape.Span)))
                return new(Mistake.KeepDim, $"the numbers are right, but {shapes}: reshape it");
        }
        if (Reaches(right.Shape, mine.Shape) && wrong.IsRight(Down(mine, right.Shape)))
            return new(Mistake.MissingSum, $"{shapes}: a tensor that was broadcast goes into many numbers, and its "
                + $"gradient is the sum over them: add .sum({Axes(right.Shape, mine.Shape)})");
        // One of several uses is not summed, and the sums of the others are broadcast to it.
        foreach (var whole in Unsummed(wrong))
            if (Reaches(right.Shape, whole.Shape) && wrong.IsMine(right - Down(whole, right.Shape) + whole))
                return new(Mistake.MissingSum, $"{shapes}: the gradient through one of several uses is not summed: add "
                    + $".sum({Axes(right.Shape, whole.Shape)}) to it");
        if (Reaches(mine.Shape, right.Shape) && wrong.IsRight(mine.Expand(right.Shape)))
            return new(Mistake.MissingBroadcast, $"{shapes}: a sum hands its gradient to each number that it added, so "
                + "it is copied to all of them: multiply by ones_like");
        for (int axis = 0; axis < right.Rank; axis++)
            foreach (bool keep in (bool[])[false, true])
                if (wrong.IsMine(right.Sum(axis, keep))
                    || right.Shape[axis] > 1 && wrong.IsMine(right.Mean(axis, keep)))
                    return new(Mistake.ExtraSum, $"{shapes}: it is summed over axis {axis}, which the gradient keeps");
        foreach (var whole in Unsummed(wrong))
            for (int axis = 0; axis < whole.Rank; axis++)
                foreach (bool keep in (bool[])[false, true])
                    if (wrong.IsMine(whole.Sum(axis, keep)))
                        return new(Mistake.WrongAxis, $"{shapes}: it is summed over axis {axis}, which is not the one "
                            + "that was broadcast");
        foreach (var (node, input) in wrong.Graph.Uses(wrong.X))
        {
            if (node.Op == "matmul" && Turned(wrong, node, input) is { } turned && wrong.IsMine(turned))
                return new(Mistake.Transposed, $"{shapes}: the product that goes back through {wrong.Told(node)} has "
                    + "its factors in the wrong order");
            if (node.Op != "multiply" || !wrong.Gradients.TryGetValue(node.Outputs[0], out var dy)) continue;
            var other = new Tensor(node.Inputs[1 - input]).Detach().To(DType.Float64);
            for (int axis = 0; axis < dy.Rank; axis++)
                if (wrong.IsMine(other * dy.To(DType.Float64).Sum(axis, keepDim: true)))
                    return new(Mistake.SumOfFactor, $"{shapes}: the sum over axis {axis} is taken of one factor: "
                        + "sum the product");
        }
        return null;
    }

    /// <summary>Of a gradient of the right shape.</summary>
    public static NamedMistake? Square(WrongGradient wrong)
    {
        var (mine, right) = (wrong.Mine, wrong.Right);
        if (right.Rank >= 2 && right.Shape[^1] == right.Shape[^2] && right.Shape[^1] > 1
            && wrong.IsRight(mine.Transpose(-2, -1)))
            return new(Mistake.Transposed, "it is the transpose of the gradient");
        foreach (var whole in Unsummed(wrong))
            for (int axis = 0; axis < whole.Rank; axis++)
                foreach (bool keep in (bool[])[false, true])
                    if (wrong.IsMine(whole.Sum(axis, keep)))
                        return new(Mistake.WrongAxis,
                            $"it is summed over axis {axis}, which is not the one that was broadcast");
        return null;
    }

    // Of y = x w: wᵀ dy for dx = dy wᵀ, and dy xᵀ for dw = xᵀ dy, where their shapes allow it.
    static Tensor? Turned(WrongGradient wrong, Node node, int input)
    {
        if (!wrong.Gradients.TryGetValue(node.Outputs[0], out var dy)) return null;
        var other = new Tensor(node.Inputs[1 - input]).Detach();
        if (dy.Rank != 2 || other.Rank != 2) return null;
        var (first, second) = input == 0 ? (other.T, dy) : (dy, other.T);
        return first.Shape[1] == second.Shape[0] ? first.MatMul(second).To(DType.Float64) : null;
    }

    /// <summary>The gradient through each use of a tensor that was broadcast, before it is summed.</summary>
    static IEnumerable<Tensor> Unsummed(WrongGradient wrong)
    {
        var x = wrong.X;
        foreach (var (node, input) in wrong.Graph.Uses(x))
        {
            var y = node.Outputs[0];
            if (node.Outputs.Length > 1 || y.Count == x.Count || !wrong.Gradients.TryGetValue(y, out var dy)) continue;
            if (IsZip(node) && Reaches(x.Shape, y.Shape))
            {
                Slot[] inputs = node.Inputs.ToArray();
                inputs[input] = new Tensor(x).Detach().Expand(y.Shape).Slot;
                if (LossGraph.Run(node, [dy], inputs, node.Outputs)[input] is { } whole)
                    yield return whole.To(DType.Float64);
            }
            else if (Reaches(x.Shape, y.Shape)) yield return dy.To(DType.Float64);
        }
    }

    static bool IsZip(Node node) => node.GetType().GenericTypeArguments is [{ IsGenericType: true } op]
        && op.GetGenericTypeDefinition() == typeof(Zip<>);

    static IEnumerable<int> Squeezed(Shape shape) => shape.Span.ToArray().Where(size => size != 1);

    /// <summary>Whether a shape broadcasts to another.</summary>
    public static bool Reaches(Shape from, Shape to)
    {
        if (from.Rank > to.Rank) return false;
        for (int i = 1; i <= from.Rank; i++) if (from[^i] != to[^i] && from[^i] != 1) return false;
        return true;
    }

    static Tensor Down(Tensor x, Shape to)
    {
        while (x.Rank > to.Rank) x = x.Sum(0);
        for (int axis = 0; axis < to.Rank; axis++)
            if (to[axis] == 1 && x.Shape[axis] != 1) x = x.Sum(axis, keepDim: true);
        return x;
    }

    static string Axes(Shape from, Shape to)
    {
        int more = to.Rank - from.Rank;
        int[] axes = [.. Enumerable.Range(0, to.Rank).Where(a => a < more || from[a - more] == 1 && to[a] != 1)];
        string list = axes.Length == 1 ? $"{axes[0]}" : $"({string.Join(", ", axes)})";
        return more == 0 ? $"{list}, keepdim=True" : list;
    }
}
