using System.Globalization;
using ChainRule.Kernels;

namespace ChainRule;

/// <summary>
/// p = softmax(scale q kᵀ), y = (p m) v for each head, where q, k and v are read from x as they lie;
/// dp = (dy vᵀ) m, ds = scale p (dp − ⟨dp, p⟩), dq = ds k, dk = dsᵀ q, dv = (p m)ᵀ dy. Inputs: x, m
/// where given, Saved: p.
/// </summary>
readonly struct Attention(AttentionHeads heads, bool masked) : IOp
{
    (string Name, object Value)[] IOp.Attributes =>
        [("heads", heads.Heads), ("causal", heads.Causal), ("scale", heads.Scale), ("masked", masked)];

    OpText IOp.Text =>
        new("y = softmax(scale q kᵀ) v for each head",
            "dq = ds k, dk = dsᵀ q, dv = pᵀ dy, ds = scale p (dp − ⟨dp, p⟩), dp = dy vᵀ");

    Tensor[] IOp.Unfold(ReadOnlySpan<Tensor> x)
    {
        var parts = x[0].Reshape(heads.Batch, heads.Queries, 3, heads.Heads, heads.Size).Permute(2, 0, 3, 1, 4);
        return [Tensor.Attended(parts.Select(0, 0), parts.Select(0, 1), parts.Select(0, 2), heads.Scale,
            Unseen(heads, x[0].DType), masked ? x[1] : null, out _)];
    }

    /// <summary>1 where a query does not see a key; null where it sees all.</summary>
    public static Tensor? Unseen(AttentionHeads heads, DType dtype) =>
        heads.Causal ? 1 - Tensor.LowerTriangle(heads.Queries, heads.Keys, dtype) : null;

    void IOp.Forward<T>(Frame<T> f) =>
        heads.Forward(f.X(), Keys(f.X()), Values(f.X()), masked ? f.X(1) : default,
            f.Save([heads.Batch, heads.Heads, heads.Queries, heads.Keys]), f.Y);

    void IOp.Backward<T>(Frame<T> f)
    {
        if (!f.RequiresGrad()) return;
        var dx = f.Gradient();
        heads.Backward(f.X(), Keys(f.X()), Values(f.X()), masked ? f.X(1) : default, f.Saved(), f.DY, dx,
            dx.From(heads.Width), dx.From(2 * heads.Width));
    }

    ReadOnlySpan<T> Keys<T>(ReadOnlySpan<T> x) => x.IsEmpty ? x : x[heads.Width..];

    ReadOnlySpan<T> Values<T>(ReadOnlySpan<T> x) => x.IsEmpty ? x : x[(2 * heads.Width)..];
}

/// <summary>As <see cref="Attention"/>, of queries, keys and values that are inputs 0, 1 and 2.</summary>
readonly struct CrossAttention(AttentionHeads heads, bool masked) : IOp
{
    OpText IOp.Text =>
        new("y = softmax(scale q kᵀ) v for each head", "dq = ds k, ds = scale p (dp − ⟨dp, p⟩), dp = dy vᵀ",
            "dk = dsᵀ q", "dv = pᵀ dy");

    Tensor[] IOp.Unfold(ReadOnlySpan<Tensor> x)
    {
        return [Tensor.Attended(Heads(x[0]), Heads(x[1]), Heads(x[2]), heads.Scale,
            Attention.Unseen(heads, x[0].DType), masked ? x[3] : null, out _)];
    }

    Tensor Heads(Tensor x) => x.Reshape(heads.Batch, x.Shape[1], heads.Heads, heads.Size).Transpose(1, 2);

    void IOp.Forward<T>(Frame<T> f) =>
        heads.Forward(f.X(0), f.X(1), f.X(2), masked ? f.X(3) : default,
            f.Save([heads.Batch, heads.Heads, heads.Queries, heads.Keys]), f.Y);

    void IOp.Backward<T>(Frame<T> f) =>
        heads.Backward(f.X(0), f.X(1), f.X(2), masked ? f.X(3) : default, f.Saved(), f.DY, Reached(f, 0), Reached(f, 1),
            Reached(f, 2));

    // Where one tensor is several of the inputs, whoever comes later adds to what is there.
    static Gradient<T> Reached<T>(Frame<T> f, int i)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T> =>
        f.RequiresGrad(i) ? new(f.DX(i), adds: true) : default;
}

/// <summary>What a query of an attention may not see, and how the weights of what it sees are made.</summary>
public sealed record AttentionOptions
{
    /// <summary>What the products of queries and keys are multiplied by; if null, 1/√(C / heads).</summary>
    public double? Scale { get; init; }

    /// <summary>
    /// [B, heads, T, S]: what the weights are multiplied by, such as a mask of dropout; no gradient flows to it.
    /// </summary>
    public Tensor? Mask { get; init; }

    /// <summary>[B, S]: 1 for each key that is padding, which no query sees, 0 for the others.</summary>
    public Tensor? Padding { get; init; }

    /// <summary>
    /// 1 where a query may not see a key, 0 elsewhere: [T, S], or what broadcasts to [B, heads, T, S]. A query that
    /// sees nothing has a result of zeros.
    /// </summary>
    public Tensor? Hidden { get; init; }
}

public readonly partial struct Tensor
{
    // What is hidden has a logit far below all others.
    const double FarBelow = -1e30;

    /// <summary>
    /// Scaled dot-product attention in several heads: of this, [B, T, 3C], the first third of a step's numbers are its
    /// queries, the second its keys, the third its values, and each third is split evenly among the heads. A step's
    /// result, of [B, T, C], is the mean of values that it sees, weighted by softmax(scale · query · key).
    /// </summary>
    /// <param name="heads">How many heads share the width C.</param>
    /// <param name="causal">Whether a step sees only itself and the steps before it.</param>
    /// <param name="options">What else a step may not see, and how its weights are made.</param>
    /// <remarks>Vaswani and others, 2017.</remarks>
    public Tensor Attention(int heads, bool causal = false, AttentionOptions? options = null)
    {
        var (scale, mask, padding, hidden) = (options?.Scale, options?.Mask, options?.Padding, options?.Hidden);
        var shape = Shape;
        if (heads < 1) Throw.Argument($"attention of {shape}: {heads} heads: there must be 1 or more", nameof(heads));
        if (shape.Rank != 3 || shape[2] == 0 || shape[2] % (3 * heads) != 0)
            Throw.Argument($"attention of {shape}: queries, keys and values of {heads} head{(heads == 1 ? "" : "s")} "
                + $"lie side by side in [batch, steps, 3 · width]: give a last axis that {3 * heads} divides",
                    nameof(heads));
        int batch = shape[0], steps = shape[1], width = shape[2] / 3;
        double factor = CheckAttention($"attention of {shape}", scale ?? 1 / Math.Sqrt(width / heads), mask,
            [batch, heads, steps, steps]);
        if (padding is not null || hidden is not null)
        {
            var parts = Reshape(batch, steps, 3, heads, width / heads).Permute(2, 0, 3, 1, 4); // (3, B, heads, T, size)
            var unseen = Hidden(heads, causal, padding, hidden, steps);
            return Attended(parts.Select(0, 0), parts.Select(0, 1), parts.Select(0, 2), factor, unseen, mask, out _);
        }
        var op = new Attention(new(batch, steps, steps, width, heads, causal, factor, 3 * width, 3 * width),
            mask is not null);
        return ChainRule.Op.Run(op, [batch, steps, width], mask is { } constant ? [Slot, constant.Slot] : [Slot]);
    }

    /// <summary>
    /// Scaled dot-product attention in several heads of queries that ask other steps than their own: this, [B, T, C],
    /// are the queries, and a query's result, of [B, T, C], is the mean of the values that it sees, weighted by
    /// softmax(scale · query · key). The width C is split evenly among the heads.
    /// </summary>
    /// <param name="keys">[B, S, C].</param>
    /// <param name="values">[B, S, C].</param>
    /// <param name="heads">How many heads share the width C.</param>
    /// <param name="causal">Whether query i sees only the keys 0 to i.</param>
    /// <param name="options">What else a query may not see, and how its weights are made.</param>
    /// <remarks>Vaswani and others, 2017.</remarks>
    /// <exception cref="ArgumentException">Shapes or number types disagree, or there is no key.</exception>
    public Tensor Attention(Tensor keys, Tensor values, int heads, bool causal = false,
        AttentionOptions? options = null)
    {
        var (scale, mask, padding, hidden) = (options?.Scale, options?.Mask, options?.Padding, options?.Hidden);
        double factor = CheckCross(keys, values, heads, scale, mask);
        if (padding is not null || hidden is not null)
            return Attended(keys, values, heads, causal, factor, mask, padding, hidden, out _);
        int batch = Shape[0], width = Shape[2];
        var op = new CrossAttention(new(batch, Shape[1], keys.Shape[1], width, heads, causal, factor, width, width),
            mask is not null);
        return ChainRule.Op.Run(op, Shape,
            mask is { } constant ? [Slot, keys.Slot, values.Slot, constant.Slot] : [Slot, keys.Slot, values.Slot]);
    }

    /// <summary>
    /// As without <paramref name="weights"/>, which are the attention weights, [B, heads, T, S], before they are
    /// multiplied by the mask.
    /// </summary>
    /// <inheritdoc cref="Attention(Tensor, Tensor, int, bool, AttentionOptions?)"/>
    public Tensor Attention(Tensor keys, Tensor values, int heads, bool causal, AttentionOptions? options,
        out Tensor weights) =>
        Attended(keys, values, heads, causal, CheckCross(keys, values, heads, options?.Scale, options?.Mask),
            options?.Mask, options?.Padding, options?.Hidden, out weights);

    Tensor Attended(Tensor keys, Tensor values, int heads, bool causal, double scale, Tensor? mask, Tensor? padding,
        Tensor? hidden, out Tensor weights)
    {
        Tensor? unseen = causal || padding is not null || hidden is not null
            ? Hidden(heads, causal, padding, hidden, keys.Shape[1]) : null;
        return Attended(Heads(this, heads), Heads(keys, heads), Heads(values, heads), scale, unseen, mask, out weights);

        static Tensor Heads(Tensor x, int heads) =>
            x.Reshape(x.Shape[0], x.Shape[1], heads, x.Shape[2] / heads).Transpose(1, 2);
    }

    /// <summary>
    /// Step by step, with logits that are written down, [B, heads, T, S]: what is hidden counts as far below all
    /// others, and has a weight of 0.
    /// </summary>
    internal static Tensor Attended(Tensor q, Tensor k, Tensor v, double scale, Tensor? hidden, Tensor? mask,
        out Tensor weights)
    {
        var logits = q.MatMul(k, transposeB: true) * scale;
        weights = hidden is { } unseen ? logits.MaskedFill(unseen, FarBelow).Softmax().MaskedFill(unseen, 0)
            : logits.Softmax();
        var y = (mask is { } kept ? weights * kept : weights).MatMul(v).Transpose(1, 2); // (B, T, heads, size)
        return y.Reshape(y.Shape[0], y.Shape[1], y.Shape[2] * y.Shape[3]);
    }

    // A mask that is added to logits, as in other libraries, would hide what it should weaken.
    void CheckMarks(string asked, string marked, Tensor marks)
    {
        for (int i = 0; i < marks.Count; i++)
        {
            if (DTypes.Read(marks.Slot, i) is var mark and not (0 or 1))
                Throw.Argument(string.Create(CultureInfo.InvariantCulture,
                    $"attention of {Shape}: {asked} is {mark} at place {i}: give 1 for {marked}, and 0 for others"),
                    "options");
        }
    }

    /// <summary>1 where a query does not see a key: padding, what is hidden, and what comes later if causal.</summary>
    Tensor Hidden(int heads, bool causal, Tensor? padding, Tensor? hidden, int keys)
    {
        int batch = Shape[0], queries = Shape[1];
        var all = Zeros([1, 1, queries, keys], DType);
        if (padding is { } padded)
        {
            if (padded.Shape != [batch, keys])
                Throw.Argument($"attention of {Shape}: the padding is {padded.Shape}: give one number for each step, "
                    + $"[{batch}, {keys}]",
                    "options");
            if (padded.DType != DType) Throw.Mixed("attention", DType, padded.DType, "options");
            CheckMarks("the padding", "a step that is padding", padded);
            all = padded.Detach().NotEqualTo(0).Reshape(batch, 1, 1, keys).Expand([batch, 1, queries, keys]);
        }
        if (hidden is { } given)
        {
            if (given.DType != DType) Throw.Mixed("attention", DType, given.DType, "options");
            if (!Fills(given.Shape, [batch, heads, queries, keys]))
                Throw.Argument($"attention of {Shape}: what is hidden is {given.Shape}: give [{queries}, {keys}], or "
                    + $"what broadcasts to [{batch}, {heads}, {queries}, {keys}]",
                    "options");
            CheckMarks("what is hidden", "a key that the query may not see", given);
            all = Maximum(all, given.Detach().NotEqualTo(0));
        }
        return causal ? Maximum(all, 1 - LowerTriangle(queries, keys, DType)) : all;
    }

    /// <summary>Whether a shape broadcasts to another.</summary>
    static bool Fills(Shape shape, Shape to)
    {
        for (int axis = 1; axis <= shape.Rank; axis++)
            if (axis > to.Rank || shape[^axis] != to[^axis] && shape[^axis] != 1) return false;
        return true;
    }

    double CheckCross(Tensor keys, Tensor values, int heads, double? scale, Tensor? mask)
    {
        Shape q = Shape, k = keys.Shape;
        if (heads < 1) Throw.Argument($"attention of {q}: {heads} heads: there must be 1 or more", nameof(heads));
        if (q.Rank != 3 || k.Rank != 3 || k[0] != q[0] || k[2] != q[2] || values.Shape != k)
            Throw.Argument($"attention of queries {q}, keys {k} and values {values.Shape}: "
                         + "give [batch, queries, width], [batch, keys, width] and [batch, keys, width]",
                             nameof(values));
        if (q[2] == 0 || q[2] % heads != 0)
            Throw.Argument($"attention of queries {q}: {heads} heads must share the width evenly: give a last axis "
                + $"that {heads} divides",
                nameof(heads));
        if (k[1] == 0)
            Throw.Argument($"attention of queries {q} and keys {k}: there is nothing to attend to: give one key or "
                + "more", nameof(keys));
        if (keys.DType != DType) Throw.Mixed("attention", DType, keys.DType, nameof(keys));
        if (values.DType != DType) Throw.Mixed("attention", DType, values.DType, nameof(values));
        return CheckAttention($"attention of {q}", scale ?? 1 / Math.Sqrt(q[2] / heads), mask,
            [q[0], heads, q[1], k[1]]);
    }

    double CheckAttention(string asked, double scale, Tensor? mask, Shape weights)
    {
        if (!double.IsFinite(scale))
            Throw.Argument(string.Create(CultureInfo.InvariantCulture,
                $"{asked}: the scale is {scale}: give a finite number"), "options");
        if (mask is not { } m) return scale;
        if (m.Shape != weights)
            Throw.Argument($"{asked}: the mask is {m.Shape}: there must be one number for each weight, {weights}",
                "options");
        if (m.DType != DType) Throw.Mixed("attention", DType, m.DType, "options");
        if (m.RequiresGrad)
            Throw.Argument($"{asked}: the mask requires a gradient, and none flows to it: give a Detach() of it",
                "options");
        return scale;
    }
}
