using System.Diagnostics;
using ChainRule.Training;

namespace ChainRule.Zoo.Runs;

/// <summary>
/// Watches the parameters of a model while it trains: at every step that is followed by an evaluation their sizes,
/// gradients and updates are measured. What it costs is a copy of the parameters before such a step and three passes
/// over them after it; the training itself is not touched.
/// </summary>
sealed class LayerWatch
{
    readonly ITrainer _trainer;
    readonly Func<int, bool> _isDue;
    readonly Action<LayerMetrics> _measured;
    readonly (string Name, Tensor Parameter)[] _parameters;
    float[][] _before = [];

    /// <param name="trainer">What trains the model.</param>
    /// <param name="evaluateEvery">How many steps lie between two evaluations.</param>
    /// <param name="steps">The last step, which is evaluated too.</param>
    /// <param name="measured">Called after the step, and before what follows it is saved.</param>
    public LayerWatch(ITrainer trainer, int evaluateEvery, int steps, Action<LayerMetrics> measured)
    {
        (_trainer, _measured) = (trainer, measured);
        _isDue = step => step % evaluateEvery == 0 || step == steps;
        _parameters = [.. trainer.Model.NamedParameters().Select(one => (one.Key, one.Value))];
        trainer.Stepped += (step, _) => Stepped(step);
        if (_isDue(trainer.Step + 1)) Remember();
    }

    /// <summary>Whether it looks at all: a bench compares training with and without.</summary>
    public bool IsOn { get; set; } = true;

    /// <summary>How long it has taken so far.</summary>
    public TimeSpan Spent { get; private set; }

    void Stepped(int step)
    {
        if (!IsOn || !_isDue(step) && !_isDue(step + 1)) return;
        long began = Stopwatch.GetTimestamp();
        if (_isDue(step) && _before.Length > 0) Measure(step);
        if (_isDue(step + 1)) Remember();
        Spent += Stopwatch.GetElapsedTime(began);
    }

    void Remember() => _before = [.. _parameters.Select(one => Numbers(one.Parameter))];

    void Measure(int step)
    {
        Dictionary<string, double> weights = [], gradients = [], updates = [];
        for (int i = 0; i < _parameters.Length; i++)
        {
            var (name, parameter) = _parameters[i];
            float[] now = Numbers(parameter), before = _before[i];
            weights[name] = Size(now);
            gradients[name] = parameter.Grad is { } gradient ? Size(Numbers(gradient)) : 0;
            double size = Size(before);
            for (int j = 0; j < now.Length; j++) before[j] = now[j] - before[j];
            updates[name] = size == 0 ? 0 : Size(before) / size;
        }
        _measured(new(step, weights, gradients, updates));
    }

    static float[] Numbers(Tensor x) => x.To(DType.Float32).ToArray<float>();

    /// <summary>√(Σ x² / n), with six digits: they are looked at and not computed with.</summary>
    static double Size(ReadOnlySpan<float> x)
    {
        double sum = 0;
        foreach (float one in x) sum += (double)one * one;
        double size = x.IsEmpty ? 0 : Math.Sqrt(sum / x.Length);
        return double.IsFinite(size) && size > 0
            ? Math.Round(size, Math.Clamp(5 - (int)Math.Floor(Math.Log10(size)), 0, 15)) : size;
    }
}
