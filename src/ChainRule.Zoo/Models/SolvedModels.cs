using ChainRule.Classical;
using ChainRule.Data;
using ChainRule.Layers;
using ChainRule.Randomness;
using ChainRule.Zoo.Settings;
using ChainRule.Zoo.Tables;

namespace ChainRule.Zoo.Models;

/// <summary>The settings of a linear model of a table.</summary>
/// <param name="Penalty">λ, how strongly weights are pulled towards 0: of a linear regression (ridge), or of a logistic
/// regression, where scikit-learn's usual C = 1 is 1.</param>
public sealed record LinearOptions([Limits(0)] double Penalty = 1) : ModelOptions;

/// <summary>The settings of a support vector regression.</summary>
/// <param name="Vectors">The most training rows that it is fitted to: of more, a random part.</param>
/// <param name="C">What errors cost.</param>
/// <param name="Epsilon">Which errors cost nothing, in standard deviations of the target.</param>
public sealed record SvrOptions(
    [Limits(1, 20_000)] int Vectors = 4096,
    [Limits(0, AboveLeast = true)] double C = 10,
    [Limits(0)] double Epsilon = 0.1) : ModelOptions;

/// <summary>The sizes of an RBF network.</summary>
/// <param name="Centres">How many bumps there are.</param>
public sealed record RbfOptions([Limits(1, 20_000)] int Centres = 100) : ModelOptions;

/// <summary>Models of tables that are found from the training rows before the first step, wholly or in part.</summary>
static class SolvedModels
{
    const double OutputRidge = 1e-3;

    /// <summary>A line: solved at once by <see cref="Solve"/>; steps asked for go on from there.</summary>
    public static Linear CreateLinear(int columns, int outputs, RandomSource rng) => new(columns, outputs, rng);

    /// <summary>The linear or logistic regression of the training rows.</summary>
    public static void Solve(Linear layer, TableData data, LinearOptions options)
    {
        var solved = data.IsRegression ? Regression(data, options.Penalty).ToLayer()
            : Logistic(data, options.Penalty).ToLayer();
        layer.LoadStateDict(solved.StateDict(), strict: true);
    }

    /// <summary>Bumps, and a linear layer over them.</summary>
    public static Sequential CreateBumps(int centres, int columns, int outputs, RandomSource rng) =>
        new(new RadialBasis(Tensor.Randn([centres, columns], rng), Math.Sqrt(columns)),
            new Linear(centres, outputs, rng));

    /// <summary>Puts the bumps around the centres of clusters of the training rows, found by k-means++ (seeded); the
    /// width of all of them is twice the mean distance between a centre and its nearest other one. The weights of the
    /// output are solved for, and then the whole is trained.</summary>
    public static void Centre(Sequential network, TableData data)
    {
        var bumps = (RadialBasis)network[0];
        int wanted = bumps.Width.Count;
        double[] x = data.TrainInputs.To(DType.Float64).ToArray<double>();
        int columns = data.TrainInputs.Shape[1], distinct = Enumerable.Range(0, data.TrainInputs.Shape[0])
            .Select(i => string.Join(' ', x.AsSpan(i * columns, columns).ToArray())).Distinct().Count();
        int found = Math.Min(wanted, distinct);
        var centres = KMeans.Fit(data.TrainInputs, found, seed: 1).Centres.To(DType.Float32);
        float[] places = centres.ToArray<float>();
        double width = RadialBasis.Around(centres).Width.ToArray<float>()[0] * 2;
        // Where there are fewer different rows than bumps, some share a place.
        for (int c = 0; c < wanted; c++)
            places.AsSpan(c % found * columns, columns).CopyTo(bumps.Centres.Write<float>().Slice(c * columns,
                columns));
        bumps.Width.Write<float>().Fill((float)width);
        SolveOutput(bumps, (Linear)network[1], data);
    }

    /// <summary>The weights of the output: least squares of the bumps (with a small ridge, since bumps overlap), or
    /// their logistic regression. Training goes on from there, with centres and widths.</summary>
    static void SolveOutput(RadialBasis bumps, Linear output, TableData data)
    {
        using var quiet = NoGrad.Begin();
        var x = bumps.Forward(data.TrainInputs);
        var solved = data.IsRegression
            ? LinearRegression.Fit(x, data.Tensors(data.Rows.Train).Targets, OutputRidge).ToLayer()
            : LogisticRegression.Fit(x, data.Ids(data.Rows.Train).Targets, 1, data.Table.Classes.Count,
                data.ClassWeights).ToLayer();
        output.LoadStateDict(solved.StateDict(), strict: true);
    }

    /// <summary>The support vector regression of the training rows, or of a part of them.</summary>
    public static void Support(Sequential network, TableData data, SvrOptions options)
    {
        int[] rows = data.Rows.Train, order = new int[rows.Length];
        new TorchRandom(1).Permutation(order);
        int[] some = [.. order.Take(options.Vectors)];
        var (x, y) = (data.TrainInputs.Rows(some), data.Tensors(data.Rows.Train).Targets.Rows(some));
        var solved = SupportVectorRegression.Fit(x, y, Kernel.Rbf, options.C, options.Epsilon);
        var (bumps, layer) = ((RadialBasis)network[0], (Linear)network[1]);
        bumps.Centres.Write<float>().Clear();
        bumps.Width.Write<float>().Fill((float)(1 / Math.Sqrt(2 * solved.Gamma)));
        layer.Weight.Write<float>().Clear();
        layer.Bias!.Value.Write<float>()[0] = (float)solved.Intercept;
        if (solved.SupportVectors == 0) return;
        var found = (Sequential)solved.ToNetwork();
        ((RadialBasis)found[0]).Centres.ToArray<float>().CopyTo(bumps.Centres.Write<float>());
        ((Linear)found[1]).Weight.ToArray<float>().CopyTo(layer.Weight.Write<float>());
    }

    /// <summary>Puts the best weights that Rosenblatt's rule comes by into a neuron.</summary>
    public static void Learn(OneNeuron neuron, TableData data, PerceptronOptions options)
    {
        var found = Perceptron(data, options).Best;
        neuron.Sum.Weight.CopyInPlace(Tensor.From([.. found.Weights.Select(w => (float)w)],
            [1, found.Weights.Count]));
        neuron.Sum.Bias!.Value.FillInPlace((float)found.Bias);
    }

    /// <summary>Rosenblatt's rule on the training rows.</summary>
    public static PerceptronFit Perceptron(TableData data, PerceptronOptions options) => Classical.Perceptron.Fit(
        data.TrainInputs, data.Ids(data.Rows.Train).Targets, options.Passes);

    /// <summary>Why a model cannot be trained on a table: a whole sentence; null if it can.</summary>
    public static string? WhyNot(string model, TableSource table)
    {
        bool isRegression = table.Task == TableTask.Regression;
        if (model == "svr" && !isRegression)
            return "model svr: it predicts numbers, and the target is a class: take linear, mlp or rbf";
        if (!OneNeuron.Is(model)) return null;
        if (isRegression || table.Classes.Count > 2)
            return $"model {model}: it tells two classes apart, and the target '{Printable.Of(table.Target, 40)}' "
                + (isRegression ? "is a number" : $"has {table.Classes.Count} classes") + ": take linear or mlp, or a "
                + "target of two classes, such as that of --drawn moons";
        return model == "perceptron" && table.Options.ClassWeights ? "model perceptron: class weights: Rosenblatt's "
            + "rule counts all mistakes alike: leave them out, or take neuron" : null;
    }

    public static LinearRegression Regression(TableData data, double ridge) => LinearRegression.Fit(data.TrainInputs,
        data.Tensors(data.Rows.Train).Targets, ridge, dropDependent: true);

    public static LogisticRegression Logistic(TableData data, double penalty) => LogisticRegression.Fit(
        data.TrainInputs, data.Ids(data.Rows.Train).Targets, penalty, data.Table.Classes.Count, data.ClassWeights);
}
