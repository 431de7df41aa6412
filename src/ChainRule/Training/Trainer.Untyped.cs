namespace ChainRule.Training;

public sealed partial class Trainer<TX, TY> : ITrainer
{
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
