using ChainRule.Optim;

namespace ChainRule.Tests.Optim;

/// <summary>
/// What the tests of all optimisers do: make parameters, put gradients in place, follow a recording, take three steps.
/// </summary>
static class Trial
{
    public static Tensor Weight(Shape shape, DType dtype, double[] numbers) =>
        Tensor.From(numbers, shape).To(dtype).RequireGrad();

    public static void PutGrad(Tensor w, double[] g) =>
        new Tensor(w.Slot.GradToAdd()).CopyInPlace(Tensor.From(g, w.Shape).To(w.DType));

    public static double[] Numbers(Tensor x) => x.To(DType.Float64).ToArray<double>();

    /// <summary>Every recorded loss and parameter must be met on the way, and in float64 every gradient.</summary>
    public static void Follow(string name, DType dtype, Func<GoldenCase, Tensor[], Optimizer> make)
    {
        var golden = Golden.Case("optim", name);
        double near = dtype == DType.Float64 ? Close.Float64 : Close.Float32;
        var model = new Regression(golden.Inputs[0], golden.Inputs[1]);
        Tensor[] parameters = [.. golden.State.Select(p => Weight(p.Value.Shape, dtype, p.Value.Data))];
        var optimizer = make(golden, parameters);
        var steps = golden.Steps.ToDictionary(step => step.Int("step"));
        int met = 0;

        var (loss, grads) = model.At([.. parameters.Select(Numbers)]);
        for (int step = 1; step <= golden.Output.Data.Length; step++)
        {
            Close.Equal([golden.Output.Data[step - 1]], [loss], near, $"{name}, loss before step {step}");
            for (int i = 0; i < parameters.Length; i++) PutGrad(parameters[i], grads[i]);
            optimizer.Step();
            (loss, grads) = model.At([.. parameters.Select(Numbers)]);
            if (!steps.TryGetValue(step, out var recorded)) continue;
            met++;
            for (int i = 0; i < parameters.Length; i++)
            {
                string what = $"{name}, {recorded.State[i].Key} after step {step}";
                Close.Equal(recorded.State[i].Value, parameters[i].Shape.Span, Numbers(parameters[i]), near, what);
                // Near the minimum a gradient is a small difference of large numbers: float32 steps, PyTorch's
                // too, leave it off by 2e-5.
                if (dtype == DType.Float64)
                    Close.Equal(recorded.StateGrads[i].Value.Data, grads[i], near, $"gradient of {what}");
            }
        }
        Assert.Equal(5, met);
        Assert.Equal(golden.Output.Data.Length, optimizer.Steps);
    }

    /// <summary>
    /// One number that starts at 1, in both number types, and in 37 places so that whole vectors and
    /// what remains see it.
    /// </summary>
    public static void ThreeSteps(Func<Tensor[], Optimizer> make, double[] gradients, double[] expected)
    {
        foreach (var dtype in new[] { DType.Float64, DType.Float32 })
        {
            double near = dtype == DType.Float64 ? 1e-14 : 1e-6;
            var w = Weight([37], dtype, [.. Enumerable.Repeat(1.0, 37)]);
            var optimizer = make([w]);
            for (int step = 0; step < 3; step++)
            {
                PutGrad(w, [.. Enumerable.Repeat(gradients[step], 37)]);
                optimizer.Step();
                Close.Equal([.. Enumerable.Repeat(expected[step], 37)], Numbers(w), near, $"{dtype}, step {step + 1}");
            }
        }
    }

    /// <summary>The recordings of an optimiser, each in both number types.</summary>
    public static TheoryData<string, DType> Recorded(string op)
    {
        var data = new TheoryData<string, DType>();
        foreach (var golden in Golden.Cases("optim", op))
        {
            data.Add(golden.Name, DType.Float64);
            data.Add(golden.Name, DType.Float32);
        }
        return data;
    }
}
