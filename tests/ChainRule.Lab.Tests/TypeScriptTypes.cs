using System.Reflection;
using System.Text;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using ChainRule.Lab.Runs;
using ChainRule.Lab.Sessions;

namespace ChainRule.Lab.Tests;

/// <summary>The records that travel as JSON, as TypeScript says them: asked of the contexts that write them.</summary>
static class TypeScriptTypes
{
    public static string Of(string room, JsonSerializerContext context, params Type[] roots)
    {
        var text = new StringBuilder(
            "// Written from the C# records by TypeScriptTypesTest, with CHAINRULE_ACCEPT=1.\n");
        List<Type> all = [];
        foreach (var root in roots) Collect(root, context, all);
        if (room != "sessions" && all.Contains(typeof(NumberBlock)))
            text.Append("import type { NumberBlock } from './sessions';\n");
        foreach (var type in all.Where(type => room == "sessions" || type.Name != "NumberBlock"))
            text.Append('\n').Append(Written(type, context));
        return text.ToString();
    }

    static void Collect(Type type, JsonSerializerContext context, List<Type> all)
    {
        if (Element(type) is { } element) Collect(element, context, all);
        else if (Nullable.GetUnderlyingType(type) is { } inner) Collect(inner, context, all);
        else if (!type.IsPrimitive && type != typeof(string) && type != typeof(Cell) && !all.Contains(type))
        {
            all.Add(type);
            foreach (var derived in type.GetCustomAttributes<JsonDerivedTypeAttribute>())
                Collect(derived.DerivedType, context, all);
            if (!type.IsAbstract && !type.IsEnum)
                foreach (var property in context.GetTypeInfo(type)!.Properties)
                    Collect(property.PropertyType, context, all);
        }
    }

    static string Written(Type type, JsonSerializerContext context)
    {
        if (type.IsEnum)
            return $"export type {type.Name} = "
                + $"{string.Join(" | ", Enum.GetNames(type).Select(name => $"'{name}'"))};\n";
        var derived = type.GetCustomAttributes<JsonDerivedTypeAttribute>().ToArray();
        if (derived.Length > 0)
            return $"export type {type.Name} =\n  | {string.Join("\n  | ", derived.Select(one =>
                $"({{ type: '{one.TypeDiscriminator}' }} & {one.DerivedType.Name})"))};\n";
        var nullability = new NullabilityInfoContext();
        var fields = context.GetTypeInfo(type)!.Properties.Select(property => $"  {property.Name}: "
            + $"{Name(property.PropertyType)}{(IsNull(property) ? " | null" : "")};\n");
        return fields.Any() ? $"export interface {type.Name} {{\n{string.Concat(fields)}}}\n"
            : $"export type {type.Name} = object;\n";

        bool IsNull(JsonPropertyInfo property) => Nullable.GetUnderlyingType(property.PropertyType) is not null
            || (property.AttributeProvider is PropertyInfo info
                && nullability.Create(info).ReadState == NullabilityState.Nullable);
    }

    static string Name(Type type) =>
        Nullable.GetUnderlyingType(type) is { } inner ? Name(inner)
        : Element(type) is { } element ? $"{Name(element)}[]"
        : type == typeof(Cell) ? "(number | string | null)"
        : type == typeof(string) ? "string"
        : type == typeof(bool) ? "boolean"
        : type.IsPrimitive ? "number"
        : type.Name;

    static Type? Element(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>)
        ? type.GetGenericArguments()[0] : null;
}
