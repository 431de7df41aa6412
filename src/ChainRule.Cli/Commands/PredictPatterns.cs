using ChainRule.Data;
using ChainRule.Zoo.Patterns;

namespace ChainRule.Cli.Commands;

/// <summary>What a memory recalls from drawings: files of lines of # and of . signs.</summary>
static class PredictPatterns
{
    const long Longest = 1 << 16;

    public static int Run(string folder, IReadOnlyList<string> files)
    {
        var (network, patterns) = PatternRecall.Load(folder);
        foreach (string file in files)
        {
            if (Files.WhyNotPlain(file) is { } why)
                throw new InvalidDataException($"predict: {Printable.Path(file)} {why}: give a text file");
            if (new FileInfo(file).Length > Longest)
                throw new InvalidDataException($"predict: {Printable.Path(file)} is too long: give a square of # and . "
                    + "signs");
            var asked = Pattern.Parse(Path.GetFileName(file), [.. File.ReadLines(file).Where(line => line.Length > 0)],
                patterns[0].Side);
            foreach (string line in PatternRecall.Of(network, asked, patterns).Lines) Console.WriteLine(line);
        }
        return Tool.Done;
    }
}
