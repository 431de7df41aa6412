using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace House.Tests;

/// <summary>
/// An argument is refused by an exception of the house, which says one sentence: .NET's own adds "(Parameter 'x')" to
/// what is shown.
/// </summary>
public sealed class ParamNameTest
{
    static readonly string[] s_dotnet = ["ArgumentException", "ArgumentNullException", "ArgumentOutOfRangeException"];

    [Fact]
    public void No_message_ends_in_what_dotnet_adds() => Finding.None(Repository.Source.SelectMany(Named));

    [Fact]
    public void A_name_that_is_given_to_dotnets_exception_is_seen() =>
        Finding.Only(Named(new("src/ChainRule.Zoo/Sample.cs", """
        static class Sample
        {
            static void A(int x) => throw new ArgumentException($"sample: {x}; give "
                + "1", nameof(x));
            static void B(int x) => throw new RefusedArgumentException("sample: give 1", nameof(x));
            static void C() => throw new ArgumentException("sample: give 1");
        }
        """)), "src/ChainRule.Zoo/Sample.cs:3");

    static IEnumerable<Finding> Named(SourceFile file) =>
        from made in file.Tree.GetRoot().DescendantNodes().OfType<ObjectCreationExpressionSyntax>()
        where s_dotnet.Contains(made.Type.ToString())
            && made.ArgumentList?.Arguments.Any(argument => argument.Expression is InvocationExpressionSyntax
                { Expression: IdentifierNameSyntax { Identifier.Text: "nameof" } }) == true
        select new Finding(file.Path, made.GetLocation().GetLineSpan().StartLinePosition.Line + 1,
            "a sentence alone", "give the name to Throw, or to an exception of Errors/Refused.cs");
}
