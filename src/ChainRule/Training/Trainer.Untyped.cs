namespace ChainRule.Training;

public sealed partial class Trainer<TX, TY> : ITrainer, ITypedTrainer
{
    /// <summary>The network's output for a batch; null where the trainer knows the loss alone.</summary>
    internal Func<TX, Tensor>? ForwardPass => _forward;

    /// <summary>The loss of an output and its targets; null where the trainer knows no output.</summary>
    internal Func<Tensor, TY, Tensor>? OutputLoss => _lossOfOutput;

    /// <summary>The loss of a batch.</summary>
    internal Func<TX, TY, Tensor> BatchLoss => _loss;

    void ITypedTrainer.Accept(ITrainerWork work) => work.Run(this);

    /// <inheritdoc/>
    public void Resume() => Kept("resume").Resume(this);

    /// <inheritdoc/>
    public void SaveLast() => Kept("save").SaveLast(this);

    void ITrainer.SaveLast(Stream stream, IReadOnlyDictionary<string, string>? metadata) =>
        Checkpoint.SaveLast(this, stream, metadata);

    void ITrainer.Resume(Stream stream, bool branch) => Checkpoint.Resume(this, stream, branch);

    Checkpoint Kept(string asked) => Checkpoint
        ?? throw new InvalidOperationException($"{asked}: the trainer has no checkpoint: give it one");
}
