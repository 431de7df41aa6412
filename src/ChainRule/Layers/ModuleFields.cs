using System.Collections;
using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace ChainRule.Layers;

/// <summary>
/// What a module's fields hold, under PyTorch's names: the fields are found once a type, what they hold at each look.
/// Arrays, lists, dictionaries and tuples are looked into, however deep; objects of other types are not, and
/// <see cref="LostParts"/> refuses them where they hold anything to be trained.
/// </summary>
sealed partial class ModuleFields
{
    // Far deeper than collections are nested: what gets here goes round in circles.
    const int Deepest = 32;

    static readonly ConcurrentDictionary<Type, ModuleFields> s_known = new();

    readonly List<KeyValuePair<string, FieldInfo>> _parts = [], _others = [];

    ModuleFields([DynamicallyAccessedMembers(Module.Kept)] Type type)
    {
        foreach (var field in Fields(type)) (MayHold(field.FieldType) ? _parts : _others).Add(new(Name(field), field));
        if (_parts.GroupBy(part => part.Key).FirstOrDefault(same => same.Count() > 1) is { } twice)
            Throw.Invalid(
                $"parts of {type.Name}: {twice.Count()} fields go by the name '{twice.Key}': rename all but one");
    }

    public static ModuleFields Of(Module module)
    {
        var type = module.GetType();
        return s_known.TryGetValue(type, out var known) ? known : s_known.GetOrAdd(type, new ModuleFields(type));
    }

    /// <summary>
    /// The parameters and buffers of a module's own fields, in the order of declaration. What an op
    /// computed is never one.
    /// </summary>
    public IEnumerable<KeyValuePair<string, Tensor>> Tensors(Module module) =>
        from part in Parts(module)
        where part.Value is Tensor tensor && IsState(tensor)
        select KeyValuePair.Create(part.Name, (Tensor)part.Value);

    /// <summary>
    /// The modules of a module's own fields, in the order of declaration; fields without a value are left out.
    /// </summary>
    public IEnumerable<KeyValuePair<string, Module>> Children(Module module) =>
        from part in Parts(module)
        where part.Value is Module
        select KeyValuePair.Create(part.Name, (Module)part.Value);

    /// <summary>Everything that a module's own fields hold: tensors, modules, and what is not looked into.</summary>
    public IEnumerable<Part> Parts(Module module)
    {
        foreach (var (name, field) in _parts)
            foreach (var part in Look(module, name, field.GetValue(module), field.IsInitOnly)) yield return part;
    }

    /// <summary>
    /// What lies in fields that can hold neither tensors nor modules themselves, but perhaps an object or a
    /// function that does.
    /// </summary>
    public IEnumerable<Part> Others(Module module)
    {
        foreach (var (name, field) in _others)
            if (field.GetValue(module) is { } value and not string) yield return new(name, value, field.IsInitOnly);
    }

    public static bool IsState(Tensor tensor) => tensor.IsLive && tensor.Slot.Role is Role.Parameter or Role.Buffer;

    static IEnumerable<Part> Look(Module module, string name, object? value, bool fixedForGood, int depth = 0) =>
        value switch
    {
        null or string => [],
        _ when depth > Deepest => TooDeep(module, name),
        Array numbers when numbers.GetType().GetElementType()!.IsPrimitive => [],
        Tensor or Module => [new(name, value, fixedForGood)],
        IDictionary map => Entries(module, name, map, depth + 1),
        ITuple tuple => Elements(module, name, Enumerable.Range(0, tuple.Length).Select(i => tuple[i]), depth + 1),
        Array { Rank: > 1 } cells => Cells(module, name, cells, depth + 1),
        ICollection or IReadOnlyList<Tensor> or IReadOnlyList<Tensor?> or IReadOnlyList<Module> =>
            Elements(module, name, ((IEnumerable)value).Cast<object?>(), depth + 1),
        IEnumerable<Module> or IEnumerable<Tensor> => Unnamed(module, name, value),
        IEnumerable when value.GetType().GetGenericArguments().Any(MayHold) => Unnamed(module, name, value),
        _ => [new(name, value, fixedForGood)],
    };

    // An element can be replaced at any time, wherever the list itself stands.
    static IEnumerable<Part> Elements(Module module, string name, IEnumerable<object?> elements, int depth) =>
        elements.Index().SelectMany(element => Look(module, $"{name}.{element.Index}", element.Item, false, depth));

    static IEnumerable<Part> TooDeep(Module module, string name)
    {
        string field = name[..name.IndexOf('.', StringComparison.Ordinal)];
        Throw.Invalid($"parts of {module.GetType().Name}: '{field}' holds collections more than {Deepest} deep: one "
            + "holds itself: take it out");
        return [];
    }

    static IEnumerable<Part> Cells(Module module, string name, Array cells, int depth)
    {
        int[] at = new int[cells.Rank];
        foreach (object? cell in cells)
        {
            foreach (var part in Look(module, $"{name}.{string.Join('.', at)}", cell, false, depth)) yield return part;
            for (int axis = at.Length - 1; axis >= 0 && ++at[axis] == cells.GetLength(axis); axis--) at[axis] = 0;
        }
    }

    // In the order of the keys' text: that of a hash table changes from run to run.
    static IEnumerable<Part> Entries(Module module, string name, IDictionary map, int depth)
    {
        List<(string Key, object? Value)> entries = [];
        foreach (DictionaryEntry entry in map)
        {
            if (entry.Key is Module or Tensor)
                Throw.Invalid($"parts of {module.Describe()}: the keys of the dictionary '{name}' are modules or "
                    + "tensors, which then have no name: make them the values");
            entries.Add((Convert.ToString(entry.Key, CultureInfo.InvariantCulture)!, entry.Value));
        }
        return entries.OrderBy(entry => entry.Key, StringComparer.Ordinal)
            .SelectMany(entry => Look(module, $"{name}.{entry.Key}", entry.Value, false, depth));
    }

    // A set has no order to name its elements by, and a query may make new ones at every look; a set of tensors that
    // were computed holds no state.
    static IEnumerable<Part> Unnamed(Module module, string name, object value)
    {
        if (value is IReadOnlyCollection<Tensor> tensors && !tensors.Any(IsState)) return [];
        Throw.Invalid($"parts of {module.Describe()}: '{name}' is a {TypeName(value.GetType())}, whose elements have "
            + "no fixed order or are made anew at each look, so they could not be named and saved: hold them in an "
            + "array, a list or a dictionary");
        return [];
    }

    /// <summary>Whether a field of this type can hold a tensor or a module, itself or in a collection.</summary>
    static bool MayHold(Type type)
    {
        if (type == typeof(Tensor) || type == typeof(object) || typeof(Module).IsAssignableFrom(type)) return true;
        if (type.IsArray) return MayHold(type.GetElementType()!);
        if (typeof(Delegate).IsAssignableFrom(type)) return false;
        if (type.IsGenericType) return type.GetGenericArguments().Any(MayHold);
        return type.IsInterface || typeof(IEnumerable).IsAssignableFrom(type) && type != typeof(string)
            || typeof(ITuple).IsAssignableFrom(type);
    }

    /// <summary>Base class first; <see cref="Module"/> itself has no parts.</summary>
    static IEnumerable<FieldInfo> Fields([DynamicallyAccessedMembers(Module.Kept)] Type type)
    {
        if (type == typeof(Module)) return [];
        var own = type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic
            | BindingFlags.DeclaredOnly);
        // Natively compiled types have no tokens, and list their fields as declared.
        return Fields(type.BaseType!).Concat(own.OrderBy(field => field.HasMetadataToken() ? field.MetadataToken : 0));
    }

    /// <summary>A type as it is written in C#: <c>HashSet&lt;Linear&gt;</c>.</summary>
    public static string TypeName(Type type) => !type.IsGenericType ? type.Name
        : $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(TypeName))}>";

    /// <summary><c>RunningMean</c>, <c>_runningMean</c> or a property's own field → <c>running_mean</c>.</summary>
    public static string Name(FieldInfo field)
    {
        string written = Property().Match(field.Name) is { Success: true } match ? match.Groups[1].Value
            : field.Name.TrimStart('_');
        return WordStart().Replace(written, static _ => "_").ToLowerInvariant();
    }

    // The compiler calls the field of an auto-property <Name>k__BackingField, and that of a primary
    // constructor's parameter <name>P.
    [GeneratedRegex("^<(.+)>")]
    private static partial Regex Property();

    [GeneratedRegex("(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")]
    private static partial Regex WordStart();

    /// <summary>Something that a field holds.</summary>
    /// <param name="Name">Its name within the module: <c>heads.age</c>.</param>
    /// <param name="Value">A tensor, a module, or an object that is not looked into.</param>
    /// <param name="Fixed">Whether it stands in a field that is set once, by the constructor.</param>
    public readonly record struct Part(string Name, object Value, bool Fixed);
}
