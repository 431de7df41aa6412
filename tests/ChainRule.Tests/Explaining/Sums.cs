using ChainRule.Explaining;

namespace ChainRule.Tests.Explaining;

/// <summary>Whether the terms of explanations add up to the engine's gradients.</summary>
static class Sums
{
    /// <summary>
    /// Explains numbers of all tensors of a graph, drawn at random, also of those that stand inside ops written with simpler
    /// ones, and compares the sum of all terms with the gradient.
    /// </summary>
    public static void Check(string what, Tensor loss, int count = 200)
    {
        double allowed = loss.DType == DType.Float64 ? 1e-12 : 3e-5;
        var graph = ExplainedGraph.OfGradients(loss.Slot, new());
        var tree = new GradientTree(graph, loss.Slot, new());
        var tensors = graph.All();
        Assert.NotEmpty(tensors);
        var rng = new Random(7);
        for (int i = 0; i < count; i++)
        {
            var x = tensors[i < tensors.Count ? i : rng.Next(tensors.Count)];
            if (x.Count == 0 || x == loss.Slot) continue;
            int at = rng.Next(x.Count);
            double sum = 0, size = 0;
            foreach (var (node, input) in graph.Uses(x))
            {
                var step = tree.Step(node, input, at);
                (sum, size) = (sum + step.Sum, size + step.Magnitude);
            }
            double gradient = graph.Gradient(x, at), scale = Math.Max(size, Typical(graph, x));
            if (double.IsNaN(gradient) || double.IsInfinity(gradient)) continue;
            Assert.True(Math.Abs(sum - gradient) <= allowed * scale + double.Epsilon,
                $"{what}: dL/d{graph.Names.Of(x, at)} is {gradient}, and its terms add up to {sum}; scale {scale}");
        }
    }

    // What rounds in a sum of many numbers is as large as these are.
    static double Typical(ExplainedGraph graph, Slot x)
    {
        double sum = 0;
        for (int i = 0; i < Math.Min(x.Count, 1000); i++) sum += Math.Abs(graph.Gradient(x, i));
        return sum / Math.Min(x.Count, 1000);
    }
}
