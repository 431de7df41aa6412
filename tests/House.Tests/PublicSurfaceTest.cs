using System.Text.Json;
using System.Xml.Linq;
using ChainRule;
using Microsoft.CodeAnalysis;

namespace House.Tests;

/// <summary>
/// What the library promises to others: its public names, what it makes them dispose of, and what it brings along.
/// </summary>
public sealed class PublicSurfaceTest
{
    const string Snapshot = "tests/House.Tests/PublicApi.txt", Accept = "CHAINRULE_ACCEPT";

    static readonly SymbolDisplayFormat s_format = new(
        SymbolDisplayGlobalNamespaceStyle.Omitted,
        SymbolDisplayTypeQualificationStyle.NameAndContainingTypes,
        SymbolDisplayGenericsOptions.IncludeTypeParameters | SymbolDisplayGenericsOptions.IncludeTypeConstraints
            | SymbolDisplayGenericsOptions.IncludeVariance,
        SymbolDisplayMemberOptions.IncludeParameters | SymbolDisplayMemberOptions.IncludeType
        | SymbolDisplayMemberOptions.IncludeModifiers
            | SymbolDisplayMemberOptions.IncludeConstantValue | SymbolDisplayMemberOptions.IncludeRef
                | SymbolDisplayMemberOptions.IncludeExplicitInterface,
        SymbolDisplayDelegateStyle.NameAndSignature,
        SymbolDisplayExtensionMethodStyle.StaticMethod,
        SymbolDisplayParameterOptions.IncludeType | SymbolDisplayParameterOptions.IncludeName
        | SymbolDisplayParameterOptions.IncludeDefaultValue
            | SymbolDisplayParameterOptions.IncludeParamsRefOut,
        SymbolDisplayPropertyStyle.ShowReadWriteDescriptor,
        SymbolDisplayLocalOptions.None,
        SymbolDisplayKindOptions.IncludeTypeKeyword,
        SymbolDisplayMiscellaneousOptions.UseSpecialTypes
        | SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier
            | SymbolDisplayMiscellaneousOptions.EscapeKeywordIdentifiers);

    static readonly SymbolDisplayFormat s_name = s_format.WithKindOptions(SymbolDisplayKindOptions.None)
        .WithGenericsOptions(SymbolDisplayGenericsOptions.IncludeTypeParameters);

    [Fact]
    public void The_public_names_are_those_that_were_agreed()
    {
        string path = Repository.PathOf(Snapshot);
        string[] now = [.. Surface(LibraryAssembly())];
        if (Environment.GetEnvironmentVariable(Accept) == "1") File.WriteAllLines(path, now);
        string[] agreed = File.Exists(path) ? File.ReadAllLines(path) : [];
        Assert.True(now.SequenceEqual(agreed),
            $"the public surface of ChainRule.dll is not {Snapshot}:\n{Difference(agreed, now)}\n"
            + $"If that is meant, run this test once with {Accept}=1 and commit the file.");
    }

    [Fact]
    public void No_constructor_has_more_than_four_optional_parameters() =>
        Assert.Empty(typeof(Tensor).Assembly.GetExportedTypes().SelectMany(type => type.GetConstructors())
            .Where(constructor => constructor.GetParameters().Count(parameter => parameter.IsOptional) > 4)
            .Select(constructor => $"{constructor.DeclaringType} {constructor}"));

    [Fact]
    public void No_two_public_types_have_one_name()
    {
        var types = new[] { typeof(Tensor), typeof(ChainRule.Zoo.Runs.TrainingRun), typeof(ChainRule.Pictures.Page) }
            .SelectMany(type => type.Assembly.GetExportedTypes()).Where(type => !type.IsNested);
        Assert.Empty(types.GroupBy(type => type.Name.Split('`')[0])
            .Where(same => same.Select(type => type.Namespace).Distinct().Count() > 1)
            .Select(same => string.Join(" and ", same.Select(type => type.FullName))));
    }

    [Fact]
    public void A_name_added_and_a_name_removed_are_told() =>
        Assert.Equal("- A: b\n+ C: b", Difference(["A", "    a", "    b", "C"], ["A", "    a", "C", "    b"]));

    [Fact]
    public void Nothing_public_is_to_be_disposed_of() =>
        Assert.Empty(Disposable(typeof(Tensor).Assembly.GetExportedTypes()));

    [Fact]
    public void A_public_type_to_be_disposed_of_is_seen() =>
        Assert.Equal([typeof(MemoryStream)], Disposable([typeof(MemoryStream), typeof(Tensor)]));

    [Fact]
    public void The_library_brings_one_package_along() => Assert.Equal(["System.Numerics.Tensors"],
        from reference in XDocument.Load(Repository.PathOf("src/ChainRule/ChainRule.csproj"))
            .Descendants("PackageReference")
        let name = (string)reference.Attribute("Include")!
        orderby name
        select name);

    /// <summary>
    /// That package has a Tensor of its own, which would meet ours in every file that uses both namespaces.
    /// </summary>
    [Fact]
    public void Nobody_compiles_with_the_package_who_did_not_ask_for_it()
    {
        using var assets =
            JsonDocument.Parse(File.ReadAllBytes(Repository.PathOf("src/ChainRule.Pictures/obj/project.assets.json")));
        var package = assets.RootElement.GetProperty("targets").EnumerateObject().First().Value.EnumerateObject()
            .Single(one => one.Name.StartsWith("System.Numerics.Tensors/", StringComparison.Ordinal)).Value;
        Assert.All(package.GetProperty("compile").EnumerateObject(),
            file => Assert.EndsWith("/_._", file.Name, StringComparison.Ordinal));
        Assert.Contains(package.GetProperty("runtime").EnumerateObject(),
            file => file.Name.EndsWith("/System.Numerics.Tensors.dll", StringComparison.Ordinal));
    }

    // But for the place of a worker in its group: others see that it has left.
    static IEnumerable<Type> Disposable(IEnumerable<Type> types) =>
        types.Where(
            type => (typeof(IDisposable).IsAssignableFrom(type) || typeof(IAsyncDisposable).IsAssignableFrom(type))
                && !typeof(ChainRule.Distributed.Transport).IsAssignableFrom(type)
                // These hold files open.
                && type != typeof(ChainRule.Data.TokenFile) && type != typeof(ChainRule.Data.CsvFile));

    static IAssemblySymbol LibraryAssembly()
    {
        var compilation = Compiler.Compile("Reader", []);
        return (IAssemblySymbol)compilation.GetAssemblyOrModuleSymbol(
            Compiler.References.Single(r => Path.GetFileName(r.Display) == "ChainRule.dll"))!;
    }

    static IEnumerable<string> Surface(IAssemblySymbol assembly) => Types(assembly.GlobalNamespace)
        .Where(IsSeen)
        .OrderBy(type => type.ContainingNamespace.ToString(), StringComparer.Ordinal)
        .ThenBy(type => type.ToDisplayString(s_name), StringComparer.Ordinal)
        .SelectMany(
            type => Members(type).Order(StringComparer.Ordinal).Prepend($"{type.ContainingNamespace}: {Head(type)}"));

    static string Head(INamedTypeSymbol type)
    {
        string kind = type switch
        {
            { TypeKind: TypeKind.Class, IsStatic: true } => "static ",
            { TypeKind: TypeKind.Class, IsAbstract: true } => "abstract ",
            { TypeKind: TypeKind.Class, IsSealed: true } => "sealed ",
            _ => "",
        };
        INamedTypeSymbol? parent = type.BaseType is { SpecialType: SpecialType.None } ? type.BaseType : null;
        string[] from = [.. new[] { parent }.Concat(type.Interfaces).OfType<INamedTypeSymbol>()
            .Select(t => t.ToDisplayString(s_name))];
        return kind + type.ToDisplayString(s_format.WithGenericsOptions(s_name.GenericsOptions))
            + (from.Length == 0 ? "" : " : " + string.Join(", ", from));
    }

    static IEnumerable<string> Members(INamedTypeSymbol type) => type.GetMembers()
        .Where(m => IsSeen(m) && m is not INamedTypeSymbol && m is not IMethodSymbol { AssociatedSymbol: not null }
            && !IsCompilersOwn(m))
        .Select(m => "    " + (m.DeclaredAccessibility is Accessibility.Public ? "" : "protected ")
            + m.ToDisplayString(s_format));

    static bool IsSeen(ISymbol symbol) =>
        symbol.DeclaredAccessibility is Accessibility.Public or Accessibility.Protected
            or Accessibility.ProtectedOrInternal
        && (symbol.ContainingType is null || IsSeen(symbol.ContainingType));

    // What the compiler writes for every record, struct and enum says nothing about this one.
    static bool IsCompilersOwn(ISymbol member) => member is IMethodSymbol method
        && (method.GetAttributes().Any(a => a.AttributeClass?.Name == "CompilerGeneratedAttribute")
            || method is { MethodKind: MethodKind.Constructor, Parameters: [], ContainingType.IsValueType: true });

    static IEnumerable<INamedTypeSymbol> Types(INamespaceOrTypeSymbol root) =>
        root.GetMembers().OfType<INamespaceOrTypeSymbol>()
            .SelectMany(m => m is INamedTypeSymbol type ? Types(type).Prepend(type) : Types(m));

    static string Difference(string[] agreed, string[] now)
    {
        string[] before = [.. InFull(agreed)], after = [.. InFull(now)];
        return string.Join('\n',
            before.Except(after).Select(line => "- " + line).Concat(after.Except(before).Select(line => "+ " + line)));
    }

    // A member is told apart by its type, which stands above it.
    static IEnumerable<string> InFull(string[] lines)
    {
        string type = "";
        foreach (string line in lines)
        {
            if (!line.StartsWith(' ')) type = line;
            yield return line == type ? line : $"{type}: {line.Trim()}";
        }
    }
}
