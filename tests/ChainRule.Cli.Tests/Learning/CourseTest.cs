using ChainRule.Cli.Learning;
using ChainRule.Derivations;
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
        var result = Of(name).Check(Of(name).Task);
        Assert.False(result.Passed);
        Assert.All(result.Report!.Steps, step => Assert.Equal(Verdict.Open, step.Verdict));
        Assert.Contains("still to be written", result.Message, StringComparison.Ordinal);
        Assert.Equal(result.Report.Steps.Count, Of(name).Task.Split('\n').Count(line => line.EndsWith("= ...")));
    }
}
