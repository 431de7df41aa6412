using System.Globalization;

namespace ChainRule.Diagnostics;

/// <summary>
/// Is the loss at the start the expected initial loss? A classifier that knows nothing gives each of n classes 1/n, and
/// its cross-entropy is ln n: 2.3026 for 10 classes, 3.2958 for 27, 4.1744 for 65, 10.8249 for 50,257. A loss far above
/// means that the network is confidently wrong, and the first steps of training only unlearn that.
/// </summary>
/// <remarks>Karpathy, "A recipe for training neural networks", 2019; makemore part 3.</remarks>
public static class InitialLoss
{
    /// <summary>ln n: the cross-entropy, in nats, of giving n classes the same probability.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer than 2 classes.</exception>
    public static double Expected(int classes)
    {
        if (classes < 2)
            Throw.OutOfRange($"initial loss: {classes} classes: with fewer than 2 there is nothing to predict",
                nameof(classes));
        return Math.Log(classes);
    }

    /// <summary>Compares the first loss, before any step, with ln n.</summary>
    /// <param name="loss">The mean cross-entropy of an untrained network, in nats.</param>
    /// <param name="classes">n.</param>
    /// <param name="tolerance">How far from ln n, in nats, is near enough.</param>
    public static InitialLossResult Check(double loss, int classes, double tolerance = 0.05)
    {
        if (!(tolerance >= 0))
            Throw.OutOfRange($"initial loss: tolerance {tolerance}: give 0 or more", nameof(tolerance));
        return new(classes, Expected(classes), loss, tolerance);
    }
}

/// <summary>How the loss at the start compares with the expected initial loss; prints as a verdict.</summary>
/// <param name="Classes">How many classes there are.</param>
/// <param name="Expected">ln of that.</param>
/// <param name="Actual">The loss at the start.</param>
/// <param name="Tolerance">How far apart they may be.</param>
public sealed record InitialLossResult(int Classes, double Expected, double Actual, double Tolerance)
{
    /// <summary>Whether the network starts as one that knows nothing.</summary>
    public bool Passed => Math.Abs(Actual - Expected) <= Tolerance;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"initial loss: {Actual:0.0000}, expected initial loss for {Classes:N0} classes: ln {Classes:N0} = "
            + $"{Expected:0.0000}: {Verdict}");

    string Verdict =>
        !double.IsFinite(Actual) ? "the network overflows before it learns: watch it with NanWatch"
        : Passed ? "it matches the expected initial loss"
        : Actual > Expected ? "the output weights are too large, so the network is confidently wrong: scale them down, "
            + "and start the output bias at 0"
        : "no untrained network can know that: the weights were trained before, the labels are among the inputs, or "
            + "there are fewer classes";
}
