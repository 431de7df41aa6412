using ChainRule.Zoo.Recipes;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Zoo.Tests.Tasks;

public sealed class TrainingTaskTest
{
    public static TheoryData<TaskKind> Kinds { get; } = [.. Enum.GetValues<TaskKind>()];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_kind_has_a_task_with_models_of_which_one_is_usual(TaskKind kind)
    {
        var task = TrainingTask.Of(kind);
        Assert.Equal(kind, task.Kind);
        Assert.Contains(task.UsualModel, task.Recipes.Keys);
        Assert.All(task.Recipes.Values, recipe => Assert.Contains(kind, recipe.Tasks));
    }

    [Fact]
    public void What_is_saved_with_a_model_is_read_back()
    {
        var data = TrainingTask.Of(TaskKind.Names).Open(null);
        var saved = data.Preprocessing.Metadata;
        var read = TrainingTask.Of(TaskKind.Names).ReadPreprocessing(name => saved[name]);
        Assert.Equal(data.Preprocessing.Shape, read.Shape);
        Assert.Equal(saved, read.Metadata);
    }

    [Fact]
    public void A_model_that_a_task_does_not_have_is_refused_by_a_list() =>
        Assert.StartsWith("model 'resnet': there is no such model: choose one of bigram, bow, ",
            Assert.Throws<ArgumentException>(() => Recipe.Find(TaskKind.Text, "resnet")).Message,
            StringComparison.Ordinal);
}
