namespace House.Tests;

/// <summary>The pages of docs are true: programs print what they say, and links lead somewhere.</summary>
public sealed class PageTest
{
    const string Index = "docs/README.md", Accept = "CHAINRULE_ACCEPT", Saved = "pictures";

    /// <summary>Every page with a program in it.</summary>
    public static readonly TheoryData<string> Lessons =
        [.. Pages().Where(path => Joined(Page.Read(path), "csharp").Length > 0)];

    [Theory]
    [MemberData(nameof(Lessons))]
    public void A_lesson_is_one_program_that_prints_what_its_blocks_say(string path)
    {
        var (program, output) = Lesson(Page.Read(path));
        if (Directory.Exists(Saved)) Directory.Delete(Saved, recursive: true);
        Assert.Equal(Page.Tidied(output), Page.Tidied(Snippet.Run(program)));
        if (!Directory.Exists(Saved)) return;
        // The drawings on the page are made from the texts that its program saves.
        foreach (string text in Directory.GetFiles(Saved)
            .Where(file => file.EndsWith(".dot", StringComparison.Ordinal)
                || file.EndsWith(".vl.json", StringComparison.Ordinal)))
        {
            string kept = Repository.PathOf($"docs/pictures/{Path.GetFileName(text)}");
            if (Environment.GetEnvironmentVariable(Accept) == "1") File.Copy(text, kept, overwrite: true);
            Assert.True(File.Exists(kept) && File.ReadAllText(text) == File.ReadAllText(kept),
                $"{path} saves another {Path.GetFileName(text)} than stands in docs/pictures: run this test once with "
                    + $"{Accept}=1, and draw it again as docs/pictures.md says");
        }
    }

    [Fact]
    public void Every_page_is_in_the_index()
    {
        string index = Page.Read(Index);
        Assert.All(Pages().Where(path => path != Index),
            path => Assert.Contains($"]({Path.GetFileName(path)})", index, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_link_leads_somewhere() =>
        Assert.Empty(
            Pages().SelectMany(path => Page.DeadLinks(path, Page.Read(path)).Select(link => $"{path}: {link}")));

    [Fact]
    public void A_link_is_followed_from_the_folder_of_its_page() => Assert.Equal(["house.md", "../docs/nowhere.md"],
        Page.DeadLinks("src/page.md", "[a](../docs/house.md#rooms) [b](house.md) [c](https://example.org/d) [e](#here) "
            + "[f](../docs/nowhere.md)\n```\n[g](h)\n```\n"));

    [Fact]
    public void Blocks_of_code_are_the_program_and_bare_blocks_its_output() =>
        Assert.Equal(("int a;\nint b;\n", "1\n2\n"),
            Lesson("```csharp\nint a;\n```\n```\n1\n```\ntext\n```sh\nls\n```\n```csharp\nint b;\n```\n```\n2\n```\n"));

    static IEnumerable<string> Pages() => Repository.Files.Select(f => f.Path)
        .Where(path => path.StartsWith("docs/", StringComparison.Ordinal)
            && path.EndsWith(".md", StringComparison.Ordinal));

    static (string Program, string Output) Lesson(string page) => (Joined(page, "csharp"), Joined(page, ""));

    static string Joined(string page, string language) =>
        string.Concat(Page.Blocks(page).Where(b => b.Language == language).Select(b => b.Text));
}
