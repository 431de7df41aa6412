using System.Text.RegularExpressions;

namespace House.Tests;

/// <summary>
/// The terms of the field's textbooks: a reader who searches for the word of the course they take must find it. Words
/// of the house's own that once stood in their place may not come back, neither in prose nor within a name
/// (<c>OldCrew</c>, <c>_crew</c>).
/// </summary>
public sealed partial class WordsTest
{
    /// <summary>What may not be written, as a pattern, and what to write.</summary>
    static readonly (Regex Word, string Term)[] s_words =
    [
        .. from pair in new (string Word, string Term)[]
        {
            ("(?<!negative )slopes?", "derivative (of a function), gradient (of the loss)"),
            ("spreads?", "standard deviation"),
            ("bends?", "nonlinearity, activation function"),
            ("(the|a|an|its|their|this|whose|equal|true|largest) shares?|shares? of",
                "fraction, probability, attention weight"),
            ("ignorance|knowing nothing", "expected initial loss"),
            ("prejudice", "expected initial loss"),
            ("by heart", "overfit a single batch, memorise"),
            ("asleep|awake", "saturated, dead unit (of a network); waiting, running (of a thread)"),
            ("blew up|blows up", "the loss diverged"),
            ("honest", "possible label leakage, unbiased"),
            ("looks? away|looks? over the shoulder|shoulder", "stops watching, hook"),
            ("ill(?!-)", "severity, not finite"),
            ("crews?|mates?|beds?", "thread pool, worker, sleep lock"),
            ("closing brace|braces?", "scope, using block"),
            ("makers?", "the node that produced it"),
            ("notes?", "saved tensor (of an op), record, comment"),
            ("order by birth|births?|born", "creation order"),
            ("stretch of|stretches of", "window, slice"),
            ("so many", "N, this many, a given number of"),
            ("for none", "null means …, if null, no …"),
            ("in use,", "in evaluation mode, at inference"),
            ("(where|when) (nothing is said|none is given|none is named)", "default: …"),
            ("for want of", "missing"),
            ("likelier|likeliest", "more probable, most probable; greedy decoding"),
            ("wants? (a|no|its|their)? ?gradients?|wants grad", "requires a gradient, RequiresGrad"),
            ("up to, but without", "in [0, 1)"),
            ("way back", "backward pass"),
            ("at rate|plain descent", "at learning rate, gradient descent"),
            ("I Unary|I Lane|I Wide Lane|I Wide Slope|I Local", "IFormula, IBinaryFormula"),
        }
        select (new Regex($"(?<![A-Za-z])({pair.Word})(?![A-Za-z])",
            RegexOptions.IgnoreCase | RegexOptions.CultureInvariant), pair.Term),
    ];

    /// <summary>What the docs must have, since the courses have it.</summary>
    public static readonly TheoryData<string> Terms =
    [
        "learning rate", "gradient", "derivative", "nonlinearity", "activation function", "standard deviation",
        "probability", "attention weight", "dead unit",
        "saturated", "expected initial loss", "overfit a single batch", "inference", "evaluation mode",
        "hyperparameter", "nucleus sampling", "greedy decoding",
        "saved tensor", "creation order", "thread pool",
    ];

    /// <summary>Where a word means what it says.</summary>
    static readonly (string Path, string Word, string Why)[] s_allowed =
    [
        ("^lessons/0[1-6]-", "slope", "the first lessons find the slope of a curve before they call it a derivative"),
        ("^docs/micrograd.md$", "slope", "the page of those lessons"),
    ];

    [Fact]
    public void The_terms_are_those_of_the_textbooks() =>
        Finding.None(Repository.Files.Where(IsSearched).SelectMany(Found));

    [Theory]
    [MemberData(nameof(Terms))]
    public void A_term_of_the_courses_is_found_in_the_docs(string term) => Assert.Contains(
        Repository.Files,
        f => f.Path.StartsWith("docs/", StringComparison.Ordinal)
            && f.Text.Contains(term, StringComparison.OrdinalIgnoreCase));

    [Fact]
    public void A_word_is_seen_in_prose_and_in_a_name_with_its_term()
    {
        SourceFile file = new("src/ChainRule/Kernels/Sample.cs",
            "// The crew wakes.\nclass RowCrew { int _crew; }\n// crewel, recrew\n// A matter of ignorance.\n// "
                + "ill-conditioned");
        Finding.Only(Found(file), "src/ChainRule/Kernels/Sample.cs:1", "src/ChainRule/Kernels/Sample.cs:2",
            "src/ChainRule/Kernels/Sample.cs:4");
        Assert.Equal("src/ChainRule/Kernels/Sample.cs:1: 'crew' is no word of the field: write thread pool, worker, "
            + "sleep lock", $"{Found(file).First()}");
    }

    [Theory]
    [InlineData("lessons/01-slope.cs", true)]
    [InlineData("lessons/13-hidden-layers.cs", false)]
    [InlineData("src/ChainRule/Ops/Sample.cs", false)]
    public void A_slope_is_left_to_the_first_lessons(string path, bool allowed) =>
        Assert.Equal(allowed, !Found(new(path, "// the slope of a curve")).Any());

    [Theory]
    [InlineData("README.md", true)]
    [InlineData("docs/house.md", true)]
    [InlineData("tests/ChainRule.Tests/Sample.cs", false)]
    [InlineData("bench/peers/torch_twins.py", false)]
    public void Source_pages_and_lessons_are_searched(string path, bool searched) =>
        Assert.Equal(searched, IsSearched(new(path, "")));

    [Fact]
    public void Every_allowed_place_is_needed() => Assert.All(s_allowed, place => Assert.True(
        Repository.Files.Where(f => IsSearched(f) && Regex.IsMatch(f.Path, place.Path)).SelectMany(Matches)
            .Any(match => Covers(place, match.File.Path, match.Word)),
        $"'{place.Word}' stands no more in {place.Path}: take the line out of s_allowed"));

    static bool IsSearched(SourceFile file) =>
        file.Path is "README.md" or "CHANGELOG.md" || file.Path.Split('/')[0] is "src" or "docs" or "lessons";

    static IEnumerable<Finding> Found(SourceFile file) =>
        from match in Matches(file)
        where !s_allowed.Any(place => Covers(place, file.Path, match.Word))
        select file.At(match.Line, $"'{match.Word}' is no word of the field", $"write {match.Term}");

    static IEnumerable<(SourceFile File, int Line, string Word, string Term)> Matches(SourceFile file) =>
        from line in file.Lines.Index()
        let text = Boundary().Replace(LessonName().Replace(line.Item, ""), " ")
        from word in s_words
        let match = word.Word.Match(text)
        where match.Success
        select (file, line.Index + 1, match.Value, word.Term);

    static bool Covers((string Path, string Word, string Why) place, string path, string word) =>
        Regex.IsMatch(path, place.Path) && word.StartsWith(place.Word, StringComparison.OrdinalIgnoreCase);

    // Between the parts of a name.
    [GeneratedRegex(@"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|_")]
    private static partial Regex Boundary();

    // The file of a lesson, wherever it is named.
    [GeneratedRegex(@"\d\d-[a-z-]+")]
    private static partial Regex LessonName();
}
