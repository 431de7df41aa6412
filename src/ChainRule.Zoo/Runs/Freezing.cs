using ChainRule.Layers;
using ChainRule.Zoo.Tables;

namespace ChainRule.Zoo.Runs;

/// <summary>
/// Keeps parameters as they are while others are trained. They are named by a list: <c>features,head.bias</c> is all
/// below <c>features</c>, and one parameter. A frozen batch norm keeps its running statistics too.
/// </summary>
static class Freezing
{
    const int Shown = 20;

    /// <summary>Freezes what a list names.</summary>
    /// <param name="model">The model.</param>
    /// <param name="list">Names of layers and parameters, separated by commas; null to freeze nothing.</param>
    /// <exception cref="ArgumentException">Nothing has such a name, or nothing is left to be trained.</exception>
    public static void Apply(Module model, string? list)
    {
        if (list is null) return;
        var parameters = model.NamedParameters();
        string names = string.Join(", ", parameters.Take(Shown).Select(one => one.Key))
            + (parameters.Count > Shown ? $" and {parameters.Count - Shown:N0} more" : "");
        string[] layers =
            [.. TableOptions.NamesOf(list).SelectMany(name => name.Split(',', StringSplitOptions.TrimEntries))];
        foreach (string layer in layers.DefaultIfEmpty(""))
        {
            var within = parameters.Where(one => IsWithin(one.Key, layer)).ToList();
            if (within.Count == 0)
                throw new ArgumentException($"freeze {Printable.Of(layer, 60)}: no parameter has this name, or one "
                    + $"that begins with it and a dot: there are {names}");
            foreach (var (_, parameter) in within) parameter.RequireGrad(false);
        }
        if (model.Parameters().Count == 0)
            throw new ArgumentException($"freeze {Printable.Of(list, 60)}: nothing is left to be trained: leave some "
                + $"of {names} out");
        foreach (var (_, norm) in model.NamedModules().Where(one => one.Value is BatchNorm))
            if (norm is BatchNorm { Weight.RequiresGrad: false }) norm.Eval();
    }

    /// <summary>Whether a parameter is of a layer, or is called so itself.</summary>
    public static bool IsWithin(string parameter, string layer) => parameter == layer
        || layer.Length > 0 && parameter.StartsWith(layer + ".", StringComparison.Ordinal);
}
