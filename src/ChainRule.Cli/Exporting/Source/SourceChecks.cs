namespace ChainRule.Cli.Exporting.Source;

/// <summary>What a written program asks of what it is given, each put into the file where it is used.</summary>
static class SourceChecks
{
    public static IReadOnlyDictionary<string, string> All { get; } = new Dictionary<string, string>
    {
        ["CheckedCount"] = """
            // As many numbers as the network takes.
            static double[] CheckedCount(double[] numbers, int count) => numbers.Length == count ? numbers
                : throw new ArgumentException($"{numbers.Length} numbers were given, and the model takes {count}");
            """,
        ["CheckedPixels"] = """
            // As many as an image has, from 0 to 1.
            static double[] CheckedPixels(double[] pixels, int channels, int height, int width)
            {
                if (pixels.Length != channels * height * width)
                    throw new ArgumentException($"{pixels.Length} pixels were given, and the model takes "
                        + $"{channels * height * width}: {channels} x {height} x {width}");
                int bad = Array.FindIndex(pixels, static x => x is not (>= 0 and <= 1));
                return bad < 0 ? pixels : throw new ArgumentException(FormattableString.Invariant(
                    $"pixel {bad} is {pixels[bad]}, and pixels go from 0 to 1: divide bytes by 255"));
            }
            """,
        ["CheckedSteps"] = """
            // Whole steps, one or more.
            static double[] CheckedSteps(double[] numbers, int features) =>
                numbers.Length > 0 && numbers.Length % features == 0 ? numbers
                    : throw new ArgumentException($"{numbers.Length} numbers were given, and each step takes "
                        + $"{features}: give {features}, {2 * features} or another multiple");
            """,
        ["CheckedIds"] = """
            // One id or more, all of the vocabulary.
            static int[] CheckedIds(int[] ids, int vocabulary)
            {
                if (ids.Length == 0) throw new ArgumentException("no ids were given: give one or more");
                int bad = Array.FindIndex(ids, id => id < 0 || id >= vocabulary);
                return bad < 0 ? ids : throw new ArgumentException(
                    $"id {ids[bad]} is outside of the vocabulary, whose ids go from 0 to {vocabulary - 1}");
            }
            """,
    };
}
