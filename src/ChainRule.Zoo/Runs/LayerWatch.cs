using System.Diagnostics;
using System.Numerics;
using ChainRule.Training;

namespace ChainRule.Zoo.Runs;

/// <summary>
/// Watches the parameters of a model while it trains: at steps that are followed by an evaluation their sizes,
/// gradients and updates are measured; the first of these, the last, and one in every 100 steps between, so that short
/// runs, which are evaluated often, are not slowed down. What it costs is a copy of the parameters before such a step
/// and two passes over them after it; the training itself is not touched.
/// </summary>
sealed class LayerWatch
{
    const int Apart = 100;

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
        _isDue = step => step == steps || step % evaluateEvery == 0
            && (step == evaluateEvery || step / Apart > (step - evaluateEvery) / Apart);
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
        // A gradient that is clipped to 0 leaves nothing to tell its size by.
        double clipped = _trainer.ClipFactor is > 0 and var factor ? factor : 1;
        for (int i = 0; i < _parameters.Length; i++)
        {
            var (name, parameter) = _parameters[i];
            float[] now = Numbers(parameter), before = _before[i];
            var (size, moved, sizeBefore) = Squares(now, before);
            weights[name] = Rounded(Size(size, now.Length));
            updates[name] = sizeBefore == 0 ? 0 : Rounded(Math.Sqrt(moved / sizeBefore));
            gradients[name] = parameter.Grad is { } gradient
                ? Rounded(Size(Squares(Numbers(gradient), []).Now, now.Length) / clipped) : 0;
        }
        _measured(new(step, weights, gradients, updates));
        // A large model must not be held twice while the next copy is made.
        _before = [];
    }

    static float[] Numbers(Tensor x) => x.To(DType.Float32).ToArray<float>();

    /// <summary>Σ now², Σ (now − before)², Σ before², in one pass; before may be empty.</summary>
    static (double Now, double Moved, double Before) Squares(ReadOnlySpan<float> now, ReadOnlySpan<float> before)
    {
        Vector<double> sumNow = default, sumMoved = default, sumBefore = default;
        int i = 0;
        for (; i <= now.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            Vector.Widen(new Vector<float>(now[i..]), out var low, out var high);
            sumNow += low * low + high * high;
            if (before.IsEmpty) continue;
            Vector.Widen(new Vector<float>(before[i..]), out var lowBefore, out var highBefore);
            sumBefore += lowBefore * lowBefore + highBefore * highBefore;
            (low, high) = (low - lowBefore, high - highBefore);
            sumMoved += low * low + high * high;
        }
        (double total, double moved, double past) = (Vector.Sum(sumNow), Vector.Sum(sumMoved), Vector.Sum(sumBefore));
        for (; i < now.Length; i++)
        {
            double x = now[i], then = before.IsEmpty ? 0 : before[i];
            total += x * x;
            moved += (x - then) * (x - then);
            past += then * then;
        }
        return (total, moved, past);
    }

    static double Size(double squares, int count) => count == 0 ? 0 : Math.Sqrt(squares / count);

    /// <summary>With six digits: they are looked at and not computed with, and the last ones of a sum depend on the
    /// width of vectors.</summary>
    static double Rounded(double size) => double.IsFinite(size) && size > 0
        ? Math.Round(size, Math.Clamp(5 - (int)Math.Floor(Math.Log10(size)), 0, 15)) : size;
}
