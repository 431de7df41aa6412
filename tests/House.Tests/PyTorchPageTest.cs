using System.Text.RegularExpressions;

namespace House.Tests;

/// <summary>The page for those who come from PyTorch names what there is.</summary>
public sealed partial class PyTorchPageTest
{
    // What C# itself or the page's own example provides.
    static readonly string[] s_notOurs = ["Console", "WriteLine"];

    [Fact]
    public void Every_name_of_ours_exists()
    {
        string surface = File.ReadAllText(Repository.PathOf("tests/House.Tests/PublicApi.txt"));
        string[] named = [.. Ours(Page.Read("docs/pytorch.md"))];
        Assert.True(named.Length > 100,
            $"only {named.Length} names were found: the page's tables have changed their shape");
        Assert.DoesNotContain(named.Except(s_notOurs), name => !Regex.IsMatch(surface, $@"\b{name}\b"));
    }

    [Fact]
    public void A_name_is_a_capitalised_word_in_code_on_the_right() =>
        Assert.Equal(["Tensor", "Zeros", "Sum"],
            Ours("| `torch.Foo` | `Tensor.Zeros(new[] { 2 })` Not code, `x.Sum(1, keepDim: true)` |\n"));

    static IEnumerable<string> Ours(string page) => Row().Matches(page)
        .SelectMany(row => Code().Matches(row.Groups[1].Value))
        .SelectMany(code => Name().Matches(code.Value))
        .Select(name => name.Value).Distinct();

    [GeneratedRegex(@"^\|[^|]*\|([^|]*)\|\s*$", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex("`[^`]*`")]
    private static partial Regex Code();

    // Single letters are shapes: N, C.
    [GeneratedRegex(@"(?<![\w""])[A-Z]\w+")]
    private static partial Regex Name();
}
