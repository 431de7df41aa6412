namespace ChainRule.Tests.Layers;

using ChainRule.Layers;

/// <summary>
/// Layers against their recordings: state by name, then step by step outputs, every gradient, and buffers.
/// </summary>
static class GoldenLayers
{
    /// <summary>Theory data: the recorded cases of an operation, in both number types.</summary>
    public static TheoryData<string, DType> Cases(string op, string file = "layers") => Cases([op], file);

    public static TheoryData<string, DType> Cases(string[] ops, string file = "layers")
    {
        var data = new TheoryData<string, DType>();
        foreach (var golden in Golden.Cases(file, ops))
        {
            data.Add(golden.Name, DType.Float64);
            if (!golden.Float64Only) data.Add(golden.Name, DType.Float32);
        }
        return data;
    }

    /// <summary>
    /// Builds the module that a case recorded, gives it the recorded state, and goes through all steps.
    /// </summary>
    public static void Replay(string name, DType dtype, Func<GoldenCase, Module> make, string file = "layers")
    {
        var golden = Golden.Case(file, name);
        var module = make(golden);
        Load(golden, module, dtype);

        Assert.NotEmpty(golden.Steps);
        for (int k = 0; k < golden.Steps.Count; k++)
            Replay(module, golden.Steps[k], dtype, $"{name}, {dtype}, step {k}");
    }

    /// <summary>Gives a module the recorded state, whose names must be the module's own.</summary>
    public static void Load(GoldenCase golden, Module module, DType dtype)
    {
        module.To(dtype);
        Assert.Equal(golden.State.Select(one => one.Key), module.StateDict().Keys);
        module.LoadStateDict(golden.State.Select(one => KeyValuePair.Create(one.Key, Make(one.Value, dtype))));
    }

    /// <summary>Goes back from the recorded upstream, and compares the gradients of inputs and parameters.</summary>
    public static void Backward(Module module, GoldenCase step, Tensor[] x, Tensor y, string what)
    {
        y.Backward(Make(step.Upstream!, y.DType));
        Equal(step.Output, y, $"{what}: output");
        foreach (var (given, grad) in x.Zip(step.Grads)) Equal(grad!, given.Grad, $"{what}: gradient of the input");
        var parameters = module.NamedParameters();
        Assert.Equal(step.StateGrads.Select(one => one.Key), parameters.Select(one => one.Key));
        foreach (var ((_, w), (name, grad)) in parameters.Zip(step.StateGrads))
            Equal(grad, w.Grad, $"{what}: gradient of {name}");
    }

    public static Tensor Make(GoldenTensor x, DType dtype) => Tensor.From(x.Data, x.Shape).To(dtype);

    public static void Equal(GoldenTensor expected, Tensor actual, string what) =>
        Close.Equal(expected, actual.Shape.Span, actual.To(DType.Float64).Read<double>(),
            actual.DType == DType.Float32 ? Close.Float32 : Close.Float64, what);

    static void Replay(Module module, GoldenCase step, DType dtype, string what)
    {
        if (step.Flag("training")) module.Train();
        else module.Eval();
        module.ZeroGrad();

        Tensor[] x = [.. step.Inputs.Select(one => Make(one, dtype).RequireGrad())];
        var y = x.Length == 1 ? module.Forward(x[0]) : module.Forward(Ids.From(step.Ids!.Data, step.Ids.Shape));
        if (step.Targets is { } targets) y = y.CrossEntropy(Ids.From(targets.Data, targets.Shape));
        Backward(module, step, x, y, what);
        var buffers = module.NamedBuffers();
        Assert.Equal(step.State.Select(one => one.Key), buffers.Select(one => one.Key));
        foreach (var ((_, b), (name, after)) in buffers.Zip(step.State))
            Equal(after, b, $"{what}: {name} after the step");
    }
}
