using ChainRule.Zoo.Models;
using ChainRule.Zoo.Recipes;
using ChainRule.Zoo.Settings;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Zoo.Tests.Models;

public sealed class ModelOptionsTest
{
    public static TheoryData<string> Recipes { get; } = [.. Recipe.Of(TaskKind.Names).Keys];

    [Theory]
    [MemberData(nameof(Recipes))]
    public void The_sizes_of_every_recipe_are_within_their_limits(string name)
    {
        var recipe = Recipe.Find(TaskKind.Names, name);
        foreach (var sizes in (ModelOptions[])[recipe.For(TaskKind.Names).Sizes, recipe.For(TaskKind.Text).Sizes,
            recipe.Tiny]) sizes.Check(name);
    }

    /// <summary>One place says what a size may be: none is left without limits.</summary>
    [Theory]
    [MemberData(nameof(Recipes))]
    public void Every_number_of_every_model_has_limits_and_is_refused_outside(string name)
    {
        var recipe = Recipe.Find(TaskKind.Names, name);
        foreach (var setting in Setting.Of(recipe.Tiny.GetType())
            .Where(setting => setting.ValueIn(recipe.Tiny) is int or double))
        {
            object outside = setting.ValueIn(recipe.Tiny) is int ? -1 : (object)-0.5;
            var changed = Setting.With(recipe.Tiny, new Dictionary<string, object?> { [setting.Name] = outside });
            Assert.Equal($"{name}: {setting.Name} {Setting.Text(outside)}: give {setting.Wanted}",
                Assert.ThrowsAny<ArgumentException>(() => changed.Check(name)).Message);
        }
    }
}
