using System.Globalization;

namespace ChainRule.Classical;

// What its settings may be.
partial class SelfOrganizingMap
{
    static void Check(SelfOrganizingMapOptions options)
    {
        const string Options = "options";
        if (options.Rows < 1 || options.Columns < 1 || (long)options.Rows * options.Columns is < 2 or > 10_000)
            Throw.OutOfRange(
                $"{Asked}: {options.Rows} rows of {options.Columns} units: give 1 or more of each, and 2 to "
                + "10,000 units", Options);
        if (options.Passes < 1) Throw.OutOfRange($"{Asked}: {options.Passes} passes: give 1 or more", Options);
        if (!Enum.IsDefined(options.Grid))
            Throw.OutOfRange($"{Asked}: grid {(int)options.Grid}: give rectangular or hexagonal", Options);
        if (options is { Toroidal: true, Grid: GridShape.Hexagonal } && options.Rows % 2 == 1)
            Throw.Argument(
                $"{Asked}: {options.Rows} rows: a hexagonal grid whose edges are joined needs an even number of "
                + "rows, since every second one is shifted", Options);
        if (!(options.LearningRate is > 0 and <= 1))
            Throw.OutOfRange($"{Asked}: learning rate {options.LearningRate}: give a number above 0, 1 at most",
                Options);
        if (options.Radius is { } radius) Throw.IfNotPositive(radius, Asked, "radius", Options);
        Throw.IfNotPositive(options.FinalRadius, Asked, "final radius", Options);
    }

    /// <summary>Refuses more numbers than arrays and steps can count, and a neighbourhood that would grow.</summary>
    static void CheckSize(SelfOrganizingMapOptions options, int rows, int inputs)
    {
        const string Options = "options";
        if ((long)options.Rows * options.Columns * inputs > Array.MaxLength)
            Throw.OutOfRange(string.Create(CultureInfo.InvariantCulture, $"{Asked}: "
                + $"{options.Rows * options.Columns:N0} "
                + $"units of {inputs:N0} inputs: an array holds {Array.MaxLength:N0} weights at most: give fewer "
                + $"units"),
                Options);
        if (!options.Batch && (long)rows * options.Passes > int.MaxValue)
            Throw.OutOfRange(string.Create(CultureInfo.InvariantCulture, $"{Asked}: {options.Passes:N0} passes over "
                + $"{rows:N0} rows are more than {int.MaxValue:N0} steps: give fewer"), Options);
        double first = FirstRadius(options);
        if (options.Batch && options.FinalRadius > first)
            Throw.OutOfRange($"{Asked}: final radius {options.FinalRadius} above the first, {first}: the neighbourhood "
                + "shrinks: give a final radius of as much at most, or a larger first one", Options);
    }

    /// <summary>σ at first.</summary>
    static double FirstRadius(SelfOrganizingMapOptions options) =>
        options.Radius ?? Math.Max(options.Rows, options.Columns) / (options.Batch ? 2.0 : 4);
}
