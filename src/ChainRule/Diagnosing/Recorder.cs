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

    /// <summary>Whether a first backward pass of a step met gradients.</summary>
    public bool MetGradients { get; private set; }

    /// <summary>What must have no gradient where a backward pass begins.</summary>
    public IReadOnlyList<Tensor> Cleared { get; init; } = [];

    public bool InBackward { get; set; }

    public IReadOnlyList<LayerEvidence> Layers => [.. _layers.Values];

    public IReadOnlyList<ActivationEvidence> Activations => [.. _units.Select(unit => unit.Evidence)];

    /// <summary>A new forward pass of the same ops.</summary>
    public void Again() => (_at, _last) = (0, "");

    public void Dispose()
    {
        Current = _outer;
        _observation.Dispose();
    }

    public override void AfterForward(string op, ReadOnlySpan<Slot> inputs, double placed, Slot output)
    {
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

    static double[] Numbers(Slot slot) => new Tensor(slot).To(DType.Float64).ToArray<double>();

    static bool AreProbabilities(double[] x, int width)
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
        bool[] _alive = [];
        long _count, _saturated;

        public string Op => op;

        public ActivationEvidence Evidence => new(op, layer, _alive.Length,
            op == "relu" && _alive.Length > 0 ? _alive.Count(static a => !a) / (double)_alive.Length : 0,
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
        }
    }
}
