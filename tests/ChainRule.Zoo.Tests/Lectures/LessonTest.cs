using ChainRule.Tests;
using ChainRule.Zoo.Lectures;

namespace ChainRule.Zoo.Tests.Lectures;

public sealed class LessonTest : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Lessons_are_read_by_number_from_their_first_comment()
    {
        Directory.CreateDirectory(_folder.PathOf("lessons"));
        _folder.Write("lessons/02-rules.cs",
            "#:project ../src/ChainRule\n// Lesson 02: Rules of thumb. What a thumb knows, and why.\nreturn 0;\n");
        _folder.Write("lessons/01-what.cs", "// Lesson 01: What is a slope? A question.\n");
        _folder.Write("lessons/notes.cs", "no lesson\n");
        string folder = Lesson.FindFolder(Directory.CreateDirectory(_folder.PathOf("lessons/below")).FullName)!;
        Assert.Equal([(1, "01-what", "What is a slope?", "A question."),
            (2, "02-rules", "Rules of thumb", "What a thumb knows, and why.")],
            Lesson.In(folder).Select(l => (l.Number, l.Name, l.Title, l.Summary)));
    }

    [Theory]
    [InlineData("using System;\n", "")]
    [InlineData("// Lesson 02: Slopes. What they are.\n", "// Lesson 02: Slopes. What they are.")]
    [InlineData("// Slopes\n", "// Slopes")]
    public void Another_beginning_is_refused(string text, string first)
    {
        _folder.Write("01-slope.cs", text);
        Assert.Equal($"01-slope.cs: its first comment is '{first}': begin with '// Lesson 01: Title. One sentence'",
            Assert.Throws<InvalidDataException>(() => Lesson.In(_folder.Path)).Message);
    }

    [Fact]
    public void The_expected_lines_are_the_last_block_without_its_slashes() =>
        Assert.Equal(["a b", "", "  c"],
            Write("// a note\nint x;\n\n// expected:\n// a b  \n//\n//   c\n").ExpectedLines());

    [Theory]
    [InlineData("return 0;\n")]
    [InlineData("// expected:\n// a\nreturn 0;\n")]
    public void Without_that_block_at_the_end_there_is_nothing_to_expect(string text) => Assert.Equal(
        "01-slope: it does not end in '// expected:' and the lines it prints: write them, each after '// '",
        Assert.Throws<InvalidDataException>(() => Write(text).ExpectedLines()).Message);

    [Fact]
    public void Where_no_folder_above_holds_lessons_there_is_none() => Assert.Null(Lesson.FindFolder(_folder.Path));

    Lesson Write(string text)
    {
        _folder.Write("01-slope.cs", "// Lesson 01: Slopes. What they are.\n" + text);
        return Assert.Single(Lesson.In(_folder.Path));
    }
}
