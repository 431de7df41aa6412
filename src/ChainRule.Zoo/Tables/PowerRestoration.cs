using System.Globalization;
using ChainRule.Data;
using ChainRule.Randomness;

namespace ChainRule.Zoo.Tables;

/// <summary>
/// The load of districts after power cuts that never were: a series for radial basis functions, of which the truth is
/// known. When power comes back, heaters and refrigerators all start at once, and take more than usual until they have
/// caught up (cold load pick-up). A district that was without power for <c>hours</c> h, at <c>temperature</c> T in °C,
/// takes <c>minutes</c> t after its return, as a multiple of its usual load,
/// <code lang="math">
/// load = 1 + 1.5 · (1 − e^(−h / 3)) · (0.2 + ((T − 18) / 25)²) · e^(−t / (20 + 8 h))
/// </code>
/// To this comes noise from a normal distribution with mean 0 and standard deviation <see cref="NoiseDeviation"/>. Of
/// each cut, <c>event</c>, the load is read every quarter of an hour, 16 times. A line cannot follow: the load decays
/// along a curve whose height and length the other columns decide together.
/// </summary>
public static class PowerRestoration
{
    /// <summary>The column to predict.</summary>
    public const string Target = "load";

    /// <summary>The standard deviation of the noise: no model has a lower root mean squared error, but by
    /// luck.</summary>
    public const double NoiseDeviation = 0.05;

    /// <summary>How often the load is read after each cut.</summary>
    public const int Readings = 16;

    const double MinutesBetween = 15;

    /// <summary>The table: the columns <c>event</c>, <c>hours</c>, <c>temperature</c>, <c>minutes</c> and
    /// <c>load</c>.</summary>
    /// <param name="seed">Decides all that is drawn.</param>
    /// <param name="events">How many cuts; the first of a longer table are those of a shorter one.</param>
    /// <exception cref="ArgumentException">There is not at least one cut.</exception>
    public static Table Create(ulong seed = 1, int events = 150)
    {
        string[] lines = CreateCsv(seed, events).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return Table.From(lines[0].Split(','), [.. lines.Skip(1).Select(line => line.Split(','))]);
    }

    /// <summary>The same table as the text of a CSV file, with a header.</summary>
    /// <inheritdoc cref="Create" path="/param"/>
    /// <inheritdoc cref="Create" path="/exception"/>
    public static string CreateCsv(ulong seed = 1, int events = 150)
    {
        if (events < 1) Throw.OutOfRange($"power restoration: {events} events: ask for at least one", nameof(events));
        var rng = new TorchRandom(seed);
        return string.Join('\n', ["event,hours,temperature,minutes,load",
            .. Enumerable.Range(1, events).SelectMany(one => Event(rng, one)), ""]);
    }

    /// <summary>The expected load, without the noise.</summary>
    /// <param name="hours">How long the district was without power.</param>
    /// <param name="temperature">In °C.</param>
    /// <param name="minutes">How long power has been back.</param>
    public static double Expected(double hours, double temperature, double minutes)
    {
        double cold = (temperature - 18) / 25;
        return 1 + 1.5 * (1 - Math.Exp(-hours / 3)) * (0.2 + cold * cold) * Math.Exp(-minutes / (20 + 8 * hours));
    }

    static string[] Event(TorchRandom rng, int number)
    {
        double hours = Math.Round(0.5 + 11.5 * rng.NextDouble(), 1);
        double temperature = Math.Round(-15 + 50 * rng.NextDouble(), 1);
        double[] noise = new double[Readings];
        rng.Normal(noise);
        return [.. noise.Select((one, i) => string.Create(CultureInfo.InvariantCulture,
            $"{number},{hours},{temperature},{MinutesBetween * i},")
            + (Expected(hours, temperature, MinutesBetween * i) + NoiseDeviation * one)
                .ToString("0.0000", CultureInfo.InvariantCulture))];
    }
}
