using System.Globalization;
using System.Numerics;

namespace ChainRule.Signals;

/// <summary>
/// The discrete Fourier transform: how strongly each frequency is in a signal.
/// <code lang="math">
/// forward:  Xₖ = Σⱼ xⱼ e^(−2πi jk / n)
/// inverse:  xⱼ = 1/n Σₖ Xₖ e^(2πi jk / n)
/// </code>
/// In n log n steps for every n: a power of 2 is halved again and again; any other length becomes a convolution of
/// three transforms whose length is a power of 2.
/// </summary>
/// <remarks>Cooley and Tukey, "An algorithm for the machine calculation of complex Fourier series", 1965. Bluestein, "A
/// linear filtering approach to the computation of discrete Fourier transform", 1970. Signs and factors are
/// NumPy's.</remarks>
public static class FourierTransform
{
    /// <summary>xⱼ → Xₖ, both of length n.</summary>
    /// <param name="x">At least one number.</param>
    /// <exception cref="ArgumentException">There are no numbers, one is not finite, or sums of them would be beyond
    /// what a double holds.</exception>
    public static Complex[] Forward(ReadOnlySpan<Complex> x)
    {
        Check("Fourier transform", x);
        return Transform(x.ToArray(), -1);
    }

    /// <summary>Xₖ → xⱼ, both of length n.</summary>
    /// <param name="x">At least one number.</param>
    /// <exception cref="ArgumentException">There are no numbers, one is not finite, or sums of them would be beyond
    /// what a double holds.</exception>
    public static Complex[] Inverse(ReadOnlySpan<Complex> x)
    {
        Check("inverse Fourier transform", x);
        var y = Transform(x.ToArray(), 1);
        for (int j = 0; j < y.Length; j++) y[j] /= y.Length;
        return y;
    }

    /// <summary>
    /// Of real numbers: X₀ … X of n / 2 (rounded down), since Xₙ₋ₖ is the complex conjugate of Xₖ.
    /// </summary>
    /// <param name="x">At least one number.</param>
    /// <exception cref="ArgumentException">There are no numbers, one is not finite, or sums of them would be beyond
    /// what a double holds.</exception>
    public static Complex[] ForwardReal(ReadOnlySpan<double> x)
    {
        var complex = new Complex[x.Length];
        for (int j = 0; j < x.Length; j++) complex[j] = x[j];
        Check("Fourier transform", complex);
        return Transform(complex, -1)[..(x.Length / 2 + 1)];
    }

    /// <summary>
    /// The real numbers that <see cref="ForwardReal"/> gives these of. The imaginary parts of X₀ and, where n is even,
    /// of X of n / 2 do not count: those of real numbers are 0.
    /// </summary>
    /// <param name="x">n / 2 (rounded down) + 1 numbers.</param>
    /// <param name="n">How many numbers come out, at least one.</param>
    /// <exception cref="ArgumentException">x is not as long as n asks for, or a number of it is not finite, or too
    /// large.</exception>
    public static double[] InverseReal(ReadOnlySpan<Complex> x, int n)
    {
        if (n < 1)
            Throw.OutOfRange($"inverse Fourier transform: {n} numbers are asked for: ask for 1 or more", nameof(n));
        if (x.Length != n / 2 + 1)
            Throw.Argument($"inverse Fourier transform: {n} real numbers come of {n / 2 + 1} complex ones, and these "
                + $"are {x.Length}: give {n / 2 + 1}, or ask for {Math.Max(1, 2 * x.Length - 2)} or {2 * x.Length - 1} "
                + "numbers", nameof(x));
        var whole = new Complex[n];
        whole[0] = x[0].Real;
        for (int k = 1; k < x.Length; k++) (whole[k], whole[n - k]) = (x[k], Complex.Conjugate(x[k]));
        if (n % 2 == 0) whole[n / 2] = x[n / 2].Real;
        return Array.ConvertAll(Inverse(whole), y => y.Real);
    }

    /// <summary>
    /// The frequency of each of the numbers of <see cref="ForwardReal"/>: k · sample rate / n, in Hz.
    /// </summary>
    /// <param name="n">The length of the signal.</param>
    /// <param name="sampleRate">How many numbers are a second; 1 gives cycles a number.</param>
    /// <exception cref="ArgumentException">One of them is not above 0.</exception>
    public static double[] Frequencies(int n, double sampleRate = 1)
    {
        if (n < 1) Throw.OutOfRange($"frequencies of {n} numbers: give 1 or more", nameof(n));
        Throw.IfNotPositive(sampleRate, "frequencies", "sample rate");
        double[] frequencies = new double[n / 2 + 1];
        for (int k = 0; k < frequencies.Length; k++) frequencies[k] = k * sampleRate / n;
        return frequencies;
    }

    // What is summed up on the way is at most that many times n times the largest number.
    const double Growth = 64;

    static void Check(string asked, ReadOnlySpan<Complex> x)
    {
        if (x.IsEmpty) Throw.Argument($"{asked}: there are no numbers: give at least one", nameof(x));
        double most = double.MaxValue / Growth / x.Length;
        for (int j = 0; j < x.Length; j++)
        {
            if (!Complex.IsFinite(x[j])) Throw.Argument($"{asked}: number {j} is {x[j]}: give finite "
                + $"numbers", nameof(x));
            if (Math.Max(Math.Abs(x[j].Real), Math.Abs(x[j].Imaginary)) > most)
                Throw.Argument(string.Create(CultureInfo.InvariantCulture, $"{asked}: number {j} is {x[j]}, and sums "
                    + $"of "
                    + $"{x.Length:N0} such numbers are beyond what a double holds: divide all by one number")
                    + ", and multiply what comes out", nameof(x));
        }
    }

    static Complex[] Transform(Complex[] x, int sign)
    {
        if (!BitOperations.IsPow2(x.Length)) return Bluestein(x, sign);
        Halve(x, sign);
        return x;
    }

    /// <summary>In place, of a length that is a power of 2.</summary>
    static void Halve(Complex[] x, int sign)
    {
        int n = x.Length;
        for (int i = 1, j = 0; i < n; i++)
        {
            // j is i with its bits in reverse order, counted up from the highest.
            int bit = n >> 1;
            for (; (j & bit) != 0; bit >>= 1) j ^= bit;
            j |= bit;
            if (i < j) (x[i], x[j]) = (x[j], x[i]);
        }
        var roots = new Complex[n / 2];
        for (int k = 0; k < roots.Length; k++) roots[k] = Root(k, n, sign);
        for (int half = 1; half < n; half *= 2)
        {
            int stride = n / (2 * half);
            for (int start = 0; start < n; start += 2 * half)
            {
                for (int k = 0; k < half; k++)
                {
                    Complex even = x[start + k], odd = x[start + k + half] * roots[k * stride];
                    (x[start + k], x[start + k + half]) = (even + odd, even - odd);
                }
            }
        }
    }

    /// <summary>jk = (j² + k² − (k − j)²) / 2 makes a convolution of the sum.</summary>
    static Complex[] Bluestein(Complex[] x, int sign)
    {
        int n = x.Length;
        if (n > 1 << 29)
            Throw.OutOfRange($"Fourier transform: {n:N0} numbers: give at most {1 << 29:N0}, or a power of 2",
                nameof(x));
        int padded = (int)BitOperations.RoundUpToPowerOf2((uint)(2 * n - 1));
        var chirp = new Complex[n];
        // k² / 2n of a turn; what is left of k² after whole turns keeps all digits.
        for (int k = 0; k < n; k++) chirp[k] = Root((long)k * k % (2L * n), 2L * n, sign);
        Complex[] a = new Complex[padded], b = new Complex[padded];
        for (int k = 0; k < n; k++) a[k] = x[k] * chirp[k];
        b[0] = Complex.Conjugate(chirp[0]);
        for (int k = 1; k < n; k++) b[k] = b[padded - k] = Complex.Conjugate(chirp[k]);
        Halve(a, -1);
        Halve(b, -1);
        for (int k = 0; k < padded; k++) a[k] *= b[k];
        Halve(a, 1);
        var y = new Complex[n];
        for (int k = 0; k < n; k++) y[k] = a[k] / padded * chirp[k];
        return y;
    }

    /// <summary>e^(±2πi k / n).</summary>
    static Complex Root(long k, long n, int sign)
    {
        (double sin, double cos) = Math.SinCos(2 * Math.PI * k / n);
        return new(cos, sign * sin);
    }
}
