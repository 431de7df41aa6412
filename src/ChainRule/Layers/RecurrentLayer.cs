using System.Globalization;
using ChainRule.Randomness;

namespace ChainRule.Layers;

/// <summary>The parameters of one layer of a recurrent network in one direction.</summary>
/// <param name="InputWeight">W, [gates · hiddenSize, inputs]: <c>weight_ih_l0</c>.</param>
/// <param name="HiddenWeight">W′, [gates · hiddenSize, hiddenSize]: <c>weight_hh_l0</c>.</param>
/// <param name="InputBias">b, [gates · hiddenSize]: <c>bias_ih_l0</c>; null without biases.</param>
/// <param name="HiddenBias">b′, [gates · hiddenSize]: <c>bias_hh_l0</c>; null without biases.</param>
public readonly record struct RecurrentWeights(Tensor InputWeight, Tensor HiddenWeight, Tensor? InputBias, Tensor? HiddenBias);

/// <summary>What an <see cref="Rnn"/>, a <see cref="Gru"/> or an <see cref="Lstm"/> can be told beside its sizes.</summary>
public sealed record RecurrentOptions
{
    /// <summary>How many layers stand on one another.</summary>
    public int Layers { get; init; } = 1;

    /// <summary>Whether each layer also goes from the last step to the first; its results stand beside the others.</summary>
    public bool Bidirectional { get; init; }

    /// <summary>The probability that a number between two layers is dropped in training.</summary>
    public double Dropout { get; init; }

    /// <summary>Whether b and b′ are there.</summary>
    public bool Bias { get; init; } = true;
}

/// <summary>
/// What <see cref="Rnn"/>, <see cref="Gru"/> and <see cref="Lstm"/> share: layers on one another, each in one direction or in both, over whole sequences,
/// [batch, steps, inputSize] → [batch, steps, directions · hiddenSize]. In both directions, the results of the forward direction come first, and those of
/// the backward direction beside them. New weights and biases are uniform within ±1/√hiddenSize, draw for draw and name for name as in PyTorch, with
/// batch_first.
/// </summary>
public abstract class RecurrentLayer : Module
{
    // More of them are a mistake, which would fill the memory before it shows.
    const int MostLayers = 1000;

    readonly int _inputSize, _hiddenSize, _directions;
    readonly RecurrentOptions _options;
    readonly Tensor[] _parameters;

    private protected RecurrentLayer(int gates, int inputSize, int hiddenSize, TorchRandom rng, RecurrentOptions? options)
    {
        _options = options ?? new();
        (_inputSize, _hiddenSize, _directions) = (inputSize, hiddenSize, Bidirectional ? 2 : 1);
        _parameters = [];
        var (layers, dropout) = (Layers, _options.Dropout);
        Throw.IfNull(rng, Describe());
        if (inputSize < 1 || hiddenSize < 1) Throw.Argument($"{Describe()}: sizes must be 1 or more", inputSize < 1 ? nameof(inputSize) : nameof(hiddenSize));
        if (layers is < 1 or > MostLayers) Throw.Argument($"{Describe()}: {layers} layers: give 1 to {MostLayers}", nameof(options));
        if (dropout != 0 && layers == 1) Throw.Argument($"{Describe()}: dropout works between layers, and there is one: give 2 layers or more, or no dropout", nameof(options));
        if (dropout != 0) Dropout = new(dropout, rng);
        int rows = gates * hiddenSize;
        _parameters =
        [
            .. from layer in Enumerable.Range(0, layers)
               from direction in Enumerable.Range(0, _directions)
               let inputs = layer == 0 ? inputSize : _directions * hiddenSize
               from shape in _options.Bias ? new Shape[] { [rows, inputs], [rows, hiddenSize], [rows], [rows] } : [[rows, inputs], [rows, hiddenSize]]
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

    /// <summary>The parameters layer by layer; of a bidirectional one the forward direction first, then the backward direction.</summary>
    public IReadOnlyList<RecurrentWeights> Weights => [.. Enumerable.Range(0, Layers * _directions).Select(Of)];

    int PerCell => _options.Bias ? 4 : 2;

    /// <summary>One layer in one direction, over a batch of sequences.</summary>
    /// <param name="x">[batch, steps, inputs].</param>
    /// <param name="weights">Its parameters.</param>
    /// <param name="initial">The state before the first step, one tensor or two, each [batch, hiddenSize]; zeros if empty.</param>
    /// <param name="final">Takes the state after the last step, if not empty.</param>
    private protected abstract Tensor Cell(Tensor x, RecurrentWeights weights, ReadOnlySpan<Tensor> initial, Span<Tensor> final);

    /// <summary>All layers. States are [layers · directions, batch, hiddenSize]; zeros if empty.</summary>
    private protected Tensor Run(Tensor x, ReadOnlySpan<Tensor> initial, Span<Tensor> final)
    {
        CheckLastAxis(x, _inputSize);
        foreach (var state in initial) CheckState(x, state);
        Tensor[][] ends = [.. Enumerable.Range(0, final.Length).Select(_ => new Tensor[Layers * _directions])];
        Span<Tensor> begin = new Tensor[initial.Length], end = new Tensor[final.Length];
        for (int layer = 0; layer < Layers; layer++)
        {
            Tensor input = x, forward = default;
            for (int direction = 0; direction < _directions; direction++)
            {
                int at = layer * _directions + direction;
                for (int i = 0; i < begin.Length; i++) begin[i] = initial[i].Select(0, at);
                var y = Cell(direction == 0 ? input : input.Flip(1), Of(at), begin, end);
                for (int i = 0; i < end.Length; i++) ends[i][at] = end[i];
                (x, forward) = direction == 0 ? (y, y) : (Tensor.Concat(2, forward, y.Flip(1)), forward);
            }
            // torch draws its masks step by step: [steps, batch, …].
            if (layer < Layers - 1 && Training && Dropout is { } dropout) x = dropout.Forward(x.Transpose(0, 1)).Transpose(0, 1);
        }
        for (int i = 0; i < final.Length; i++) final[i] = Tensor.Stack(0, ends[i]);
        return x;
    }

    protected override Tensor Compute(Tensor x)
    {
        if (Layers > 1 || Bidirectional) return Run(x, [], []);
        CheckLastAxis(x, _inputSize);
        return Cell(x, Of(0), [], []);
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
        return new(own[0], own[1], _options.Bias ? own[2] : null, _options.Bias ? own[3] : null);
    }

    string Name(int cell, int part) =>
        $"{(part < 2 ? "weight" : "bias")}_{(part % 2 == 0 ? "ih" : "hh")}_l{cell / _directions}{(cell % _directions == 1 ? "_reverse" : "")}";

    void CheckState(Tensor x, Tensor state)
    {
        if (x.Rank == 3 && state.Shape != [Layers * _directions, x.Shape[0], _hiddenSize])
            Throw.Argument($"{Describe()}: the state to begin from is {state.Shape}: give [layers · directions, batch, hiddenSize], "
                         + $"[{Layers * _directions}, {x.Shape[0]}, {_hiddenSize}]", "initial");
    }

    protected internal override string Describe() => string.Create(CultureInfo.InvariantCulture,
        $"{GetType().Name}({_inputSize}, {_hiddenSize}{(Layers == 1 ? "" : $", layers: {Layers}")}{(Bidirectional ? ", bidirectional: true" : "")}")
      + string.Create(CultureInfo.InvariantCulture, $"{(_options.Dropout == 0 ? "" : $", dropout: {_options.Dropout}")}{(_options.Bias ? "" : ", bias: false")})");
}
