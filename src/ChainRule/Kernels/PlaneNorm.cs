using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ChainRule.Kernels;

/// <summary>
/// Batch normalisation of channels whose numbers stand in planes, [images, channels, plane], and its gradient. Sums of
/// a channel are those of <see cref="Chains"/> over its planes, one after another; threads share out the channels.
/// Small planes fill no chain: those of a channel are first laid end to end, and are one plane.
/// </summary>
/// <param name="channels">How many channels there are.</param>
/// <param name="plane">How many numbers a plane holds.</param>
/// <param name="divisor">What the sum of squares is divided by for the variance.</param>
/// <param name="eps">ε.</param>
readonly struct PlaneNorm(int channels, int plane, int divisor, double eps)
{
    int Channels => channels;

    int Plane => plane;

    double Divisor => divisor;

    double Eps => eps;

    /// <summary>
    /// mean = Σ x / n, var = Σ (x − mean)² / divisor, y = γ (x − mean) / √(var + ε) + β for each channel.
    /// </summary>
    public void Forward<T>(
        ReadOnlySpan<T> x, ReadOnlySpan<T> gain, ReadOnlySpan<T> bias, Span<T> mean, Span<T> var, Span<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        ForRows.Run(channels, 1, 3L * x.Length / channels, ForRows.Numbers,
            new ForwardWork<T>(this, x, gain, bias, mean, var, y));

    /// <summary>
    /// dβ += Σ dy, dγ += Σ dy x̂, dx (+)= γ / √(var + ε) · (dy − Σ dy / n − x̂ Σ dy x̂ / divisor) with
    /// x̂ = (x − mean) / √(var + ε). What is empty is left out.
    /// </summary>
    public void Backward<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> gain, ReadOnlySpan<T> mean, ReadOnlySpan<T> var,
        ReadOnlySpan<T> dy, Span<T> dgain, Span<T> dbias, Gradient<T> dx)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        ForRows.Run(channels, 1, 3L * x.Length / channels, ForRows.Numbers,
            new BackwardWork<T>(this, x, gain, mean, var, dy, dgain, dbias, dx));

    // Measured: laying them end to end pays for planes of 7 × 7, and not for those of 14 × 14.
    const int SmallPlane = 128;

    bool Gathers => channels > 1 && plane < SmallPlane;

    PlaneNorm OfOne(int numbers) => new(1, numbers, divisor, eps);

    /// <summary>The planes of a channel end to end.</summary>
    void Gather<T>(ReadOnlySpan<T> x, int channel, Span<T> row)
    {
        for (int at = channel * plane, to = 0; at < x.Length; at += channels * plane, to += plane)
            x.Slice(at, plane).CopyTo(row[to..]);
    }

    /// <summary>Back to where <see cref="Gather"/> took them from.</summary>
    void Scatter<T>(ReadOnlySpan<T> row, int channel, Span<T> y)
    {
        for (int at = channel * plane, from = 0; at < y.Length; at += channels * plane, from += plane)
            row.Slice(from, plane).CopyTo(y[at..]);
    }

    double[] Room(int numbers) =>
        ArrayPool<double>.Shared.Rent(Chains.Room(Chains.Strands,
            (long)numbers / plane * (plane / Chains.Strands + 1)));

    /// <summary>A range of channels.</summary>
    readonly ref struct ForwardWork<T>(PlaneNorm s, ReadOnlySpan<T> x, ReadOnlySpan<T> gain, ReadOnlySpan<T> bias,
        Span<T> mean, Span<T> var, Span<T> y) : IRowWork where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        readonly ReadOnlySpan<T> _x = x, _gain = gain, _bias = bias;
        readonly Span<T> _mean = mean, _var = var, _y = y;

        public void Run(int from, int to)
        {
            if (s.Gathers)
            {
                RunGathered(from, to);
                return;
            }
            int count = _x.Length / s.Channels;
            double[] room = s.Room(count);
            for (int c = from; c < to; c++)
            {
                double centre = Sum(c, room) / count;
                T near = T.CreateTruncating(centre);
                // About the number of type T that is nearest to the mean: Σ (x − mean)² = Σ (x − m)² − n (mean − m)².
                double off = centre - double.CreateTruncating(near),
                    squares = SquaresFrom(c, near, room) - count * off * off;
                double variance = Math.Max(squares, 0) / s.Divisor;
                (_mean[c], _var[c]) = (near, T.CreateTruncating(variance));
                T scale = _gain[c] / T.Sqrt(_var[c] + T.CreateTruncating(s.Eps));
                for (int at = c * s.Plane; at < _x.Length; at += s.Channels * s.Plane)
                    Scale(_x.Slice(at, s.Plane), near, scale, _bias[c], _y.Slice(at, s.Plane));
            }
            ArrayPool<double>.Shared.Return(room);
        }

        void RunGathered(int from, int to)
        {
            int count = _x.Length / s.Channels;
            T[] room = ArrayPool<T>.Shared.Rent(2 * count);
            Span<T> x = room.AsSpan(0, count), y = room.AsSpan(count, count);
            for (int c = from; c < to; c++)
            {
                s.Gather(_x, c, x);
                new ForwardWork<T>(s.OfOne(count), x, _gain.Slice(c, 1), _bias.Slice(c, 1), _mean.Slice(c, 1),
                    _var.Slice(c, 1), y).Run(0, 1);
                s.Scatter<T>(y, c, _y);
            }
            ArrayPool<T>.Shared.Return(room);
        }

        double Sum(int c, double[] room)
        {
            var chains = new Chains(room, Chains.Strands);
            for (int at = c * s.Plane; at < _x.Length; at += s.Channels * s.Plane)
                chains.AddRow(Rows.Numbers(_x.Slice(at, s.Plane)), s.Plane);
            return chains.Row();
        }

        double SquaresFrom(int c, T centre, double[] room)
        {
            var chains = new Chains(room, Chains.Strands);
            for (int at = c * s.Plane; at < _x.Length; at += s.Channels * s.Plane)
                chains.AddRow(new Eights<Rows.SquaresFrom<T>, T>(new(ref At(_x, at), centre)), s.Plane);
            return chains.Row();
        }
    }

    /// <summary>A range of channels.</summary>
    readonly ref struct BackwardWork<T>(PlaneNorm s, ReadOnlySpan<T> x, ReadOnlySpan<T> gain, ReadOnlySpan<T> mean,
        ReadOnlySpan<T> var, ReadOnlySpan<T> dy, Span<T> dgain, Span<T> dbias, Gradient<T> dx) : IRowWork
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        readonly ReadOnlySpan<T> _x = x, _gain = gain, _mean = mean, _var = var, _dy = dy;
        readonly Span<T> _dgain = dgain, _dbias = dbias;
        readonly Gradient<T> _dx = dx;

        public void Run(int from, int to)
        {
            if (s.Gathers)
            {
                RunGathered(from, to);
                return;
            }
            int count = _x.Length / s.Channels;
            double[] room = s.Room(count);
            for (int c = from; c < to; c++)
            {
                T inverse = T.One / T.Sqrt(_var[c] + T.CreateTruncating(s.Eps));
                double sum = Sum(c, room), product = Product(c, room) * double.CreateTruncating(inverse);
                if (!_dgain.IsEmpty) _dgain[c] += T.CreateTruncating(product);
                if (!_dbias.IsEmpty) _dbias[c] += T.CreateTruncating(sum);
                if (_dx.Numbers.IsEmpty) continue;

                T even = T.CreateTruncating(sum / count), along = T.CreateTruncating(product / s.Divisor) * inverse,
                    scale = _gain[c] * inverse;
                for (int at = c * s.Plane; at < _x.Length; at += s.Channels * s.Plane)
                    Backward(_x.Slice(at, s.Plane), _mean[c], _dy.Slice(at, s.Plane), even, along, scale, _dx.From(at));
            }
            ArrayPool<double>.Shared.Return(room);
        }

        void RunGathered(int from, int to)
        {
            int count = _x.Length / s.Channels;
            bool wanted = !_dx.Numbers.IsEmpty;
            T[] room = ArrayPool<T>.Shared.Rent(3 * count);
            Span<T> x = room.AsSpan(0, count), dy = room.AsSpan(count, count),
                dx = wanted ? room.AsSpan(2 * count, count) : default;
            for (int c = from; c < to; c++)
            {
                s.Gather(_x, c, x);
                s.Gather(_dy, c, dy);
                if (_dx.Adds) s.Gather<T>(_dx.Numbers, c, dx);
                new BackwardWork<T>(s.OfOne(count), x, _gain.Slice(c, 1), _mean.Slice(c, 1), _var.Slice(c, 1), dy,
                    _dgain.IsEmpty ? default : _dgain.Slice(c, 1), _dbias.IsEmpty ? default : _dbias.Slice(c, 1),
                    new(dx, _dx.Adds)).Run(0, 1);
                if (wanted) s.Scatter<T>(dx, c, _dx.Numbers);
            }
            ArrayPool<T>.Shared.Return(room);
        }

        double Sum(int c, double[] room)
        {
            var chains = new Chains(room, Chains.Strands);
            for (int at = c * s.Plane; at < _dy.Length; at += s.Channels * s.Plane)
                chains.AddRow(Rows.Numbers(_dy.Slice(at, s.Plane)), s.Plane);
            return chains.Row();
        }

        double Product(int c, double[] room)
        {
            var chains = new Chains(room, Chains.Strands);
            for (int at = c * s.Plane; at < _x.Length; at += s.Channels * s.Plane)
                chains.AddRow(new Eights<ProductFrom<T>, T>(new(ref At(_x, at), _mean[c], ref At(_dy, at))), s.Plane);
            return chains.Row();
        }
    }

    /// <summary>y = (x − mean) scale + shift.</summary>
    static void Scale<T>(ReadOnlySpan<T> x, T mean, T scale, T shift, Span<T> y) where T : unmanaged, INumber<T>
    {
        Vector<T> means = new(mean), scales = new(scale), shifts = new(shift);
        ref T xs = ref MemoryMarshal.GetReference(x), ys = ref MemoryMarshal.GetReference(y);
        int i = 0;
        for (; i <= x.Length - Vector<T>.Count; i += Vector<T>.Count)
            ((Vector.LoadUnsafe(ref xs, (nuint)i) - means) * scales + shifts).StoreUnsafe(ref ys, (nuint)i);
        for (; i < x.Length; i++) y[i] = (x[i] - mean) * scale + shift;
    }

    /// <summary>dx (+)= scale (dy − even − (x − mean) along).</summary>
    static void Backward<T>(ReadOnlySpan<T> x, T mean, ReadOnlySpan<T> dy, T even, T along, T scale, Gradient<T> dx)
        where T : unmanaged, INumber<T>
    {
        Vector<T> means = new(mean), evens = new(even), alongs = new(along), scales = new(scale);
        ref T xs = ref MemoryMarshal.GetReference(x), dys = ref MemoryMarshal.GetReference(dy);
        ref T dxs = ref MemoryMarshal.GetReference(dx.Numbers);
        int i = 0;
        for (; i <= x.Length - Vector<T>.Count; i += Vector<T>.Count)
        {
            var up = Vector.LoadUnsafe(ref dys, (nuint)i);
            var gradient = scales * (up - evens - (Vector.LoadUnsafe(ref xs, (nuint)i) - means) * alongs);
            if (dx.Adds) gradient += Vector.LoadUnsafe(ref dxs, (nuint)i);
            gradient.StoreUnsafe(ref dxs, (nuint)i);
        }
        for (; i < x.Length; i++)
        {
            T gradient = scale * (dy[i] - even - (x[i] - mean) * along);
            dx.Numbers[i] = dx.Adds ? dx.Numbers[i] + gradient : gradient;
        }
    }

    static ref T At<T>(ReadOnlySpan<T> x, int at) => ref Unsafe.Add(ref MemoryMarshal.GetReference(x), at);

    /// <summary>(x − mean) dy of a row, read as a table.</summary>
    readonly ref struct ProductFrom<T>(ref T x, T mean, ref T dy) : ITerms<T> where T : unmanaged, INumber<T>
    {
        readonly ref T _x = ref x, _dy = ref dy;
        readonly Vector<T> _mean = new(mean);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> At<P>(nint row, P place) where P : struct, IPlace =>
            (place.Load(ref Unsafe.Add(ref _x, row * Chains.Strands)) - _mean)
                * place.Load(ref Unsafe.Add(ref _dy, row * Chains.Strands));
    }
}
