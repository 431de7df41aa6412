using System.Globalization;
using System.Numerics.Tensors;
using ChainRule.Randomness;

namespace ChainRule.Classical;

/// <summary>
/// A memory that is asked by a part of what it holds: n neurons of −1 and +1, each joined to each. Patterns p are
/// stored in the weights by Hebb's rule, and a state s falls, neuron by neuron, into a valley of the energy:
/// <code lang="math">
/// wᵢⱼ = 1/n Σₚ pᵢ pⱼ,  wᵢᵢ = 0
/// sᵢ ← sign(Σⱼ wᵢⱼ sⱼ), which stays as it is where the sum is 0
/// E = −½ Σᵢⱼ wᵢⱼ sᵢ sⱼ, which no step raises
/// </code>
/// Of random patterns about 0.14 n can be stored; with more, the memory breaks down at once.
/// </summary>
/// <remarks>Hopfield, "Neural networks and physical systems with emergent collective computational abilities", 1982.
/// The capacity: Amit, Gutfreund and Sompolinsky, 1985.</remarks>
public sealed class HopfieldNetwork
{
    const string Asked = "Hopfield network";

    /// <summary>As many neurons have n² weights that an array holds.</summary>
    public const int MostNeurons = 46_000;

    // n w: whole numbers, whose sums are exact, so that no rounding lets a state go round for ever.
    readonly double[] _sums;

    /// <summary>Stores patterns.</summary>
    /// <param name="patterns">[patterns, neurons], of −1 and +1.</param>
    /// <exception cref="ArgumentException">It is no matrix, or holds other numbers, or has more than
    /// <see cref="MostNeurons"/> columns.</exception>
    public HopfieldNetwork(Tensor patterns)
    {
        Throw.IfNull(patterns, Asked);
        if (patterns.Rank == 2 && patterns.Shape[1] > MostNeurons)
            Throw.Argument(string.Create(CultureInfo.InvariantCulture, $"{Asked}: patterns of {patterns.Shape[1]:N0} "
                + $"neurons: each is joined to each, and more weights than an array holds: give {MostNeurons:N0} at "
                + $"most"),
                nameof(patterns));
        double[] p = Columns.Matrix(Asked, patterns);
        int count = patterns.Shape[0], n = Neurons = patterns.Shape[1];
        CheckSigns(p, nameof(patterns));
        _sums = new double[n * n];
        for (int k = 0; k < count; k++)
            for (int i = 0; i < n; i++)
                TensorPrimitives.MultiplyAdd<double>(p.AsSpan(k * n, n), p[k * n + i],
                    _sums.AsSpan(i * n, n), _sums.AsSpan(i * n, n));
        for (int i = 0; i < n; i++) _sums[i * n + i] = 0;
    }

    HopfieldNetwork(int neurons, double[] sums) => (Neurons, _sums) = (neurons, sums);

    /// <summary>A network of weights that are known. Where n w are whole numbers up to rounding, as Hebb's rule makes
    /// them, they are taken to be whole.</summary>
    /// <param name="weights">w, [neurons, neurons], symmetric, with 0 on the diagonal.</param>
    /// <exception cref="ArgumentException">They are no such matrix, or a number is not finite, or energies of them
    /// would not be.</exception>
    public static HopfieldNetwork OfWeights(Tensor weights)
    {
        const double Rounding = 1e-9;
        double[] w = Columns.Matrix(Asked, weights, 0);
        int n = weights.Shape[0];
        if (weights.Shape[1] != n)
            Throw.Argument($"{Asked}: weights {weights.Shape}: give a square matrix", nameof(weights));
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                if (i == j ? w[i * n + i] != 0 : Math.Abs(w[i * n + j] - w[j * n + i]) > Rounding)
                    Throw.Argument($"{Asked}: the weight from neuron {j} to {i} is {w[i * n + j]}, and that from {i} "
                        + $"to {j} is {w[j * n + i]}: give a symmetric matrix with 0 on the diagonal", nameof(weights));
                // Both the same to the last digit: else a state could go round for ever.
                w[i * n + j] = w[j * n + i];
            }
        }
        double largest = Math.Abs(TensorPrimitives.MaxMagnitude<double>(w));
        for (int i = 0; i < w.Length; i++) w[i] *= n;
        if (!double.IsFinite(TensorPrimitives.SumOfMagnitudes<double>(w)))
            Throw.Argument($"{Asked}: weights of size {largest}: energies of them "
                + "are beyond what a double holds: divide all weights by one number, which changes no recall",
                nameof(weights));
        if (Array.TrueForAll(w, sum => Math.Abs(sum - Math.Round(sum)) < Rounding * n))
            for (int i = 0; i < w.Length; i++) w[i] = Math.Round(w[i]);
        return new(n, w);
    }

    /// <summary>n.</summary>
    public int Neurons { get; }

    /// <summary>w, [neurons, neurons], symmetric.</summary>
    public Tensor Weights => Tensor.From(_sums, [Neurons, Neurons]) / Neurons;

    /// <summary>E of a state.</summary>
    /// <param name="state">−1 or +1 of each neuron.</param>
    /// <exception cref="ArgumentException">It has another length, or holds other numbers.</exception>
    public double Energy(ReadOnlySpan<double> state)
    {
        CheckState(state);
        double sum = 0;
        for (int i = 0; i < Neurons; i++) sum += state[i] * Field(state, i);
        return -sum / (2 * Neurons);
    }

    /// <summary>
    /// Lets a state fall: all neurons, one after another in an order that is drawn anew for each pass, until a pass
    /// changes none.
    /// </summary>
    /// <param name="state">−1 or +1 of each neuron, to begin with; it is not changed.</param>
    /// <param name="seed">Decides the orders.</param>
    /// <exception cref="ArgumentException">It has another length, or holds other numbers.</exception>
    public HopfieldRecall Recall(ReadOnlySpan<double> state, ulong seed)
    {
        double[] s = state.ToArray();
        List<double> energies = [Energy(s)];
        var rng = new TorchRandom(seed);
        int[] order = new int[Neurons];
        bool changed = true;
        // Each change lowers the energy, of which there are finitely many values: so it ends.
        while (changed)
        {
            changed = false;
            rng.Permutation(order);
            foreach (int i in order)
            {
                double field = Field(s, i);
                if (field == 0 || Math.Sign(field) == s[i]) continue;
                s[i] = -s[i];
                changed = true;
            }
            energies.Add(Energy(s));
        }
        return new(s, energies);
    }

    double Field(ReadOnlySpan<double> state, int i) =>
        TensorPrimitives.Dot(_sums.AsSpan(i * Neurons, Neurons), state);

    void CheckState(ReadOnlySpan<double> state)
    {
        if (state.Length != Neurons)
            Throw.Argument($"{Asked}: a state of {state.Length} for {Neurons} neurons: give one number for each",
                nameof(state));
        CheckSigns(state, nameof(state));
    }

    static void CheckSigns(ReadOnlySpan<double> numbers, string parameter)
    {
        int wrong = numbers.IndexOfAnyExcept(-1, 1);
        if (wrong >= 0) Throw.Argument($"{Asked}: {numbers[wrong]} is no state of a neuron: give −1 and 1", parameter);
    }

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"Hopfield network of {Neurons} neurons");
}

/// <summary>Where a state fell to.</summary>
/// <param name="State">−1 or +1 of each neuron.</param>
/// <param name="Energies">The energy at first, and after each pass; the last two are the same.</param>
public sealed record HopfieldRecall(IReadOnlyList<double> State, IReadOnlyList<double> Energies);
