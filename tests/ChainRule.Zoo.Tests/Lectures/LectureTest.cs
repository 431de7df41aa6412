using ChainRule.Zoo.Lectures;

namespace ChainRule.Zoo.Tests.Lectures;

public sealed class LectureTest
{
    [Fact]
    public void A_comparison_is_one_line_on_the_console() => Assert.Equal(
        "first loss: 3.3239 | lecture: 3.3239 | agrees\nname: mor. | lecture: mor. | agrees\n",
        Printed(Console.Out, Console.SetOut, () =>
        {
            Lecture.Compare("first loss", "3.3239", 3.32394);
            Lecture.Compare("name", "mor.", "mor.");
        }));

    [Fact]
    public void A_file_that_is_not_here_is_told_on_stderr_with_the_command_that_gets_it()
    {
        string path = "?";
        string said = Printed(Console.Error, Console.SetError,
            () => Assert.False(Lecture.Has("no-such-file.txt", out path)));
        Assert.Equal("", path);
        Assert.StartsWith("lesson: no-such-file.txt: it is not in ", said, StringComparison.Ordinal);
        Assert.Equal(1, said.Count(c => c == '\n'));
    }

    static string Printed(TextWriter before, Action<TextWriter> set, Action print)
    {
        using var printed = new StringWriter { NewLine = "\n" };
        set(printed);
        try
        {
            print();
        }
        finally
        {
            set(before);
        }
        return printed.ToString();
    }
}
