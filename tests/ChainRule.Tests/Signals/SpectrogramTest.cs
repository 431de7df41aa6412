using ChainRule.Signals;

namespace ChainRule.Tests.Signals;

public sealed class SpectrogramTest
{
    [Fact]
    public void A_tone_that_changes_is_seen_to_change()
    {
        // 4 waves in a window of 32, then 10.
        double[] signal =
            [.. Enumerable.Range(0, 256).Select(j => Math.Sin(2 * Math.PI * (j < 128 ? 4 : 10) * j / 32))];
        var seen = Spectrogram.Of(signal, window: 32, hop: 16);
        Assert.Equal("[15, 17]", seen.Shape.ToString());
        Assert.Equal([4, 4, 4, 4, 4, 4, 4], seen.ArgMax(1).Span[..7].ToArray());
        Assert.Equal([10, 10, 10, 10, 10, 10, 10], seen.ArgMax(1).Span[8..].ToArray());
        // A Hann window takes half of what there is: 32 / 2 of a sine, halved.
        Assert.Equal(8, seen.ToArray<float>()[4], 1e-4);
    }

    [Fact]
    public void What_does_not_fit_is_named()
    {
        Refused.With<ArgumentException>(
            "spectrogram: the signal has 10 numbers and the window 32: give a longer signal or "
            + "a shorter window", () => Spectrogram.Of(new double[10], 32, 16));
        Refused.With<ArgumentException>("spectrogram: a window of 1: give 2 or more",
            () => Spectrogram.Of(new double[10], 1, 1));
        Refused.With<ArgumentException>("spectrogram: a hop of 0: give 1 or more",
            () => Spectrogram.Of(new double[10], 2, 0));
    }
}
