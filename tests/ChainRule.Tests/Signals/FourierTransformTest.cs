using System.Numerics;
using ChainRule.Signals;

namespace ChainRule.Tests.Signals;

public sealed class FourierTransformTest
{
    public static TheoryData<string> Cases => Golden.Names("signals", "fft", "ifft", "rfft", "irfft");

    [Theory, MemberData(nameof(Cases))]
    public void It_is_numpys(string name)
    {
        var golden = Golden.Case("signals", name);
        double[] x = [.. golden.Inputs[0].Data];
        double[] y = golden.Op switch
        {
            "fft" => Flat(FourierTransform.Forward(Complexes(x))),
            "ifft" => Flat(FourierTransform.Inverse(Complexes(x))),
            "rfft" => Flat(FourierTransform.ForwardReal(x)),
            _ => FourierTransform.InverseReal(Complexes(x), golden.Int("n")),
        };
        Close.Equal(golden.Output.Data, y, Close.Float64, name);
    }

    [Theory]
    [InlineData(1 << 16)]
    [InlineData(65_537)]
    [InlineData(100_000)]
    public void Long_signals_come_back_whole(int n)
    {
        double[] x = new double[n];
        new ChainRule.Randomness.TorchRandom(1).Uniform(x, -1, 1);
        double[] back = FourierTransform.InverseReal(FourierTransform.ForwardReal(x), n);
        Assert.True(x.Zip(back, (a, b) => Math.Abs(a - b)).Max() < 1e-12);
    }

    [Fact]
    public void A_tone_is_one_frequency()
    {
        const int N = 1000, Rate = 8000, Hertz = 440;
        double[] tone = [.. Enumerable.Range(0, N).Select(j => Math.Cos(2 * Math.PI * Hertz * j / Rate))];
        var spectrum = FourierTransform.ForwardReal(tone);
        int peak = Enumerable.Range(0, spectrum.Length).MaxBy(k => Complex.Abs(spectrum[k]));
        Assert.Equal(Hertz, FourierTransform.Frequencies(N, Rate)[peak], 9);
        Assert.Equal(N / 2.0, Complex.Abs(spectrum[peak]), 9);
        Assert.All(Enumerable.Range(0, spectrum.Length).Where(k => k != peak),
            k => Assert.True(Complex.Abs(spectrum[k]) < 1e-9));
    }

    [Fact]
    public void What_cannot_be_transformed_is_named()
    {
        Refused.With<ArgumentException>("Fourier transform: there are no numbers: give at least one",
            () => FourierTransform.Forward([]));
        Refused.With<ArgumentException>(
            "inverse Fourier transform: 8 real numbers come of 5 complex ones, and these are 3: "
            + "give 5, or ask for 4 or 5 numbers", () => FourierTransform.InverseReal(new Complex[3], 8));
        Refused.With<ArgumentException>("frequencies of 0 numbers: give 1 or more",
            () => FourierTransform.Frequencies(0));
    }

    static Complex[] Complexes(double[] pairs) => [.. pairs.Chunk(2).Select(pair => new Complex(pair[0], pair[1]))];

    static double[] Flat(Complex[] numbers) => [.. numbers.SelectMany(z => new[] { z.Real, z.Imaginary })];

    [Fact]
    public void Numbers_that_are_not_finite_and_sums_that_would_not_be_are_refused()
    {
        Refused.With<ArgumentException>("Fourier transform: number 0 is <1E+308; 0>, and sums of 3 such numbers are "
            + "beyond what a double holds: divide all by one number, and multiply what comes out",
            () => FourierTransform.ForwardReal([1e308, 1e308, 1e308]));
        Refused.With<ArgumentException>("inverse Fourier transform: number 1 is <NaN; 0>: give finite numbers",
            () => FourierTransform.Inverse([1, double.NaN]));
        Assert.All(FourierTransform.ForwardReal([1e305, -1e305, 1e305, 1e305, 1e305]), x => Assert.True(
            System.Numerics.Complex.IsFinite(x)));
        Refused.With<ArgumentException>("spectrogram: number 2 of the signal is Infinity: give finite numbers",
            () => Spectrogram.Of([1, 2, double.PositiveInfinity, 1], 2, 1));
        Refused.With<ArgumentException>("spectrogram: frame 0 has a magnitude of 1E+200, and a float32 holds "
            + "3.4028235E+38 at most: divide the signal by one number",
            () => Spectrogram.Of([1e200, 1e200], 2, 1));
    }
}
