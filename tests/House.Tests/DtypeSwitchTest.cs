using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace House.Tests;

/// <summary>
/// One dtype switch: only Engine/DTypes.cs chooses code by a tensor's number type. Elsewhere a dtype is passed on, or
/// demanded: a comparison whose only consequence is an error chooses nothing. Kernels have no dtype and specialise by
/// typeof(T), which the compiler settles.
/// </summary>
public sealed class DtypeSwitchTest
{
    const string Home = "src/ChainRule/Engine/DTypes.cs";

    [Fact]
    public void Only_one_file_chooses_by_dtype() => Finding.None(Repository.Source.SelectMany(Choices));

    [Fact]
    public void A_choice_is_seen_and_a_demand_is_not_one() =>
        Finding.Only(Choices(new("src/ChainRule/Layers/Sample.cs", """
        void Work(Tensor x, DType dtype = DType.Float32)
        {
            if (x.DType == DType.Float32) Narrow(x);
            if (x.DType != DType.Float64) throw new ArgumentException("give float64");
            if (x.DType is not DType.Float64 || x.Rank > 2) { Throw.Argument("give float64"); }
            switch (x.DType)
            {
                case DType.Float32: break;
            }
            int bytes = x.DType switch { DType.Float64 => 8, _ => 4 };
            bool wide = typeof(T) == typeof(double);
            Make(DType.Float64);
        }
        """)), "src/ChainRule/Layers/Sample.cs:3", "src/ChainRule/Layers/Sample.cs:8",
            "src/ChainRule/Layers/Sample.cs:10", "src/ChainRule/Layers/Sample.cs:11");

    static IEnumerable<Finding> Choices(SourceFile file)
    {
        if (file.Path == Home) return [];
        var dtypes = file.All<MemberAccessExpressionSyntax>()
            .Where(m => m.Name.Identifier.Text is "Float32" or "Float64"
                && m.Expression.ToString() is "DType" or "ChainRule.DType")
            .Where(m => m.Parent is CaseSwitchLabelSyntax or ConstantPatternSyntax || Compared(m));
        var types = file.All<TypeOfExpressionSyntax>()
            .Where(t => file.Room != "Kernels" && t.Type.ToString() is "float" or "double" && Compared(t));
        return dtypes.Concat<SyntaxNode>(types)
            .Where(node => !IsDemand(node))
            .Select(node => file.At(node, "code chosen by dtype outside Engine/DTypes.cs",
                "give DTypes the choice, or do the work in an INumeric that DTypes.Run runs"));
    }

    static bool Compared(ExpressionSyntax node) => node.Parent is BinaryExpressionSyntax
    {
        RawKind: (int)SyntaxKind.EqualsExpression or (int)SyntaxKind.NotEqualsExpression
            or (int)SyntaxKind.IsExpression,
    };

    static bool IsDemand(SyntaxNode node) =>
        node.FirstAncestorOrSelf<IfStatementSyntax>() is { Else: null } test && test.Condition.Contains(node)
            && Refuses(test.Statement);

    static bool Refuses(StatementSyntax body) => body switch
    {
        BlockSyntax { Statements: [var only] } => Refuses(only),
        ThrowStatementSyntax => true,
        ExpressionStatementSyntax { Expression: InvocationExpressionSyntax call } =>
            call.Expression.ToString().StartsWith("Throw.", StringComparison.Ordinal),
        _ => false,
    };
}
