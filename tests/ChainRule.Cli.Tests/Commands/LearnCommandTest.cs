using System.Diagnostics;
using ChainRule.Tests;

namespace ChainRule.Cli.Tests.Commands;

public sealed class LearnCommandTest : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    Ended Run(params string[] args) => CommandLine.Run(_folder.Path, args);

    string First => _folder.PathOf(Path.Combine("exercises", "01-square.txt"));

    void Write(string formula) => File.WriteAllText(First, $"x = randn()\nloss = x**2\ndx = {formula}\n");

    [Fact]
    public void Without_a_terminal_it_writes_the_files_and_checks_once()
    {
        var first = Run("learn");
        Assert.Equal(1, first.Code);
        Assert.Equal("", first.Errors);
        Assert.Matches("^[0-9]+ exercises were written to exercises\n\nExercise 1: the derivative of x squared   "
            + "\\(0 of [0-9]+ done\\)\nWrite in exercises.01-square.txt and save it.\nstill to be written: dx\n$",
            first.Output);
        Write("x");
        var wrong = Run("learn");
        Assert.Equal(1, wrong.Code);
        Assert.Contains("The first wrong step is dx: it is 0.5 times the gradient: a factor 2 is missing", wrong.Output,
            StringComparison.Ordinal);
        Write("2 * x");
        Assert.Contains("01-square: right. 1 of ", Run("learn").Well().Output, StringComparison.Ordinal);
        Assert.Contains("Exercise 2: ", Run("learn").Output, StringComparison.Ordinal);
    }

    /// <summary>In a clone of the repository the folder of that name is the repository's.</summary>
    [Fact]
    public void The_exercises_that_ship_are_never_written_in()
    {
        Directory.CreateDirectory(_folder.PathOf("exercises/solutions"));
        foreach (string name in (string[])["exercises/01-square.txt", "exercises/solutions/01-square.txt"])
            File.WriteAllText(_folder.PathOf(name), "as it ships");
        Assert.Contains("Write in my-exercises", Run("learn").Output, StringComparison.Ordinal);
        Assert.Equal(["01-square.txt", "solutions"], Directory.GetFileSystemEntries(_folder.PathOf("exercises"))
            .Select(Path.GetFileName).Order(StringComparer.Ordinal));
        File.WriteAllText(_folder.PathOf("my-exercises/01-square.txt"), "x = randn()\nloss = x**2\ndx = 2 * x\n");
        Assert.Contains("01-square: right. 1 of ", Run("learn", "1").Well().Output, StringComparison.Ordinal);
        Assert.Equal("01-square done\n", File.ReadAllText(_folder.PathOf("my-exercises/progress.txt")));
        Assert.Matches("^01-square begins anew; what you wrote is in my-exercises.01-square.txt.old\n$",
            Run("learn", "1", "--reset").Well().Output);
        // Within that folder, it is beside it.
        Assert.StartsWith("next  Exercise 1: ",
            CommandLine.Run(_folder.PathOf("exercises"), "learn", "--list").Well().Output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder.PathOf("exercises/exercises")));
        Assert.Equal("learn: 'exercises' holds the exercises as they ship, with their solutions, and is not to be "
            + "written in: name a folder of your own by --dir, such as my-exercises",
            Run("learn", "--dir", "exercises").Refused(1));
        Assert.Equal("as it ships", File.ReadAllText(_folder.PathOf("exercises/01-square.txt")));
    }

    [Fact]
    public void What_is_no_number_is_one_sentence() =>
        Assert.StartsWith("learn foo: give the number of an exercise, from 1 to ", Run("learn", "foo").Refused(2),
            StringComparison.Ordinal);

    [Fact]
    public void A_list_writes_nothing()
    {
        Assert.StartsWith("next  Exercise 1: ", Run("learn", "--list", "--dir", "none").Well().Output,
            StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder.PathOf("none")));
    }

    [Fact]
    public void Hints_the_solution_the_list_and_a_new_beginning()
    {
        Assert.Single(Run("learn", "1", "--hint", "--dir", "mine").Well().Lines,
            line => line.StartsWith("hint ", StringComparison.Ordinal));
        Assert.Equal(2, Run("learn", "1", "--hint", "--dir", "mine").Well().Lines.Length);
        Assert.Equal(3, Run("learn", "1", "--hint", "--dir", "mine").Well().Lines.Length);
        Assert.Equal("There are no more hints: look at the solution.",
            Run("learn", "1", "--hint", "--dir", "mine").Well().Lines[^1]);
        Assert.Contains("dx = 2 * x\n", Run("learn", "--solution", "--dir", "mine").Well().Output,
            StringComparison.Ordinal);
        Assert.StartsWith("next  Exercise 1: the derivative of x squared\n      Exercise 2: ",
            Run("learn", "--list", "--dir", "mine").Well().Output, StringComparison.Ordinal);
        Assert.Equal("01-square begins anew\n", Run("learn", "--reset", "--dir", "mine").Well().Output);
    }

    [Fact]
    public void What_cannot_be_is_refused()
    {
        Assert.StartsWith("learn 99: there is no exercise of this number: choose one from 1 to ",
            Run("learn", "99").Refused(1), StringComparison.Ordinal);
        Assert.StartsWith("--list, --hint, --solution, --reset and --watch do not go together: choose one",
            Run("learn", "--list", "--hint").Refused(2), StringComparison.Ordinal);
        File.WriteAllText(_folder.PathOf("file"), "");
        Assert.Equal("learn: 'file' is a file, and the exercises need a folder: name another by --dir",
            Run("learn", "--dir", "file").Refused(1));
    }

    /// <summary>After the first check a save is answered within a second; then comes the next exercise.</summary>
    [Fact]
    public void A_save_is_answered_within_a_second()
    {
        using var learn = CommandLine.Start(_folder.Path, "learn", "--watch");
        using var said = new System.Collections.Concurrent.BlockingCollection<string>();
        learn.Said += said.Add;
        WaitFor("still to be written: dx");
        Write("x");
        WaitFor("a factor 2 is missing");
        var clock = Stopwatch.StartNew();
        Write("-2 * x");
        WaitFor("the sign is wrong");
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 1);
        clock.Restart();
        Write("2 * x");
        WaitFor("01-square: right. 1 of ");
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 1);
        WaitFor("Exercise 2: ");
        learn.Interrupt();
        Assert.Contains("done: go on with ", learn.Wait().Well().Output, StringComparison.Ordinal);

        void WaitFor(string text)
        {
            while (true)
            {
                Assert.True(said.TryTake(out string? line, TimeSpan.FromMinutes(2)), $"nothing said '{text}'");
                if (line.Contains(text, StringComparison.Ordinal)) return;
            }
        }
    }
}
