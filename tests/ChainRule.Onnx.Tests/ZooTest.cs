using ChainRule.Formats;
using ChainRule.Layers;
using ChainRule.Randomness;
using ChainRule.Zoo.Models;
using ChainRule.Zoo.Recipes;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Onnx.Tests;

/// <summary>Every model of the zoo at the sizes of its recipe, exported and run by ONNX Runtime on random
/// inputs.</summary>
public class ZooTest
{
    static readonly TorchRandom s_rng = new(11);

    public static TheoryData<TaskKind, string> Models
    {
        get
        {
            TheoryData<TaskKind, string> models = [];
            foreach (var recipe in Recipe.All)
                foreach (var task in recipe.Tasks.Where(task => task != TaskKind.Places)) models.Add(task, recipe.Name);
            return models;
        }
    }

    [Theory, MemberData(nameof(Models))]
    public void AModel_RunsElsewhereToTheSameNumbers(TaskKind task, string name)
    {
        var recipe = Recipe.Find(task, name);
        bool characters = task is TaskKind.Names or TaskKind.Text;
        DataShape shape = task switch
        {
            TaskKind.Images or TaskKind.Autoencoder => new([1, 28, 28], 10),
            TaskKind.Sequences => new([3], 4),
            TaskKind.Patterns => new([16], 16),
            _ => new([6], characters ? 65 : 3),
        };
        var sizes = task == TaskKind.Map ? recipe.Tiny : recipe.For(task).Sizes;
        var model = recipe.Build(sizes, shape, new TorchRandom(3));
        // Zeros would hide what is not written: such as the state that a recurrent network begins with.
        foreach (var w in model.Parameters().Where(w => w.DType == DType.Float32 && w.ToArray<float>()
            .All(x => x == 0)))
            Init.Normal(w, 0, 0.3, s_rng);
        model.Eval();
        if (model is LanguageModel language)
        {
            var ids = Ids.Random([4, language.Context], 0, 65, s_rng);
            using var runtime = new Runtime(Formats.Onnx.Export(model, ids));
            foreach (int batch in (int[])[1, 3, 16])
            {
                var x = Ids.Random([batch, language.Context], 0, 65, s_rng);
                Close.To(model.Forward(x), runtime.Run(x));
            }
            return;
        }
        var dtype = model.Parameters()[0].DType;
        Shape Rows(int rows) => task == TaskKind.Sequences ? [rows, 7, 3] : [rows, .. shape.Input.Span];
        using var other = new Runtime(Formats.Onnx.Export(model, Tensor.Randn(Rows(4), s_rng).To(dtype)));
        foreach (int batch in (int[])[1, 3, 64])
        {
            var x = Tensor.Randn(Rows(batch), s_rng).To(dtype);
            Close.To(model.Forward(x), other.Run(x));
        }
    }
}
