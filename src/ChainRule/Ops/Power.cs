using System.Numerics.Tensors;

namespace ChainRule;

/// <summary>
/// y = aᵇ; da = dy b aᵇ⁻¹, db = dy y ln a. a⁰ is 1 for every a, and 0ᵇ is 0 for every b above 0: there
/// the derivatives are 0.
/// </summary>
readonly struct Power : IOp
{
    OpText IOp.Text => new("a^b", "b * a^(b - 1)", "y * log(a)") { IsElementwise = true };

    void IOp.Forward<T>(Frame<T> f) => TensorPrimitives.Pow(f.X(0), f.X(1), f.Y);

    void IOp.Backward<T>(Frame<T> f)
    {
        ReadOnlySpan<T> a = f.X(0), b = f.X(1), y = f.Y, dy = f.DY;
        if (f.RequiresGrad(0))
        {
            var da = f.DX(0);
            for (int i = 0; i < y.Length; i++) if (b[i] != T.Zero || T.IsNaN(a[i]))
                da[i] += dy[i] * b[i] * T.Pow(a[i], b[i] - T.One);
        }
        if (!f.RequiresGrad(1)) return;
        var db = f.DX(1);
        for (int i = 0; i < y.Length; i++) if (a[i] != T.Zero || !(b[i] >= T.Zero)) db[i] += dy[i] * y[i] * T.Log(a[i]);
    }
}

public readonly partial struct Tensor
{
    /// <summary>aᵇ, element by element; both broadcast. A negative a has no gradient towards b: it is NaN.</summary>
    public Tensor Pow(Tensor exponent)
    {
        var shape = Broadcast("power", Shape, exponent.Shape, parameter: nameof(exponent));
        return ChainRule.Op.Run(new Power(), shape, Stretched(this), Stretched(exponent), nameof(exponent));

        Tensor Stretched(Tensor x) => x.Shape == shape ? x : x.Expand(shape);
    }
}
