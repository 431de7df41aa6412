using System.Collections.Concurrent;
using System.Reflection;
using System.Text.RegularExpressions;

namespace ChainRule.Layers;

/// <summary>Which fields of a type of module hold tensors and which hold modules, under PyTorch's names: found once a type.</summary>
sealed partial class Anatomy
{
    static readonly ConcurrentDictionary<Type, Anatomy> s_known = new();

    readonly List<KeyValuePair<string, FieldInfo>> _tensors = [], _children = [];

    Anatomy(Type type)
    {
        foreach (var field in Fields(type))
        {
            if (Holds<Tensor>(field.FieldType) || field.FieldType == typeof(Tensor?)) _tensors.Add(new(Name(field), field));
            else if (typeof(Module).IsAssignableFrom(field.FieldType) || Holds<Module>(field.FieldType)) _children.Add(new(Name(field), field));
        }
        if (_tensors.Concat(_children).GroupBy(part => part.Key).FirstOrDefault(same => same.Count() > 1) is { } twice)
            Throw.Invalid($"parts of {type.Name}: {twice.Count()} fields go by the name '{twice.Key}': rename all but one");
    }

    public static Anatomy Of(Module module) => s_known.GetOrAdd(module.GetType(), static type => new(type));

    /// <summary>The tensors of a module's own fields, in the order of declaration; fields without a value are left out.</summary>
    public IEnumerable<KeyValuePair<string, Tensor>> Tensors(Module module) =>
        Values<Tensor>(_tensors, module).Where(named => named.Value.Exists);

    /// <summary>The modules of a module's own fields, in the order of declaration; fields without a value are left out.</summary>
    public IEnumerable<KeyValuePair<string, Module>> Children(Module module) => Values<Module>(_children, module);

    static IEnumerable<KeyValuePair<string, TValue>> Values<TValue>(List<KeyValuePair<string, FieldInfo>> fields, Module module)
    {
        foreach (var (name, field) in fields)
        {
            object? value = field.GetValue(module);
            if (value is TValue one)
            {
                yield return new(name, one);
                continue;
            }
            if (value is not IReadOnlyList<TValue?> list) continue;
            for (int i = 0; i < list.Count; i++)
                if (list[i] is { } element) yield return new($"{name}.{i}", element);
        }
    }

    static bool Holds<TValue>(Type field) => field == typeof(TValue) || typeof(IReadOnlyList<TValue>).IsAssignableFrom(field);

    /// <summary>Base class first; <see cref="Module"/> itself has no parts.</summary>
    static IEnumerable<FieldInfo> Fields(Type type)
    {
        if (type == typeof(Module)) return [];
        var own = type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly);
        return Fields(type.BaseType!).Concat(own.OrderBy(field => field.MetadataToken));
    }

    /// <summary><c>RunningMean</c>, <c>_runningMean</c> or a property's own field → <c>running_mean</c>.</summary>
    static string Name(FieldInfo field)
    {
        string written = Property().Match(field.Name) is { Success: true } match ? match.Groups[1].Value : field.Name.TrimStart('_');
        return WordStart().Replace(written, "_").ToLowerInvariant();
    }

    // The compiler calls the field of an auto-property <Name>k__BackingField, and that of a primary constructor's parameter <name>P.
    [GeneratedRegex("^<(.+)>")]
    private static partial Regex Property();

    [GeneratedRegex("(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")]
    private static partial Regex WordStart();
}
