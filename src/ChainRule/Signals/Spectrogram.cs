using System.Numerics;

namespace ChainRule.Signals;

/// <summary>Which frequencies a signal has, and when.</summary>
public static class Spectrogram
{
    /// <summary>
    /// The magnitudes |Xₖ| of the Fourier transform of pieces of a signal, each faded in and out by a Hann window:
    /// wⱼ = ½ − ½ cos(2π j / window). Frame t begins at t · hop, and pieces that do not fit are left out.
    /// </summary>
    /// <param name="signal">At least as many numbers as the window has.</param>
    /// <param name="window">How many numbers a piece has: a long one tells frequencies apart, a
    /// short one times.</param>
    /// <param name="hop">How far each piece begins after the one before it.</param>
    /// <returns>[frames, window / 2 + 1], float32.</returns>
    /// <exception cref="ArgumentException">The signal is shorter than the window; window or hop is below its
    /// least; a number is not finite, or a magnitude beyond a float32.</exception>
    public static Tensor Of(ReadOnlySpan<double> signal, int window, int hop)
    {
        if (window < 2) Throw.OutOfRange($"spectrogram: a window of {window}: give 2 or more", nameof(window));
        if (hop < 1) Throw.OutOfRange($"spectrogram: a hop of {hop}: give 1 or more", nameof(hop));
        if (signal.Length < window)
            Throw.Argument(
                $"spectrogram: the signal has {signal.Length} numbers and the window {window}: give a longer "
                + "signal or a shorter window", nameof(signal));
        for (int i = 0; i < signal.Length; i++)
            if (!double.IsFinite(signal[i]))
                Throw.Argument($"spectrogram: number {i} of the signal is {signal[i]}: give finite numbers",
                    nameof(signal));
        int frames = (signal.Length - window) / hop + 1, bins = window / 2 + 1;
        double[] weights = new double[window], piece = new double[window];
        for (int j = 0; j < window; j++) weights[j] = 0.5 - 0.5 * Math.Cos(2 * Math.PI * j / window);
        float[] magnitudes = new float[frames * bins];
        for (int t = 0; t < frames; t++)
        {
            for (int j = 0; j < window; j++) piece[j] = signal[t * hop + j] * weights[j];
            var transformed = FourierTransform.ForwardReal(piece);
            for (int k = 0; k < bins; k++)
            {
                double magnitude = Complex.Abs(transformed[k]);
                if (magnitude > float.MaxValue)
                    Throw.Argument($"spectrogram: frame {t} has a magnitude of {magnitude}, and a float32 holds "
                        + $"{float.MaxValue} at most: divide the signal by one number", nameof(signal));
                magnitudes[t * bins + k] = (float)magnitude;
            }
        }
        return Tensor.From(magnitudes, [frames, bins]);
    }
}
