using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace ChainRule.Layers;

/// <summary>
/// Finds what would be lost: a tensor in a field that is neither parameter, buffer nor constant, as when RequireGrad()
/// was forgotten, and modules or parameters inside objects that are not looked into, such as records, classes of the
/// user's own, and functions.
/// </summary>
static class LostParts
{
    // Beyond this, an object is no holder of layers but data.
    const int Deepest = 8, Most = 10_000;

    /// <summary>Looks at a module and all that is below it.</summary>
    /// <param name="asked">Who asks, and of what: "forward of Mlp".</param>
    /// <param name="root">The module.</param>
    /// <param name="modules">It, and all below it.</param>
    /// <param name="hasRun">Whether a module may have left outputs in its fields.</param>
    /// <param name="before">Names of what was state at an earlier look.</param>
    /// <exception cref="InvalidOperationException">Something would be lost: it is named.</exception>
    public static void Check(string asked, Module root, IReadOnlyList<KeyValuePair<string, Module>> modules,
        Func<Module, bool> hasRun, HashSet<string> before)
    {
        HashSet<object> known = [.. modules.Select(named => named.Value)];
        HashSet<Tensor> state = [.. root.State().Values];
        foreach (var (path, module) in modules)
        {
            var fields = ModuleFields.Of(module);
            foreach (var part in fields.Parts(module))
            {
                string name = Module.Join(path, part.Name);
                if (part.Value is Tensor tensor)
                    CheckTensor(asked, name, tensor, part.Fixed || before.Contains(name), hasRun(module));
                else if (part.Value is not Module) CheckObject(name, part.Value);
            }
            foreach (var part in fields.Others(module)) CheckObject(Module.Join(path, part.Name), part.Value);
        }

        void CheckObject(string name, object value)
        {
            if (Find(value, name, value, new(ReferenceEqualityComparer.Instance), 0) is not { } lost) return;
            Throw.Invalid($"{asked}: {lost}, which is not looked into, so it would not be trained or saved: hold it in "
                + "a field of a module, itself or in an array, list, dictionary or tuple, make the type that holds it "
                + "a Module, or Freeze() what is not to be trained");
        }

        string? Find(object? value, string name, object holder, HashSet<object> seen, int depth)
        {
            bool lost = value switch
            {
                Tensor x => ModuleFields.IsState(x) && x.RequiresGrad && !state.Contains(x),
                Module module => !known.Contains(module) && module.Trained().Any(w => !state.Contains(w.Value))
                    && !Holds(module, root),
                _ => false,
            };
            if (lost) return $"'{name}' is held in a {ModuleFields.TypeName(holder.GetType())}";
            if (value is null or string or Tensor or Module or Type or MemberInfo || IsPlain(value.GetType()))
                return null;
            if (depth > Deepest || seen.Count > Most || !seen.Add(value)) return null;
            IEnumerable<(string Name, object? Value)> within = value switch
            {
                Delegate function => function.GetInvocationList().Select(one => (name, one.Target)),
                IDictionary map => map.Keys.Cast<object>().Select(key => ($"{name}.{key}", map[key])),
                ICollection some =>
                    some.Cast<object?>().Take(Most).Index().Select(one => ($"{name}.{one.Index}", one.Item)),
                _ => Fields(value).Select(field => ($"{name}.{ModuleFields.Name(field)}", field.GetValue(value))),
            };
            // A collection is looked into, and so is what a function captured: it is the function that is named.
            if (value is not ICollection && holder is not Delegate) holder = value;
            return within.Select(one => Find(one.Value, one.Name, holder, seen, depth + 1))
                .FirstOrDefault(found => found is not null);
        }
    }

    // A reference back, such as a function that captured the model that it is a part of.
    static bool Holds(Module module, Module root) => module.NamedModules().Any(named => named.Value == root);

    static void CheckTensor(string asked, string name, Tensor tensor, bool fixedForGood, bool hasRun)
    {
        if (!tensor.Exists || tensor.IsLive && tensor.Slot.Role is Role.Parameter or Role.Buffer or Role.Constant)
            return;
        if (!tensor.IsLive)
        {
            if (fixedForGood)
                Throw.Invalid($"{asked}: '{name}' was made in a scope which has ended, and its numbers are gone: make "
                    + "it by Parameter(…) or Buffer(…), or Keep() it");
            return;
        }
        // What can be set again and belongs to a graph is an output that was kept; so may any be that was
        // computed without recording.
        if (!fixedForGood && (hasRun || !tensor.IsLeaf)) return;
        Throw.Invalid(tensor.IsLeaf
            ? $"{asked}: '{name}' {tensor.Shape} is neither parameter nor buffer, so it would not be trained or saved: "
            + "make it by Parameter(…) or call RequireGrad() to train it, by Buffer(…) to save it, or by Constant(…) "
            + "for neither"
            : $"{asked}: '{name}' {tensor.Shape} is the result of '{tensor.Op}' and no parameter itself, so it would "
            + "not be trained or saved: make it by Parameter(…), or call RequireGrad() last");
    }

    static bool IsPlain(Type type) =>
        type.IsPrimitive || type.IsEnum || type.IsPointer || type.Assembly == typeof(Module).Assembly
        || type.IsArray && IsPlain(type.GetElementType()!)
        || !type.IsGenericType && IsOfSystem(type) && !typeof(Delegate).IsAssignableFrom(type);

    static bool IsOfSystem(Type type) =>
        type.Namespace is { } space && (space == "System" || space.StartsWith("System.", StringComparison.Ordinal));

    [UnconditionalSuppressMessage("Trimming", "IL2075", Justification =
        "Where trimming took the fields of an object away, the graph of the first recorded pass still tells of a "
            + "parameter that the model does not hold.")]
    static FieldInfo[] Fields(object value) =>
        value.GetType().GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic);
}
