using System.Globalization;
using ChainRule.Randomness;

namespace ChainRule.Layers;

/// <summary>The parameters of one layer of a recurrent network in one direction.</summary>
/// <param name="InputWeight">W, [gates · hiddenSize, inputs]: <c>weight_ih_l0</c>.</param>
/// <param name="HiddenWeight">W′, [gates · hiddenSize, hiddenSize]: <c>weight_hh_l0</c>.</param>
/// <param name="InputBias">b, [gates · hiddenSize]: <c>bias_ih_l0</c>; null without biases.</param>
/// <param name="HiddenBias">b′, [gates · hiddenSize]: <c>bias_hh_l0</c>; null without biases.</param>
/// <param name="ProjectionWeight">[projSize, hiddenSize]: <c>weight_hr_l0</c>; null without a projection.</param>
public readonly record struct RecurrentWeights(
    Tensor InputWeight, Tensor HiddenWeight, Tensor? InputBias, Tensor? HiddenBias, Tensor? ProjectionWeight = null);

/// <summary>
/// What an <see cref="Rnn"/>, a <see cref="Gru"/> or an <see cref="Lstm"/> can be told beside its sizes.
/// </summary>
public sealed record RecurrentOptions
{
    /// <summary>How many layers stand on one another.</summary>
    public int Layers { get; init; } = 1;

    /// <summary>
    /// Whether each layer also goes from the last step to the first; its results stand beside the others.
    /// </summary>
    public bool Bidirectional { get; init; }

    /// <summary>The probability that a number between two layers is dropped in training.</summary>
    public double Dropout { get; init; }

    /// <summary>Whether b and b′ are there.</summary>
    public bool Bias { get; init; } = true;
}

/// <summary>
/// What <see cref="Rnn"/>, <see cref="Gru"/> and <see cref="Lstm"/> share: layers on one another, each in one
/// direction or in both, over whole sequences, [batch, steps, inputSize] → [batch, steps,
/// directions · hiddenSize]. In both directions, the results of the forward direction come first, and those of the
/// backward direction beside them. New weights and biases are uniform within ±1/√hiddenSize, draw for draw and
/// name for name as in PyTorch, with batch_first.
/// </summary>
public abstract class RecurrentLayer : Module
{
    // More of them are a mistake, which would fill the memory before it shows.
    const int MostLayers = 1000;

    readonly int _inputSize, _hiddenSize, _directions;
    readonly int? _projSize;
    readonly RecurrentOptions _options;
    readonly Tensor[] _parameters;

    private protected RecurrentLayer(int gates, int inputSize, int hiddenSize, RandomSource rng,
        RecurrentOptions? options, int? projSize = null)
    {
        (_options, _projSize) = (options ?? new(), projSize);
        (_inputSize, _hiddenSize, _directions) = (inputSize, hiddenSize, Bidirectional ? 2 : 1);
        _parameters = [];
        var (layers, dropout) = (Layers, _options.Dropout);
        Throw.IfNull(rng, Describe());
        if (inputSize < 1 || hiddenSize < 1)
            Throw.Argument($"{Describe()}: sizes must be 1 or more",
                inputSize < 1 ? nameof(inputSize) : nameof(hiddenSize));
        if (projSize is { } size && (size < 1 || size >= hiddenSize))
            Throw.Argument($"{Describe()}: a projection to {size} numbers: give 1 to {hiddenSize - 1}, fewer than are "
                + "remembered", nameof(projSize));
        if (layers is < 1 or > MostLayers)
            Throw.Argument($"{Describe()}: {layers} layers: give 1 to {MostLayers}", nameof(options));
        if (dropout != 0 && layers == 1)
            Throw.Argument($"{Describe()}: dropout works between layers, and there is one: give 2 layers or more, or "
                + "no dropout", nameof(options));
        if (dropout != 0) Dropout = new(dropout, rng);
        int rows = gates * hiddenSize;
        _parameters =
        [
            .. from layer in Enumerable.Range(0, layers)
               from direction in Enumerable.Range(0, _directions)
               from shape in Shapes(rows, layer == 0 ? inputSize : _directions * StateSize)
               select Parameter(shape),
        ];
        double bound = 1 / Math.Sqrt(hiddenSize);
        foreach (var w in _parameters) Init.Uniform(w, -bound, bound, rng);
    }

    /// <summary>How many layers stand on one another.</summary>
    public int Layers => _options.Layers;

    /// <summary>Whether each layer also goes from the last step to the first.</summary>
    public bool Bidirectional => _options.Bidirectional;

    /// <summary>What drops numbers between layers in training; null if nothing does.</summary>
    public Dropout? Dropout { get; }

    /// <summary>
    /// The parameters layer by layer; of a bidirectional one the forward direction first, then the backward direction.
    /// </summary>
    public IReadOnlyList<RecurrentWeights> Weights => [.. Enumerable.Range(0, Layers * _directions).Select(Of)];

    /// <summary>How wide h is.</summary>
    int StateSize => _projSize ?? _hiddenSize;

    int PerCell => (_options.Bias ? 4 : 2) + (_projSize is null ? 0 : 1);

    IEnumerable<Shape> Shapes(int rows, int inputs)
    {
        yield return [rows, inputs];
        yield return [rows, StateSize];
        for (int i = 0; i < 2 && _options.Bias; i++) yield return [rows];
        if (_projSize is { } size) yield return [size, _hiddenSize];
    }

    /// <summary>
    /// Sequences of different lengths in one batch. The steps behind the last of a sequence are not read, and the
    /// results are 0 there; in the backward direction each sequence begins at its own last step. Every sequence
    /// comes out as it would alone.
    /// </summary>
    /// <param name="x">[batch, steps, inputSize].</param>
    /// <param name="lengths">How many steps each sequence has, [batch]: 1 or more.</param>
    public Tensor Forward(Tensor x, Ids lengths)
    {
        Throw.IfNull(lengths, Describe());
        return Seen(Run(x, [], [], lengths));
    }

    /// <summary>One layer in one direction, over a batch of sequences.</summary>
    /// <param name="x">[batch, steps, inputs].</param>
    /// <param name="weights">Its parameters.</param>
    /// <param name="initial">The state before the first step, one tensor or two, each [batch,
    /// hiddenSize]; zeros if empty.</param>
    /// <param name="final">Takes the state after the last step of each sequence, if not empty.</param>
    /// <param name="lengths">How many steps each sequence has; all if null.</param>
    private protected abstract Tensor Cell(Tensor x, RecurrentWeights weights, ReadOnlySpan<Tensor> initial,
        Span<Tensor> final, Ids? lengths);

    /// <summary>All layers. States are [layers · directions, batch, hiddenSize]; zeros if empty.</summary>
    private protected Tensor Run(Tensor x, ReadOnlySpan<Tensor> initial, Span<Tensor> final, Ids? lengths)
    {
        CheckLastAxis(x, _inputSize);
        for (int i = 0; i < initial.Length; i++) CheckState(x, initial[i], i == 0 ? StateSize : _hiddenSize);
        Tensor[][] ends = [.. Enumerable.Range(0, final.Length).Select(_ => new Tensor[Layers * _directions])];
        Span<Tensor> begin = new Tensor[initial.Length], end = new Tensor[final.Length];
        for (int layer = 0; layer < Layers; layer++)
        {
            Tensor input = x, forward = default;
            for (int direction = 0; direction < _directions; direction++)
            {
                int at = layer * _directions + direction;
                for (int i = 0; i < begin.Length; i++) begin[i] = initial[i].Select(0, at);
                var y = Cell(direction == 0 ? input : input.Reversed(lengths), Of(at), begin, end, lengths);
                for (int i = 0; i < end.Length; i++) ends[i][at] = end[i];
                (x, forward) = direction == 0 ? (y, y) : (Tensor.Concat(2, forward, y.Reversed(lengths)), forward);
            }
            // torch draws its masks step by step: [steps, batch, …].
            if (layer < Layers - 1 && Training && Dropout is { } dropout)
                x = dropout.Forward(x.Transpose(0, 1)).Transpose(0, 1);
        }
        for (int i = 0; i < final.Length; i++) final[i] = Tensor.Stack(0, ends[i]);
        return x;
    }

    protected override Tensor Compute(Tensor x)
    {
        if (Layers > 1 || Bidirectional) return Run(x, [], [], null);
        CheckLastAxis(x, _inputSize);
        return Cell(x, Of(0), [], [], null);
    }

    private protected override IEnumerable<KeyValuePair<string, Tensor>> OwnState() =>
        _parameters.Select((w, i) => KeyValuePair.Create(Name(i / PerCell, i % PerCell), w));

    /// <summary>Biases, zeros if there are none.</summary>
    private protected static (Tensor Input, Tensor Hidden) Biases(RecurrentWeights w) =>
        w is { InputBias: { } input, HiddenBias: { } hidden } ? (input, hidden) : (None(w), None(w));

    static Tensor None(RecurrentWeights w) => Tensor.Zeros([w.InputWeight.Shape[0]], w.InputWeight.DType);

    RecurrentWeights Of(int cell)
    {
        var own = _parameters.AsSpan(cell * PerCell, PerCell);
        return new(own[0], own[1], _options.Bias ? own[2] : null, _options.Bias ? own[3] : null,
            _projSize is null ? null : own[^1]);
    }

    string Name(int cell, int part)
    {
        string where = $"l{cell / _directions}{(cell % _directions == 1 ? "_reverse" : "")}";
        return _projSize is not null && part == PerCell - 1 ? $"weight_hr_{where}"
            : $"{(part < 2 ? "weight" : "bias")}_{(part % 2 == 0 ? "ih" : "hh")}_{where}";
    }

    void CheckState(Tensor x, Tensor state, int size)
    {
        if (x.Rank == 3 && state.Shape != [Layers * _directions, x.Shape[0], size])
            Throw.Argument($"{Describe()}: the state to begin from is {state.Shape}: give [layers · directions, batch, "
                + $"{(size == _hiddenSize ? "hiddenSize" : "projSize")}], [{Layers * _directions}, {x.Shape[0]}, "
                + $"{size}]", "initial");
    }

    protected internal override string Describe() => string.Create(CultureInfo.InvariantCulture,
        $"{GetType().Name}({_inputSize}, "
            + $"{_hiddenSize}{(Layers == 1 ? "" : $", layers: {Layers}")}"
            + $"{(Bidirectional ? ", bidirectional: true" : "")}")
      + string.Create(CultureInfo.InvariantCulture, $"{(_options.Dropout == 0 ? "" : $", dropout: {_options.Dropout}")}"
          + $"{(_options.Bias ? "" : ", bias: false")})");
}
