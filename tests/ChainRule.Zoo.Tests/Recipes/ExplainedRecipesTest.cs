using ChainRule.Explaining;
using ChainRule.Zoo.Recipes;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Zoo.Tests.Recipes;

public sealed class ExplainedRecipesTest
{
    public static TheoryData<string> Names => [.. Recipe.All.Select(recipe => recipe.Name).Distinct()];

    [Theory, MemberData(nameof(Names))]
    public void Explanations_of_every_model_add_up_to_its_gradients(string name)
    {
        foreach (var recipe in Recipe.All.Where(recipe => recipe.Name == name))
        {
            // A text is large and not everywhere; what the model computes is the same for names.
            foreach (var kind in recipe.Tasks.Where(kind => kind != TaskKind.Text))
            {
                var trial = TrainingTask.Of(kind).Open(null, recipe.For(kind).CheckedOn).CreateTrial(recipe, 42);
                var tiny = Explain.Check(trial.TinyLoss(), model: trial.Tiny);
                Assert.True(tiny.Passed, $"{name}, {kind}, float64: {tiny} is {tiny.Gradient}, terms {tiny.Sum}");
                var few = Explain.Check(trial.FewLoss(), model: trial.Model);
                Assert.True(few.Passed, $"{name}, {kind}, float32: {few} is {few.Gradient}, terms {few.Sum}");
            }
        }
    }
}
