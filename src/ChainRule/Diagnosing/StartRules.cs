using ChainRule.Diagnostics;
using ChainRule.Layers;
using ChainRule.Randomness;

namespace ChainRule.Diagnosing;

sealed class ZeroTensor() : Rule("weights all zero")
{
    public override Finding? Look(Evidence e)
    {
        // A last layer of zeros is a good start: what comes out says nothing, and its gradient is not 0.
        var zero = e.Weights
            .Where(p => p is { Largest: 0, Layer: "Linear" or "Conv1d" or "Conv2d" } && !IsLast(e, p)).ToArray();
        if (zero.Length == 0 || !e.AtStart) return null;
        return Found("all weights of a layer are 0: its units are equal, and no gradient passes through it",
            $"{Names(zero)}: every number is 0", "draw the weights, by Init.KaimingUniform or Init.XavierUniform",
            Drawn(zero));
    }

    public static bool IsLast(Evidence e, ParameterEvidence p) =>
        e.Layers is [.., var last] && p.Name.StartsWith(last.Name + ".", StringComparison.Ordinal);

    public static Variation Drawn(IReadOnlyList<ParameterEvidence> weights) => new("weights drawn at random")
    {
        Before = _ =>
        {
            var rng = new TorchRandom(1);
            foreach (var p in weights) Init.KaimingUniform(p.Tensor, rng, Nonlinearity.Relu);
        },
    };
}

sealed class Symmetry() : Rule("symmetric units")
{
    public override Finding? Look(Evidence e)
    {
        var equal = e.Weights.Where(p => p.EqualRows && p.Largest > 0 && p.Layer.Length > 0).ToArray();
        if (equal.Length == 0) return null;
        return Found("all units of a layer have the same weights: they get the same gradient and stay equal",
            $"{Names(equal)}: every row is the same", "draw the weights at random",
            ZeroTensor.Drawn(equal));
    }
}

sealed class PoorInitialisation() : Rule("poor initialisation")
{
    // The standard deviation times √fan-in: 0.58 of torch's Linear, 1 of Xavier, 1.41 of Kaiming.
    const double Large = 6, Small = 0.03;

    public override Finding? Look(Evidence e)
    {
        if (!e.AtStart) return null;
        var scaled = e.Weights.Where(p => p.Layer is "Linear" or "Conv1d" or "Conv2d" && p.Largest > 0 && !p.EqualRows)
            .Select(p => (P: p, Scale: p.Std * Math.Sqrt(p.Shape.Elements / (double)p.Shape[0]))).ToArray();
        var large = scaled.Where(s => s.Scale > Large).ToArray();
        var small = scaled.Where(s => s.Scale < Small && !ZeroTensor.IsLast(e, s.P)).ToArray();
        if (large.Length + small.Length == 0) return null;
        var worst = large.Length > 0 ? large.MaxBy(s => s.Scale) : small.MinBy(s => s.Scale);
        return Found($"weights begin too {(large.Length > 0 ? "large" : "small")}",
            $"{Names((large.Length > 0 ? large : small).Select(s => s.P))}: the standard deviation of "
                + $"{worst.P.Name} times √fan-in is {worst.Scale:0.###}, where 0.6 to 1.4 is usual",
            "Kaiming's initialisation before ReLU, Xavier's before tanh",
            new Variation(Initialising) { Initialised = true });
    }
}

sealed class ConfidentlyWrong() : Rule("confidently wrong at the start")
{
    public override Finding? Look(Evidence e)
    {
        if (!e.AtStart || e.Loss is not { Op: "cross entropy", Classes: > 1 } loss) return null;
        double expected = InitialLoss.Expected(loss.Classes);
        // A factor of the loss is no fault of the output.
        double value = double.IsNaN(loss.Factor) ? loss.Value : loss.Value / loss.Factor;
        if (!(value > 1.2 * expected + 0.2)) return null;
        return Found("the output begins with large numbers, and the first steps only unlearn them",
            $"the first loss is {value:0.00}; expected initial loss for {loss.Classes} classes: ln "
                + $"{loss.Classes} = {expected:0.00}",
            "scale the last layer's weights down and start its bias at 0",
            new Variation("last layer's weights × 0.05, its bias 0") { LastLayer = 0.05 },
            new Variation(Initialising) { Initialised = true });
    }
}

sealed class SaturatedUnits() : Rule("saturated units")
{
    const double Most = 0.4;

    public override Finding? Look(Evidence e)
    {
        var saturated = e.Activations.Where(a => a.Op is "tanh" or "sigmoid" && a.Saturated > Most).ToArray();
        if (saturated.Length == 0) return null;
        var worst = saturated.MaxBy(a => a.Saturated)!;
        // A recurrent layer's activation works once a time step.
        string more = saturated.Length > 1 ? $", and more than {Most:0%} at {saturated.Length - 1} other places of the "
            + "forward pass" : "";
        return Found("units are in the flat parts of their activation function, where the derivative is near 0",
            $"{worst.Saturated:0%} of what {worst.Op} gives after '{worst.Layer}' is saturated{more}",
            "smaller weights before it, normalised inputs, or a norm layer",
            new Variation(Initialising) { Initialised = true });
    }
}

sealed class DeadRelu() : Rule("dead ReLUs")
{
    const double Most = 0.4;
    const int FewUnits = 4;

    public override Finding? Look(Evidence e)
    {
        var dead = e.Activations.Where(a => a.Op == "relu" && a.Units >= FewUnits && a.Dead > Most).ToArray();
        if (dead.Length == 0) return null;
        var worst = dead.MaxBy(a => a.Dead)!;
        return Found("units give 0 for every row, and no gradient reaches their weights; a bias far below 0 does "
            + "it, or a "
                + "step that was too long",
            $"{worst.Dead:0%} of the {worst.Units} units after '{worst.Layer}'",
            "begin anew with biases of 0, a lower learning rate, or LeakyRelu",
            new Variation(Initialising) { Initialised = true });
    }
}
