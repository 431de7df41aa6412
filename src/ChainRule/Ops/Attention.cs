using System.Globalization;
using ChainRule.Kernels;

namespace ChainRule;

/// <summary>
/// p = softmax(scale q kᵀ), y = (p m) v for each head, where q, k and v are read from x as they lie;
/// dp = (dy vᵀ) m, ds = scale p (dp − ⟨dp, p⟩), dq = ds k, dk = dsᵀ q, dv = (p m)ᵀ dy. Inputs: x, m where given, and a note of p.
/// </summary>
readonly struct Attention(AttentionHeads heads, bool masked) : IOp
{
    int IOp.Notes => 1;

    int Note => masked ? 2 : 1;

    void IOp.Forward<T>(Frame<T> f) => heads.Forward(f.X(), masked ? f.X(1) : default, f.Note(Note), f.Y);

    void IOp.Backward<T>(Frame<T> f)
    {
        if (f.Wants()) heads.Backward(f.X(), masked ? f.X(1) : default, f.Note(Note), f.DY, f.DX(0, out bool first), add: !first);
    }
}

public readonly partial struct Tensor
{
    /// <summary>
    /// Scaled dot-product attention in several heads: of this, [B, T, 3C], the first third of a step's numbers are its queries, the second its keys, the
    /// third its values, and each third is split evenly among the heads. A step's result, of [B, T, C], is the mean of values that it sees, weighted
    /// by softmax(scale · query · key).
    /// </summary>
    /// <param name="heads">How many heads share the width C.</param>
    /// <param name="causal">Whether a step sees only itself and the steps before it.</param>
    /// <param name="scale">What the products of queries and keys are multiplied by; 1/√(C / heads) for none.</param>
    /// <param name="mask">[B, heads, T, T]: what the weights are multiplied by, such as a mask of dropout; no gradient flows to it.</param>
    /// <param name="padding">[B, T]: 1 for each step that is padding, which no step sees, 0 for the others. A step that sees nothing has a result of zeros.</param>
    /// <remarks>Vaswani and others, 2017.</remarks>
    public Tensor Attention(int heads, bool causal = false, double? scale = null, Tensor? mask = null, Tensor? padding = null)
    {
        var shape = Shape;
        if (heads < 1) Throw.Argument($"attention of {shape}: {heads} heads: there must be 1 or more");
        if (shape.Rank != 3 || shape[2] == 0 || shape[2] % (3 * heads) != 0)
            Throw.Argument($"attention of {shape}: queries, keys and values of {heads} head{(heads == 1 ? "" : "s")} lie side by side in [batch, steps, 3 · width]: "
                         + $"give a last axis that {3 * heads} divides");
        if (scale is { } given && !double.IsFinite(given))
            Throw.Argument(string.Create(CultureInfo.InvariantCulture, $"attention of {shape}: the scale is {given}: give a finite number"));
        int batch = shape[0], steps = shape[1], width = shape[2] / 3;
        if (mask is { } m)
        {
            if (m.Shape != [batch, heads, steps, steps])
                Throw.Argument($"attention of {shape}: the mask is {m.Shape}: there must be one number for each weight, [{batch}, {heads}, {steps}, {steps}]");
            if (m.DType != DType) Throw.Mixed("attention", DType, m.DType);
            if (m.WantsGrad) Throw.Argument($"attention of {shape}: the mask wants a gradient, and none flows to it: give a Detach() of it");
        }

        if (padding is { } hidden) return PaddedAttention(heads, causal, scale ?? 1 / Math.Sqrt(width / heads), mask, hidden);
        var note = Slot.Make([batch, heads, steps, steps], DType);
        var op = new Attention(new(batch, steps, width, heads, causal, scale ?? 1 / Math.Sqrt(width / heads)), mask is not null);
        return ChainRule.Op.Run(op, [batch, steps, width], mask is { } constant ? [Slot, constant.Slot, note] : [Slot, note]);
    }

    /// <summary>Step by step, with logits that are written down: what is hidden counts as far below all others, and has a weight of 0.</summary>
    Tensor PaddedAttention(int heads, bool causal, double scale, Tensor? mask, Tensor padding)
    {
        const double FarBelow = -1e30;
        int batch = Shape[0], steps = Shape[1], width = Shape[2] / 3;
        if (padding.Shape != [batch, steps]) Throw.Argument($"attention of {Shape}: the padding is {padding.Shape}: give one number for each step, [{batch}, {steps}]");
        if (padding.DType != DType) Throw.Mixed("attention", DType, padding.DType);
        for (int i = 0; i < padding.Count; i++)
        {
            double mark = DTypes.Read(padding.Slot, i);
            if (mark is not (0 or 1))
                Throw.Argument(string.Create(CultureInfo.InvariantCulture,
                    $"attention of {Shape}: the padding is {mark} at place {i}: give 1 for a step that is padding, and 0 for others"));
        }
        var hidden = padding.Detach().NotEqualTo(0).Reshape(batch, 1, 1, steps).Expand([batch, 1, steps, steps]);
        if (causal) hidden = Maximum(hidden, 1 - LowerTriangle(steps, steps, DType));
        var parts = Reshape(batch, steps, 3, heads, width / heads).Permute(2, 0, 3, 1, 4); // (3, B, heads, T, size)
        var logits = parts.Select(0, 0).MatMul(parts.Select(0, 1), transposeB: true) * scale; // (B, heads, T, T)
        var weights = logits.MaskedFill(hidden, FarBelow).Softmax().MaskedFill(hidden, 0);
        if (mask is { } kept) weights *= kept;
        return weights.MatMul(parts.Select(0, 2)).Permute(0, 2, 1, 3).Reshape(batch, steps, width);
    }
}
