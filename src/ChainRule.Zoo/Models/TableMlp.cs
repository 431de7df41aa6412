using ChainRule.Errors;
using ChainRule.Layers;
using ChainRule.Randomness;
using ChainRule.Zoo.Settings;

namespace ChainRule.Zoo.Models;

/// <summary>The sizes of a <see cref="TableMlp"/>.</summary>
/// <param name="Hidden">Units of each hidden layer.</param>
/// <param name="Layers">How many hidden layers there are.</param>
/// <param name="Dropout">The probability with which a hidden unit is set to 0 in training.</param>
/// <param name="Members">How many networks are trained side by side, of which the mean is taken; if null, 6, and fewer
/// of a wide table, where they would have more than a million weights.</param>
/// <param name="Frequencies">How many sines and cosines of each number go in beside it; if null, 8 where a table has
/// 10,000 rows to train on, and none where it has fewer, which cannot tell fine waves from noise.</param>
/// <param name="Scale">The standard deviation of the first frequencies, in radians a standard deviation of the
/// number; of fewer than 10,000 training rows a part of it.</param>
public sealed record TableMlpOptions(
    [Limits(1, ModelOptions.Largest)] int Hidden = 64,
    [Limits(1, 20)] int Layers = 2,
    [Limits(0, 1, BelowMost = true)] double Dropout = 0.1,
    [Limits(1, 64)] int? Members = null,
    [Limits(0, 64)] int? Frequencies = null,
    [Limits(0, AboveLeast = true)] double Scale = 4) : ModelOptions
{
    internal const int WavesOfMany = 8, ManyRows = 10_000, UsualMembers = 6, ManyWeights = 1 << 20;

    /// <summary>With everything said that was left to the number of rows, and of the numbers in each.</summary>
    internal TableMlpOptions For(int rows, int columns)
    {
        int waves = Frequencies ?? (rows < ManyRows ? 0 : WavesOfMany);
        long weights = (long)columns * (2 + 2 * waves) * Hidden;
        return this with
        {
            Frequencies = waves,
            Members = Members ?? (int)Math.Clamp(ManyWeights / Math.Max(1, weights), 1, UsualMembers),
        };
    }
}

/// <summary>
/// A multi-layer perceptron over the columns of a table, or the mean of several. Into each goes every number x; beside
/// it sign(x) log(1 + |x|), so that a few very large numbers do not decide; and sin and cos of x times learned
/// frequencies, so that it can tell places that lie close together. GELU between the layers. A linear model is a part
/// of it: the output is the sum of a line and of what the hidden layers add.
/// </summary>
/// <remarks>Periodic features: Gorishniy, Rubachev and Babenko, "On embeddings for numerical features in tabular deep
/// learning", 2022. Means of networks that are trained side by side: Lakshminarayanan, Pritzel and Blundell,
/// 2017.</remarks>
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
        Members = [.. Enumerable.Range(0, options.Members ?? TableMlpOptions.UsualMembers)
            .Select(_ => new Member(options, columns, outputs, rng))];
    }

    /// <summary>The networks.</summary>
    public IReadOnlyList<Module> Members { get; }

    /// <summary>[rows, columns] → [rows, outputs], the mean of all members; while it trains, that of each of them, one
    /// under the other, [members · rows, outputs], so that each learns from its own error.</summary>
    protected override Tensor Compute(Tensor x)
    {
        if (x.Rank != 2 || x.Shape[1] != _columns)
            throw new RefusedArgumentException($"TableMlp: the input is {x.Shape}: give [rows, {_columns}]", nameof(x));
        Tensor[] outputs = [.. Members.Select(member => member.Forward(x))];
        if (Training) return outputs.Length == 1 ? outputs[0] : Tensor.Concat(0, outputs);
        var sum = outputs[0];
        for (int i = 1; i < outputs.Length; i++) sum += outputs[i];
        return sum / outputs.Length;
    }

    sealed class Member : Module
    {
        readonly Sequential _hidden;
        readonly Linear _head, _line;
        readonly Tensor? _frequencies;

        public Member(TableMlpOptions options, int columns, int outputs, RandomSource rng)
        {
            int waves = options.Frequencies ?? TableMlpOptions.WavesOfMany;
            if (waves > 0) _frequencies = Parameter(Tensor.Randn([columns, waves], rng) * options.Scale);
            List<Module> layers = [];
            for (int i = 0, inputs = columns * (2 + 2 * waves); i < options.Layers;
                i++, inputs = options.Hidden)
            {
                layers.AddRange(new Linear(inputs, options.Hidden, rng), new Gelu());
                if (options.Dropout > 0) layers.Add(new Dropout(options.Dropout, rng));
            }
            _hidden = new([.. layers]);
            _head = new(options.Hidden, outputs, rng);
            _line = new(columns, outputs, rng, bias: false);
            // The first predictions are those of no knowledge: the mean, or equal probabilities.
            using var quiet = NoGrad.Begin();
            _line.Weight.FillInPlace(0);
            _head.Weight.CopyInPlace(_head.Weight * 0.1);
            _head.Bias?.FillInPlace(0);
        }

        protected override Tensor Compute(Tensor x)
        {
            var squeezed = x.Sign() * (1 + x.Abs()).Log();
            if (_frequencies is not { } frequencies)
                return _head.Forward(_hidden.Forward(Tensor.Concat(1, x, squeezed))) + _line.Forward(x);
            var angles = (x.Reshape([x.Shape[0], x.Shape[1], 1]) * frequencies)
                .Reshape([x.Shape[0], frequencies.Count]);
            var inputs = Tensor.Concat(1, x, squeezed, angles.Sin(), angles.Cos());
            return _head.Forward(_hidden.Forward(inputs)) + _line.Forward(x);
        }
    }
}
