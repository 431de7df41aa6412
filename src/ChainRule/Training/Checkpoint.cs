using ChainRule.Layers;

namespace ChainRule.Training;

/// <summary>
/// Where a <see cref="Trainer{TX, TY}"/> saves: a folder with <c>model.safetensors</c>, the best model so far under PyTorch's names, and <c>last.safetensors</c>,
/// everything that training goes on from: parameters, optimiser, plateau, generators, position in the data, history. Each file is written beside its
/// place, flushed and renamed: at any moment there is a whole old one or a whole new one.
/// </summary>
/// <param name="folder">The folder; made when first needed.</param>
/// <param name="metadata">Text that goes into both files, such as the settings that the model is built from.</param>
public sealed class Checkpoint(string folder, IReadOnlyDictionary<string, string>? metadata = null)
{
    const string State = "training";

    readonly IReadOnlyDictionary<string, string> _metadata = metadata ?? new Dictionary<string, string>();

    /// <summary>The best model so far.</summary>
    public string ModelPath { get; } = Path.Combine(folder, "model.safetensors");

    /// <summary>Everything that training goes on from.</summary>
    public string LastPath { get; } = Path.Combine(folder, "last.safetensors");

    /// <summary>Called after a save.</summary>
    public event Action? Saved;

    /// <summary>Saves a model's parameters and buffers as the best so far.</summary>
    public void SaveModel(Module model) => Safetensors.Write(ModelPath, model.StateDict(), _metadata);

    /// <summary>Fills a model from the best saved so far.</summary>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    /// <exception cref="ArgumentException">It is a checkpoint of another model; nothing was changed.</exception>
    public void LoadModel(Module model)
    {
        var file = Safetensors.Read(ModelPath);
        model.LoadStateDict(file.Names.Select(name => KeyValuePair.Create(name, file.Tensor(name))));
    }

    /// <summary>Sets a trainer, built anew from the same settings, to where the saved one was: from here on both do the same, bit for bit.</summary>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    /// <exception cref="ArgumentException">It was saved by a trainer of another model, optimiser or data set.</exception>
    public void Resume<TX, TY>(Trainer<TX, TY> trainer) where TX : IRows<TX> where TY : IRows<TY>
    {
        var file = Safetensors.Read(LastPath);
        if (!file.Contains(State)) Throw.Data($"resume: {LastPath} is not a trainer's checkpoint: it says nothing of where training stood");
        trainer.Model.LoadStateDict(Part(file, "model."));
        trainer.Optimizer.Load(Part(file, "optimizer."));
        trainer.Plateau?.Load(Part(file, "plateau."));
        foreach (var (name, rng) in trainer.Generators) rng.SetState(file.Bytes($"generator.{name}"));
        trainer.Batches.RestoreState(file.Bytes("batches"));

        double[] state = file.Tensor(State).ToArray<double>();
        trainer.Step = (int)state[0];
        trainer.Recent = (state[1], (int)state[2]);
        trainer.Optimizer.Rate = state[3];
        trainer.History.Clear();
        double[] points = file.Tensor("history").ToArray<double>();
        for (int i = 0; i < points.Length; i += 4) trainer.History.Add(new((int)points[i], points[i + 1], points[i + 2], points[i + 3]));
    }

    internal void SaveBest<TX, TY>(Trainer<TX, TY> trainer) where TX : IRows<TX> where TY : IRows<TY> => SaveModel(trainer.Model);

    /// <summary>Saves everything that training goes on from.</summary>
    public void SaveLast<TX, TY>(Trainer<TX, TY> trainer) where TX : IRows<TX> where TY : IRows<TY>
    {
        var points = trainer.History.Points;
        var history = new double[points.Count * 4];
        for (int i = 0; i < points.Count; i++)
        {
            var p = points[i];
            (history[4 * i], history[4 * i + 1], history[4 * i + 2], history[4 * i + 3]) = (p.Step, p.TrainLoss, p.ValidationLoss, p.Rate);
        }

        List<KeyValuePair<string, Tensor>> tensors =
        [
            .. Named("model.", trainer.Model.StateDict()),
            .. Named("optimizer.", trainer.Optimizer.State),
            .. Named("plateau.", trainer.Plateau?.State ?? []),
            new(State, Tensor.From<double>(trainer.Step, trainer.Recent.Sum, trainer.Recent.Count, trainer.Optimizer.Rate)),
            new("history", Tensor.From(history, [points.Count, 4])),
        ];
        List<KeyValuePair<string, byte[]>> bytes = [new("batches", trainer.Batches.SaveState())];
        foreach (var (name, rng) in trainer.Generators) bytes.Add(new($"generator.{name}", rng.GetState()));
        Safetensors.Write(LastPath, tensors, _metadata, bytes);
        Saved?.Invoke();
    }

    static IEnumerable<KeyValuePair<string, Tensor>> Named(string prefix, IEnumerable<KeyValuePair<string, Tensor>> tensors)
    {
        foreach (var (name, tensor) in tensors) yield return new(prefix + name, tensor);
    }

    static IEnumerable<KeyValuePair<string, Tensor>> Part(SafetensorsFile file, string prefix)
    {
        foreach (string name in file.Names) if (name.StartsWith(prefix, StringComparison.Ordinal)) yield return new(name[prefix.Length..], file.Tensor(name));
    }
}
