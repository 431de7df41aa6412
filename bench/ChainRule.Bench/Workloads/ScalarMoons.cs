using ChainRule.Randomness;
using ChainRule.Scalar;

namespace ChainRule.Bench.Workloads;

/// <summary>
/// The scalar engine on the shape of micrograd's demo: a 2-16-16-1 network with ReLU, 100 points, hinge loss and weight
/// decay, gradient descent. Python's generator gives the weights, then the points, then the labels.
/// </summary>
sealed class ScalarMoons : Workload
{
    const int Points = 100;
    const double Decay = 1e-4, Rate = 0.01;

    readonly Mlp _net;
    readonly (double X, double Y)[] _points = new (double, double)[Points];
    readonly int[] _labels = new int[Points];

    public ScalarMoons()
    {
        var rng = new PythonRandom(Seed);
        _net = new(2, [16, 16, 1], rng, MlpStyle.Library);
        for (int i = 0; i < Points; i++) _points[i] = (rng.Uniform(-1, 1), rng.Uniform(-1, 1));
        for (int i = 0; i < Points; i++) _labels[i] = rng.Choice<int>([-1, 1]);
    }

    public override void Step() => Train();

    public override double[] Check() => [Train(), Train(), Train()];

    double Train()
    {
        Value hinge = 0, squares = 0;
        for (int i = 0; i < Points; i++) hinge += (1 + -_labels[i] * _net.Call(_points[i].X, _points[i].Y)).Relu();
        foreach (var p in _net.Parameters()) squares += p * p;
        var loss = hinge * (1.0 / Points) + Decay * squares;
        _net.ZeroGrad();
        loss.Backward();
        foreach (var p in _net.Parameters()) p.Data -= Rate * p.Grad;
        return loss.Data;
    }
}
