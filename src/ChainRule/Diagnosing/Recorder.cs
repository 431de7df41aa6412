using ChainRule.Diagnostics;
using ChainRule.Layers;

namespace ChainRule.Diagnosing;

/// <summary>Looks over forward passes: what activation functions gave, and what the loss was given.</summary>
sealed class Recorder : Watch, IDisposable
{
    readonly Watch? _outer = Current;
    readonly IDisposable _observation;
    readonly List<Unit> _units = [];
    readonly Dictionary<string, LayerEvidence> _layers = [];
    string _last = "";
    int _at;

    public Recorder(Module model)
    {
        _observation = model.Observe(Saw);
        Current = this;
    }

    /// <summary>The last loss op, its input, and how many classes it has.</summary>
    public string LossOp { get; private set; } = "";

    public int Classes { get; private set; }

    public bool OfProbabilities { get; private set; }

    public bool OfNoLogarithms { get; private set; }

    /// <summary>The mean of what the last op of a loss gave, that of squares and magnitudes too; null if none was.
    /// </summary>
    public double? PlainLoss { get; private set; }

    /// <summary>Shapes of which an op of the loss made a table of all pairs.</summary>
    public string? Broadcast { get; private set; }

    /// <summary>Whether the loss is being computed, and not the output.</summary>
    public bool InLoss { get; set; }

    /// <summary>Whether a first backward pass of a step met gradients.</summary>
    public bool MetGradients { get; private set; }

    /// <summary>What must have no gradient where a backward pass begins.</summary>
    public IReadOnlyList<Tensor> Cleared { get; init; } = [];

    public bool InBackward { get; set; }

    public IReadOnlyList<LayerEvidence> Layers => [.. _layers.Values];

    public IReadOnlyList<ActivationEvidence> Activations => [.. _units.Select(unit => unit.Evidence)];

    /// <summary>A new forward pass of the same ops.</summary>
    public void Again() => (_at, _last, PlainLoss) = (0, "", null);

    public void Dispose()
    {
        Current = _outer;
        _observation.Dispose();
    }

    public override void AfterForward(string op, ReadOnlySpan<Slot> inputs, double placed, Slot output)
    {
        if (InLoss) SawInLoss(op, inputs, output);
        switch (op)
        {
            case "relu" or "tanh" or "sigmoid":
                if (_at == _units.Count) _units.Add(new(op, _last));
                if (_units[_at].Op == op) _units[_at].Add(output);
                _at++;
                break;
            case "cross entropy" or "negative log likelihood":
                LossOp = op;
                Classes = inputs[0].Shape[^1];
                double[] x = Numbers(inputs[0]);
                if (op == "cross entropy") OfProbabilities = Classes > 1 && AreProbabilities(x, Classes);
                else OfNoLogarithms = Array.Exists(x, static v => v > 1e-6);
                break;
            case "squared error" or "absolute error" or "huber error" or "hinge error" or "binary cross entropy":
                LossOp = op;
                break;
        }
    }

    public override void BeforeBackward(Node node)
    {
        if (InBackward) return;
        InBackward = true;
        MetGradients = Cleared.Any(w => w.HasGrad);
    }

    public override void AfterBackward(Node node) { }

    void SawInLoss(string op, ReadOnlySpan<Slot> inputs, Slot output)
    {
        if (op is "cross entropy" or "squared error" or "absolute error" or "huber error" or "hinge error"
            or "binary cross entropy" or "square" or "abs") PlainLoss = Numbers(output).DefaultIfEmpty().Average();
        if (op != "subtract" || inputs.Length != 2) return;
        var (a, b) = (inputs[0].Shape, inputs[1].Shape);
        if (IsColumnOf(a, b) || IsColumnOf(b, a)) Broadcast ??= $"{a} and {b}";
    }

    static bool IsColumnOf(Shape column, Shape row) =>
        column.Rank == 2 && row.Rank == 1 && column[1] == 1 && column[0] == row[0] && row[0] > 1;

    static double[] Numbers(Slot slot) => new Tensor(slot).To(DType.Float64).ToArray<double>();

    internal static bool AreProbabilities(double[] x, int width)
    {
        for (int from = 0; from < x.Length; from += width)
        {
            double sum = 0;
            for (int i = from; i < from + width; i++)
            {
                if (!(x[i] >= 0)) return false;
                sum += x[i];
            }
            if (!(Math.Abs(sum - 1) < 1e-4)) return false;
        }
        return x.Length > 0;
    }

    void Saw(Module module, string name, Tensor y)
    {
        if (Weight(module) is null) return;
        _last = name;
        _layers[name] = new(name, module.GetType().Name, Moments.Of(y).Std);
    }

    /// <summary>The weight of a layer that multiplies by one; null of others.</summary>
    internal static (Tensor Weight, Tensor? Bias)? Weight(Module module) => module switch
    {
        Linear linear => (linear.Weight, linear.Bias),
        ConvolutionLayer convolution => (convolution.Weight, convolution.Bias),
        _ => null,
    };

    // One activation function of the pass, over several batches.
    sealed class Unit(string op, string layer)
    {
        // Of fewer rows it says nothing that all of them give 0.
        const int EnoughRows = 16;

        bool[] _alive = [];
        long _count, _saturated, _rows;

        public string Op => op;

        public ActivationEvidence Evidence => new(op, layer, _alive.Length,
            op == "relu" && _alive.Length > 0 && _rows >= EnoughRows
                ? _alive.Count(static a => !a) / (double)_alive.Length : 0,
            _count == 0 ? 0 : _saturated / (double)_count);

        public void Add(Slot output)
        {
            if (output.Shape.Rank < 2) return;
            double[] y = Numbers(output);
            // Channels of images are at axis 1, units of all else at the last.
            int axis = output.Shape.Rank == 4 ? 1 : output.Shape.Rank - 1, units = output.Shape[axis], inner = 1;
            for (int k = axis + 1; k < output.Shape.Rank; k++) inner *= output.Shape[k];
            if (_alive.Length != units) _alive = new bool[units];
            for (int i = 0; i < y.Length; i++)
            {
                if (op == "relu") _alive[i / inner % units] |= y[i] != 0;
                else if (op == "tanh" ? Math.Abs(y[i]) > 0.97 : y[i] is > 0.985 or < 0.015) _saturated++;
            }
            _count += y.Length;
            _rows += output.Shape[0];
        }
    }
}
