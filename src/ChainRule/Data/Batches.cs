using ChainRule.Randomness;

namespace ChainRule.Data;

/// <summary>
/// An endless stream of batches that can be saved and continued: after a restore the very same batches follow.
/// </summary>
public abstract class Batches<TX, TY> where TX : IRows<TX> where TY : IRows<TY>
{
    /// <summary>How many batches make one epoch.</summary>
    public abstract int PerEpoch { get; }

    /// <summary>
    /// How many whole epochs have been handed out: the number, from 0, of the epoch that the next batch belongs to.
    /// </summary>
    public abstract int Epoch { get; }

    public abstract Batch<TX, TY> Next();

    /// <summary>The data set that batches are picked from; null where the stream makes them otherwise.</summary>
    internal virtual Dataset<TX, TY>? Source => null;

    /// <summary>Everything that decides the batches to come, but for the data themselves.</summary>
    public abstract byte[] SaveState();

    /// <summary>Continues where <see cref="SaveState"/> was called. What is refused changes nothing.</summary>
    /// <exception cref="ArgumentException">
    /// The state is none, or that of another kind of stream, another number of rows or another batch size.
    /// </exception>
    public abstract void RestoreState(ReadOnlySpan<byte> state);

    /// <summary>How many make an epoch, and which epoch it is.</summary>
    public override string ToString() => $"batches: {PerEpoch} an epoch, in epoch {Epoch}";
}

/// <summary>The ways to walk through a data set.</summary>
public static class Batches
{
    /// <summary>
    /// Each epoch shows every row once, in a new order: torch's <c>randperm</c> from a generator of the stream's own.
    /// The last batch of an epoch holds what is left, unless <paramref name="dropLast"/>.
    /// </summary>
    /// <exception cref="ArgumentException">The data set is empty, the size is below 1, or dropping the last batch
    /// leaves none.</exception>
    public static Batches<TX, TY> Shuffled<TX, TY>(IRowSource<TX, TY> dataset, int batchSize, ulong seed,
        bool dropLast = false)
        where TX : IRows<TX> where TY : IRows<TY>
    {
        Throw.IfNull(dataset, "batches");
        Check(dataset.Count, batchSize);
        if (dropLast && batchSize > dataset.Count)
        {
            Throw.Argument($"batches: {dataset.Count} rows do not fill one batch of {batchSize}, and dropLast drops "
                + "it: choose a smaller size, or keep the last", nameof(batchSize));
        }
        return new ShuffledBatches<TX, TY>(dataset, batchSize, new TorchRandom(seed), dropLast);
    }

    /// <summary>
    /// Each batch draws its rows anew, with replacement: <c>torch.randint(0, n, (batchSize,), generator=g)</c>, as the
    /// lectures do. As many batches as would hold every row count as an epoch.
    /// </summary>
    /// <param name="rng">
    /// The generator to draw from; others may share it, and the batches then depend on what they draw. It is saved with
    /// the stream, and restored with it.
    /// </param>
    /// <exception cref="ArgumentException">The data set is empty, or the size is below 1.</exception>
    public static Batches<TX, TY> Random<TX, TY>(IRowSource<TX, TY> dataset, int batchSize, RandomSource rng)
        where TX : IRows<TX> where TY : IRows<TY>
    {
        Throw.IfNull(dataset, "batches");
        Throw.IfNull(rng, "batches");
        Check(dataset.Count, batchSize);
        CheckDrawn(batchSize);
        return new RandomBatches<TX, TY>(dataset, batchSize, rng);
    }

    /// <summary>
    /// Each batch draws windows of a long text anew: starts by <c>torch.randint(n − context, (batchSize,))</c>, as the
    /// lectures do. Inputs are the characters of a window, [batchSize, context], and targets what follows each of
    /// them, [batchSize, context], or what follows the last, [batchSize]. As many batches as would hold every
    /// character count as an epoch.
    /// </summary>
    /// <param name="text">The ids of the text, a vector.</param>
    /// <param name="context">How many characters a window has.</param>
    /// <param name="batchSize">How many windows a batch has.</param>
    /// <param name="rng">The generator to draw from; it is saved with the stream, and restored with it.</param>
    /// <param name="everyPosition">Whether targets are what follows each character, or the last alone.</param>
    /// <exception cref="ArgumentException">The text has no more characters than a window, or a size
    /// is below 1.</exception>
    public static Batches<Ids, Ids> Windows(Ids text, int context, int batchSize, RandomSource rng,
        bool everyPosition = true)
    {
        CheckSize(batchSize);
        CheckWindows(text, context);
        Throw.IfNull(rng, "windows");
        CheckDrawn(batchSize);
        return new WindowBatches(text, context, batchSize, rng, everyPosition);
    }

    /// <summary>
    /// The same of a text in files, which stay there: with the same generator, the batches that the text in memory
    /// gives, and more than 2³¹ tokens where there are as many. An epoch has as many batches as would hold every token.
    /// </summary>
    /// <param name="text">The tokens.</param>
    /// <param name="context">How many tokens a window has.</param>
    /// <param name="batchSize">How many windows a batch has.</param>
    /// <param name="rng">The generator to draw from; it is saved with the stream, and restored with it.</param>
    /// <param name="everyPosition">Whether targets are what follows each token, or the last alone.</param>
    /// <exception cref="ArgumentException">The text has no more tokens than a window, a size is below 1, or an epoch
    /// has
    /// more than 2³¹ batches.</exception>
    public static Batches<Ids, Ids> Windows(TokenFile text, int context, int batchSize, RandomSource rng,
        bool everyPosition = true)
    {
        CheckWindows(text, context, batchSize);
        Throw.IfNull(rng, "windows");
        return new TokenWindowBatches(text, context, batchSize, rng, everyPosition);
    }

    /// <summary>
    /// Each epoch shows every window of a text in files once, in a new order: the windows that begin at 0, stride, 2 ·
    /// stride and so on. The order is computed place by place (<see cref="RandomPermutation"/>), so that neither the
    /// windows nor their order are in memory, and a saved stream continues at once, wherever it was. The last batch of
    /// an epoch holds what is left.
    /// </summary>
    /// <param name="text">The tokens.</param>
    /// <param name="context">How many tokens a window has.</param>
    /// <param name="batchSize">How many windows a batch has.</param>
    /// <param name="seed">Decides the order of every epoch.</param>
    /// <param name="stride">How far each window begins behind the one before; if null, a context, so that an epoch
    /// predicts every token once.</param>
    /// <param name="everyPosition">Whether targets are what follows each token, or the last alone.</param>
    /// <inheritdoc cref="Windows(TokenFile, int, int, RandomSource, bool)" path="/exception"/>
    public static Batches<Ids, Ids> ShuffledWindows(TokenFile text, int context, int batchSize, ulong seed,
        int? stride = null, bool everyPosition = true)
    {
        CheckWindows(text, context, batchSize);
        if (stride < 1) Throw.OutOfRange($"windows: a stride of {stride}: give 1 or more", nameof(stride));
        return new ShuffledWindowBatches(text, context, stride ?? context, batchSize, seed, everyPosition);
    }

    /// <summary>
    /// Windows of a text in files that begin at 0, stride, 2 · stride and so on, read into memory to measure a loss on.
    /// </summary>
    /// <inheritdoc cref="WindowsInOrder(Ids, int, int, bool)"/>
    public static Dataset<Ids, Ids> WindowsInOrder(TokenFile text, int context, long stride, bool everyPosition = true)
    {
        CheckWindows(text, context, 1);
        if (stride < 1) Throw.OutOfRange($"windows: a stride of {stride}: give 1 or more", nameof(stride));
        long count = (text.Count - context - 1) / stride + 1;
        if (count > Array.MaxLength / context)
            Throw.Argument($"windows: {count:N0} windows of {context:N0} are more than memory holds: give a larger "
                + "stride", nameof(stride));
        long[] starts = new long[count];
        for (int i = 0; i < starts.Length; i++) starts[i] = i * stride;
        var (x, y) = TokenWindowBatches.Pick(text, context, starts, everyPosition);
        return new(x, y);
    }

    /// <summary>
    /// Windows of a long text that begin at 0, stride, 2 · stride and so on, to measure a loss on: inputs [windows,
    /// context], and what follows each character, [windows, context], or the last alone, [windows].
    /// </summary>
    /// <param name="text">The ids of the text, a vector.</param>
    /// <param name="context">How many characters a window has.</param>
    /// <param name="stride">How far each begins behind the one before.</param>
    /// <param name="everyPosition">Whether targets are what follows each character, or the last alone.</param>
    /// <exception cref="ArgumentException">The text has no more characters than a window, or the
    /// stride is below 1.</exception>
    public static Dataset<Ids, Ids> WindowsInOrder(Ids text, int context, int stride, bool everyPosition = true)
    {
        CheckWindows(text, context);
        if (stride < 1) Throw.OutOfRange($"windows: a stride of {stride}: give 1 or more", nameof(stride));
        int[] starts = new int[(text.Count - context - 1) / stride + 1];
        for (int i = 0; i < starts.Length; i++) starts[i] = i * stride;
        var (x, y) = WindowBatches.Pick(text, context, starts, everyPosition);
        return new(x, y);
    }

    /// <summary>
    /// Every row once, in order: one walk, for evaluation. The last batch holds what is left; an empty
    /// data set has none.
    /// </summary>
    /// <exception cref="ArgumentException">The size is below 1.</exception>
    public static IEnumerable<Batch<TX, TY>> InOrder<TX, TY>(IRowSource<TX, TY> dataset, int batchSize)
        where TX : IRows<TX> where TY : IRows<TY>
    {
        Throw.IfNull(dataset, "batches");
        CheckSize(batchSize);
        return Walk();

        IEnumerable<Batch<TX, TY>> Walk()
        {
            int[] rows = new int[Math.Min(batchSize, dataset.Count)];
            for (int from = 0; from < dataset.Count; from += rows.Length)
            {
                int count = Math.Min(rows.Length, dataset.Count - from);
                for (int i = 0; i < count; i++) rows[i] = from + i;
                yield return dataset.Read(rows.AsSpan(0, count));
            }
        }
    }

    static void Check(int count, int batchSize)
    {
        CheckSize(batchSize);
        if (count == 0) Throw.Argument("batches: the data set has no rows: there is nothing to draw from", "dataset");
    }

    static void CheckWindows(Ids text, int context)
    {
        Throw.IfNull(text, "windows");
        if (context < 1) Throw.OutOfRange($"windows: a context of {context}: give 1 or more", nameof(context));
        if (text.Shape.Rank != 1 || text.Count <= context)
            Throw.Argument($"windows: a text of {text.Shape} for windows of {context}: give a vector of {context + 1} "
                + "ids or more", nameof(text));
    }

    static void CheckWindows(TokenFile text, int context, int batchSize)
    {
        CheckSize(batchSize);
        Throw.IfNull(text, "windows");
        if (context < 1) Throw.OutOfRange($"windows: a context of {context}: give 1 or more", nameof(context));
        if (text.Count <= context)
            Throw.Argument($"windows: a text of {text.Count:N0} tokens for windows of {context:N0}: give "
                + $"{context + 1L:N0} tokens or more", nameof(text));
        if ((long)batchSize * context > Array.MaxLength)
            Throw.OutOfRange($"windows: {batchSize:N0} windows of {context:N0} tokens: at most {Array.MaxLength:N0} "
                + "tokens can be held: give a smaller batch", nameof(batchSize));
    }

    /// <summary>How many batches an epoch has, which must be counted by 31 bits.</summary>
    internal static int EpochOf(long batches)
    {
        if (batches > int.MaxValue)
            Throw.OutOfRange($"windows: an epoch of {batches:N0} batches: {int.MaxValue:N0} are the most: give "
                + $"a larger "
                + "batch or context", "batchSize");
        return (int)batches;
    }

    static void CheckDrawn(int batchSize)
    {
        if (batchSize > Array.MaxLength)
            Throw.OutOfRange($"batches: a batch of {batchSize:N0} rows: give a size of at most {Array.MaxLength:N0}",
                nameof(batchSize));
    }

    internal static void CheckSize(int batchSize)
    {
        if (batchSize < 1)
            Throw.OutOfRange($"batches: a batch of {batchSize} rows: give a size of 1 or more", nameof(batchSize));
    }
}
