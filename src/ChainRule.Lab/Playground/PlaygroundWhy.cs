using System.Globalization;
using ChainRule.Explaining;
using ChainRule.Lab.Why;
using ChainRule.Training;

namespace ChainRule.Lab.Playground;

/// <summary>Says where the playground's numbers came from.</summary>
static class PlaygroundWhy
{
    // Down to the loss, through as many layers as are looked at.
    const int Depth = 12, Top = 4, Numbers = 300;

    /// <summary>
    /// The gradient of a weight in the last step, as it is shown; before the first step, in the one that comes.
    /// </summary>
    public static WhyTree Weight(Timeline line, WhyWeightRequest request)
    {
        var training = line.Training;
        var (name, w) = training.Parameters.FirstOrDefault(one => one.Key == request.Parameter);
        if (name is null)
            Throw.Argument($"playground: there is no parameter '{Printable.Of(request.Parameter)}': choose one of "
                + Printable.List([.. training.Parameters.Select(one => one.Key)]));
        if (request.Index < 0 || request.Index >= w.Count)
            Throw.Argument($"playground: {name} has {Printable.Count(w.Count, "number")}, and none is {request.Index}");
        int[] at = Places(w.Shape, request.Index);
        var options = new ExplainOptions
        {
            Depth = Depth, Top = Top, Numbers = Numbers, Model = training.Network.Model,
            Examples = Math.Min(training.Settings.BatchSize, training.TrainCount),
        };
        int step = line.Step;
        float after = w.Read<float>()[request.Index];
        // The gradient was that of the weights before the step: the training goes back to them, and comes again.
        line.GoTo(Math.Max(0, step - 1));
        try
        {
            float before = w.Read<float>()[request.Index];
            var next = training.Trainer.NextLoss();
            if (Inputs(next) is { } x) options = options with { Names = Called(x) };
            return WhyTree.Of(Explain.Gradient(next.Loss, w, at, options, name), step == 0
                ? "The gradient is that of the batch of step 1, which is not made yet."
                : Invariant($"The gradient is that of the batch of step {step:N0}. The weight was {before} before, ")
                    + Invariant($"and is {after} now: {after - before:+0.#####e+0;−0.#####e+0;0}."));
        }
        finally
        {
            line.GoTo(step);
        }
    }

    /// <summary>The output of a neuron for one of the points, by the weights as they are.</summary>
    public static WhyTree Neuron(Timeline line, WhyNeuronRequest request)
    {
        var training = line.Training;
        var (network, settings) = (training.Network, training.Settings);
        if (request.Layer < 0 || request.Layer >= network.Ends.Count)
            Throw.Argument($"playground: there is no layer {request.Layer}: give 0 to {network.Ends.Count - 1}");
        if (request.Point < 0 || request.Point >= training.Points.Count)
            Throw.Argument($"playground: there is no point {request.Point}: give 0 to {training.Points.Count - 1}");
        var point = training.Points[request.Point];
        var x = PlaneFeatures.Of(settings.Features, [(point.X1, point.X2)]);
        var y = network.Output(x, request.Layer);
        if (request.Neuron < 0 || request.Neuron >= y.Shape[^1])
            Throw.Argument($"playground: layer {request.Layer} has {Printable.Count(y.Shape[^1], "neuron")}, and none "
                + $"is {request.Neuron}");
        var options = new ExplainOptions
        {
            Depth = Depth, Top = Top, Numbers = Numbers, Model = network.Model,
            Names = Called(x),
        };
        return WhyTree.Of(Explain.Value(y, [0, request.Neuron], options, "y"),
            Invariant($"The network sees point {request.Point}, x₁ = {point.X1:G6} and x₂ = {point.X2:G6}, as in ")
                + "evaluation.");
    }

    static Tensor? Inputs(BatchLoss batch) => batch switch
    {
        BatchLoss<Tensor, Tensor> numbers => numbers.Inputs,
        BatchLoss<Tensor, Ids> classes => classes.Inputs,
        _ => null,
    };

    static Dictionary<string, Tensor> Called(Tensor x) => new() { ["x"] = x };

    static int[] Places(Shape shape, int flat)
    {
        int[] at = new int[shape.Rank];
        for (int axis = shape.Rank - 1; axis >= 0; axis--) (at[axis], flat) = (flat % shape[axis], flat / shape[axis]);
        return at;
    }

    static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
