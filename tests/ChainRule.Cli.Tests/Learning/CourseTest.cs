using ChainRule.Derivations;
using ChainRule.Lab.Learning;
using ChainRule.Tests;

namespace ChainRule.Cli.Tests.Learning;

public sealed class CourseTest : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Names => [.. Course.Exercises.Select(exercise => exercise.Name)];

    static Exercise Of(string name) => Course.Exercises.First(exercise => exercise.Name == name);

    [Fact]
    public void There_are_at_least_forty_and_each_has_three_hints_and_a_number_of_its_own()
    {
        Assert.True(Course.Exercises.Count >= 40);
        foreach (var (i, exercise) in Course.Exercises.Index())
        {
            Assert.StartsWith($"{i + 1:00}-", exercise.Name, StringComparison.Ordinal);
            Assert.StartsWith($"Exercise {i + 1}: ", exercise.Title, StringComparison.Ordinal);
            Assert.Equal(3, exercise.Hints.Count);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_solution_is_right(string name)
    {
        var result = Of(name).Check(Of(name).Solution);
        Assert.True(result.Passed, result.Message);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void An_unfilled_file_says_what_is_still_to_be_written(string name)
    {
        var result = Of(name).Check(Of(name).Text);
        Assert.False(result.Passed);
        Assert.All(result.Report!.Steps, step => Assert.Equal(Verdict.Open, step.Verdict));
        Assert.Contains("still to be written", result.Message, StringComparison.Ordinal);
        Assert.Equal(result.Report.Steps.Count, Of(name).Text.Split('\n').Count(line => line.EndsWith("= ...")));
    }

    /// <summary>Every line of every solution matters: with one of them wrong, that one is named.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void A_wrong_line_is_found(string name)
    {
        var exercise = Of(name);
        string[] lines = exercise.Solution.Split('\n');
        var wanted = exercise.Check(exercise.Text).Report!.Steps.Select(step => step.Name).ToHashSet();
        int tried = 0;
        foreach (var (i, line) in lines.Index())
        {
            string step = line.Trim().Split(' ', '[')[0];
            if (!wanted.Contains(step) || ChangedBelow(lines, i, step)) continue;
            foreach (string wrong in Wrong(line))
            {
                var result = exercise.Check(string.Join('\n', [.. lines[..i], wrong, .. lines[(i + 1)..]]));
                Assert.False(result.Passed, wrong);
                Assert.True(result.Report!.FirstWrong!.Name == step || wrong.EndsWith("None", StringComparison.Ordinal),
                    $"{wrong}\n{result.Report}");
                tried++;
            }
        }
        Assert.True(tried > 0);
    }

    static string[] Wrong(string line)
    {
        if (line.Contains(" += ", StringComparison.Ordinal))
            return [line.Replace(" += ", " -= ", StringComparison.Ordinal)];
        string[] sides = line.Split(" = ", 2);
        return [$"{sides[0]} = 1.5 * ({sides[1]})", $"{sides[0]} = None"];
    }

    static bool ChangedBelow(string[] lines, int at, string name) =>
        lines[(at + 1)..].Any(line => line.Trim().Split(' ', '[')[0] == name);

    /// <summary>Whatever stands in a file, there is a sentence about it, and no exception.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void A_damaged_file_gets_a_sentence(string name)
    {
        var random = new Random(name.Sum(letter => letter));
        string right = Of(name).Solution, alphabet = "()[],.:=+-*/@%0123abxyTNone \n";
        int start = right.LastIndexOf("\n\n", StringComparison.Ordinal) + 2;
        for (int i = 0; i < 40; i++)
        {
            int at = random.Next(start, right.Length), cut = random.Next(4);
            string damaged = right[..at] + alphabet[random.Next(alphabet.Length)]
                + right[Math.Min(right.Length, at + cut)..];
            var result = Of(name).Check(damaged);
            Assert.True(result.Passed || result.Message.Length > 0, damaged);
        }
    }

    [Fact]
    public void Files_progress_and_hints_are_kept()
    {
        var course = new Course(_folder.Path);
        Assert.Equal(Course.Exercises.Count, course.WriteMissing());
        Assert.Equal(0, course.WriteMissing());
        var (first, second) = (Course.Exercises[0], Course.Exercises[1]);
        Assert.Same(first, course.Next);
        Assert.False(course.Check(first, first.Text).Passed);
        Assert.True(course.Check(first, first.Solution).Passed);
        Assert.Single(course.MoreHints(second));
        Assert.Equal(2, course.MoreHints(second).Count());

        var again = new Course(_folder.Path);
        Assert.Same(second, again.Next);
        Assert.Equal(1, again.Done);
        Assert.Equal(second.Hints, again.MoreHints(second));
        Assert.Equal(second.Hints, again.MoreHints(second));
        Assert.Null(again.Reset(first));
        Assert.Same(first, new Course(_folder.Path).Next);
    }

    [Fact]
    public void A_reset_keeps_what_was_written()
    {
        var course = new Course(_folder.Path);
        course.WriteMissing();
        var first = Course.Exercises[0];
        File.WriteAllText(course.PathOf(first), "mine");
        string kept = course.Reset(first)!;
        Assert.Equal("mine", File.ReadAllText(kept));
        Assert.Equal(first.Text, course.Read(first));
    }
}
