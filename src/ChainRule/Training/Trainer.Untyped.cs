namespace ChainRule.Training;

public sealed partial class Trainer<TX, TY> : ITrainer
{
    /// <inheritdoc/>
    public void Resume() => Kept("resume").Resume(this);

    /// <inheritdoc/>
    public void SaveLast() => Kept("save").SaveLast(this);

    Checkpoint Kept(string asked) => Checkpoint
        ?? throw new InvalidOperationException($"{asked}: the trainer has no checkpoint: give it one");
}
