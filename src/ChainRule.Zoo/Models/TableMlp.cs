using ChainRule.Errors;
using ChainRule.Layers;
using ChainRule.Randomness;
using ChainRule.Zoo.Settings;

namespace ChainRule.Zoo.Models;

/// <summary>The sizes of a <see cref="TableMlp"/>.</summary>
/// <param name="Hidden">Units of each hidden layer.</param>
/// <param name="Layers">How many hidden layers there are.</param>
/// <param name="Dropout">The probability with which a hidden unit is set to 0 in training.</param>
public sealed record TableMlpOptions(
    [Limits(1, ModelOptions.Largest)] int Hidden = 128,
    [Limits(1, 20)] int Layers = 2,
    [Limits(0, 1, BelowMost = true)] double Dropout = 0.1) : ModelOptions;

/// <summary>
/// A multi-layer perceptron over the columns of a table. Beside each number x, sign(x) log(1 + |x|) goes in, so that a
/// few very large numbers do not decide; GELU between the layers. A linear model is a part of it: the output is the sum
/// of a line and of what the hidden layers add.
/// </summary>
public sealed class TableMlp : Module
{
    readonly int _columns;

    /// <param name="options">Its sizes.</param>
    /// <param name="columns">How many numbers a row has.</param>
    /// <param name="outputs">How many numbers come out: classes, or 1.</param>
    /// <param name="rng">Where the first weights are drawn from.</param>
    /// <exception cref="ArgumentException">A size is outside of its limits.</exception>
    public TableMlp(TableMlpOptions options, int columns, int outputs, RandomSource rng)
    {
        options.Check("mlp");
        _columns = columns;
        List<Module> layers = [];
        for (int i = 0, inputs = 2 * columns; i < options.Layers; i++, inputs = options.Hidden)
        {
            layers.AddRange(new Linear(inputs, options.Hidden, rng), new Gelu());
            if (options.Dropout > 0) layers.Add(new Dropout(options.Dropout, rng));
        }
        Hidden = new([.. layers]);
        Head = new(options.Hidden, outputs, rng);
        Line = new(columns, outputs, rng, bias: false);
        // The first predictions are those of no knowledge: the mean, or equal probabilities.
        using var quiet = NoGrad.Begin();
        Line.Weight.FillInPlace(0);
        Head.Weight.CopyInPlace(Head.Weight * 0.1);
        Head.Bias?.FillInPlace(0);
    }

    /// <summary>The hidden layers.</summary>
    public Sequential Hidden { get; }

    /// <summary>What the hidden layers add to the line.</summary>
    public Linear Head { get; }

    /// <summary>The linear part.</summary>
    public Linear Line { get; }

    protected override Tensor Compute(Tensor x)
    {
        if (x.Rank != 2 || x.Shape[1] != _columns)
            throw new RefusedArgumentException($"TableMlp: the input is {x.Shape}: give [rows, {_columns}]", nameof(x));
        var squeezed = x.Sign() * (1 + x.Abs()).Log();
        return Head.Forward(Hidden.Forward(Tensor.Concat(1, x, squeezed))) + Line.Forward(x);
    }
}
