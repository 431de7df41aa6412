using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using ChainRule.Errors;
using ChainRule.Layers;
using ChainRule.Randomness;

namespace ChainRule.Zoo.Models;

/// <summary>
/// Continues many texts at once, for many callers: each step reads the weights once for all texts, whatever their
/// lengths. A text joins when it is asked for, between two steps, and leaves when it is done.
/// <code>
/// var generator = new BatchingGenerator(gpt);
/// await foreach (int id in generator.GenerateAsync([1, 2, 3], length: 100, rng)) Console.Write(id);
/// </code>
/// A text has the ids that <see cref="LanguageModel.GenerateIds"/> gives it alone. The weights are those that the model
/// had when this was made.
/// </summary>
public sealed class BatchingGenerator
{
    readonly Gpt _model;
    readonly Predictor _predictor;
    readonly int _most;
    readonly Lock _gate = new();
    readonly Queue<Text> _entering = [];
    bool _working;

    /// <param name="model">Which continues.</param>
    /// <param name="maxTexts">How many texts take part in a step at most; others wait.</param>
    /// <exception cref="ArgumentException">maxTexts is below 1.</exception>
    public BatchingGenerator(Gpt model, int maxTexts = 64)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (maxTexts < 1)
            throw new RefusedRangeException($"generate: maxTexts {maxTexts}: give 1 or more", nameof(maxTexts));
        (_model, _predictor, _most) = (model, model.ToPredictor(), maxTexts);
    }

    /// <summary>Goes on with a text; each id is given as soon as it is drawn.</summary>
    /// <param name="begun">What the text begins with: one id or more.</param>
    /// <param name="length">How many ids are added.</param>
    /// <param name="rng">The random generator to sample with, for this text alone.</param>
    /// <param name="how">How to sample; null means by the model's own probabilities.</param>
    /// <param name="cancellation">Ends the text.</param>
    /// <exception cref="ArgumentException">There is nothing to go on from, an id is none of the vocabulary's, or the
    /// length is negative.</exception>
    public IAsyncEnumerable<int> GenerateAsync(IReadOnlyList<int> begun, int length, RandomSource rng,
        Sampling? how = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(begun);
        ArgumentNullException.ThrowIfNull(rng);
        if (begun.Count == 0)
            throw new RefusedArgumentException("generate: there is nothing to go on from: give one id or more",
                nameof(begun));
        if (length < 0) throw new RefusedRangeException($"generate: length {length}: give 0 or more", nameof(length));
        return Drawn(new(_model, [.. begun], length, rng, how ?? new()), cancellation);
    }

    async IAsyncEnumerable<int> Drawn(Text text, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (text.Length == 0) yield break;
        Enter(text);
        try
        {
            await foreach (int id in text.Ids.Reader.ReadAllAsync(cancellation).ConfigureAwait(false)) yield return id;
        }
        finally
        {
            text.End();
        }
    }

    void Enter(Text text)
    {
        lock (_gate)
        {
            _entering.Enqueue(text);
            if (_working) return;
            _working = true;
        }
        ThreadPool.UnsafeQueueUserWorkItem(static self => self.Work(), this, preferLocal: false);
    }

    void Work()
    {
        List<Text> texts = [];
        while (true)
        {
            texts.RemoveAll(static text => text.HasEnded);
            lock (_gate)
            {
                while (texts.Count < _most && _entering.TryDequeue(out var next)) texts.Add(next);
                if (texts.Count == 0)
                {
                    _working = false;
                    return;
                }
            }
            _predictor.Run(() => Step(texts));
        }
    }

    /// <summary>The next id of each text.</summary>
    bool Step(List<Text> texts)
    {
        List<Text> together = [];
        foreach (var text in texts)
        {
            // A window that begins, or begins anew, is read by itself.
            if (text.Advance()) together.Add(text);
            else Read([text]);
        }
        if (together.Count > 0) Read(together);
        return true;
    }

    [SuppressMessage("Design", "CA1031", Justification = "Whoever asked gets the exception, whatever it is.")]
    void Read(List<Text> texts)
    {
        try
        {
            using var scope = Scope.Begin("reading");
            int[] ids = [.. texts.SelectMany(static text => text.Fresh)];
            var logits = _model.Forward(Ids.From(ids, [texts.Count, ids.Length / texts.Count]),
                [.. texts.Select(static text => text.Past)]);
            for (int i = 0; i < texts.Count; i++) texts[i].Draw(logits.Select(0, i));
        }
        catch (Exception why)
        {
            foreach (var text in texts) text.End(why);
        }
    }

    /// <summary>A text, and what is known of it.</summary>
    sealed class Text(Gpt model, int[] begun, int length, RandomSource rng, Sampling how)
    {
        readonly SlidingWindow _window = new(model.Context, null);
        int[] _next = begun;
        int _drawn;
        volatile bool _ended;

        public int Length => length;

        /// <summary>Whether it is whole, failed, or nobody reads it any more.</summary>
        public bool HasEnded => _ended;

        public Channel<int> Ids { get; } = Channel.CreateUnbounded<int>();

        public KeyValueCache[] Past { get; } = [.. model.Blocks.Select(static _ => new KeyValueCache())];

        /// <summary>What is to be read now.</summary>
        public int[] Fresh { get; private set; } = [];

        /// <summary>Whether only the one id is to be read that was drawn last.</summary>
        public bool Advance()
        {
            (Fresh, int place, bool anew) = _window.Add(_next);
            if (anew)
                foreach (var past in Past) past.Clear();
            return place > 0 && Fresh.Length == 1;
        }

        [SuppressMessage("Design", "CA1031", Justification = "What fails here is this text's own, and its reader's.")]
        public void Draw(Tensor logits)
        {
            try
            {
                int id = how.Draw(logits, rng);
                _next = [id];
                _drawn++;
                Ids.Writer.TryWrite(id);
                if (_drawn == length) End();
            }
            catch (Exception why)
            {
                End(why);
            }
        }

        public void End(Exception? why = null)
        {
            _ended = true;
            Ids.Writer.TryComplete(why);
        }
    }
}
