namespace ChainRule.Onnx.Tests;

/// <summary>Numbers of two programs: equal to 1e-5 of the largest.</summary>
static class Close
{
    public static void To(Tensor expected, Tensor actual, double tolerance = 1e-5)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        double[] a = expected.Detach().To(DType.Float64).ToArray<double>(), b = actual.To(DType.Float64)
            .ToArray<double>();
        double largest = a.Length == 0 ? 0 : a.Max(Math.Abs);
        for (int i = 0; i < a.Length; i++)
            Assert.True(a[i].Equals(b[i]) || Math.Abs(a[i] - b[i]) <= tolerance * Math.Max(largest, 1e-3),
                $"number {i} of {expected.Shape}: {a[i]} here, {b[i]} there");
    }
}
