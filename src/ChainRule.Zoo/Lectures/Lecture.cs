using ChainRule.Zoo.Datasets;

namespace ChainRule.Zoo.Lectures;

/// <summary>
/// What a lesson says of the lecture it follows: our number beside the lecture's, and the data it cannot do without.
/// </summary>
public static class Lecture
{
    /// <summary>The exit code of a lesson that lacks its data.</summary>
    public const int DataMissing = 2;

    /// <summary>
    /// The exit code of a lesson that was given an option it does not have, or a value that the option cannot have.
    /// </summary>
    public const int Misused = 3;

    /// <summary>
    /// Prints <c>NAME: OURS | lecture: THEIRS | agrees</c>, or <c>differs</c>, at the decimals of the lecture's text.
    /// </summary>
    /// <param name="lecture">As the lecture printed it; a unit may follow the number: "60.95 %".</param>
    /// <param name="within">Where rounding makes long runs drift apart: how far is still the same. The
    /// line then says so.</param>
    /// <exception cref="FormatException">The lecture's text does not begin with a number.</exception>
    public static void Compare(string name, string lecture, double ours, double within = 0) =>
        Console.WriteLine(Comparison.Of(name, lecture, ours, within));

    /// <summary>The same of a text: a sampled name, a row of ids.</summary>
    public static void Compare(string name, string lecture, string ours) =>
        Console.WriteLine(Comparison.Of(name, lecture, ours));

    /// <summary>
    /// Finds a published file that the lesson needs; where it is not here, says on stderr how to get it.
    /// </summary>
    /// <example><c>if (!Lecture.Has("names.txt", out string names)) return Lecture.DataMissing;</c></example>
    public static bool Has(string file, out string path)
    {
        try
        {
            path = DataFolders.Here().PathOf(file);
            return true;
        }
        catch (FileNotFoundException e)
        {
            Console.Error.WriteLine($"lesson: {e.Message}");
            path = "";
            return false;
        }
    }
}
