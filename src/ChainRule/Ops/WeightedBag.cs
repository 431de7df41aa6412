using System.Buffers;
using System.Numerics.Tensors;
using ChainRule.Kernels;

namespace ChainRule;

/// <summary>
/// y[b] = Σ p[i] w[ids[i]] over the ids of bag b; dw[ids[i]] += p[i] dy[b], dp[i] = w[ids[i]] · dy[b]. Inputs: w and p.
/// </summary>
/// <param name="ids">All ids that count.</param>
/// <param name="bags">Which bag each of them is in.</param>
/// <param name="places">Which number of p weighs each of them.</param>
/// <param name="width">How wide rows are.</param>
readonly struct WeightedBag(int[] ids, int[] bags, int[] places, int width) : IOp
{
    OpText IOp.Text =>
        new("y[b] = Σ p[i] w[ids[i]] over bag b", "dw[r] = Σ p[i] dy[bag of i] over the i where ids[i] is r",
        "dp[i] = Σ_k w[ids[i],k] dy[bag of i,k]");

    Linearity IOp.Linearity => Linearity.InEach;

    void IOp.Forward<T>(Frame<T> f)
    {
        f.Y.Clear();
        AddScaled(ids, f.X(0), f.X(1), bags, f.Y);
    }

    void IOp.Backward<T>(Frame<T> f)
    {
        if (f.RequiresGrad(0)) AddScaled(bags, f.DY, f.X(1), ids, f.DX(0));
        if (!f.RequiresGrad(1)) return;
        ReadOnlySpan<T> w = f.X(0), dy = f.DY;
        var dp = f.DX(1);
        for (int i = 0; i < ids.Length; i++)
            dp[places[i]] += T.CreateTruncating(Kernels.Dot.Of(w.Slice(ids[i] * width, width),
                dy.Slice(bags[i] * width, width)));
    }

    /// <summary>to[tos[i]] += p[i] from[froms[i]].</summary>
    void AddScaled<T>(int[] froms, ReadOnlySpan<T> from, ReadOnlySpan<T> p, int[] tos, Span<T> to)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        T[] room = ArrayPool<T>.Shared.Rent(froms.Length * width);
        for (int i = 0; i < froms.Length; i++)
            TensorPrimitives.Multiply(from.Slice(froms[i] * width, width), p[places[i]], room.AsSpan(i * width, width));
        RowScatter.Add<T>(tos, room, to, width);
        ArrayPool<T>.Shared.Return(room);
    }
}
