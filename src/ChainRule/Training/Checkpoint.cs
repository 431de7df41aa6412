using ChainRule.Data;
using ChainRule.Errors;
using ChainRule.Layers;

namespace ChainRule.Training;

/// <summary>
/// Where a <see cref="Trainer{TX, TY}"/> saves: a folder with <c>model.safetensors</c>, the best model so far under
/// PyTorch's names, and <c>last.safetensors</c>, everything that training goes on from: parameters, optimiser, plateau,
/// generators, position in the data, history. Each file is written beside its place, flushed and renamed: at any moment
/// there is a whole old one or a whole new one.
/// </summary>
/// <param name="folder">The folder; made when first needed.</param>
/// <param name="metadata">Text that goes into both files, such as the settings that the model is built from.</param>
public sealed class Checkpoint(string folder, IReadOnlyDictionary<string, string>? metadata = null)
{
    readonly IReadOnlyDictionary<string, string> _metadata = metadata ?? new Dictionary<string, string>();

    /// <summary>The best model so far.</summary>
    public string ModelPath { get; } = Path.Combine(
        folder ?? throw new RefusedNullException("checkpoint: folder is null: give the path of one", nameof(folder)),
        "model.safetensors");

    /// <summary>Everything that training goes on from.</summary>
    public string LastPath { get; } = Path.Combine(folder, "last.safetensors");

    /// <summary>Called after a save.</summary>
    public event Action? Saved;

    /// <summary>Saves a model's parameters and buffers as the best so far.</summary>
    /// <exception cref="InvalidOperationException">A number in it is NaN, or infinite in a parameter: what was saved
    /// before stays.</exception>
    public void SaveModel(Module model)
    {
        Throw.IfNull(model, "checkpoint");
        CheckNumbers(model);
        Safetensors.Write(ModelPath, model.StateDict(), _metadata);
    }

    /// <summary>
    /// Saves a model's parameters and buffers to a stream, from its position on; the stream is neither
    /// flushed nor closed.
    /// </summary>
    /// <exception cref="InvalidOperationException">A number in it is NaN, or infinite in a parameter: nothing
    /// was written.</exception>
    public static void SaveModel(Module model, Stream stream, IReadOnlyDictionary<string, string>? metadata = null)
    {
        Throw.IfNull(model, "checkpoint");
        Files.CheckWritable("checkpoint", stream);
        CheckNumbers(model);
        Safetensors.Write(stream, model.StateDict(), metadata);
    }

    /// <summary>
    /// Fills a model from a stream, read from its position to its end; the stream need not seek, and is not closed.
    /// </summary>
    /// <exception cref="InvalidDataException">What the stream holds is damaged.</exception>
    /// <exception cref="ArgumentException">It is a checkpoint of another model; nothing was changed.</exception>
    public static void LoadModel(Module model, Stream stream)
    {
        Throw.IfNull(model, "checkpoint");
        Files.CheckReadable("checkpoint", stream);
        model.LoadStateDict(Safetensors.Read(stream).Tensors(), strict: true);
    }

    /// <summary>Fills a model from the best saved so far.</summary>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    /// <exception cref="ArgumentException">It is a checkpoint of another model; nothing was changed.</exception>
    public void LoadModel(Module model)
    {
        Throw.IfNull(model, "checkpoint");
        model.LoadStateDict(Safetensors.Open(ModelPath).Tensors(), strict: true);
    }

    /// <summary>
    /// Sets a trainer, built anew from the same settings, to where the saved one was: from here on both do the
    /// same, bit for bit. The learning rate is the saved one's; other settings of the optimiser are those that
    /// the trainer was built with.
    /// </summary>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    /// <exception cref="ArgumentException">It was saved by a trainer of another model, optimiser or data set; nothing
    /// was changed.</exception>
    public void Resume<TX, TY>(Trainer<TX, TY> trainer) where TX : IRows<TX> where TY : IRows<TY>
    {
        Throw.IfNull(trainer, "checkpoint");
        Resume(trainer, TrainerState.Read(LastPath));
    }

    /// <summary>
    /// Sets a trainer to where one stood that was saved to a stream, which is read to its end, need not seek,
    /// and is not closed.
    /// </summary>
    /// <param name="trainer">The trainer.</param>
    /// <param name="stream">Where from.</param>
    /// <param name="branch">Whether the trainer's own settings stand over those of the saved one: its learning rate,
    /// and its batches, which begin anew where they are of another size.</param>
    /// <inheritdoc cref="Resume{TX, TY}(Trainer{TX, TY})" path="/exception"/>
    public static void Resume<TX, TY>(Trainer<TX, TY> trainer, Stream stream, bool branch = false)
        where TX : IRows<TX> where TY : IRows<TY>
    {
        Throw.IfNull(trainer, "checkpoint");
        Files.CheckReadable("checkpoint", stream);
        Resume(trainer, TrainerState.Read(stream), branch);
    }

    static void Resume<TX, TY>(Trainer<TX, TY> trainer, TrainerState saved, bool branch = false)
        where TX : IRows<TX> where TY : IRows<TY>
    {
        var before = TrainerState.Of(trainer);
        try
        {
            saved.Restore(trainer, branch: branch);
        }
        catch
        {
            before.Restore(trainer, own: true);
            throw;
        }
    }

    /// <summary>Where it is.</summary>
    public override string ToString() => $"checkpoint in '{Printable.Path(Path.GetDirectoryName(LastPath))}'";

    internal void SaveBest<TX, TY>(Trainer<TX, TY> trainer) where TX : IRows<TX> where TY : IRows<TY> =>
        SaveModel(trainer.Model);

    /// <summary>Saves everything that training goes on from.</summary>
    /// <exception cref="InvalidOperationException">A number of the model is NaN, or infinite in a parameter: what was
    /// saved before stays.</exception>
    public void SaveLast<TX, TY>(Trainer<TX, TY> trainer) where TX : IRows<TX> where TY : IRows<TY>
    {
        Throw.IfNull(trainer, "checkpoint");
        CheckNumbers(trainer.Model, trainer.Step);
        TrainerState.Of(trainer, copied: false).Write(LastPath, _metadata);
        Saved?.Invoke();
    }

    /// <summary>
    /// Saves everything that training goes on from to a stream, from its position on; the stream is neither
    /// flushed nor closed.
    /// </summary>
    /// <exception cref="InvalidOperationException">A number of the model is NaN, or infinite in a parameter: nothing
    /// was written.</exception>
    public static void SaveLast<TX, TY>(Trainer<TX, TY> trainer, Stream stream,
        IReadOnlyDictionary<string, string>? metadata = null)
        where TX : IRows<TX> where TY : IRows<TY>
    {
        Throw.IfNull(trainer, "checkpoint");
        Files.CheckWritable("checkpoint", stream);
        CheckNumbers(trainer.Model, trainer.Step);
        TrainerState.Of(trainer, copied: false).Write(stream, metadata);
    }

    /// <summary>Refuses to save what nobody could go on from: what is on the disk is better.</summary>
    internal static void CheckNumbers(Module model, int? step = null)
    {
        foreach (var (name, tensor) in model.StateDict())
        {
            for (int i = tensor.Slot.IsFinite() ? tensor.Count : 0; i < tensor.Count; i++)
            {
                double x = DTypes.Read(tensor.Slot, i);
                // A buffer may hold an infinity that was put there, as masks do.
                if (double.IsFinite(x) || tensor.Slot.Role == Role.Buffer && !double.IsNaN(x)) continue;
                string at = step is { } made ? $" at step {made}" : "";
                Throw.Invalid($"save{at}: '{name}' {tensor.Shape} holds {x} at place {i}: lower the learning rate, "
                    + "clip the gradients, or find the op with NanWatch; what was saved "
                            + "before stays as it is");
            }
        }
    }
}
