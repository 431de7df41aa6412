using ChainRule.Layers;
using ChainRule.Randomness;
using ChainRule.Zoo.Recipes;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Zoo.Runs;

/// <summary>
/// Chooses the parts of a model that keep no inner numbers for the backward pass, but compute them again: see
/// <see cref="Module.Recomputes"/>.
/// </summary>
static class Recomputing
{
    const int Shown = 20;

    /// <summary>Sets it for what a list names: a part, or all directly below a name.</summary>
    /// <param name="model">The model.</param>
    /// <param name="list">Names of parts, separated by commas; if null, no part.</param>
    /// <param name="recipe">What it was built by.</param>
    /// <param name="kind">What it is trained for.</param>
    /// <param name="shape">What it is given.</param>
    /// <exception cref="ArgumentException">Nothing has such a name.</exception>
    public static void Apply(Module model, string? list, Recipe recipe, TaskKind kind, DataShape shape)
    {
        if (list is null) return;
        var parts = model.NamedModules().Where(one => one.Key.Length > 0).ToArray();
        foreach (string name in list.Split(',', StringSplitOptions.TrimEntries))
        {
            var chosen = parts.Where(one => one.Key == name || one.Key.StartsWith(name + ".", StringComparison.Ordinal)
                && !one.Key[(name.Length + 1)..].Contains('.', StringComparison.Ordinal)).ToArray();
            if (chosen is [var part, ..] && part.Key == name) chosen = [part];
            if (chosen.Length == 0)
                throw new ArgumentException($"recompute {Printable.Of(name, 60)}: no part of {recipe.Name} has this "
                    + $"name{Others(name, kind, shape)}: there are "
                    + string.Join(", ", parts.Take(Shown).Select(one => one.Key))
                    + (parts.Length > Shown ? $" and {parts.Length - Shown:N0} more" : ""));
            foreach (var (_, module) in chosen) module.Recomputes = true;
        }
    }
    // The models of the task that have such a part, at their usual sizes.
    static string Others(string name, TaskKind kind, DataShape shape)
    {
        string[] others = [.. Recipe.Of(kind).Values.Where(Has).Select(one => one.Name)];
        return others.Length == 0 ? "" : $" ({string.Join(", ", others)} {(others.Length == 1 ? "has" : "have")} it)";

        bool Has(Recipe recipe)
        {
            try
            {
                return recipe.Build(recipe.For(kind).Sizes, shape, new TorchRandom(0)).NamedModules().Any(one =>
                    one.Key == name || one.Key.StartsWith(name + ".", StringComparison.Ordinal));
            }
            catch (ArgumentException)
            {
                // It takes no such data.
                return false;
            }
        }
    }
}
